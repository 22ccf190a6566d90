"""The time before beside the present one, in answers and in files; links to files that need no session."""

from __future__ import annotations

import base64
import csv
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from xml.etree import ElementTree

import pytest
import time_machine
from flask import Flask

from express_bot.contracts.statistics import ComparedQuestion, QuestionName
from express_bot.core.db.session import Connection
from tests.conftest import Api

QUESTIONS, FILE = "/api/desk/statistics/questions", "/api/desk/statistics/questions/file"


@pytest.fixture
def two_months(db: Connection) -> None:
    """Half of January's applications ask for December, and some of those are decided."""
    december = "(select id from periods where form_id = 'flight' and target_from = '2026-12-01')"
    db.execute(
        f"update applications set target_date = target_date - 31, period_id = {december}, limit_slot = null,"
        " status = case when id % 3 = 0 then 'approved' else 'rejected' end"
        " where form_id = 'flight' and target_date between '2027-01-01' and '2027-01-31' and id % 2 = 0"
    )


def asked(api: Api, query: str = "?compare=previous") -> dict[str, Any]:
    answer = api.get(QUESTIONS + query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def test_the_period_before_is_told_as_it_is_told_alone(api: Api, two_months: None) -> None:
    desk = api.as_("dispatcher")
    before = asked(desk)["previous"]
    assert (before["period"]["title"], before["period"]["from"]) == ("декабрь 2026", "2026-12-01")
    alone = asked(desk, f"?period={before['period']['id']}")
    assert before["people"] == alone["people"] > 0
    assert before["questions"] == {name: alone["questions"][name] for name in get_args(ComparedQuestion)}
    assert sum(day["requested"] for day in before["questions"]["demand"]["days"]) > 0
    assert alone["previous"] is None, "nobody has asked for it"


def test_before_the_first_period_there_is_nothing_and_without_periods_there_are_days(api: Api) -> None:
    desk = api.as_("dispatcher")
    first = min(asked(desk)["periods"], key=lambda period: period["from"])
    assert asked(desk, f"?compare=previous&period={first['id']}")["previous"] is None
    certificates = asked(desk, "?form=certificate&compare=previous")
    now, before = certificates["period"], certificates["previous"]["period"]
    gap = datetime.fromisoformat(now["from"]) - datetime.fromisoformat(before["to"])
    assert (before["id"], gap) == (None, timedelta(days=1))


def test_another_comparison_is_refused(api: Api) -> None:
    refused = api.as_("dispatcher").get(f"{QUESTIONS}?compare=next")
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "compare")


class TestFile:
    """The rows and columns of the page, by a link."""

    def link(self, desk: Api, question: str, kind: str = "csv", **more: Any) -> str:
        answer = desk.post(FILE, {"question": question, "type": kind, **more})
        assert answer.status_code == 200, answer.text
        return "/api/desk" + str(answer.json["url"]).partition("/api/desk")[2]

    def table(self, api: Api, address: str, delimiter: str = ";") -> list[list[str]]:
        file = api.get(address)
        assert file.status_code == 200, file.text
        return list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"), newline=""), delimiter=delimiter))

    def test_it_opens_without_a_session_and_says_what_the_page_says(
        self, app: Flask, api: Api, two_months: None, rows: Callable[..., int]
    ) -> None:
        desk = api.as_("dispatcher")
        told = asked(desk)
        file = Api(app).get(address := self.link(desk, "demand", compare="previous"))
        name = "statistics-flight-demand-2027-01-01-2027-01-31.csv"
        assert file.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert file.headers["Cache-Control"] == "no-store"
        header, *lines = self.table(Api(app), address)
        assert header == ["Дата", "подано", "одобрено", "подано, декабрь 2026", "одобрено, декабрь 2026"]
        pairs = zip(told["questions"]["demand"]["days"], told["previous"]["questions"]["demand"]["days"], strict=True)
        assert lines == [
            [now["date"], *(str(day[name]) for day in (now, then) for name in ("requested", "approved"))]
            for now, then in pairs
        ]
        assert rows("audit_log", "act = 'statistics.link' and object_id = 'flight'") == 1
        assert rows("audit_log", "act = 'statistics.export' and details->>'question' = 'demand'") == 2

    def test_names_of_both_times_stand_in_one_table(self, api: Api, two_months: None) -> None:
        desk = api.as_("dispatcher")
        told = asked(desk)
        now = {row["label"]: row for row in told["questions"]["directions"]["rows"]}
        then = {row["label"]: row for row in told["previous"]["questions"]["directions"]["rows"]}
        _, *lines = self.table(desk, self.link(desk, "directions", compare="previous"))
        assert {line[0] for line in lines} == set(now) | set(then)
        for label, *values in lines:
            expected = [one.get(label, {}).get(name, 0) for one in (now, then) for name in ("requested", "approved")]
            assert values == [str(value) for value in expected], label

    @pytest.mark.parametrize("question", get_args(QuestionName))
    @pytest.mark.parametrize("compare", [None, "previous"])
    def test_every_question_is_a_workbook_too(
        self, api: Api, two_months: None, question: str, compare: str | None
    ) -> None:
        desk = api.as_("dispatcher").in_("en")
        book = desk.get(self.link(desk, question, "xlsx", compare=compare))
        with zipfile.ZipFile(io.BytesIO(book.data)) as archive:
            table, about = (_cells(archive.read(f"xl/worksheets/sheet{n}.xml")) for n in (1, 2))
        known = dict(pair for pair in about if len(pair) == 2)
        told = asked(desk)["questions"][question]
        assert known["Conclusion"] == told["conclusion"]
        assert ("The period before" in known) == (compare is not None and question in get_args(ComparedQuestion))
        figures = sum(len(part) for part in told.values() if isinstance(part, list)) - len(told.get("components", []))
        assert len([row for row in table if len(row) > 1]) >= figures + 1

    def test_fractions_are_numbers_where_they_are_opened(self, api: Api, two_months: None, db: Connection) -> None:
        db.execute("update applications set status = 'approved' where form_id = 'flight' and id % 5 = 0")
        desk = api.as_("dispatcher")
        weeks = asked(desk)["questions"]["durations"]["weeks"]
        _, *lines = self.table(desk, self.link(desk, "durations"))
        assert [line[1] for line in lines] == [f"{week['p50_days']}".replace(".", ",") for week in weeks]

    def test_a_link_ends_and_nobody_makes_one(self, app: Flask, api: Api) -> None:
        desk = api.as_("dispatcher")
        address = self.link(desk, "channels")
        token = address.rpartition("/")[2]
        raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        raw[10] ^= 1
        forged = [base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("="), token[:-2], "x", "%00", token + "A"]
        answers = [Api(app).get(f"{address.rpartition('/')[0]}/{wrong}") for wrong in forged]
        assert {(answer.status_code, answer.json["code"]) for answer in answers} == {(404, "unknown_file")}
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=6)):
            late = Api(app).get(address)
        assert (late.status_code, late.json["code"]) == (410, "link_expired")

    def test_whoever_loses_the_right_loses_the_file(self, app: Flask, api: Api, db: Connection) -> None:
        desk = api.as_("dispatcher")
        address = self.link(desk, "channels")
        me = desk.get("/api/smartapp/me").json["user"]["id"]
        db.execute("delete from roles where user_id = %s and role = 'dispatcher'", (me,))
        assert Api(app).get(address).status_code == 404

    def test_what_is_no_question_is_refused(self, api: Api, rows: Callable[..., int]) -> None:
        desk = api.as_("dispatcher")
        wrong: list[tuple[dict[str, Any], int]] = [
            ({"question": "everything", "type": "csv"}, 422),
            ({"question": "demand", "type": "pdf"}, 422),
            ({"question": "demand", "type": "csv", "form": "nothing"}, 404),
        ]
        assert [desk.post(FILE, body).status_code for body, _ in wrong] == [status for _, status in wrong]
        assert desk.as_("employee").post(FILE, {"question": "demand", "type": "csv"}).status_code == 403
        assert rows("audit_log", "act = 'statistics.link'") == 0


def _cells(page: bytes) -> list[list[str]]:
    name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    root = ElementTree.fromstring(page)
    return [["".join(cell.itertext()) for cell in row.iter(f"{name}c")] for row in root.iter(f"{name}row")]
