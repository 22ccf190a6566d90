"""Whole answers, kept by a tag that names all they depend on: what has changed is asked for under another tag.

So nothing is ever outdated here, and nobody can be given what is not theirs: whose it is stands in the tag, if it is
anybody's. What is not asked for any more makes room by itself.
"""

from __future__ import annotations

from threading import Lock

from cachetools import LRUCache

from express_bot.core.caches.counters import Counters
from express_bot.core.caches.shared import Shared

#: Bytes in one process, and the largest answer that is worth its place.
MOST, LARGEST = 8 << 20, 1 << 20
#: How long Redis keeps one that is not asked for.
SHARED_SECONDS = 600


class Answers:
    """The answers of this process, and of the others where Redis is configured."""

    def __init__(self, counters: Counters, shared: Shared | None = None) -> None:
        self._counters = counters
        self._shared = shared
        self._own: LRUCache[str, bytes] = LRUCache(MOST, getsizeof=len)
        self._lock = Lock()

    def find(self, cache: str, tag: str) -> bytes | None:
        """The answer of this tag, if anybody has kept it."""
        with self._lock:
            found: bytes | None = self._own.get(tag)
        if found is not None:
            self._counters.looked(cache, "hit")
            return found
        found = self._shared.get(tag) if self._shared else None
        self._counters.looked(cache, "miss" if found is None else "shared")
        if found is not None:
            self._remember(tag, found)
        return found

    def keep(self, tag: str, answer: bytes) -> None:
        """Keeps it for whoever asks next, here and elsewhere."""
        if len(answer) <= LARGEST:
            self._remember(tag, answer)
            if self._shared:
                self._shared.put(tag, answer, seconds=SHARED_SECONDS)

    def _remember(self, tag: str, answer: bytes) -> None:
        with self._lock:
            self._own[tag] = answer
