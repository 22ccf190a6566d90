"""Bad files, made by code: bombs, two things at once, things under a wrong name, broken things.

``CASES`` are refused, each with one of its codes. ``CLEANED`` are taken, and what was smuggled in them is gone from
what is kept. Nothing here is stored in the repository as bytes.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from tests.core.files import material

MIB = 1 << 20
TYPE, DAMAGED, BOMB, EMPTY, LARGE = "file_type_refused", "file_damaged", "file_bomb", "file_empty", "file_too_large"
STATUS = {TYPE: 415, DAMAGED: 422, BOMB: 422, EMPTY: 422, LARGE: 413, "file_infected": 422}
#: Harmless for us, and every scanner's proof that it works; put together here so that no scanner eats this file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
HTML = b"<!doctype html><html><script>alert(document.domain)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


@dataclass(frozen=True)
class Case:
    """One bad file: what it is, what it is called, its bytes, and the codes that may answer it."""

    what: str
    name: str
    make: Callable[[], bytes]
    codes: tuple[str, ...]

    def __str__(self) -> str:
        return self.what

    @property
    def content(self) -> bytes:
        return _made(self.make)


@cache
def _made(make: Callable[[], bytes]) -> bytes:
    return make()


# ── Archives ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def zipped(entries: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as into:
        for name, content in entries.items():
            into.writestr(name, content)
        into.comment = comment
    return made.getvalue()


def office(
    more: dict[str, bytes],
    *,
    main: str = "word/document.xml",
    method: int = zipfile.ZIP_DEFLATED,
    comment: bytes = b"",
) -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", main: b"<w/>"} | more, method=method, comment=comment)


def unfolding(mebibytes: int, *, main: str = "word/document.xml", entry: str = "word/media/a.xml") -> bytes:
    """An archive with an entry of so many zeros, packed without ever holding them."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as into:
        into.writestr("[Content_Types].xml", b"<Types/>")
        into.writestr(main, b"<w/>")
        with into.open(entry, "w") as stream:
            for _ in range(mebibytes):
                stream.write(bytes(MIB))
    return made.getvalue()


def lying(told: int) -> bytes:
    """The table says that 32 MiB of zeros are so many bytes."""
    content = bytearray(unfolding(32))
    for signature, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = content.rfind(signature)
        struct.pack_into("<I", content, start + place, told)
    return bytes(content)


def overlapping(count: int = 200) -> bytes:
    """Entries of the table that all name one piece of the file (the way of Fifield's bombs)."""
    inner = office({"word/media/a.bin": bytes(MIB)})
    start = inner.rfind(b"PK\x01\x02")
    end = inner.rfind(b"PK\x05\x06")
    entry = inner[start:end]
    table = inner[inner.find(b"PK\x01\x02") : end]
    named = b"".join(entry.replace(b"a.bin", b"%05d" % number) for number in range(count))
    entries = 3 + count
    size = len(table) + len(named)
    first = inner.find(b"PK\x01\x02")
    return inner[:first] + table + named + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, entries, entries, size, first, 0)


def nested() -> bytes:
    """Archives in an archive, five deep: a document of one that asks its reader to go on."""
    content = zipped({f"{number}.zip": unfolding(4) for number in range(4)})
    for depth in range(4):
        content = zipped({f"lib {depth}{number}.zip": content for number in range(4)})
    return content


def encrypted() -> bytes:
    content = bytearray(office({"word/secret.bin": b"x" * 100}))
    for signature, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = content.rfind(signature)
        content[start + place] |= 1
    return bytes(content)


def twice_named() -> bytes:
    content = office({"word/a.xml": b"1", "word/b.xml": b"2"})
    return content.replace(b"word/b.xml", b"word/a.xml")


def with_wrong_sum() -> bytes:
    content = bytearray(office({"word/a.bin": b"good"}, method=zipfile.ZIP_STORED))
    place = content.find(b"good")
    content[place : place + 4] = b"evil"
    return bytes(content)


def cut_table(by: int) -> bytes:
    content = office({"word/a.bin": os.urandom(4096)})
    return content[: len(content) - by]


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">%s]><w>&z;</w>' % b"".join(
    b'<!ENTITY %c "&%c;&%c;&%c;&%c;">' % (bytes([b]), bytes([a]), bytes([a]), bytes([a]), bytes([a]))
    for a, b in zip(b"abcdefghijklmnopqrstuvwxy", b"bcdefghijklmnopqrstuvwxyz", strict=True)
)
FOREIGN = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'

ARCHIVES = [
    Case("a docx that unfolds into 280 megabytes", "отпуск.docx", lambda: unfolding(280), (BOMB,)),
    Case(
        "an xlsx whose sheet unfolds into 280 megabytes, too",
        "график.xlsx",
        lambda: unfolding(280, main="xl/workbook.xml", entry="xl/worksheets/sheet1.xml"),
        (BOMB,),
    ),
    Case("a docx that unfolds by a factor of a thousand", "a.docx", lambda: unfolding(100), (BOMB,)),
    Case("a docx whose table says too little", "a.docx", lambda: lying(100), (DAMAGED, BOMB)),
    Case("a docx whose table says too much", "a.docx", lambda: lying(0xFFFFFF00), (DAMAGED, BOMB)),
    Case("a docx whose entries share their bytes", "a.docx", overlapping, (BOMB,)),
    Case("archives in archives in archives", "a.docx", nested, (TYPE,)),
    Case(
        "a docx of 6,000 entries",
        "a.docx",
        lambda: office({f"word/{number}.xml": b"" for number in range(6_000)}),
        (BOMB,),
    ),
    Case("a docx with a billion laughs", "a.docx", lambda: office({"word/a.xml": LAUGHS}), (BOMB,)),
    Case("a docx that laughs in UTF-16", "a.docx", lambda: office({"word/a.xml": LAUGHS.decode().encode("utf-16")}),
         (BOMB,)),
    Case("a docx that wants a file of ours", "a.docx", lambda: office({"word/a.xml": FOREIGN}), (BOMB,)),
    Case("a docx that wants a file of ours from its relations", "a.docx",
         lambda: office({"word/_rels/document.xml.rels": FOREIGN}), (BOMB,)),
    Case("a locked docx", "a.docx", encrypted, (TYPE, DAMAGED)),
    Case("a docx with a program", "a.docx", lambda: office({"word/vbaProject.bin": b"x"}), (TYPE,)),
    Case("an xlsx with a program", "a.xlsx", lambda: office({"xl/VBAPROJECT.BIN": b"x"}, main="xl/workbook.xml"),
         (TYPE,)),
    Case("a docx that climbs out of its folder", "a.docx", lambda: office({"word/../../../etc/cron.d/x": b"x"}),
         (TYPE,)),
    Case("a docx with an absolute path", "a.docx", lambda: office({"/etc/passwd": b"x"}), (TYPE,)),
    Case("a docx with a path of Windows", "a.docx", lambda: office({"..\\..\\a.exe": b"x"}), (TYPE,)),
    Case("a docx with one name twice", "a.docx", twice_named, (TYPE,)),
    Case("a docx packed by bzip2", "a.docx", lambda: office({"word/a.bin": b"x"}, method=zipfile.ZIP_BZIP2), (TYPE,)),
    Case("a docx packed by lzma", "a.docx", lambda: office({"word/a.bin": b"x"}, method=zipfile.ZIP_LZMA), (TYPE,)),
    Case("a docx that is an xlsx too", "a.docx", lambda: office({"xl/workbook.xml": b"<x/>"}), (TYPE,)),
    Case("a docx with a wrong sum", "a.docx", with_wrong_sum, (DAMAGED,)),
    Case("a docx without its last byte", "a.docx", lambda: cut_table(1), (DAMAGED, TYPE)),
    Case("half a docx", "a.docx", lambda: cut_table(2_000), (DAMAGED,)),
    Case("a docx with something behind it", "a.docx", lambda: office({}) + b"#!/bin/sh\n", (TYPE, DAMAGED)),
    Case("a docx in whose comment another archive ends", "a.docx",
         lambda: office({}, comment=zipped({"a": b"b"})), (TYPE, DAMAGED)),
    Case("an archive named docx", "a.docx", lambda: zipped({"a.txt": b"hello"}), (TYPE,)),
    Case("an archive of Java", "a.xlsx", lambda: zipped({"META-INF/MANIFEST.MF": b"Main-Class: A", "A.class": b"x"}),
         (TYPE,)),
    Case("an empty archive", "a.docx", lambda: zipped({}), (TYPE, DAMAGED)),
    Case("only the beginning of an archive", "a.docx", lambda: b"PK\x03\x04" + bytes(200), (DAMAGED,)),
]  # fmt: skip


# ── Pictures ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def png(*chunks: bytes, width: int = 8, height: int = 8) -> bytes:
    head = material.chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = material.chunk(b"IDAT", zlib.compress(bytes(72)))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + pixels + material.chunk(b"IEND")


@cache
def packed_zeros(mebibytes: int, window: int = 15) -> bytes:
    engine = zlib.compressobj(9, wbits=window)
    return b"".join(engine.compress(bytes(MIB)) for _ in range(mebibytes)) + engine.flush()


def endless_pixels() -> bytes:
    head = material.chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + material.chunk(b"IDAT", packed_zeros(200)) + material.chunk(b"IEND")


def with_wrong_chunk() -> bytes:
    content = bytearray(png())
    content[40] ^= 0xFF
    return bytes(content)


def comment(content: bytes) -> bytes:
    """A picture with these words in its comment."""
    honest = material.jpeg(notes=False)
    return honest[:2] + material.segment(0xFE, content) + honest[2:]


GIF = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0!\xf9\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
JAR = zipped({"META-INF/MANIFEST.MF": b"Main-Class: A", "A.class": b"\xca\xfe\xba\xbe"})

PICTURES = [
    Case("a png of ten thousand megapixels", "a.png", lambda: png(width=100_000, height=100_000), (BOMB,)),
    Case("a png of one endless line", "a.png", lambda: png(width=2**31 - 1, height=1), (BOMB,)),
    Case("a png without size", "a.png", lambda: png(width=0, height=0), (DAMAGED,)),
    Case("a small png with 200 megabytes of pixels", "a.png", endless_pixels, (BOMB,)),
    Case("a png whose colours unfold into 200 megabytes", "a.png",
         lambda: png(material.chunk(b"iCCP", b"icc\0\0" + packed_zeros(200))), (BOMB,)),
    Case("half a png", "a.png", lambda: png()[:60], (DAMAGED,)),
    Case("a png with a wrong sum", "a.png", with_wrong_chunk, (DAMAGED,)),
    Case("a png without a picture", "a.png", lambda: b"\x89PNG\r\n\x1a\n" + material.chunk(b"IEND"), (DAMAGED,)),
    Case("the first bytes of a png, then a page", "a.png", lambda: b"\x89PNG\r\n\x1a\n" + HTML * 20, (DAMAGED,)),
    Case("a png with a page behind it", "a.png", lambda: png() + HTML, (TYPE,)),
    Case("a png with an archive behind it", "a.png", lambda: png() + JAR, (TYPE,)),
    Case("a png with a million chunks", "a.png", lambda: png(material.chunk(b"tEXt") * 100_000), (DAMAGED, BOMB)),
    Case("a jpeg of four thousand megapixels", "a.jpg", lambda: material.jpeg(width=65_535, height=65_535), (BOMB,)),
    Case("a jpeg without height", "a.jpg", lambda: material.jpeg(height=0), (DAMAGED,)),
    Case("half a jpeg", "a.jpg", lambda: material.jpeg()[:300], (DAMAGED,)),
    Case("a jpeg without its end", "a.jpg", lambda: material.jpeg()[:-2], (DAMAGED,)),
    Case("a jpeg of beginning and end", "a.jpg", lambda: b"\xff\xd8\xff\xd9", (DAMAGED, TYPE)),
    Case("a jpeg whose segment is longer than the file", "a.jpg",
         lambda: b"\xff\xd8\xff\xe0\xff\xffJFIF\0" + bytes(100), (DAMAGED,)),
    Case("a jpeg with an archive behind it", "a.jpg", lambda: material.jpeg(tail=JAR), (TYPE,)),
    Case("a jpeg with a page behind it", "a.jpg", lambda: material.jpeg(tail=HTML), (TYPE,)),
    Case("a jpeg with a pdf behind it", "a.jpg", lambda: material.jpeg(tail=material.pdf()), (TYPE,)),
    Case("a heic of ten thousand megapixels", "a.heic", lambda: material.heic(width=10**5, height=10**5), (BOMB,)),
    Case("half a heic", "a.heic", lambda: material.heic()[:-200], (DAMAGED,)),
    Case("a heic whose box is longer than the file", "a.heic",
         lambda: material.heic(more=struct.pack(">I4s", 1 << 30, b"free")), (DAMAGED,)),
    Case("a heic with a page behind it", "a.heic", lambda: material.heic(more=HTML), (DAMAGED, TYPE)),
    Case("a heic of ten thousand boxes", "a.heic", lambda: material.heic(more=material.box(b"free", b"") * 10_000),
         (DAMAGED, BOMB)),
    Case("a gif that is a program of Java too", "a.png", lambda: GIF + JAR, (TYPE,)),
    Case("a gif named jpg", "a.jpg", lambda: GIF, (TYPE,)),
    Case("a bitmap", "a.png", lambda: b"BM" + struct.pack("<IHHI", 100, 0, 0, 54) + bytes(100), (TYPE,)),
    Case("a tiff", "a.jpg", lambda: b"II*\0\x08\0\0\0" + bytes(100), (TYPE,)),
    Case("a webp", "a.jpg", lambda: b"RIFF\x64\0\0\0WEBPVP8 " + bytes(100), (TYPE,)),
    Case("a film", "a.heic", lambda: material.box(b"ftyp", b"isom\0\0\2\0isommp41") + material.box(b"mdat", b"x"),
         (TYPE,)),
    Case("an svg named png", "a.png", lambda: SVG, (TYPE,)),
    Case("an svg", "a.svg", lambda: SVG, (TYPE,)),
    Case("a page named png", "a.png", lambda: HTML, (TYPE,)),
    Case("a page named jpg behind a byte order mark", "a.jpg", lambda: b"\xef\xbb\xbf" + HTML, (TYPE,)),
]  # fmt: skip


# ── PDF and the rest ─────────────────────────────────────────────────────────────────────────────────────────────────


def stream(content: bytes, told: bytes = b"/FlateDecode") -> bytes:
    return b"2 0 obj\n<</Filter%s/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (told, len(content), content)


def folded_twice(told: bytes) -> bytes:
    """200 megabytes in half a kilobyte: each unfolding alone looks modest."""
    return material.pdf(body=stream(zlib.compress(packed_zeros(200), 9), told))


DOCUMENTS = [
    Case("an empty file", "a.pdf", lambda: b"", (EMPTY,)),
    Case("one byte", "a.pdf", lambda: b"%", (TYPE,)),
    Case("one byte more than twenty megabytes", "a.pdf", lambda: bytes(20 * MIB + 1), (LARGE,)),
    Case("a pdf without an end", "a.pdf", lambda: b"%PDF-1.7\n" + b"1 0 obj\n" * 100, (DAMAGED,)),
    Case("only the first word of a pdf", "a.pdf", lambda: b"%PDF-", (DAMAGED, TYPE)),
    Case("a pdf that begins in a page", "a.pdf", lambda: HTML + material.pdf(), (TYPE,)),
    Case("a pdf behind a line of a script", "a.pdf", lambda: b"#!/bin/sh\n" + material.pdf(), (TYPE,)),
    Case("a pdf with an archive behind it", "a.pdf", lambda: material.pdf(tail=JAR), (TYPE,)),
    Case("a pdf with a page behind it", "a.pdf", lambda: material.pdf(tail=HTML * 50), (TYPE,)),
    Case("a pdf with megabytes behind it", "a.pdf", lambda: material.pdf(tail=os.urandom(MIB)), (TYPE, DAMAGED)),
    Case("a pdf whose page unfolds into 200 megabytes", "a.pdf",
         lambda: material.pdf(body=stream(packed_zeros(200))), (BOMB,)),
    Case("a pdf whose page was packed in another way", "a.pdf",
         lambda: material.pdf(body=stream(packed_zeros(200, window=14))), (BOMB,)),
    Case("a pdf of many streams that unfold into 240 megabytes together", "a.pdf",
         lambda: material.pdf(body=stream(packed_zeros(12)) * 20), (BOMB,)),
    Case("a pdf folded twice", "a.pdf", lambda: folded_twice(b"[/FlateDecode/FlateDecode]"), (BOMB,)),
    Case("a pdf folded twice under short names", "a.pdf", lambda: folded_twice(b"[ /Fl\n/Fl ]"), (BOMB,)),
    Case("a pdf folded twice under disguised names", "a.pdf", lambda: folded_twice(b"[/Fl#61teDecode/#46lateDecode]"),
         (BOMB,)),
    Case("a page named pdf", "a.pdf", lambda: HTML, (TYPE,)),
    Case("a program of Windows", "a.pdf", lambda: b"MZ\x90\0" + bytes(500), (TYPE,)),
    Case("a program of Linux", "a.jpg", lambda: b"\x7fELF\2\1\1" + bytes(500), (TYPE,)),
    Case("a script", "a.docx", lambda: b"#!/bin/sh\nrm -rf /\n", (TYPE,)),
    Case("plain words", "a.docx", lambda: "Просто слова.".encode(), (TYPE,)),
    Case("a table of commas", "a.xlsx", lambda: b"a;b\n=cmd|' /C calc'!A0;1\n", (TYPE,)),
    Case("a document of old Word", "a.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000), (TYPE,)),
    Case("a rar", "a.docx", lambda: b"Rar!\x1a\7\1\0" + bytes(100), (TYPE,)),
    Case("a 7z", "a.docx", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(100), (TYPE,)),
    Case("a gzip", "a.pdf", lambda: b"\x1f\x8b\x08" + bytes(100), (TYPE,)),
    Case("noise", "a.pdf", lambda: b"\x01" + os.urandom(10_000), (TYPE,)),
    Case("twenty megabytes of zeros", "a.pdf", lambda: bytes(20 * MIB), (TYPE,)),
]  # fmt: skip

CASES = [*ARCHIVES, *PICTURES, *DOCUMENTS]

#: What is taken, and which of its bytes must not be kept.
CLEANED = [
    ("a jpeg with a page in its comment", "a.jpg", lambda: comment(HTML), b"<script"),
    ("a jpeg with an archive in its comment", "a.jpg", lambda: comment(JAR), b"PK\x05\x06"),
    ("a jpeg with EICAR in its notes", "a.jpg", lambda: comment(EICAR), b"EICAR"),
    ("a jpeg that tells where it was taken", "a.jpg", material.jpeg, material.PLACE),
    ("a png with a page in its words", "a.png", lambda: png(material.chunk(b"tEXt", b"Comment\0" + HTML)), b"<script"),
    ("a png whose words unfold into 200 megabytes", "a.png",
     lambda: png(material.chunk(b"zTXt", b"Comment\0\0" + packed_zeros(200))), b"zTXt"),
    ("a heic that tells where it was taken", "a.heic", material.heic, material.PLACE),
]  # fmt: skip

#: Names as attackers and absent-minded people give them.
NAMES = [
    "../../../../etc/passwd",
    "..\\..\\windows\\system32\\a.pdf",
    "/etc/shadow.pdf",
    "C:\\Users\\anna\\a.pdf",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd.pdf",
    "....//....//a.pdf",
    "a.pdf\0.exe",
    "a\r\nSet-Cookie: admin=1\r\n.pdf",
    'a"; filename="b.exe',
    "a\u202efdp.exe",
    "\u200b\ufeffa.pdf",
    "\ufb01le\u0301.pdf",
    "CON.pdf",
    "....",
    " . ",
    "~",
    "-rf.pdf",
    "$(reboot).pdf",
    "<script>alert(1)</script>.pdf",
    "a.pdf'; drop table files; --",
    "=cmd|' /C calc'!A0.pdf",
    "я" * 255,
    "💣" * 200 + ".pdf",
    "a" * 250 + ".pdf",
    "z\u0335\u0321\u0327" * 60 + ".pdf",
]
