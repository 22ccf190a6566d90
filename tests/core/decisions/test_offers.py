"""A free place for somebody on the reserve list: taken, left, over in time; never two of these."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from express_bot.core.decisions import offers
from express_bot.core.reminders.rules import rules_of
from express_bot.worker.scheduler import tick
from tests.conftest import NOW
from tests.core.decisions.conftest import LATER, Desk, Person

END = datetime.fromisoformat(LATER)


@pytest.fixture
def reserved(desk: Desk, anna: Person) -> Person:
    """Somebody on the reserve list."""
    desk.decides(anna.number, "waitlisted", place=1)
    return anna


def offered(desk: Desk, person: Person) -> int:
    answer = desk.does("offer", person.number, {"until": LATER})
    assert answer.status_code == 200, answer.text
    return int(person.view()["offer"]["id"])


def test_an_offer_is_shown_promised_and_open_until_its_moment(desk: Desk, reserved: Person, travel: Any) -> None:
    offer = offered(desk, reserved)
    view = reserved.view()
    assert (view["status"], view["can"]["take"], view["offer"]) == (
        "waitlisted",
        True,
        {"id": offer, "until": "2026-11-26T07:00:00+00:00"},
    )
    [told] = desk.promises("place_offered")
    assert told["details"] == {"offer_id": offer, "until": LATER}
    assert desk.does("offer", reserved.number, {"until": LATER}).json["code"] == "offer_open"
    travel(LATER)
    assert (reserved.view()["offer"], reserved.view()["can"]["take"]) == (None, False)
    refused = reserved.does("take", {"offer": offer})
    assert (refused.status_code, refused.json["code"]) == (409, "offer_closed")
    assert reserved.view()["status"] == "waitlisted"


def test_a_taken_place_is_an_approval_with_its_reason(desk: Desk, reserved: Person) -> None:
    offer = offered(desk, reserved)
    taken = reserved.does("take", {"offer": offer}, key="take-once")
    assert (taken.status_code, taken.json["status"], taken.json["seen"]) == (200, "approved", True)
    assert (taken.json["decision"]["reason_code"], taken.json["decision"]["reason"]) == (
        "promoted",
        "Место освободилось, и вы его подтвердили.",
    )
    assert reserved.does("take", {"offer": offer}, key="take-once").json == taken.json
    assert reserved.does("take", {"offer": offer}).json["code"] == "offer_closed"
    [told] = desk.promises("offer_closed")
    assert told["details"] == {"offer_id": offer, "how": "taken"}
    assert desk.history(reserved.number)[-2:] == ["place_offered", "offer_taken"]


def test_a_place_left_to_others_keeps_the_reserve(desk: Desk, reserved: Person) -> None:
    offer = offered(desk, reserved)
    left = reserved.does("decline-offer", {"offer": offer})
    assert (left.status_code, left.json["status"], left.json["offer"]) == (200, "waitlisted", None)
    assert reserved.does("take", {"offer": offer}).json["code"] == "offer_closed"
    [told] = desk.promises("offer_closed")
    assert told["details"]["how"] == "declined"
    assert offered(desk, reserved) > offer


def test_an_offer_that_is_over_is_closed_once_and_the_reserve_stays(desk: Desk, reserved: Person, db: Any) -> None:
    offer = offered(desk, reserved)
    assert offers.expire(db, END - timedelta(seconds=1)) == 0
    assert (offers.expire(db, END), offers.expire(db, END)) == (1, 0)
    view = reserved.view()
    assert (view["status"], view["offer"], view["timeline"][-1]["kind"]) == ("waitlisted", None, "offer_expired")
    assert view["timeline"][-1]["actor"] == {"role": "service", "name": None}
    [told] = desk.promises("offer_closed")
    assert told["details"] == {"offer_id": offer, "how": "expired"}
    assert desk.settled_audit(reserved.number)[-1] == "application.offer_expired"
    assert desk.history(reserved.number).count("offer_expired") == 1


def test_the_scheduler_closes_what_is_over_by_the_peoples_clock(
    desk: Desk, reserved: Person, db: Any, settings: Any
) -> None:
    offered(desk, reserved)
    tick(db, END - timedelta(seconds=1), rules_of(settings))
    assert desk.promises("offer_closed") == []
    tick(db, END, rules_of(settings))
    assert [line["details"]["how"] for line in desk.promises("offer_closed")] == ["expired"]


def test_the_desk_offers_again_where_the_worker_has_not_come_by_yet(desk: Desk, reserved: Person, travel: Any) -> None:
    first = offered(desk, reserved)
    travel((END + timedelta(hours=1)).isoformat())
    again = desk.does("offer", reserved.number, {"until": (END + timedelta(days=1)).isoformat()})
    assert again.status_code == 200, again.text
    assert reserved.view()["offer"]["id"] > first
    assert desk.history(reserved.number)[-3:] == ["place_offered", "offer_expired", "place_offered"]


def test_whatever_else_happens_ends_the_offer(desk: Desk, reserved: Person, db: Any) -> None:
    offer = offered(desk, reserved)
    assert reserved.does("withdraw").json["status"] == "withdrawn"
    assert reserved.does("take", {"offer": offer}).json["code"] == "offer_closed"
    assert offers.expire(db, END) == 0
    assert [line["details"]["how"] for line in desk.promises("offer_closed")] == ["closed"]


def test_a_decision_ends_the_offer_too(desk: Desk, reserved: Person) -> None:
    offer = offered(desk, reserved)
    desk.decides(reserved.number, "rejected", reason="Рейс отменён")
    assert reserved.does("take", {"offer": offer}).json["code"] == "offer_closed"
    assert [line["details"] for line in desk.promises("offer_closed")] == [{"offer_id": offer, "how": "closed"}]


@pytest.mark.parametrize("outcome", [None, "approved", "rejected"])
def test_only_the_reserve_is_offered_a_place(desk: Desk, anna: Person, outcome: str | None) -> None:
    if outcome:
        desk.decides(anna.number, outcome, reason="Так решили")
    refused = desk.does("offer", anna.number, {"until": LATER})
    assert (refused.status_code, refused.json["code"]) == (409, "step_not_possible")
    assert desk.promises("place_offered") == []


def test_an_offer_must_end_in_the_future(desk: Desk, reserved: Person) -> None:
    refused = desk.does("offer", reserved.number, {"until": NOW.isoformat()})
    assert (refused.status_code, refused.json["code"], refused.json["errors"][0]["field"]) == (
        422,
        "moment_passed",
        "until",
    )
    assert reserved.view()["offer"] is None
