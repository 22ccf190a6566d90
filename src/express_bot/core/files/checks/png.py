"""PNG: a line of chunks, each with its sum. What is not the picture itself is left out."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import IO, NamedTuple

from express_bot.contracts import errors
from express_bot.core.files.checks import exif
from express_bot.core.files.checks.bytes import Bytes, ensure_bearable, ensure_no_second_file

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MAX_CHUNKS = 20_000
#: The picture, its colours, its size on paper and its movement.
_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs",
         b"cICP", b"acTL", b"fcTL", b"fdAT"}  # fmt: skip
_MAX_NOTE = 1 << 20


class Chunk(NamedTuple):
    """One chunk: its kind, where its data begin and how long they are."""

    kind: bytes
    start: int
    length: int

    @property
    def end(self) -> int:
        """Behind its sum."""
        return self.start + self.length + 4


def chunks(content: Bytes) -> Iterator[Chunk]:
    """Every chunk up to the last one; raises ``FileDamaged`` where there is none."""
    place = len(SIGNATURE)
    for _ in range(_MAX_CHUNKS):
        length, kind = struct.unpack(">I4s", content.exactly(place, 8))
        chunk = Chunk(kind, place + 8, length)
        if chunk.end > content.size:
            raise errors.FileDamaged
        yield chunk
        if kind == b"IEND":
            return
        place = chunk.end
    raise errors.FileDamaged


def check(content: Bytes) -> None:
    """A whole picture of bearable size whose sums are right, and nothing else behind it."""
    seen: list[bytes] = []
    end = 0
    for chunk in chunks(content):
        if not seen:
            _check_head(content, chunk)
        seen.append(chunk.kind)
        end = chunk.end
        _check_sum(content, chunk)
    if b"IDAT" not in seen:
        raise errors.FileDamaged
    ensure_no_second_file(content, end)


def _check_head(content: Bytes, chunk: Chunk) -> None:
    if chunk.kind != b"IHDR" or chunk.length != 13:
        raise errors.FileDamaged
    ensure_bearable(*struct.unpack(">II", content.exactly(chunk.start, 8)))


def _check_sum(content: Bytes, chunk: Chunk) -> None:
    found = zlib.crc32(chunk.kind)
    for data in content.chunks(chunk.start, chunk.start + chunk.length):
        found = zlib.crc32(data, found)
    if found != struct.unpack(">I", content.exactly(chunk.end - 4, 4))[0]:
        raise errors.FileDamaged


def strip(content: Bytes, into: IO[bytes]) -> None:
    """The picture without notes, and without whatever stood behind its end."""
    into.write(SIGNATURE)
    for chunk in chunks(content):
        if chunk.kind in _KEPT:
            for data in content.chunks(chunk.start - 8, chunk.end):
                into.write(data)
        elif chunk.kind == b"eXIf":
            _write_orientation(content, chunk, into)


def _write_orientation(content: Bytes, chunk: Chunk, into: IO[bytes]) -> None:
    turned = exif.orientation(content.at(chunk.start, min(chunk.length, _MAX_NOTE)))
    if turned != 1:
        said = b"eXIf" + exif.only_orientation(turned)
        into.write(struct.pack(">I", len(said) - 4) + said + struct.pack(">I", zlib.crc32(said)))
