"""Reading a file here and there without ever holding much of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from express_bot.contracts import errors

CHUNK = 256 << 10
#: More than any camera of a phone makes, less than what brings down whoever opens it.
MAX_PIXELS = 120_000_000
MAX_SIDE = 30_000
_SECOND_FILE = re.compile(
    rb"PK\x03\x04|PK\x05\x06|%PDF-|<!doctype|<html|<script|<svg|<\?xml|<\?php|Rar!|7z\xbc\xaf", re.I
)


class Bytes:
    """A file by positions."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file = file
        self.size = size

    def at(self, start: int, length: int) -> bytes:
        """Up to ``length`` bytes."""
        self.file.seek(start)
        return self.file.read(max(0, length))

    def exactly(self, start: int, length: int) -> bytes:
        """So many bytes; raises ``FileDamaged`` when the file ends before."""
        found = self.at(start, length)
        if len(found) != length:
            raise errors.FileDamaged
        return found

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes between two positions, a little at a time."""
        while start < end:
            chunk = self.exactly(start, min(CHUNK, end - start))
            yield chunk
            start += len(chunk)

    def windows(self, *, overlap: int) -> Iterator[tuple[int, bytes]]:
        """The whole file a piece at a time, with where each begins; what lies across a border is whole in the next."""
        start = 0
        while chunk := self.at(start, min(CHUNK, self.size - start)):
            yield start, chunk
            if start + len(chunk) >= self.size:
                return
            start += len(chunk) - overlap + 1

    def search(self, pattern: re.Pattern[bytes], start: int, end: int, *, longest: int) -> tuple[int, bytes] | None:
        """The first match of at most ``longest`` bytes, and where it begins."""
        while start < end:
            chunk = self.at(start, min(CHUNK, end - start))
            if found := pattern.search(chunk):
                return start + found.start(), found[0]
            if start + len(chunk) >= end or not chunk:
                return None
            start += len(chunk) - longest + 1
        return None


def ensure_no_second_file(content: Bytes, start: int) -> None:
    """What follows the end of a picture must not be another document: such a file is two things at once."""
    if content.search(_SECOND_FILE, start, content.size, longest=9):
        raise errors.FileTypeRefused


def ensure_bearable(width: int, height: int) -> None:
    """Raises ``FileBomb`` for a picture that unfolds into more pixels than any camera makes."""
    if not width or not height:
        raise errors.FileDamaged
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise errors.FileBomb
