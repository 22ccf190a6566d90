"""What a core keeps in memory, and how it learns that it is outdated (docs/decisions/0019-caches.md)."""
