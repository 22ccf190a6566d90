"""Files of figures: whatever is put into them, nothing in them is ever run, and everything is found again."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from itertools import product
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from express_bot.core.statistics.export import BOM, MAX_TEXT, Sheet, as_csv, as_xlsx, guarded, pieces

STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "−", "﹢", "﹣", "﹦", "﹫"]
SKIPPED = ["", " ", "  ", "\t", "\r\n", "\u00a0", "\u200b", "\ufeff", "\u2003", '"', '" ', "\u3000"]
BODIES = ["1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x","y")', "SUM(A1:A9)", "WEBSERVICE(1)", "DDE(1;2;3)"]
#: 1,152 texts that some spreadsheet would run.
PAYLOADS = ["".join(parts) for parts in product(SKIPPED, STARTS, BODIES)]
#: Signs that are text in XML only when they are written in another way, and those that are nothing there.
ODD = [
    "<b>&amp;</b>",
    "a\x00b",
    "\x01\x1f",
    "\x7f\x85",
    "\ufffe\uffff",
    "]]>",
    "_x0041_",
    "\ud7ff\U0010ffff",
    "й\u0301",
]
DANGER = re.compile(r"\s*[=+\-@＝＋－＠−﹢﹣﹦﹫]|[\t\r\n]")


def sheet(*rows, about=()):
    return Sheet("Заявки", ["Направление", "Дата", "Подано"], rows, about, "О выгрузке")


def read_csv(file: bytes, delimiter: str) -> list[list[str]]:
    assert file.startswith(BOM)
    return list(csv.reader(io.StringIO(file[3:].decode(), newline=""), delimiter=delimiter))


def book_of(made: Sheet) -> dict[str, ElementTree.Element]:
    """The sheets of a workbook as they lie in it."""
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces(as_xlsx(made))))) as archive:
        assert archive.testzip() is None
        return {
            name: ElementTree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.startswith("xl/worksheets/sheet")
        }


def kinds(page: ElementTree.Element) -> list[str]:
    """How each cell is written: ``f`` is a formula, ``is`` a text that stands in the cell, ``v`` a number."""
    name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    return [child.tag.removeprefix(name) for cell in page.iter(f"{name}c") for child in cell]


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_no_text_begins_like_a_formula_whatever_a_spreadsheet_splits_cells_by(locale: str) -> None:
    file = b"".join(as_csv(sheet(*([text, None, 1] for text in PAYLOADS)), locale))
    for delimiter in ",;\t":
        rows = read_csv(file, delimiter)
        assert not [cell for row in rows for cell in row if DANGER.match(cell)]


@pytest.mark.parametrize("other", [";", ",", "\t", "\n", '"', '";', '",', ' ; " '])
def test_a_formula_behind_a_separator_is_guarded_too(other: str) -> None:
    file = b"".join(as_csv(sheet([f"Сочи{other}=1+1", None, 1]), "ru"))
    for delimiter in ",;\t":
        assert not [cell for row in read_csv(file, delimiter) for cell in row if DANGER.match(cell)]


def test_a_guarded_text_loses_nothing_but_its_power() -> None:
    for text in PAYLOADS:
        assert guarded(text).replace("'", "") == text.replace("'", "")
    assert guarded("Санкт-Петербург, утро") == "Санкт-Петербург, утро"
    assert guarded("ОКЭ 1") == "ОКЭ 1"


def test_numbers_and_days_are_no_texts() -> None:
    file = b"".join(as_csv(sheet(["Сочи", date(2027, 1, 15), -3], ["", None, 0]), "ru"))
    assert file[3:].decode() == '"Направление";"Дата";"Подано"\r\n"Сочи";"2027-01-15";-3\r\n"";"";0\r\n'


def test_a_workbook_has_texts_and_numbers_and_never_a_formula() -> None:
    texts = [*PAYLOADS, *ODD, "https://x.example", "mailto:a@b", "12", "x" * (MAX_TEXT + 1)]
    pages = book_of(sheet(*([text, date(2027, 1, 15), 7] for text in texts), about=[("=1", "+2")]))
    found = [kind for page in pages.values() for kind in kinds(page)]
    assert set(found) == {"is", "v"}
    assert found.count("is") == 3 + len(texts) + 2
    assert found.count("v") == 2 * len(texts)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_makes_files_that_can_be_read(text: str) -> None:
    made = sheet([text, None, 1])
    rows = read_csv(b"".join(as_csv(made, "en")), ",")
    assert rows[1] == [guarded(text), "", "1"]
    assert not DANGER.match(rows[1][0])
    assert set(kinds(book_of(made)["xl/worksheets/sheet1.xml"])) <= {"is", "v"}


def test_a_long_table_comes_in_pieces() -> None:
    made = list(as_csv(sheet(*(["Владивосток", None, n] for n in range(20_000))), "ru"))
    assert len(made) > 5
    assert max(map(len, made)) < 200_000
    assert b"".join(made).count(b"\r\n") == 20_001
