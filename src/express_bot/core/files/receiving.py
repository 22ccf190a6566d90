"""Bytes on their way in: from the caller's connection into a file of ours, a little at a time, counted and summed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Semaphore
from typing import Self

from werkzeug.exceptions import ClientDisconnected

from express_bot.contracts import errors
from express_bot.core.files.store import Work

CHUNK = 512 << 10
#: A part that takes longer is ended where it stands: slow lines go on from there and hold no thread for ever.
PATIENCE = 30.0

#: So many pieces of one file wait at most to be summed up; each file that is being taken in has a thread for it.
WAITING = 3
_SUMMING = ThreadPoolExecutor(64, thread_name_prefix="sum")

Read = Callable[[int], bytes]


@dataclass(frozen=True)
class Received:
    """What came."""

    size: int
    whole: bool
    """The sender has said all that was announced."""


class Sum:
    """A sum that is made beside: whoever adds a piece goes on while it is counted in. To be used in a ``with``."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._pieces: SimpleQueue[bytes | None] = SimpleQueue()
        self._room = Semaphore(WAITING)
        self._adding: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.whole()

    def add(self, piece: bytes) -> None:
        """The next bytes."""
        self._room.acquire()
        self._pieces.put(piece)
        if self._adding is None:
            self._adding = _SUMMING.submit(self._add_all)

    def _add_all(self) -> None:
        while (piece := self._pieces.get()) is not None:
            self._digest.update(piece)
            self._room.release()

    def whole(self) -> bytes:
        """The sum of all pieces, which are all there."""
        if self._adding is not None:
            self._pieces.put(None)
            self._adding.result()
            self._adding = None
        return self._digest.digest()


def receive(
    read: Read,
    into: Work,
    *,
    announced: int | None,
    limit: int,
    patience: float | None = None,
    arrived: Callable[[bytes, int], None] = lambda _piece, _there: None,
) -> Received:
    """Copies until the sender ends, breaks off, or has used up our patience.

    ``arrived`` hears each piece, and how much is there. Raises ``FileTooLarge`` as soon as there is more than
    ``limit``, with hardly anything of it ever in memory.
    """
    size, start = 0, time.monotonic()
    while patience is None or time.monotonic() - start < patience:
        try:
            chunk = read(min(CHUNK, limit + 1 - size))
        except (OSError, ClientDisconnected):
            return Received(size, whole=False)
        if not chunk:
            return Received(size, whole=announced is None or size == announced)
        if size + len(chunk) > limit:
            raise errors.FileTooLarge(limit=limit, mb=limit >> 20)
        into.take(chunk)
        size += len(chunk)
        arrived(chunk, size)
    return Received(size, whole=size == announced)
