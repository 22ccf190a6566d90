"""What a messenger has taken and the core has not been told yet: written down between the two, on this machine.

No messenger knows a key that would make sending a message twice harmless, so a process that dies here would have its
messages sent a second time. It leaves its journal behind, and the next process of this machine that looks tells the
core in its place: long before the lease of those messages ends. Nothing is flushed to the disk: a page that was written
outlives the process, and a machine that dies at this very moment costs a repeated message.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import orjson

from express_bot.core_client import CoreError
from express_bot.observability.logs import logger

#: How often journals of processes that died are looked for.
LOOK_SECONDS = 1.0

#: Tells the core that a card's revision stands under a messenger's id.
Tell = Callable[[str, int, str], Awaitable[None]]

log = logger(__name__)


class Journal:
    """This process's journal of one channel; others of the same folder are taken over once their process is gone."""

    def __init__(self, folder: Path, channel: str) -> None:
        """Opens nothing before the first message."""
        self._folder = folder / channel
        self._path = self._folder / f"{uuid4()}.journal"
        self._file: int | None = None
        self._open: set[tuple[str, int]] = set()
        self._looked = 0.0

    def note(self, card: str, rev: int, external_id: str) -> None:
        """The messenger took it; the core comes to know next."""
        self._open.add((card, rev))
        try:
            self._file = _claimed(self._path) if self._file is None else self._file
            os.write(self._file, orjson.dumps([card, rev, external_id], option=orjson.OPT_APPEND_NEWLINE))
        except OSError as full:  # the message is out: nothing may keep us from telling the core
            log.warning("the journal cannot be written", reason=full.strerror)

    def told(self, card: str, rev: int) -> None:
        """The core knows. A journal in which nothing is left begins anew."""
        self._open.discard((card, rev))
        if not self._open and self._file is not None:
            os.ftruncate(self._file, 0)

    def close(self) -> None:
        """Leaves nothing behind if everything was told."""
        if self._file is None:
            return
        os.close(self._file)
        self._file = None
        if not self._open:
            self._path.unlink(missing_ok=True)

    async def take_over(self, tell: Tell) -> None:
        """Tells what processes that are gone could not tell any more."""
        if time.monotonic() - self._looked < LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        for path in self._folder.glob("*.journal"):
            if path != self._path:
                await _tell_for(path, tell)


def _claimed(path: Path) -> int:
    """A file that is ours for as long as this process lives."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


async def _tell_for(path: Path, tell: Tell) -> None:
    """Raises ``CoreError`` when the core is away: then the journal stays."""
    with suppress(FileNotFoundError, BlockingIOError):
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for line in os.read(file, os.fstat(file).st_size).splitlines():
                await _tell_line(line, tell)
            path.unlink(missing_ok=True)
        finally:
            os.close(file)


async def _tell_line(line: bytes, tell: Tell) -> None:
    """A line that was cut off tells nothing; what the core knows already, or has forgotten, changes nothing."""
    try:
        card, rev, external_id = orjson.loads(line)
    except ValueError:
        return
    try:
        await tell(card, rev, external_id)
    except CoreError as refusal:
        if refusal.status >= 500:
            raise
    else:
        log.info("told for a process that is gone", card=card)
