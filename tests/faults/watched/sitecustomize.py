"""Found first by a process whose path begins with this folder: it then says every import aloud, children included."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from types import ModuleType


class Watcher:
    """Finds nothing, and is asked for everything first."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> None:
        os.write(2, f"import: {name}\n".encode())


sys.meta_path.insert(0, Watcher())
