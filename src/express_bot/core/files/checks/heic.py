"""HEIC: boxes in boxes. Notes lie among the pictures' data, so their bytes are blanked where they lie.

A picture keeps the direction it is held in: HEIC says that beside the notes, in a property of the picture.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO, NamedTuple

from express_bot.contracts import errors
from express_bot.core.files.checks.bytes import CHUNK, Bytes, ensure_bearable

_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"hevc", b"hevx"}
_PICTURE_BOXES = {b"ftyp", b"meta", b"mdat", b"free", b"skip", b"idat"}
#: Extensions of single makers, motion beside the picture and the like: blanked whole.
_BLANKED_BOXES = {b"uuid", b"mpvd", b"udta", b"sefd"}
_MAX_META = 1 << 20
_MAX_ITEMS = 2_000
#: Notes without a note: the offset 0, an empty table, no further one.
_EMPTY_NOTES = b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"


class Box(NamedTuple):
    """A box: its kind, where it begins, where its content does, and where it ends."""

    kind: bytes
    start: int
    content: int
    end: int


def is_heic(head: bytes) -> bool:
    """A box ``ftyp`` comes first and names one of the brands."""
    if len(head) < 16 or head[4:8] != b"ftyp":
        return False
    length = struct.unpack(">I", head[:4])[0]
    return any(head[place : place + 4] in _BRANDS for place in (8, *range(16, min(length, len(head), 256), 4)))


def boxes(content: Bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes between two positions, which they must fill; raises ``FileDamaged``."""
    for _ in range(_MAX_ITEMS):
        if start == end:
            return
        length, kind = struct.unpack(">I4s", content.exactly(start, 8))
        body = start + 8
        if length == 1:
            length, body = struct.unpack(">Q", content.exactly(start + 8, 8))[0], start + 16
        box = Box(kind, start, body, end if length == 0 else start + length)
        if box.end > end or box.end < body:
            raise errors.FileDamaged
        yield box
        start = box.end
    raise errors.FileDamaged


def check(content: Bytes) -> None:
    """Only boxes of a picture, one description, bearable pictures, and notes that can be found."""
    found = [box.kind for box in boxes(content, 0, content.size)]
    if not set(found) <= _PICTURE_BOXES | _BLANKED_BOXES:
        raise errors.FileTypeRefused
    if found.count(b"meta") != 1 or b"mdat" not in found:
        raise errors.FileDamaged
    for box in _within(content, _meta(content), b"iprp", b"ipco", b"ispe"):
        ensure_bearable(*struct.unpack(">II", content.exactly(box.content + 4, 8)))
    _spans_of_notes(content)


def strip(content: Bytes, into: IO[bytes]) -> None:
    """The same file with its notes blanked in place."""
    for chunk in content.chunks(0, content.size):
        into.write(chunk)
    for box in boxes(content, 0, content.size):
        if box.kind in _BLANKED_BOXES:
            into.seek(box.start + 4)
            into.write(b"free")
            _blank(into, box.content, box.end, b"")
    for start, end, is_exif in _spans_of_notes(content):
        _blank(into, start, end, _EMPTY_NOTES if is_exif else b"")


def _blank(into: IO[bytes], start: int, end: int, instead: bytes) -> None:
    into.seek(start)
    written = into.write(instead[: end - start])
    while (left := end - start - written) > 0:
        written += into.write(bytes(min(left, CHUNK)))


def _meta(content: Bytes) -> Box:
    box = next(box for box in boxes(content, 0, content.size) if box.kind == b"meta")
    if box.end - box.start > _MAX_META:
        raise errors.FileDamaged
    return box


def _within(content: Bytes, box: Box, *path: bytes) -> Iterator[Box]:
    """Boxes at a path below a box; ``meta`` begins with four bytes of its own."""
    inner = box.content + (4 if box.kind == b"meta" else 0)
    for found in boxes(content, inner, box.end):
        if found.kind == path[0]:
            if len(path) == 1:
                yield found
            else:
                yield from _within(content, found, *path[1:])


def _spans_of_notes(content: Bytes) -> list[tuple[int, int, bool]]:
    """Where the bytes of notes lie, and whether they are Exif; raises ``FileTypeRefused`` if that cannot be told."""
    meta = _meta(content)
    notes = _notes(content, meta)
    if not notes:
        return []
    spans = []
    for item, method, start, length in _places(content, meta):
        if item not in notes:
            continue
        start = _in_file(content, meta, method, start)
        end = start + length if length else content.size
        if method == 2 or end > content.size or not length:
            raise errors.FileTypeRefused
        spans.append((start, end, notes[item]))
    if {item for item, *_ in _places(content, meta)} < set(notes):
        raise errors.FileTypeRefused
    return spans


def _in_file(content: Bytes, meta: Box, method: int, start: int) -> int:
    """A place as the file counts: method 1 counts from the start of the description's own data."""
    if method != 1:
        return start
    data = next(_within(content, meta, b"idat"), None)
    if data is None:
        raise errors.FileDamaged
    return data.content + start


def _notes(content: Bytes, meta: Box) -> dict[int, bool]:
    """Items that are no pictures: Exif (``True``), and texts such as XMP."""
    table = next(_within(content, meta, b"iinf"), None)
    if table is None:
        raise errors.FileDamaged
    version = content.exactly(table.content, 1)[0]
    found = {}
    for entry in boxes(content, table.content + (6 if version == 0 else 8), table.end):
        item, kind = _entry(content, entry)
        if kind in (b"Exif", b"mime", b"uri "):
            found[item] = kind == b"Exif"
    return found


def _entry(content: Bytes, entry: Box) -> tuple[int, bytes]:
    version = content.exactly(entry.content, 1)[0]
    if entry.kind != b"infe" or version not in (2, 3):
        raise errors.FileTypeRefused
    if version == 2:
        item, _, kind = struct.unpack(">HH4s", content.exactly(entry.content + 4, 8))
    else:
        item, _, kind = struct.unpack(">IH4s", content.exactly(entry.content + 4, 10))
    return item, kind


def _places(content: Bytes, meta: Box) -> list[tuple[int, int, int, int]]:
    """Every piece of every item: item, method, start, length."""
    table = next(_within(content, meta, b"iloc"), None)
    if table is None:
        raise errors.FileDamaged
    return list(_Places(content.exactly(table.content, table.end - table.content)).read())


class _Places:
    """The table of places, whose numbers are as wide as it says itself."""

    def __init__(self, table: bytes) -> None:
        self._table = table
        self._place = 4
        self._version = table[0] if table else 9

    def read(self) -> Iterator[tuple[int, int, int, int]]:
        if self._version > 2:
            raise errors.FileTypeRefused
        widths = self._number(2)
        offset, length, base, index = ((widths >> shift) & 15 for shift in (12, 8, 4, 0))
        wide = 4 if self._version == 2 else 2
        for _ in range(min(self._number(wide), _MAX_ITEMS)):
            item = self._number(wide)
            method = self._number(2) & 15 if self._version else 0
            self._number(2)  # another file's, never used
            start = self._number(base)
            for _ in range(min(self._number(2), _MAX_ITEMS)):
                self._number(index if self._version else 0)
                yield item, method, start + self._number(offset), self._number(length)

    def _number(self, width: int) -> int:
        found = self._table[self._place : self._place + width]
        if len(found) != width:
            raise errors.FileDamaged
        self._place += width
        return int.from_bytes(found, "big")
