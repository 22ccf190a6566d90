"""DOCX and XLSX: archives of XML. The table of contents is judged before anything is unpacked, then all of it flows by.

Refused are archives that are something else too, that lie about themselves, that overlap, that climb out of their
folder, that carry programs, or that would unfold into something enormous.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections import Counter

from express_bot.contracts import errors
from express_bot.core.files.checks.bytes import Bytes
from express_bot.core.files.kinds import DOCX, XLSX

MAX_ENTRIES = 5_000
MAX_TABLE = 2 << 20
MAX_UNFOLDED = 256 << 20
SMALL, RATIO = 64 << 20, 50
_END = struct.Struct("<4s4H2IH")
_CHUNK = 64 << 10
_MAIN = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\0!\0(?:D\0O\0C|E\0N\0T)|\0<\0!\0(?:D\0O\0C|E\0N\0T)", re.I)
_XML = (".xml", ".rels", ".vml")
_PROGRAMS = re.compile(r"(?:^|/)(?:vbaProject\.bin|vbaData\.xml|activeX\d*\.bin)$", re.I)
_STORED, _DEFLATED = 0, 8


def kind_of(content: Bytes) -> str:
    """DOCX or XLSX; raises for every other archive."""
    _check_end(content)
    try:
        with zipfile.ZipFile(content.file) as archive:
            entries = archive.infolist()
            _check_table(content, entries)
            kind = _kind(entries)
            _unfold(archive, entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError) as broken:
        raise errors.FileDamaged from broken
    return kind


def _check_end(content: Bytes) -> None:
    """The table's own description, at the very end, before the library reads a table of any size."""
    tail_start = max(0, content.size - _END.size - 0xFFFF)
    tail = content.at(tail_start, content.size - tail_start)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or place + _END.size > len(tail):
        raise errors.FileDamaged
    _, _, _, here, count, size, start, comment = _END.unpack_from(tail, place)
    if count > MAX_ENTRIES or size > MAX_TABLE:
        raise errors.FileBomb
    # nothing before it, nothing behind it, one piece
    if here != count or start + size != tail_start + place or place + _END.size + comment != len(tail):
        raise errors.FileTypeRefused


def _check_table(content: Bytes, entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        name = entry.filename
        if entry.flag_bits & 1 or entry.compress_type not in (_STORED, _DEFLATED) or _climbs(name):
            raise errors.FileTypeRefused
    if any(times > 1 for times in Counter(entry.filename.lower() for entry in entries).values()):
        raise errors.FileTypeRefused
    packed, unfolded = sum(e.compress_size for e in entries), sum(e.file_size for e in entries)
    if unfolded > MAX_UNFOLDED or (unfolded > SMALL and unfolded > RATIO * packed) or _overlap(entries, content.size):
        raise errors.FileBomb


def _climbs(name: str) -> bool:
    parts = name.split("/")
    return name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in parts


def _overlap(entries: list[zipfile.ZipInfo], size: int) -> bool:
    """Entries that share bytes: the way of archives that unfold into petabytes."""
    places = sorted((entry.header_offset, entry.header_offset + 30 + entry.compress_size) for entry in entries)
    ends = [end for _, end in places]
    starts = [start for start, _ in places[1:]]
    return any(start < end for start, end in zip(starts, ends, strict=False)) or max(ends, default=0) > size


def _kind(entries: list[zipfile.ZipInfo]) -> str:
    names = {entry.filename for entry in entries}
    kinds = [kind for name, kind in _MAIN.items() if name in names]
    if len(kinds) != 1 or "[Content_Types].xml" not in names or any(_PROGRAMS.search(name) for name in names):
        raise errors.FileTypeRefused
    return kinds[0]


def _unfold(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Every byte once, for the sums and for entities; an entry never gives more than its table says."""
    for entry in entries:
        is_xml = entry.filename.lower().endswith(_XML)
        with archive.open(entry) as content:
            before = b""
            while chunk := content.read(_CHUNK):
                if is_xml and _ENTITY.search(before + chunk):
                    raise errors.FileBomb
                before = chunk[-16:]
