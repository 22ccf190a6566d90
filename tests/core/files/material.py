"""Small files of every kind, honest and otherwise, made byte by byte."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

#: Where the picture was taken, and by whom: what must not stay in it.
PLACE = b"GPS 55.7558 37.6173 Ivanova"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def pdf(*, body: bytes = b"", tail: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n" + body + b"\ntrailer\n<</Root 1 0 R>>\n%%EOF\n" + tail


def packed(raw: bytes) -> bytes:
    """A stream of a PDF."""
    return b"2 0 obj\n<</Filter/FlateDecode>>\nstream\n" + zlib.compress(raw, 9) + b"\nendstream\nendobj\n"


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def tiff(orientation: int) -> bytes:
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0) + PLACE


SCAN = b"\x12\xff\x00\x34\xff\xd0\x56" * 40


def jpeg(*, width: int = 640, height: int = 480, notes: bool = True, orientation: int = 1, tail: bytes = b"") -> bytes:
    told = segment(0xE1, b"Exif\0\0" + tiff(orientation)) + segment(0xFE, PLACE) if notes else b""
    told += segment(0xED, b"Photoshop 3.0\0" + PLACE) if notes else b""
    return (
        b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0") + told
        + segment(0xE2, b"ICC_PROFILE\0\1\1sRGB")
        + segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0")
        + segment(0xDA, b"\1\1\0\0\x3f\0") + SCAN + b"\xff\xd9" + tail
    )  # fmt: skip


def chunk(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(*, width: int = 8, height: int = 8, notes: bool = True, tail: bytes = b"") -> bytes:
    rows = zlib.compress(b"".join(b"\0" + bytes(8) for _ in range(8)))
    told = chunk(b"tEXt", b"Comment\0" + PLACE) + chunk(b"eXIf", tiff(6)) if notes else b""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + told + chunk(b"IDAT", rows) + chunk(b"IEND") + tail


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def heic(*, width: int = 640, height: int = 480, more: bytes = b"") -> bytes:
    """A picture item and its Exif item, both in ``mdat``."""
    picture, notes = bytes(range(256)) * 4, b"\0\0\0\0" + tiff(1)

    def entry(item: int, kind: bytes) -> bytes:
        return box(b"infe", b"\2\0\0\0" + struct.pack(">HH4s", item, 0, kind) + b"\0")

    def meta(start: int) -> bytes:
        places = struct.pack(">HHHII", 1, 0, 1, start, len(picture))
        places += struct.pack(">HHHII", 2, 0, 1, start + len(picture), len(notes))
        return box(
            b"meta",
            bytes(4)
            + box(b"hdlr", bytes(8) + b"pict" + bytes(13))
            + box(b"iinf", bytes(4) + struct.pack(">H", 2) + entry(1, b"hvc1") + entry(2, b"Exif"))
            + box(b"iloc", bytes(4) + b"\x44\0" + struct.pack(">H", 2) + places)
            + box(b"iprp", box(b"ipco", box(b"ispe", bytes(4) + struct.pack(">II", width, height)))),
        )

    head = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    start = len(head) + len(meta(0)) + 8
    return head + meta(start) + box(b"mdat", picture + notes) + more


def office(kind: str = "docx", *, more: dict[str, bytes] | None = None, main: bytes = b"<w/>") -> bytes:
    """An archive with what the kind must have, and more."""
    name = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}[kind]
    return archive({"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<R/>", name: main} | (more or {}))


def archive(entries: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in entries.items():
            into.writestr(name, content)
    return made.getvalue()
