"""Publication: drafts become decisions at once, everybody is told once, and nobody twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from express_bot.core.statistics import upkeep
from tests.core.decisions.conftest import Desk, Person


def test_a_published_draft_is_a_decision_with_its_history_audit_and_promise(desk: Desk, anna: Person) -> None:
    desk.drafts(anna.number, "waitlisted", place=2, reason_code="capacity")
    published = desk.publishes()
    assert (published.status_code, published.json["published"], published.json["people"]) == (201, 1, 1)
    assert published.json["skipped"] == []
    view = anna.view()
    assert (view["status"], view["version"], view["seen"]) == ("waitlisted", 2, False)
    assert view["decision"] == {
        "outcome": "waitlisted",
        "reason_code": "capacity",
        "reason": "Мест меньше, чем заявок.",
        "decided_at": view["decision"]["decided_at"],
        "place": 2,
    }
    assert [entry["title"] for entry in view["timeline"]] == ["Отправлена", "В резерве"]
    assert (view["timeline"][-1]["note"], view["timeline"][-1]["actor"]) == (
        "Мест меньше, чем заявок.",
        {"role": "dispatcher", "name": None},
    )
    assert anna.api.in_("en").get(f"/api/smartapp/applications/{anna.number}").json["decision"]["reason"] == (
        "There are fewer seats than requests."
    )
    [told] = desk.promises("decisions_published", "decision_changed", "decision_revoked")
    assert (told["event"], len(told["details"]["applications"])) == ("decisions_published", 1)
    assert desk.settled_audit(anna.number)[-1] == "application.waitlisted"
    assert desk.settled_audit(str(published.json["id"])) == ["decisions.publish"]
    assert desk.sees(anna.number)["draft_decision"] is None


def test_everybody_gets_one_promise_about_all_of_theirs(
    desk: Desk, anna: Person, hire: Callable[[int], Person]
) -> None:
    body = {"document": "service", "copies": 1, "needed_by": "2026-12-10", "delivery": "office"}
    first, second = hire(1), hire(2)
    numbers = [first.api.submit(form="certificate", key=f"certificate-{n}", **body).json["number"] for n in range(2)]
    numbers.append(second.api.submit(form="certificate", key="certificate-3", **body).json["number"])
    for number in numbers:
        assert desk.drafts(number, "approved").status_code == 200
    desk.drafts(anna.number, "approved")
    published = desk.publishes(form="certificate")
    assert (published.json["published"], published.json["people"]) == (3, 2)
    told = desk.promises("decisions_published")
    assert sorted(len(line["details"]["applications"]) for line in told) == [1, 2]
    assert anna.view()["status"] == "submitted"


def test_a_publication_repeated_with_its_key_is_made_once(desk: Desk, anna: Person, rows: Any) -> None:
    desk.drafts(anna.number, "approved")
    first, again = desk.publishes(key="publish-once"), desk.publishes(key="publish-once")
    assert (again.status_code, again.json) == (201, first.json)
    assert (rows("publications"), len(desk.promises("decisions_published"))) == (1, 1)
    assert desk.publishes(key="publish-once", period=3).json["code"] in ("idempotency_key_reused", "not_found")
    assert desk.publishes().json["code"] == "nothing_to_publish"
    assert rows("publications") == 1


def test_what_cannot_be_published_is_passed_over_with_its_code(
    desk: Desk, anna: Person, hire: Callable[[int], Person], travel: Any, db: Any
) -> None:
    people = [hire(index) for index in range(4)]
    for person in people:
        [card] = person.api.get("/api/smartapp/applications").json["items"]
        person.number = card["number"]
    for number in (anna.number, *(person.number for person in people[:3])):
        assert desk.drafts(number, "approved").status_code == 200
    withdrawn, edited, asking, bare = people
    withdrawn.does("withdraw")
    card = edited.view()
    edit = {"version": 1, "answers": card["answers"] | {"wishes": "утро"}}
    assert (
        edited.api.patch(f"/api/smartapp/applications/{edited.number}", edit, key="edit-meanwhile").status_code == 200
    )
    travel("2026-12-06T10:00:00+03:00")
    assert asking.does("withdraw", {"reason": "Передумала"}).status_code == 200
    found = desk.publishes(numbers=[*(person.number for person in people), anna.number, "2027-999999"]).json
    assert (found["published"], found["people"]) == (1, 1)
    assert {each["number"]: each["code"] for each in found["skipped"]} == {
        withdrawn.number: "withdrawn",
        edited.number: "changed",
        asking.number: "withdrawal_requested",
        bare.number: "no_draft",
        "2027-999999": "not_found",
    }
    assert anna.view()["status"] == "approved"
    assert edited.view()["decision"] is None
    assert desk.sees(edited.number)["draft_decision"]["stale"] is True
    assert desk.publishes(numbers=[edited.number]).json["published"] == 0


@pytest.mark.parametrize(
    ("first", "then", "event"),
    [
        ("waitlisted", "approved", "decision_changed"),
        ("rejected", "approved", "decision_changed"),
        ("approved", "revoked", "decision_revoked"),
    ],
)
def test_a_correction_is_told_by_itself_with_its_reason(
    desk: Desk, anna: Person, first: str, then: str, event: str
) -> None:
    desk.decides(anna.number, first, reason="Так решили")
    desk.decides(anna.number, then, reason="Рейс перенесли")
    [told] = desk.promises("decision_changed", "decision_revoked")
    assert (told["event"], told["details"]) == (event, {"reason": "Рейс перенесли"})
    assert len(desk.promises("decisions_published")) == 1
    view = anna.view()
    assert (view["status"], view["decision"]["reason"]) == (then, "Рейс перенесли")
    assert [entry["note"] for entry in view["timeline"]] == [None, "Так решили", "Рейс перенесли"]


def test_a_place_that_others_have_by_now_is_not_given_back(desk: Desk, anna: Person, db: Any) -> None:
    rejected = anna.number
    desk.decides(rejected, "rejected", reason_code="capacity")
    anna.file(date="2027-01-20")
    desk.drafts(rejected, "approved", reason="Место нашлось")
    assert desk.publishes().json["skipped"] == [{"number": rejected, "code": "limit_reached"}]
    assert desk.history(rejected) == ["submitted", "rejected"]
    anna.does("withdraw")
    assert desk.publishes().json["published"] == 1
    row = db.execute("select status, version from applications where number = %s", (rejected,)).fetchone()
    assert (row["status"], row["version"]) == ("approved", 3)


def test_a_question_still_open_is_closed_by_the_decision(desk: Desk, anna: Person) -> None:
    desk.does("question", anna.number, {"question": "Подойдёт ли 16 января?"})
    desk.decides(anna.number, "approved")
    [told] = desk.promises("question_closed")
    assert (told["details"]["how"], told["details"]["question"]) == ("closed", "Подойдёт ли 16 января?")
    assert anna.view()["question"] is None


def test_the_statistics_count_a_decision_by_themselves(desk: Desk, anna: Person, db: Any, app: Any) -> None:
    """The trigger of the applications writes the deltas; the desk writes none."""
    question = "/api/desk/statistics?form=flight&by=status"

    def counted() -> dict[str, int]:
        return {group["key"]["status"]: group["count"] for group in desk.api.get(question).json["groups"]}

    before = counted()
    desk.decides(anna.number, "approved")
    after = counted()
    assert after["approved"] == before.get("approved", 0) + 1
    assert after["submitted"] == before["submitted"] - 1
    while upkeep.fold(db, app.extensions["house"].reference.get(db)):
        pass
    assert counted() == after
    assert upkeep.recount_sample(db, days=100, people=100) == []
