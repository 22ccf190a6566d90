"""PNG: a line of chunks, each with its sum. What is not the picture itself is left out."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import IO, NamedTuple

from express_bot.contracts import errors
from express_bot.core.files.checks import exif
from express_bot.core.files.checks.bytes import CHUNK, Bytes, ensure_bearable, ensure_no_second_file

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MAX_CHUNKS = 20_000
#: The picture, its colours, its size on paper and its movement.
_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs",
         b"cICP", b"acTL", b"fcTL", b"fdAT"}  # fmt: skip
_MAX_NOTE = 1 << 20
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
#: What packing may add to pixels that cannot be packed, and what an honest description of colours unfolds into.
_SLACK, _MAX_COLOURS = 64 << 10, 4 << 20


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
    seen: set[bytes] = set()
    pixels = packed = end = 0
    for chunk in chunks(content):
        if not seen:
            pixels = _check_head(content, chunk)
        seen.add(chunk.kind)
        end = chunk.end
        _check_sum(content, chunk)
        packed += chunk.length if chunk.kind == b"IDAT" else 0
        if chunk.kind == b"iCCP":
            _ensure_modest(content, chunk)
    if b"IDAT" not in seen:
        raise errors.FileDamaged
    if packed > 2 * pixels + _SLACK:  # more than there is to paint
        raise errors.FileBomb
    ensure_no_second_file(content, end)


def _check_head(content: Bytes, chunk: Chunk) -> int:
    """The size is bearable; returns how many bytes its pixels are."""
    if chunk.kind != b"IHDR" or chunk.length != 13:
        raise errors.FileDamaged
    width, height, depth, colour = struct.unpack(">IIBB", content.exactly(chunk.start, 10))
    ensure_bearable(width, height)
    if colour not in _CHANNELS or depth not in (1, 2, 4, 8, 16):
        raise errors.FileDamaged
    return int(height * (width * _CHANNELS[colour] * depth // 8 + 2))


def _ensure_modest(content: Bytes, chunk: Chunk) -> None:
    """Colours are described by a packed table, the only packed words that are kept."""
    name, _, packed = content.at(chunk.start, min(chunk.length, _MAX_COLOURS)).partition(b"\0")
    engine, unfolded, left = zlib.decompressobj(), 0, packed[1:]
    try:
        while left and not engine.eof and unfolded <= _MAX_COLOURS:
            unfolded += len(engine.decompress(left, CHUNK))
            left = engine.unconsumed_tail
    except zlib.error as broken:
        raise errors.FileDamaged from broken
    if unfolded > _MAX_COLOURS or chunk.length > _MAX_COLOURS or len(name) > 79:
        raise errors.FileBomb


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
