"""Figures as a file: CSV for programs and any spreadsheet, XLSX for Excel. Text stays text in both.

A cell that begins like a formula is run by whoever opens the file, so in CSV such a text gets an apostrophe before it,
and in XLSX no cell is ever anything but a string or a number (trust §1.1, «Tables out»).
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import IO, TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import xlsxwriter
Cell: TypeAlias = str | int | date | None
Kind: TypeAlias = Literal["csv", "xlsx"]

MIME: dict[Kind, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: Excel takes a file of UTF-8 for one only when it begins with this.
BOM = b"\xef\xbb\xbf"
#: What a spreadsheet of this language splits cells by when it opens a file.
DELIMITERS = {"ru": ";", "en": ","}
#: As many as Excel takes in one cell.
MAX_TEXT = 32_767
#: So much of a file is kept in memory; the rest of it waits on the disk.
IN_MEMORY = 1 << 20
CHUNK = 64 << 10

#: Signs that begin a formula, in all their widths; before them may stand what a reader skips. A separator inside a cell
#: may be the end of it for a reader that splits by another sign, so what follows is guarded too.
_FORMULA = re.compile(
    r"(^|[;,\t\r\n])([\s\"\u200b-\u200f\u2028-\u202f\u2060\ufeff]*)"
    r"(?=[=+\-@\u2212\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b])"
)
_LEADING = re.compile(r"^(?=[\t\r\n])")


@dataclass(frozen=True)
class Sheet:
    """A table with its heading, and what is to be known about it, name by name."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    about: Sequence[tuple[str, str]] = ()
    about_title: str = ""


def guarded(text: str) -> str:
    """The same words, never a formula: whatever begins like one has an apostrophe before it."""
    shown = _FORMULA.sub(r"\1'\2", text)
    return _LEADING.sub("'", shown)


def as_csv(sheet: Sheet, locale: str) -> Iterator[bytes]:
    """The table in pieces; numbers and days as they are, every text between quotation marks."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=DELIMITERS.get(locale, ","), quoting=csv.QUOTE_NONNUMERIC)
    yield BOM
    for row in chain([sheet.header], sheet.rows):
        writer.writerow([_csv_cell(cell) for cell in row])
        if buffer.tell() > CHUNK:
            yield _taken(buffer)
    yield _taken(buffer)


def _csv_cell(cell: Cell) -> str | int:
    if isinstance(cell, str):
        return guarded(cell)
    return cell.isoformat() if isinstance(cell, date) else "" if cell is None else cell


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def as_xlsx(sheet: Sheet) -> IO[bytes]:
    """The workbook, to be read from its beginning and closed; a row that is written leaves the memory at once."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the reader closes it
    import xlsxwriter  # late: few processes ever make one

    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    bold, days = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    page = book.add_worksheet(_sheet_name(sheet.title))
    page.freeze_panes(1, 0)
    for place, name in enumerate(sheet.header):
        page.write_string(0, place, _short(name), bold)
        page.set_column(place, place, min(max(len(name) + 2, 12), 40))
    for line, row in enumerate(sheet.rows, 1):
        _write_row(page, line, row, days)
    if sheet.about:
        _write_about(book.add_worksheet(_sheet_name(sheet.about_title)), sheet.about, bold)
    book.close()
    file.seek(0)
    return file


def _write_row(page: xlsxwriter.worksheet.Worksheet, line: int, row: Sequence[Cell], days: object) -> None:
    for place, cell in enumerate(row):
        if isinstance(cell, str):
            page.write_string(line, place, _short(cell))
        elif isinstance(cell, date):
            page.write_datetime(line, place, cell, days)
        elif cell is not None:
            page.write_number(line, place, cell)


def _write_about(page: xlsxwriter.worksheet.Worksheet, about: Sequence[tuple[str, str]], bold: object) -> None:
    page.set_column(0, 1, 32)
    for line, (name, value) in enumerate(about):
        page.write_string(line, 0, _short(name), bold)
        page.write_string(line, 1, _short(value))


def _short(text: str) -> str:
    return text[:MAX_TEXT]


def _sheet_name(title: str) -> str:
    """What Excel takes as the name of a sheet."""
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip(" '")[:31] or "1"


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A file in chunks; it is closed at its end, or when the reader has gone."""
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
