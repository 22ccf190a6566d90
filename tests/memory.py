"""Where databases that are thrown away anyway are kept: in memory, where the machine has room for it.

Hundreds of files are made and removed for the database of one test; a disk that is busy makes that the dearest part
of many a test.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

MEMORY = Path("/dev/shm")
#: So much must be free; containers often have 64 MB there.
ROOM = 2 << 30
PREFIX = "express-bot-test-"


def place() -> str | None:
    """The parent for folders with a throwaway database; ``None`` is the usual place for temporary ones."""
    has_room = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return str(MEMORY) if has_room else None


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that goes with this process; what killed processes have left behind goes first."""
    _forget_the_dead()
    with TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-", dir=place(), ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)  # PostgreSQL runs as another user when we are root
        yield Path(name)


def _forget_the_dead() -> None:
    for left in MEMORY.glob(f"{PREFIX}*"):
        if not psutil.pid_exists(int(left.name.removeprefix(PREFIX).partition("-")[0])):
            shutil.rmtree(left, ignore_errors=True)
