"""A recount finds what differs and counts just that anew, whatever goes on beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from express_bot.core.db.session import Connection, connect
from express_bot.core.reference import Reference, load
from express_bot.core.statistics import folding, upkeep
from express_bot.domain.statistics import Layout
from express_bot.settings import Settings
from express_bot.worker import upkeep as house
from tests.conftest import Api

KEPT = "select * from statistics_daily where {} order by form_id, basis, grain, dims, day, a, b"


@pytest.fixture
def reference(db: Connection) -> Reference:
    """Everything of the seed is folded."""
    reference = load(db)
    upkeep.fold(db, reference)
    return reference


@pytest.fixture
def keeper(settings: Settings, dsn: str) -> Settings:
    """The worker's settings on this test's database."""
    return settings.model_copy(update={"database_url": type(settings.service_key)(dsn)})


def daily(db: Connection, where: str = "true") -> list[dict[str, Any]]:
    """Counters that count something: those at zero need not be there."""
    rows = db.execute(KEPT.format(where)).fetchall()
    return [row for row in rows if any(isinstance(value, int) and value for value in row.values())]


def everything(db: Connection) -> list[Any]:
    return upkeep.recount_sample(db, days=500, people=500)


@pytest.mark.parametrize(
    "damage",
    [
        "update statistics_daily set submitted = submitted + 1 where basis = 'filed' and dims = 'unit'",
        "update statistics_daily set rejected = rejected + 3 where basis = 'target' and dims = ''",
        "delete from statistics_daily where basis = 'target' and dims = 'direction' and grain = 'day'",
    ],
)
def test_what_differs_is_counted_anew_and_nothing_else_is_touched(
    db: Connection, reference: Reference, damage: str
) -> None:
    right = daily(db)
    db.execute(damage)
    found = everything(db)
    assert found
    rebuilt = db.execute("select rebuilt_at from statistics_state").fetchone()
    assert upkeep.mend(db, found) != []
    assert (daily(db), everything(db)) == (right, [])
    assert db.execute("select rebuilt_at from statistics_state").fetchone() == rebuilt


def test_only_the_months_that_differ_are_counted_anew(db: Connection, reference: Reference) -> None:
    others = "select ctid, * from statistics_daily where basis <> 'target' or day < '2027-01-01'"
    untouched = db.execute(others).fetchall()
    where = "basis = 'target' and grain = 'day' and dims = '' and day > '2027-01-01'"
    damage = f"update statistics_daily set submitted = 99 where {where} and day = (select max(day) from"
    assert db.execute(f"{damage} statistics_daily where {where})").rowcount == 1
    months = upkeep.mend(db, everything(db))
    assert [(month.form, month.basis, str(month.first)) for month in months] == [("flight", "target", "2027-01-01")]
    assert db.execute(others).fetchall() == untouched


def test_changes_that_are_not_folded_yet_are_counted_once(
    api: Api, db: Connection, reference: Reference, rows: Callable[..., int]
) -> None:
    employee = api.as_("employee")
    number = employee.submit(direction="gdx").json["number"]
    edit = {"version": 1, "answers": {"direction": "dyr", "date": "2027-01-16"}}
    assert employee.patch(f"/api/smartapp/applications/{number}", edit, key="key-of-edit").status_code == 200
    db.execute("update statistics_daily set submitted = submitted + 5 where grain = 'day' and dims = 'direction'")
    pending = rows("statistics_deltas")
    upkeep.mend(db, everything(db))
    assert (everything(db), rows("statistics_deltas")) == ([], pending)
    upkeep.fold(db, reference)
    assert (everything(db), rows("statistics_deltas")) == ([], 0)


def test_what_a_month_cannot_mend_is_mended_by_counting_everything(db: Connection, reference: Reference) -> None:
    db.execute("update applications set status = 'approved' where id > 3")
    upkeep.fold(db, reference)
    db.execute("update statistics_people set count = count + 1 where kind = 'approved'")
    found = everything(db)
    assert found
    assert upkeep.mend(db, found) == []
    assert everything(db) == []
    assert db.execute("select rebuilt_at is not null as done from statistics_state").fetchone() == {"done": True}


def test_the_worker_tells_of_a_difference_and_mends_it(
    keeper: Settings, api: Api, db: Connection, reference: Reference, capsys: pytest.CaptureFixture[str]
) -> None:
    house.recount(keeper)
    assert api.get("/health").json["details"]["statistics_different"] == 0
    assert "statistics differ" not in capsys.readouterr().out
    db.execute("update statistics_daily set submitted = submitted + 1 where dims = '' and grain = 'day'")
    house.recount(keeper)
    told = capsys.readouterr().out
    assert "statistics differ" in told
    assert "statistics mended" in told
    assert api.get("/health").json["details"]["statistics_different"] > 0
    for _ in range(50):  # a few days at a time
        house.recount(keeper)
    assert everything(db) == []
    assert api.get("/health").json["details"]["statistics_different"] == 0


def test_two_workers_at_once_mend_the_same_and_count_nothing_twice(
    dsn: str, db: Connection, reference: Reference
) -> None:
    right = daily(db)
    db.execute("update statistics_daily set submitted = submitted + 1 where basis = 'target' and dims = 'unit'")
    found = everything(db)
    with connect(dsn) as other:
        upkeep.mend(other, found)
    upkeep.mend(db, found)
    assert daily(db) == right


ROLLUPS = {
    "statistics_daily": "form_id, basis, grain, dims, day, a, b",
    "statistics_durations": "form_id, week, hours",
    "statistics_people": "form_id, kind, applicant_id, code, month",
    "statistics_spread": "form_id, kind, until, code, count",
}


def rollups(db: Connection) -> dict[str, list[dict[str, Any]]]:
    """What all of them say; a row that counts nothing is as good as none."""
    counts = "submitted, in_review, needs_info, approved, waitlisted, rejected, withdrawn, revoked, completed"
    told = {"statistics_daily": f"({counts}) <> (0, 0, 0, 0, 0, 0, 0, 0, 0)", "statistics_spread": "people <> 0"}
    return {
        table: db.execute(f"select * from {table} where {told.get(table, 'count <> 0')} order by {key}").fetchall()
        for table, key in ROLLUPS.items()
    }


def test_counting_anew_gives_what_folding_gave(db: Connection, reference: Reference) -> None:
    """Approvals of one person over several years, of which a window of twelve months sees some."""
    for change in (
        "update applications set limit_slot = null, applicant_id = (select applicant_id from applications limit 1)",
        "update applications set status = 'approved', target_date = date '2024-01-31' + (id * 17)::int where id > 9",
        'update applications set answers = answers || \'{"direction": {"other": "Сан-Паулу"}}\' where id % 5 = 0',
        "update applications set answers = answers - 'unit' where id % 7 = 0",
        'update applications set decision = \'{"decided_at": "2026-12-20T10:00:00+00:00"}\' where id % 3 = 0',
        "update applications set period_id = null, target_date = null where id % 11 = 0",
    ):
        db.execute(change)
        upkeep.fold(db, reference)
    folded = rollups(db)
    assert len({row["count"] for row in folded["statistics_spread"]}) > 3
    upkeep.rebuild(db)
    for table, rows in rollups(db).items():
        assert rows == folded[table], table


def test_a_form_with_more_dimensions_than_the_database_tells_apart_at_once(db: Connection) -> None:
    wide = {"flight": Layout((*(f"extra_{n}" for n in range(31)), "unit", "channel"), (("extra_0", "unit"),), "unit")}
    folding.rebuild(db, wide)
    db.execute('update applications set answers = answers || \'{"extra_0": 1, "extra_30": 2}\' where id % 2 = 0')
    assert folding.fold(db, wide)
    folded = rollups(db)
    told = {(row["dims"], row["a"], row["b"]): row["submitted"] for row in folded["statistics_daily"]}
    assert {"extra_0,unit", "extra_0,extra_30", "unit,channel"} <= {dims for dims, *_ in told}
    assert told["extra_0,extra_30", "1", "2"] > 0
    folding.rebuild(db, wide)
    assert rollups(db) == folded
