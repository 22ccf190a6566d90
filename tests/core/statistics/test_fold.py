"""Every change of an application is a delta of its own transaction, and the fold takes it in once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from express_bot.contracts.users import PROBE_USER_ID
from express_bot.core.db.session import Connection, connect
from express_bot.core.reference import Reference, load
from express_bot.core.statistics import folding, repository, upkeep
from express_bot.domain.statistics import Ask, Range
from tests.conftest import Api

YEAR = Range(date(2026, 1, 1), date(2027, 12, 31))


@pytest.fixture
def reference(db: Connection) -> Reference:
    return load(db)


def _filed(db: Connection, reference: Reference, *by: str) -> dict[tuple[str, ...], dict[str, int]]:
    """What a reader is told now."""
    ask = Ask("flight", "target", "none", YEAR, by=by)
    rows = repository.counts(db, upkeep.layouts(reference)["flight"], ask)
    return {tuple(row["codes"][name] for name in by): row["statuses"] for row in rows}


def test_what_was_seeded_is_counted_before_and_after_the_fold(
    db: Connection, reference: Reference, rows: Callable[..., int]
) -> None:
    before = _filed(db, reference, "direction")
    assert sum(sum(statuses.values()) for statuses in before.values()) == rows("applications") == 63
    assert upkeep.fold(db, reference) == 69  # three of the 63 were decided: gone as filed, and back as decided
    assert (_filed(db, reference, "direction"), rows("statistics_deltas")) == (before, 0)


def test_a_submit_an_edit_and_a_withdrawal_move_the_figures_at_once(
    api: Api, db: Connection, reference: Reference
) -> None:
    upkeep.fold(db, reference)
    before = _filed(db, reference, "direction")
    employee = api.as_("employee")
    number = employee.submit(direction="gdx").json["number"]
    assert _filed(db, reference, "direction")["gdx",] == {"rejected": 1, "submitted": 1}
    address = f"/api/smartapp/applications/{number}"
    employee.patch(address, {"version": 1, "answers": {"direction": "dyr", "date": "2027-01-16"}}, key="key-of-edit")
    moved = _filed(db, reference, "direction")
    assert (moved["gdx",], moved["dyr",]) == (before["gdx",], {"submitted": 1})
    employee.post(f"{address}/withdraw", {}, key="key-of-withdraw")
    assert _filed(db, reference, "direction") == before | {("dyr",): {"withdrawn": 1}}
    employee.post(f"{address}/restore", key="key-of-restore")
    assert _filed(db, reference, "direction") == before | {("dyr",): {"submitted": 1}}


def test_nothing_bypasses_the_figures_not_even_a_statement_typed_by_hand(
    db: Connection, reference: Reference, rows: Callable[..., int]
) -> None:
    upkeep.fold(db, reference)
    db.execute("update applications set status = 'approved', target_date = '2027-05-05' where id = 10")
    db.execute("delete from application_events where application_id = 11")
    db.execute("delete from outbox where application_id = 11")
    db.execute("delete from applications where id = 11")
    assert sum(sum(found.values()) for found in _filed(db, reference).values()) == rows("applications")
    assert _filed(db, reference)[()]["approved"] == 2
    assert upkeep.recount_sample(db, days=100) == []


def test_what_moves_no_figure_writes_no_delta(db: Connection, reference: Reference, rows: Callable[..., int]) -> None:
    upkeep.fold(db, reference)
    db.execute(
        "update applications set seen_at = now(), replayed_at = now(), updated_at = now(), version = version + 1"
    )
    assert rows("statistics_deltas") == 0


def test_a_change_that_is_rolled_back_leaves_no_delta(db: Connection, rows: Callable[..., int]) -> None:
    before = rows("statistics_deltas")
    with db.transaction(force_rollback=True):
        db.execute("update applications set status = 'rejected'")
        assert rows("statistics_deltas") > before
    assert rows("statistics_deltas") == before


def test_the_account_of_the_self_check_is_never_counted(
    db: Connection, reference: Reference, rows: Callable[..., int]
) -> None:
    upkeep.fold(db, reference)
    before = _filed(db, reference)
    db.execute("update applications set applicant_id = %s, limit_slot = null where id = 10", (PROBE_USER_ID,))
    assert _filed(db, reference)[()]["submitted"] == before[()]["submitted"] - 1
    upkeep.rebuild(db)
    assert _filed(db, reference)[()]["submitted"] == before[()]["submitted"] - 1
    assert rows("applications") == 63


def test_workers_at_once_fold_every_delta_once(
    dsn: str, db: Connection, reference: Reference, rows: Callable[..., int]
) -> None:
    before = _filed(db, reference, "direction")

    def work(_: int) -> int:
        folded = 0
        with connect(dsn) as own:
            while own.execute("select 1 from statistics_deltas limit 1").fetchone():
                folded += upkeep.fold(own, reference, limit=3)
        return folded

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(work, range(4))) == 69
    assert (_filed(db, reference, "direction"), rows("statistics_deltas")) == (before, 0)


def test_a_rebuild_gives_the_same_figures_and_leaves_later_changes_pending(
    dsn: str, db: Connection, reference: Reference
) -> None:
    upkeep.fold(db, reference)
    before = _filed(db, reference, "unit")
    db.execute("update statistics_daily set submitted = submitted + 7")
    assert _filed(db, reference, "unit") != before
    assert upkeep.rebuild(db) == 63
    assert _filed(db, reference, "unit") == before


def test_a_recount_of_a_sample_finds_a_forgotten_delta(db: Connection, reference: Reference) -> None:
    upkeep.fold(db, reference)
    db.execute("update applications set status = 'approved' where id = 20")
    assert upkeep.recount_sample(db, days=100) == []
    db.execute("delete from statistics_deltas where sign = 1")
    found = upkeep.recount_sample(db, days=100)
    assert {(one.kept, one.counted) for one in found} == {(0, 1)}
    assert any("direction" in one.figure for one in found)


def test_a_form_that_is_counted_by_something_new_is_counted_anew(db: Connection, reference: Reference) -> None:
    upkeep.fold(db, reference)
    db.execute(
        "update statistics_state set layouts = jsonb_set(layouts, '{flight,dimensions}', '[\"location\", \"channel\"]')"
    )
    db.execute("delete from statistics_daily where dims like '%%unit%%'")
    assert folding.fold(db, upkeep.layouts(reference)) is None
    assert upkeep.fold(db, reference) == 63
    assert sum(sum(found.values()) for found in _filed(db, reference, "unit").values()) == 63
