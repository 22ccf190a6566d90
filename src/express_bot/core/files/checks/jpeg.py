"""JPEG: a line of segments, then the picture in scans. Notes live in segments of their own, so they can be left out."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import IO, NamedTuple

from express_bot.contracts import errors
from express_bot.core.files.checks import exif
from express_bot.core.files.checks.bytes import Bytes, ensure_bearable, ensure_no_second_file

SOI, EOI, SOS, APP0, APP1, APP2, APP14 = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_COMMENT = 0xFE
_ALONE = {0x01, *range(0xD0, 0xD8)}
# inside a scan a marker is anything but a stuffed byte, a restart or filling
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_MAX_SEGMENTS = 2_000
#: By their first words: which way colours are meant. Everything else of the applications' segments is notes.
_KEPT = {APP0: (b"JFIF\0",), APP2: (b"ICC_PROFILE\0",), APP14: (b"Adobe",)}


class Segment(NamedTuple):
    """One segment with its marker; of a scan also the picture behind it."""

    marker: int
    start: int
    end: int


def segments(content: Bytes) -> Iterator[Segment]:
    """Every segment up to the end of the picture; raises ``FileDamaged`` where there is none."""
    place, yielded = 2, 0
    while yielded < _MAX_SEGMENTS:
        start, marker = place, _marker(content, place)
        while marker == 0xFF:  # filling
            place += 1
            marker = _marker(content, place)
        yielded += 1
        if marker == EOI:
            yield Segment(marker, start, place + 2)
            return
        if marker in _ALONE:
            place += 2
            continue
        place = _end(content, marker, place)
        yield Segment(marker, start, place)
    raise errors.FileDamaged


def _marker(content: Bytes, place: int) -> int:
    first, marker = content.exactly(place, 2)
    if first != 0xFF or marker in (0x00, SOI):
        raise errors.FileDamaged
    return marker


def _end(content: Bytes, marker: int, place: int) -> int:
    (length,) = struct.unpack(">H", content.exactly(place + 2, 2))
    end: int = place + 2 + length
    if length < 2 or end > content.size:
        raise errors.FileDamaged
    if marker != SOS:
        return end
    found = content.search(_MARKER, end, content.size, longest=2)
    if found is None:
        raise errors.FileDamaged
    return found[0]


def check(content: Bytes) -> None:
    """A whole picture of bearable size, and nothing else behind it."""
    seen, end = set(), 0
    for segment in segments(content):
        seen.add(segment.marker)
        end = segment.end
        if segment.marker in _FRAMES:
            _, height, width = struct.unpack(">BHH", content.exactly(segment.start + 4, 5))
            ensure_bearable(width, height)
    if SOS not in seen or not seen & _FRAMES:
        raise errors.FileDamaged
    ensure_no_second_file(content, end)


def strip(content: Bytes, into: IO[bytes]) -> None:
    """The picture without notes, comments and whatever stood behind its end."""
    into.write(b"\xff\xd8")
    turned = _orientation(content)
    for segment in segments(content):
        if turned != 1 and segment.marker != APP0:
            _write_orientation(into, turned)
            turned = 1
        if _is_note(content, segment):
            continue
        for chunk in content.chunks(segment.start, segment.end):
            into.write(chunk)


def _is_note(content: Bytes, segment: Segment) -> bool:
    if segment.marker == _COMMENT:
        return True
    if not 0xE0 <= segment.marker <= 0xEF:
        return False
    return not content.at(segment.start + 4, 16).startswith(_KEPT.get(segment.marker, ()))


def _orientation(content: Bytes) -> int:
    for segment in segments(content):
        if segment.marker == APP1:
            said = content.exactly(segment.start + 4, segment.end - segment.start - 4)
            if said.startswith(b"Exif\0\0"):
                return exif.orientation(said[6:])
    return 1


def _write_orientation(into: IO[bytes], turned: int) -> None:
    said = b"Exif\0\0" + exif.only_orientation(turned)
    into.write(struct.pack(">BBH", 0xFF, APP1, len(said) + 2) + said)
