"""Behind a figure stand exactly the applications that it counts, page by page, and the same figures leave as files."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from random import Random
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest

from express_bot.core.db.session import Connection
from express_bot.core.reference import load
from express_bot.core.statistics import upkeep
from tests.conftest import Api

DIMENSIONS = ("location", "unit", "position", "direction", "channel")
STATUSES = ("submitted", "in_review", "needs_info", "approved", "waitlisted", "rejected", "withdrawn", "completed")
ROWS, FIGURES, EXPORT = (f"/api/desk/statistics{place}" for place in ("/rows", "", "/export"))


@pytest.fixture
def shuffled(db: Connection) -> None:
    """Two hundred and more applications of all kinds; what happened last is not folded yet."""
    dice = Random(7)
    copied = (
        "insert into applications (number, form_id, form_version, period_id, applicant_id, answers, target_date,"
        " status, channel, client_key, client_digest, filed_at, updated_at)"
        " select number || '-' || n, form_id, form_version, period_id, applicant_id, answers, target_date,"
        " status, channel, client_key || n, client_digest, filed_at, updated_at"
        " from applications, generate_series(1, 3) n"
    )
    db.execute(copied)
    for row in db.execute("select id from applications order by id").fetchall():
        db.execute(
            "update applications set status = %s, limit_slot = null, channel = %s,"
            " target_date = target_date + %s, filed_at = filed_at - make_interval(hours => %s) where id = %s",
            (
                dice.choice(STATUSES),
                dice.choice(["express", "telegram", "browser"]),
                dice.randint(-40, 20),
                dice.randint(0, 2000),
                row["id"],
            ),
        )
        if row["id"] % 9 == 0:
            db.execute(
                "update applications set answers = answers || %s::jsonb where id = %s",
                ('{"direction": {"other": "Сан-Паулу"}, "unit": null}', row["id"]),
            )
        if row["id"] == 200:
            upkeep.fold(db, load(db))


def asked(api: Api, path: str, **query: Any) -> dict[str, Any]:
    response = api.get(f"{path}?{urlencode(query)}")
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.json
    return document


def behind(api: Api, **query: Any) -> list[dict[str, Any]]:
    """All rows of a bar, over all pages; what each page says of the whole is the same."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = asked(api, ROWS, **query, **cursor)
        found += page["items"]
        if page["next_cursor"] is None:
            assert page["total"] == len(found)
            return found
        assert len(page["items"]) == query["limit"]
        cursor = {"cursor": page["next_cursor"]}


def questions(dice: Random) -> Iterator[dict[str, Any]]:
    """Every grain and basis with one dimension, with two by months, with a status, with a filter."""
    span = {"from": "2026-06-01", "to": "2027-05-31"}
    for basis in ("filed", "target"):
        for grain in ("none", "day", "week", "month"):
            yield {
                "basis": basis,
                "grain": grain,
                "by": dice.choice(DIMENSIONS),
                "from": "2026-09-10",
                "to": "2027-02-17",
            }
        yield {"basis": basis, "grain": "month", "by": ",".join(dice.sample(DIMENSIONS, 2)), **span}
        yield {"basis": basis, "grain": "none", "by": "status," + dice.choice(DIMENSIONS), **span}
        yield {"basis": basis, "by": "direction", "channel": "express", **span}
        yield {
            "basis": basis,
            "by": "location",
            "direction": "_other",
            "grain": "week",
            "from": "2026-11-15",
            "to": "2027-01-20",
        }
        yield {"basis": basis, "grain": "day", **span}


@pytest.mark.parametrize("seed", range(3))
def test_every_bar_has_exactly_its_applications(api: Api, shuffled: None, seed: int) -> None:
    dice, desk, bars = Random(seed), api.as_("dispatcher"), 0
    for question in questions(dice):
        groups = asked(desk, FIGURES, **question)["groups"]
        bars += len(groups)
        for group in dice.sample(groups, min(len(groups), 6)):
            at = {"at": group["at"]} if group["at"] else {}
            rows = behind(desk, **question | group["key"] | at, limit=dice.randint(1, 30))
            assert len({row["number"] for row in rows}) == len(rows) == group["count"], (question, group)
            assert {name: [row["status"] for row in rows].count(name) for name in group["statuses"]} == group[
                "statuses"
            ]
    assert bars > 100


def test_a_bar_may_be_narrowed_to_some_statuses_and_one_period(api: Api, shuffled: None, db: Connection) -> None:
    desk = api.as_("dispatcher")
    span = {"basis": "target", "from": "2026-06-01", "to": "2027-05-31", "limit": 100}
    every = behind(desk, **span)
    given = behind(desk, **span, status="approved,completed")
    assert {row["status"] for row in given} == {"approved", "completed"}
    assert len(given) == len([row for row in every if row["status"] in ("approved", "completed")]) > 5
    rarest = "select period_id as id, count(*) as n from applications group by 1 order by 2 limit 1"
    period = db.execute(rarest).fetchone()
    assert period is not None
    assert asked(desk, ROWS, **span, period=period["id"])["total"] <= period["n"]
    assert asked(desk, ROWS, **span, period=999_999) | {"as_of": ""} == {
        "total": 0,
        "as_of": "",
        "items": [],
        "next_cursor": None,
    }


def test_rows_come_newest_first_with_the_name_of_whoever_filed_them(api: Api, shuffled: None) -> None:
    rows = behind(api.as_("dispatcher"), basis="filed", limit=17, **{"from": "2026-06-01", "to": "2027-05-31"})
    assert [row["filed_at"] for row in rows] == sorted((row["filed_at"] for row in rows), reverse=True)
    assert "Воронцова Анна Сергеевна" in {row["full_name"] for row in rows}


def test_the_account_of_the_self_check_stands_behind_no_figure(api: Api, db: Connection) -> None:
    desk, span = api.as_("dispatcher"), {"basis": "target", "from": "2026-06-01", "to": "2027-05-31"}
    before = asked(desk, ROWS, **span)["total"]
    db.execute(
        "update applications set limit_slot = null, applicant_id = (select id from users where probe limit 1)"
        " where id = 9"
    )
    assert asked(desk, ROWS, **span)["total"] == before - 1
    assert len(behind(desk, **span, limit=50)) == before - 1


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ({"cursor": "bm9uc2Vuc2U"}, "invalid_body", "cursor"),
        ({"cursor": "!!"}, "invalid_body", "cursor"),
        ({"status": "approved,lost"}, "invalid_body", "status"),
        ({"colour": "red"}, "unknown_dimension", "colour"),
        ({"limit": "0"}, "invalid_body", "limit"),
        ({"at": "yesterday", "grain": "day"}, "invalid_body", "at"),
        ({"at": "0", "grain": "day"}, "invalid_body", "at"),
        ({"from": "0"}, "invalid_body", "from"),
        ({"from": "2027-02-01", "to": "2027-01-01"}, "bad_range", "to"),
        ({"from": "2007-02-01", "to": "2027-01-01"}, "bad_range", "from"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(api: Api, query: dict[str, str], code: str, field: str) -> None:
    refused = api.as_("dispatcher").get(f"{ROWS}?{urlencode(query)}")
    assert (refused.status_code, refused.json["code"]) == (422, code)
    assert [error["field"] for error in refused.json["errors"]] == [field]


@pytest.mark.parametrize("path", [ROWS, f"{EXPORT}?type=csv"])
def test_whoever_may_not_see_everything_gets_neither_rows_nor_files(
    api: Api, rows: Callable[..., int], path: str
) -> None:
    assert api.as_("employee").get(path).status_code == 403
    assert rows("audit_log", "act = 'statistics.export'") == 0


SPAN = {"basis": "target", "from": "2026-06-01", "to": "2027-05-31"}


class TestExport:
    def test_a_csv_says_what_the_answer_says(self, api: Api, shuffled: None, rows: Callable[..., int]) -> None:
        desk, query = api.as_("dispatcher"), {"by": "direction", "grain": "month", **SPAN}
        groups = asked(desk, FIGURES, **query)["groups"]
        file = desk.get(f"{EXPORT}?{urlencode(query | {'type': 'csv'})}")
        assert file.content_type == "text/csv; charset=utf-8"
        assert file.headers["Content-Disposition"].endswith('filename="statistics-flight-2026-06-01-2027-05-31.csv"')
        assert (file.headers["Cache-Control"], file.headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
        header, *lines = csv.reader(io.StringIO(file.data.decode("utf-8-sig"), newline=""), delimiter=";")
        assert header[:3] == ["Месяц с", "Направление", "Всего"]
        told = [(group["at"], group["labels"]["direction"], str(group["count"])) for group in groups]
        assert [tuple(line[:3]) for line in lines] == told
        assert [sum(map(int, line[3:])) for line in lines] == [group["count"] for group in groups]
        assert rows("audit_log", "act = 'statistics.export' and object_id = 'flight'") == 1

    def test_a_workbook_has_the_same_and_tells_where_it_is_from(self, api: Api, shuffled: None) -> None:
        desk, query = api.as_("dispatcher"), {"by": "status", "compare": "previous", **SPAN}
        found = asked(desk, FIGURES, **query)
        file = desk.in_("en").get(f"{EXPORT}?{urlencode(query | {'type': 'xlsx'})}")
        with zipfile.ZipFile(io.BytesIO(file.data)) as book:
            table, about = (_cells(book.read(f"xl/worksheets/sheet{n}.xml")) for n in (1, 2))
        assert table[0] == ["Status", "Total", "The period before"]
        assert [int(row[1]) for row in table[1:]] == [group["count"] for group in found["groups"]]
        assert ["Requests in all", str(found["total"])] in about
        assert about[-1][0] == "Made by"

    def test_a_name_that_looks_like_a_formula_is_only_a_name(self, api: Api, db: Connection) -> None:
        db.execute('update directory_items set names = \'{"ru": "=1+1", "en": "@SUM(1)"}\' where code = \'vvo\'')
        db.execute("update reference_version set version = version + 1")
        desk, query = api.as_("dispatcher"), {"by": "direction", **SPAN}
        plain = desk.get(f"{EXPORT}?{urlencode(query | {'type': 'csv'})}").data.decode("utf-8-sig")
        assert '"\'=1+1";' in plain
        book = desk.get(f"{EXPORT}?{urlencode(query | {'type': 'xlsx'})}").data
        with zipfile.ZipFile(io.BytesIO(book)) as archive:
            page = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in page
        assert "=1+1" in page

    @pytest.mark.parametrize("kind", ["", "pdf", "CSV"])
    def test_another_kind_of_file_is_refused(self, api: Api, rows: Callable[..., int], kind: str) -> None:
        refused = api.as_("dispatcher").get(f"{EXPORT}?type={kind}")
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "type")
        assert rows("audit_log", "act = 'statistics.export'") == 0


def _cells(page: bytes) -> list[list[str]]:
    name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    root = ElementTree.fromstring(page)
    return [["".join(cell.itertext()) for cell in row.iter(f"{name}c")] for row in root.iter(f"{name}row")]
