"""The bytes of one file on their way through this process: in memory while they are few, else on the disk.

The file on the disk has no name, so nothing is left of it when the process ends, however it ends.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile
from types import TracebackType

from express_bot.contracts.files import MAX_FILE_BYTES

#: What the store takes at most.
MAX_BYTES = MAX_FILE_BYTES
IN_MEMORY = 512 << 10
PART = 64 << 10


class TooLong(Exception):
    """More bytes than any form takes."""


class Spool:
    """Written once, read as often as an upload has to be begun anew. Writable as pybotx wants a buffer to be."""

    def __init__(self, limit: int = MAX_BYTES) -> None:
        self._limit = limit
        self._kept = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 # closed with the spool
        self.size = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def add(self, part: bytes) -> None:
        """The next bytes; raises ``TooLong``."""
        self.size += len(part)
        if self.size > self._limit:
            raise TooLong
        self._kept.write(part)

    def empty(self) -> None:
        """Forgets what was written: it comes again from the beginning."""
        self._kept.seek(0)
        self._kept.truncate()
        self.size = 0

    async def stream(self) -> AsyncIterator[bytes]:
        """Everything from the beginning."""
        self._kept.seek(0)
        while part := self._kept.read(PART):
            yield part

    def close(self) -> None:
        """Nothing is left."""
        self._kept.close()

    async def write(self, content: bytes) -> int:
        """``add`` in the library's words."""
        self.add(content)
        return len(content)

    async def seek(self, cursor: int, whence: int = 0) -> int:
        """The library goes back to the beginning when it has written everything."""
        return self._kept.seek(cursor, whence)

    async def tell(self) -> int:
        """Where the next byte would be read."""
        return self._kept.tell()
