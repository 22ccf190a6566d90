"""Taking an application back, giving a place back, asking for it after the deadline, and changing one's mind."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from tests.core.applications.conftest import Mine, fresh_key
from tests.core.looking import history, trail

AFTER_DEADLINE = "2026-12-05T18:00:00+03:00"


def test_before_the_deadline_it_is_taken_back_at_once_and_frees_the_month(mine: Mine, db: Any) -> None:
    answer = mine.withdraw()
    assert (answer.status_code, answer.json["status"], answer.json["version"]) == (200, "withdrawn", 2)
    assert answer.json["can"]["restore"] is True
    assert history(db, mine.number) == ["submitted", "withdrawn"]
    assert trail(db, mine.number) == ["application.submit", "application.withdrawn"]
    assert mine.owner.submit(key=fresh_key()).status_code == 201


def test_a_reason_given_is_shown_in_the_history(mine: Mine) -> None:
    answer = mine.withdraw(reason="Заболел ребёнок")
    assert answer.json["timeline"][-1]["note"] == "Заболел ребёнок"


def test_a_withdrawal_repeated_with_its_key_is_made_once(mine: Mine, db: Any) -> None:
    first, again = mine.withdraw(key="withdraw-once"), mine.withdraw(key="withdraw-once")
    assert (again.status_code, again.json) == (200, first.json)
    assert history(db, mine.number) == ["submitted", "withdrawn"]


def test_a_second_withdrawal_is_refused(mine: Mine, db: Any) -> None:
    mine.withdraw()
    refused = mine.withdraw()
    assert (refused.status_code, refused.json["code"]) == (409, "not_withdrawable")
    assert history(db, mine.number) == ["submitted", "withdrawn"]


def test_sixteen_withdrawals_at_once_are_one(mine: Mine, db: Any) -> None:
    with ThreadPoolExecutor(16) as pool:
        statuses = sorted(answer.status_code for answer in pool.map(lambda _: mine.withdraw(), range(16)))
    assert statuses == [200] + [409] * 15
    assert history(db, mine.number) == ["submitted", "withdrawn"]


def test_a_withdrawal_of_an_older_version_is_refused(mine: Mine, db: Any) -> None:
    mine.edit(version=1, direction="khv", date="2027-01-20")
    refused = mine.withdraw(version=1)
    assert (refused.status_code, refused.json["version"]) == (412, 2)
    assert history(db, mine.number) == ["submitted", "edited"]


def test_after_the_deadline_it_is_asked_for_and_the_status_stays(mine: Mine, travel: Any, db: Any) -> None:
    travel(AFTER_DEADLINE)
    assert mine.view()["can"]["withdraw_needs_reason"] is True
    answer = mine.withdraw(reason="Передумала")
    assert (answer.status_code, answer.json["status"]) == (200, "submitted")
    assert answer.json["withdrawal_requested_at"]
    assert answer.json["note"] == "Вы попросили отозвать заявку, ждём ответа диспетчера"
    assert history(db, mine.number) == ["submitted", "withdrawal_requested"]
    assert mine.withdraw(reason="Ещё раз").json["code"] == "not_withdrawable"


@pytest.mark.parametrize("body", [{}, {"reason": None}, {"reason": " "}, {"reason": "\u00a0\n"}])
def test_after_the_deadline_a_reason_is_needed(mine: Mine, travel: Any, db: Any, body: dict[str, Any]) -> None:
    travel(AFTER_DEADLINE)
    refused = mine.withdraw(**body)
    assert (refused.status_code, refused.json["code"]) == (422, "reason_required")
    assert [(e["field"], e["code"]) for e in refused.json["errors"]] == [("reason", "required")]
    assert history(db, mine.number) == ["submitted"]


@pytest.mark.parametrize(("reason", "code"), [("", "too_short"), ("я" * 301, "too_long")])
def test_a_reason_is_not_empty_and_no_novel(mine: Mine, db: Any, reason: str, code: str) -> None:
    refused = mine.withdraw(reason=reason)
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, code)
    assert history(db, mine.number) == ["submitted"]


def test_a_request_to_withdraw_is_taken_back(mine: Mine, travel: Any, db: Any) -> None:
    travel(AFTER_DEADLINE)
    mine.withdraw(reason="Передумала")
    answer = mine.restore()
    assert (answer.status_code, answer.json["withdrawal_requested_at"], answer.json["status"]) == (
        200,
        None,
        "submitted",
    )
    assert history(db, mine.number) == ["submitted", "withdrawal_requested", "withdrawal_request_cancelled"]


def test_a_place_is_given_back_with_a_reason_and_never_returns(mine: Mine, decide: Any, db: Any) -> None:
    decide(mine.number, "approved")
    assert mine.withdraw().json["code"] == "reason_required"
    answer = mine.withdraw(reason="Не смогу лететь")
    assert (answer.json["status"], answer.json["can"]["restore"]) == ("withdrawn", False)
    refused = mine.restore()
    assert (refused.status_code, refused.json["code"]) == (409, "not_restorable")
    assert history(db, mine.number) == ["submitted", "declined"]


def test_a_place_given_back_does_not_return_because_of_an_older_undo(mine: Mine, decide: Any, db: Any) -> None:
    mine.withdraw()
    mine.restore()
    decide(mine.number, "approved", "2026-11-25T12:00:00+03:00")
    answer = mine.withdraw(reason="Не смогу лететь")
    assert answer.json["can"]["restore"] is False
    assert mine.view()["can"]["restore"] is False
    assert mine.restore().json["code"] == "not_restorable"
    assert history(db, mine.number) == ["submitted", "withdrawn", "restored", "declined"]


def test_a_place_in_the_reserve_is_given_back_without_a_reason(mine: Mine, decide: Any, travel: Any) -> None:
    travel("2026-12-12T10:00:00+03:00")
    decide(mine.number, "waitlisted")
    assert mine.withdraw().json["status"] == "withdrawn"


@pytest.mark.parametrize("status", ["rejected", "revoked", "completed", "withdrawn"])
def test_what_is_over_is_not_withdrawn(mine: Mine, db: Any, status: str) -> None:
    db.execute("update applications set status = %s where number = %s", (status, mine.number))
    refused = mine.withdraw(reason="Поздно")
    assert (refused.status_code, refused.json["code"], refused.json["application_status"]) == (
        409,
        "not_withdrawable",
        status,
    )
    assert history(db, mine.number) == ["submitted"]


def test_a_withdrawal_is_undone(mine: Mine, db: Any) -> None:
    mine.withdraw()
    answer = mine.restore()
    assert (answer.status_code, answer.json["status"], answer.json["version"]) == (200, "submitted", 3)
    assert history(db, mine.number) == ["submitted", "withdrawn", "restored"]
    assert trail(db, mine.number)[-1] == "application.restored"


def test_an_undo_repeated_with_its_key_is_made_once(mine: Mine, db: Any) -> None:
    mine.withdraw()
    first, again = mine.restore(key="restore-once"), mine.restore(key="restore-once")
    assert (again.status_code, again.json) == (200, first.json)
    assert history(db, mine.number) == ["submitted", "withdrawn", "restored"]


def test_what_was_not_withdrawn_is_not_restored(mine: Mine, db: Any) -> None:
    refused = mine.restore()
    assert (refused.status_code, refused.json["code"]) == (409, "not_restorable")
    assert history(db, mine.number) == ["submitted"]


def test_the_undo_lasts_until_the_deadline_but_never_less_than_ten_minutes(mine: Mine, travel: Any, db: Any) -> None:
    travel("2026-12-05T17:55:00+03:00")
    mine.withdraw()
    travel("2026-12-05T18:04:50+03:00")
    assert mine.restore().status_code == 200
    travel("2026-12-05T18:30:00+03:00")
    mine.withdraw(reason="Передумала")
    assert history(db, mine.number)[-1] == "withdrawal_requested"


def test_after_the_undo_window_nothing_comes_back(mine: Mine, travel: Any, db: Any) -> None:
    travel("2026-12-05T17:55:00+03:00")
    mine.withdraw()
    travel("2026-12-05T18:05:01+03:00")
    refused = mine.restore()
    assert (refused.status_code, refused.json["code"]) == (409, "not_restorable")
    assert history(db, mine.number) == ["submitted", "withdrawn"]


def test_the_undo_does_not_push_aside_the_application_filed_instead(mine: Mine, db: Any, rows: Any) -> None:
    mine.withdraw()
    other = mine.owner.submit(key=fresh_key(), date="2027-01-20").json["number"]
    refused = mine.restore()
    assert (refused.status_code, refused.json["code"], refused.json["number"]) == (409, "limit_reached", other)
    assert other in refused.json["detail"]
    assert history(db, mine.number) == ["submitted", "withdrawn"]
    assert rows("applications", f"number = '{mine.number}' and status = 'withdrawn' and version = 2") == 1


def test_an_undo_and_a_new_application_at_once_leave_one(mine: Mine, db: Any) -> None:
    for round_ in range(5):
        mine.withdraw(reason="Передумала")
        ways: list[Callable[[], Any]] = [mine.restore, partial(mine.owner.submit, key=fresh_key(), date="2027-01-20")]
        with ThreadPoolExecutor(2) as pool:
            statuses = sorted(answer.status_code for answer in pool.map(lambda way: way(), ways))
        assert statuses in ([200, 409], [201, 409]), round_
        active = db.execute(
            "select number from applications where status = 'submitted' and target_month = '2027-01-01'"
            " and applicant_id = (select applicant_id from applications where number = %s)",
            (mine.number,),
        ).fetchall()
        assert len(active) == 1
        mine = Mine(mine.owner, active[0]["number"])
