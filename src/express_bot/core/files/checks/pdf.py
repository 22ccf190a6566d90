"""PDF: begins and ends as one, is nothing else besides, and does not unfold into something enormous."""

from __future__ import annotations

import re
import zlib

from ahocorasick_rs import BytesAhoCorasick

from express_bot.contracts import errors
from express_bot.core.files.checks.bytes import CHUNK, Bytes

_TAIL = 70 << 10
_AFTER_END = 2 << 10
_ARCHIVE = re.compile(rb"PK\x05\x06|PK\x06\x06")
# whatever window it was packed with
_STREAM = re.compile(rb"stream\r?\n[\x08\x18\x28\x38\x48\x58\x68\x78][^\x20-\x3f\x60-\x7f\xa0-\xbf\xe0-\xff]")


def _disguised(name: bytes) -> bytes:
    """A name as PDF may write it: any letter as ``#`` and its number."""
    return b"".join(b"(?:%c|#%02X|#%02x)" % (letter, letter, letter) for letter in name)


_FLATE = b"/(?:" + _disguised(b"FlateDecode") + b"|" + _disguised(b"Fl") + rb")(?![A-Za-z0-9#])"
_TWICE = re.compile(_FLATE + rb"\s*" + _FLATE)
#: How matches of the two begin. Where none of these stands, which is nearly everywhere, neither has to look.
_BEGINNINGS = BytesAhoCorasick([b"stream\n", b"stream\r", b"/Fl", b"/F#", b"/#46"])
#: No match that counts is longer.
_LONGEST = 128
#: How much is unfolded at most to find out; an honest scan of a page stays below the ratio.
WORK = 300 << 20
RATIO = 200
SMALL = 16 << 20
_MAX_STREAMS = 20_000


def check(content: Bytes) -> None:
    """One PDF from the first byte to the last; what is asked of its end comes last, while the rest may be arriving."""
    streams = _Streams(content)
    for start, window in content.windows(overlap=_LONGEST):
        if not _BEGINNINGS.find_matches_as_indexes(window):
            continue
        if _TWICE.search(window):
            raise errors.FileBomb
        streams.unfold(start, window)
    streams.ensure_modest()
    tail = content.at(max(0, content.size - _TAIL), _TAIL)
    end = tail.rfind(b"%%EOF")
    if end < 0:
        raise errors.FileDamaged
    if len(tail) - end > _AFTER_END or _ARCHIVE.search(tail):
        raise errors.FileTypeRefused


class _Streams:
    """Unfolds the packed streams one after the other, in small pieces, as far as the budget goes."""

    def __init__(self, content: Bytes) -> None:
        self._content = content
        self._place = self._count = self._packed = self._unfolded = 0

    def unfold(self, start: int, window: bytes) -> None:
        """The streams that begin in this piece of the file; raises ``FileBomb``."""
        while self._count < _MAX_STREAMS and self._unfolded < WORK:
            found = _STREAM.search(window, max(0, self._place - start))
            if found is None:
                return
            begins = start + found.end() - 2
            read, made = _unfold(self._content, begins, WORK - self._unfolded)
            self._count, self._packed, self._unfolded = self._count + 1, self._packed + read, self._unfolded + made
            self._place = begins + max(read, 1)
            if made > SMALL and made > RATIO * read:
                raise errors.FileBomb

    def ensure_modest(self) -> None:
        """All of them together are no bomb either; raises ``FileBomb``."""
        if self._unfolded > SMALL and self._unfolded > RATIO * self._packed:
            raise errors.FileBomb


def _unfold(content: Bytes, start: int, budget: int) -> tuple[int, int]:
    """How many packed bytes made how many; a stream that breaks off has told enough."""
    engine, read, made = zlib.decompressobj(), 0, 0
    while not engine.eof and made < budget and (chunk := content.at(start + read, CHUNK >> 2)):
        read += len(chunk)
        while chunk and made < budget and not engine.eof:
            try:
                made += len(engine.decompress(chunk, CHUNK))
            except zlib.error:
                return read, made
            chunk = engine.unconsumed_tail
    return max(0, read - len(engine.unused_data)), made
