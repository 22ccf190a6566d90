"""Bytes on their way in: from the caller's connection into a file of ours, a little at a time, counted and summed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.exceptions import ClientDisconnected

from express_bot.contracts import errors
from express_bot.core.files.checks import is_picture
from express_bot.core.files.store import Work

CHUNK = 256 << 10
#: A part that takes longer is ended where it stands: slow lines go on from there and hold no thread for ever.
PATIENCE = 30.0

Read = Callable[[int], bytes]


@dataclass(frozen=True)
class Received:
    """What came."""

    size: int
    sha256: bytes
    whole: bool
    """The sender has said all that was announced."""


def receive(
    read: Read,
    into: Work | None,
    *,
    announced: int | None,
    limit: int,
    patience: float | None = None,
    arrived: Callable[[int], None] = lambda _: None,
) -> Received:
    """Copies until the sender ends, breaks off, or has used up our patience; without ``into`` it only sums up.

    ``arrived`` hears how much is there. Raises ``FileTooLarge`` as soon as there is more than ``limit``, with hardly
    anything of it ever in memory.
    """
    size, digest, start, early = 0, hashlib.sha256(), time.monotonic(), False
    while patience is None or time.monotonic() - start < patience:
        try:
            chunk = read(min(CHUNK, limit + 1 - size))
        except (OSError, ClientDisconnected):
            return Received(size, digest.digest(), whole=False)
        if not chunk:
            return Received(size, digest.digest(), whole=announced is None or size == announced)
        if size + len(chunk) > limit:
            raise errors.FileTooLarge(limit=limit, mb=limit >> 20)
        if into is not None:
            early = early if size else not is_picture(chunk)  # of a picture another copy will be kept
            into.take(chunk, early=early)
        size += len(chunk)
        arrived(size)
        digest.update(chunk)
    return Received(size, digest.digest(), whole=size == announced)
