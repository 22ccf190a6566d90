"""Is a file what it claims to be, and harmless to keep? Judged by content, in bounded memory and time (``apart``).

Every check raises ``FileTypeRefused``, ``FileDamaged`` or ``FileBomb``. Nothing is ever unpacked into memory or onto
the disk: what has to be unfolded to be judged flows by in small pieces, and not for ever.
"""

from __future__ import annotations

from typing import IO

import puremagic

from express_bot.contracts import errors
from express_bot.core.files.checks import heic, jpeg, office, pdf, png
from express_bot.core.files.checks.bytes import Bytes
from express_bot.core.files.kinds import DOCX, HEIC, JPEG, PDF, PNG, XLSX

HEAD = 4 << 10
_START = {b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
_ZIP = b"PK\x03\x04"
#: What the library calls the kinds, where it knows several names for one.
_AGREES = {
    PDF: {"application/pdf"},
    JPEG: {"image/jpeg", "image/jpg"},
    PNG: {"image/png"},
    HEIC: {"image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"},
}


def kind_of(file: IO[bytes], size: int) -> str:
    """The kind of a whole file, after every check of its structure."""
    content = Bytes(file, size)
    head = content.at(0, HEAD)
    if head.startswith(_ZIP):
        return office.kind_of(content)
    kind = next((kind for start, kind in _START.items() if head.startswith(start)), None)
    if kind is None and heic.is_heic(head):
        kind = HEIC
    if kind is None or not _agrees(kind, head):
        raise errors.FileTypeRefused
    _CHECKS[kind](content)
    return kind


def kept_as_it_is(file: IO[bytes], size: int) -> str:
    """The same of a file of which no copy is made; raises ``FileUncheckable`` for a picture, whose notes would stay."""
    kind = kind_of(file, size)
    if kind in _WRITERS:
        raise errors.FileUncheckable
    return kind


def is_picture(head: bytes) -> bool:
    """Whether a file begins as one of those do of which ``strip`` makes another copy."""
    return head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or heic.is_heic(head)


def _agrees(kind: str, head: bytes) -> bool:
    """A second opinion: the library's table of signatures names this kind too."""
    return any(head.startswith(start, place) for place, start in _SIGNATURES[kind])


_SIGNATURES = {
    kind: [(row.offset, row.byte_match) for row in puremagic.magic_header_array if row.mime_type in names]
    for kind, names in _AGREES.items()
}
_WRITERS = {JPEG: jpeg.strip, PNG: png.strip, HEIC: heic.strip}
_CHECKS = {PDF: pdf.check, JPEG: jpeg.check, PNG: png.check, HEIC: heic.check}


def strip(kind: str, file: IO[bytes], size: int, into: IO[bytes]) -> bool:
    """Writes a picture without what it tells of place, person and device; ``False`` for kinds that stay as they are.

    No pixel changes: only the parts around them are left out. The direction the picture is held in stays.
    """
    writer = _WRITERS.get(kind)
    if writer is None:
        return False
    writer(Bytes(file, size), into)
    return True


__all__ = ["DOCX", "HEIC", "JPEG", "PDF", "PNG", "XLSX", "is_picture", "kind_of", "strip"]
