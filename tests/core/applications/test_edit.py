"""Changing a filed application while its period is open."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.core.applications.conftest import Mine
from tests.core.looking import history, trail


def test_new_answers_are_kept_with_their_story(mine: Mine, db: Any, one: Any) -> None:
    answer = mine.edit(direction="khv", date="2027-01-20", wishes="утро")
    assert (answer.status_code, answer.json["title"], answer.json["version"]) == (200, "Хабаровск, 20 января", 2)
    assert answer.headers["ETag"] == '"2"'
    changes = answer.json["timeline"][-1]["changes"]
    assert [(c["field"], c["before"], c["after"]) for c in changes] == [
        ("direction", "Владивосток", "Хабаровск"),
        ("date", "15 января 2027, пятница", "20 января 2027, среда"),
        ("wishes", "Не указано", "утро"),
    ]
    assert history(db, mine.number) == ["submitted", "edited"]
    assert trail(db, mine.number) == ["application.submit", "application.edited"]
    row = one("select direction, target_date::text as day, status from applications where number = %s", mine.number)
    assert row == {"direction": "khv", "day": "2027-01-20", "status": "submitted"}


def test_profile_answers_may_be_left_out_and_wishes_may_be_cleared(mine: Mine) -> None:
    mine.edit(direction="vvo", date="2027-01-15", wishes="утро")
    answer = mine.edit(direction="vvo", date="2027-01-15", wishes="")
    assert answer.status_code == 200
    assert "wishes" not in answer.json["answers"]
    assert answer.json["answers"]["unit"] == "msk-oke-2"


def test_an_edit_repeated_with_its_key_is_made_once(mine: Mine, db: Any) -> None:
    first = mine.edit(version=1, key="one-edit-only", direction="khv", date="2027-01-20")
    again = mine.edit(version=1, key="one-edit-only", direction="khv", date="2027-01-20")
    assert (again.status_code, again.json) == (200, first.json)
    assert history(db, mine.number) == ["submitted", "edited"]


def test_the_key_of_one_edit_does_for_no_other_change(mine: Mine, db: Any) -> None:
    mine.edit(version=1, key="one-edit-only", direction="khv", date="2027-01-20")
    other = mine.edit(version=2, key="one-edit-only", direction="uus", date="2027-01-20")
    withdrawal = mine.withdraw(key="one-edit-only")
    assert [r.json["code"] for r in (other, withdrawal)] == ["idempotency_key_reused"] * 2
    assert history(db, mine.number) == ["submitted", "edited"]


def test_the_key_of_the_filing_does_not_edit(mine: Mine, db: Any, one: Any) -> None:
    key = one("select client_key from applications where number = %s", mine.number)["client_key"]
    refused = mine.edit(version=1, key=key, direction="khv", date="2027-01-20")
    assert (refused.status_code, refused.json["code"]) == (422, "idempotency_key_reused")
    assert history(db, mine.number) == ["submitted"]


def test_an_edit_of_an_older_version_is_refused_with_the_present_one(mine: Mine, db: Any) -> None:
    mine.edit(version=1, direction="khv", date="2027-01-20")
    stale = mine.edit(version=1, direction="uus", date="2027-01-20")
    assert (stale.status_code, stale.json["code"], stale.json["version"]) == (412, "version_conflict", 2)
    assert history(db, mine.number) == ["submitted", "edited"]


@pytest.mark.parametrize("tag", ['"1"', '"rubbish"', 'W/"1"', '"99999999999999999999"', "no quotes"])
def test_a_tag_that_is_not_the_present_one_changes_nothing(mine: Mine, db: Any, tag: str) -> None:
    present = mine.edit(direction="khv", date="2027-01-20").headers["ETag"]
    body = {"version": 2, "answers": {"direction": "uus", "date": "2027-01-20"}}
    stale = mine.owner.patch(mine.address, body, key="by-a-stale-tag", headers={"If-Match": tag})
    withdrawal = mine.owner.post(f"{mine.address}/withdraw", {}, key="withdraw-by-tag", headers={"If-Match": tag})
    assert [(r.status_code, r.json["code"]) for r in (stale, withdrawal)] == [(412, "version_conflict")] * 2
    assert history(db, mine.number) == ["submitted", "edited"]
    matching = mine.owner.patch(mine.address, body, key="by-the-tag", headers={"If-Match": present})
    assert (matching.status_code, matching.headers["ETag"]) == (200, '"3"')


def test_sixteen_edits_of_one_version_at_once_make_one_edit(mine: Mine, db: Any) -> None:
    def edit(day: int) -> int:
        return mine.edit(version=1, direction="khv", date=f"2027-01-{day}").status_code

    with ThreadPoolExecutor(16) as pool:
        statuses = sorted(pool.map(edit, range(10, 26)))
    assert statuses == [200] + [412] * 15
    assert history(db, mine.number) == ["submitted", "edited"]


def test_after_the_deadline_nothing_is_edited(mine: Mine, travel: Any, db: Any) -> None:
    travel("2026-12-05T17:59:59+03:00")
    assert mine.edit(direction="khv", date="2027-01-20").status_code == 200
    travel("2026-12-05T18:00:00+03:00")
    late = mine.edit(direction="uus", date="2027-01-21")
    assert (late.status_code, late.json["code"]) == (409, "not_editable")
    assert mine.view()["can"]["edit"] is False
    assert history(db, mine.number) == ["submitted", "edited"]


def test_an_edit_repeated_after_the_deadline_gives_its_answer(mine: Mine, travel: Any, db: Any) -> None:
    first = mine.edit(version=1, key="edit-in-time", direction="khv", date="2027-01-20")
    travel("2026-12-06T18:00:00+03:00")
    again = mine.edit(version=1, key="edit-in-time", direction="khv", date="2027-01-20")
    assert (again.status_code, again.json["version"], again.json["answers"]) == (200, 2, first.json["answers"])
    assert history(db, mine.number) == ["submitted", "edited"]


@pytest.mark.parametrize("status", ["in_review", "approved", "waitlisted", "rejected", "withdrawn", "completed"])
def test_only_what_waits_is_edited(mine: Mine, db: Any, status: str) -> None:
    db.execute("update applications set status = %s where number = %s", (status, mine.number))
    refused = mine.edit(version=1, direction="khv", date="2027-01-20")
    assert (refused.status_code, refused.json["code"], refused.json["application_status"]) == (
        409,
        "not_editable",
        status,
    )
    assert history(db, mine.number) == ["submitted"]


def test_the_original_stays_in_the_history_of_an_edited_application(mine: Mine, one: Any) -> None:
    mine.edit(direction="khv", date="2027-01-20")
    details = one(
        "select e.details from application_events e join applications a on a.id = e.application_id"
        " where a.number = %s and e.kind = 'edited'",
        mine.number,
    )["details"]
    assert (details["before"]["direction"], details["after"]["direction"]) == ("vvo", "khv")


def test_an_application_of_the_second_form_is_edited_too(api: Any, db: Any) -> None:
    employee = api.as_("employee")
    answers = {"document": "income", "copies": 2, "needed_by": "2026-12-01", "delivery": "office"}
    filed = employee.submit(form="certificate", key="certificate-key", **answers)
    mine = Mine(employee, filed.json["number"])
    edited = mine.edit(**answers | {"copies": 3, "delivery": "email", "email": "anna@example.ru"})
    assert (edited.status_code, edited.json["answers"]["copies"]) == (200, 3)
    assert (edited.json["period"], edited.json["can"]["edit"]) == (None, True)
    assert history(db, mine.number) == ["submitted", "edited"]
