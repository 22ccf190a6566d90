"""Drafts of decisions: the desk's own, judged like decisions, never overwritten unseen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Api
from tests.core.decisions.conftest import Desk, Person


def test_a_draft_is_kept_for_the_desk_and_its_owner_sees_nothing(desk: Desk, anna: Person, rows: Any) -> None:
    before = anna.view()
    kept = desk.drafts(anna.number, "rejected", reason_code="capacity")
    assert kept.status_code == 200, kept.text
    draft = kept.json["draft_decision"]
    assert (draft["outcome"], draft["reason_code"], draft["reason"]) == (
        "rejected",
        "capacity",
        "Мест меньше, чем заявок.",
    )
    assert (draft["author"], draft["stale"]) == ("Петрова Ольга Игоревна", False)
    assert anna.view() == before
    assert desk.promises("decisions_published") == []
    assert desk.history(anna.number) == ["submitted"]
    assert desk.settled_audit(anna.number) == ["application.submit", "decision.draft"]


def test_the_same_call_again_is_the_same_draft(desk: Desk, anna: Person, rows: Any) -> None:
    version = desk.sees(anna.number)["version"]
    first = desk.drafts(anna.number, "approved", version=version, key="draft-once")
    again = desk.drafts(anna.number, "approved", version=version, key="draft-once")
    assert (again.status_code, again.json) == (200, first.json)
    assert rows("draft_decisions") == 1
    other = desk.drafts(anna.number, "waitlisted", version=version, key="draft-once")
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")


def test_a_draft_is_replaced_and_forgotten(desk: Desk, anna: Person, rows: Any) -> None:
    desk.drafts(anna.number, "approved")
    desk.drafts(anna.number, "waitlisted", place=2)
    assert desk.sees(anna.number)["draft_decision"]["place"] == 2
    assert desk.forgets(anna.number).status_code == 204
    assert desk.forgets(anna.number).status_code == 204
    assert desk.sees(anna.number)["draft_decision"] is None
    assert rows("draft_decisions", "ended_at is null") == 0
    assert desk.publishes().json["code"] == "nothing_to_publish"


def test_the_second_of_two_dispatchers_is_told_who_was_first_and_when(
    desk: Desk, colleague: Desk, anna: Person, rows: Any
) -> None:
    """UX-303."""
    seen = desk.sees(anna.number)["version"]
    assert colleague.drafts(anna.number, "approved", version=seen).status_code == 200
    refused = desk.drafts(anna.number, "waitlisted", version=seen)
    assert (refused.status_code, refused.json["code"]) == (412, "version_conflict")
    assert (refused.json["changed_by"], refused.json["change"]) == ("Орлов Дмитрий Николаевич", "draft_approved")
    assert refused.json["changed_at"].startswith("2026-11-24T07:0")
    assert "Орлов Дмитрий Николаевич, 24 ноября" in refused.json["detail"]
    assert rows("draft_decisions") == 1
    assert desk.drafts(anna.number, "waitlisted", version=refused.json["version"]).status_code == 200


def test_whoever_forgets_an_older_draft_is_told_too(desk: Desk, colleague: Desk, anna: Person) -> None:
    tag = desk.api.get(f"/api/desk/applications/{anna.number}").headers["ETag"]
    colleague.drafts(anna.number, "approved")
    assert desk.forgets(anna.number, headers={"If-Match": tag}).status_code == 412
    assert desk.sees(anna.number)["draft_decision"]["outcome"] == "approved"


def test_an_edit_of_the_owner_is_a_conflict_that_names_her(desk: Desk, anna: Person) -> None:
    seen = desk.sees(anna.number)["version"]
    body = {"version": 1, "answers": {"direction": "khv", "date": "2027-01-20"}}
    assert anna.api.patch(f"/api/smartapp/applications/{anna.number}", body, key="edit-meanwhile").status_code == 200
    refused = desk.drafts(anna.number, "approved", version=seen)
    assert (refused.status_code, refused.json["changed_by"], refused.json["change"]) == (
        412,
        "Воронцова Анна Сергеевна",
        "edited",
    )


def test_an_owner_is_never_told_a_name_by_a_conflict(desk: Desk, anna: Person) -> None:
    desk.does("review", anna.number)
    body = {"version": 1, "answers": {"direction": "khv", "date": "2027-01-20"}}
    refused = anna.api.patch(f"/api/smartapp/applications/{anna.number}", body, key="edit-meanwhile")
    assert refused.status_code == 412
    assert "changed_by" not in refused.json


@pytest.mark.parametrize(
    "body",
    [
        {"outcome": "rejected"},
        {"outcome": "rejected", "reason": " \u00a0"},
        {"outcome": "rejected", "reason_code": "other"},
    ],
)
def test_no_refusal_is_without_a_reason(desk: Desk, anna: Person, rows: Any, body: dict[str, Any]) -> None:
    refused = desk.drafts(anna.number, body.pop("outcome"), **body)
    assert (refused.status_code, refused.json["code"]) == (422, "reason_required")
    assert [error["field"] for error in refused.json["errors"]] == ["reason"]
    assert rows("draft_decisions") == 0


def test_a_correction_of_what_is_published_needs_words(desk: Desk, anna: Person) -> None:
    desk.decides(anna.number, "approved")
    assert desk.drafts(anna.number, "revoked", reason_code="rest").json["code"] == "reason_required"
    kept = desk.drafts(anna.number, "revoked", reason_code="rest", reason="Рейс отменён")
    assert (kept.status_code, kept.json["draft_decision"]["reason"]) == (200, "Рейс отменён")
    assert anna.view()["status"] == "approved"


def test_what_no_edge_leads_to_is_not_drafted(desk: Desk, anna: Person) -> None:
    assert desk.sees(anna.number)["desk"]["outcomes"] == ["approved", "waitlisted", "rejected"]
    refused = desk.drafts(anna.number, "revoked", reason="Поздно")
    assert (refused.status_code, refused.json["code"]) == (409, "step_not_possible")
    assert (refused.json["application_status"], refused.json["wanted"]) == ("submitted", "revoked")
    anna.does("withdraw")
    assert desk.drafts(anna.number, "approved").json["code"] == "step_not_possible"


@pytest.mark.parametrize("who", ["employee", "newcomer"])
def test_nobody_but_the_desk_comes_near(api: Api, desk: Desk, anna: Person, who: str) -> None:
    stranger = Desk(api.as_(who), desk.db)
    assert stranger.drafts(anna.number, "approved", version=1).status_code == 403
    assert stranger.publishes().status_code == 403
    assert stranger.api.get("/api/desk/applications").status_code == 403


def test_the_queue_finds_by_form_period_status_and_draft(desk: Desk, anna: Person) -> None:
    desk.drafts(anna.number, "approved")
    assert [item["number"] for item in desk.queue(draft="any")["items"]] == [anna.number]
    assert [item["number"] for item in desk.queue(draft="approved", form="flight")["items"]] == [anna.number]
    assert desk.queue(draft="rejected")["items"] == []
    everything = desk.queue(form="flight", limit=100)
    assert anna.number not in {item["number"] for item in desk.queue(draft="none", limit=100)["items"]}
    assert (everything["drafts"], everything["undecided"]) == (1, 60)
    assert desk.queue(form="certificate")["items"] == []
    assert {item["status"] for item in desk.queue(status="rejected")["items"]} == {"rejected"}


def test_the_queue_is_read_page_by_page(desk: Desk, anna: Person) -> None:
    numbers, cursor = [], None
    while True:
        page = desk.queue(limit=30, **({"cursor": cursor} if cursor else {}))
        numbers += [item["number"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(numbers) == len(set(numbers)) == 64
    assert numbers[0] == anna.number


def test_the_queue_tells_who_what_deserves_a_look_and_nothing_of_the_self_check(desk: Desk, anna: Person) -> None:
    [card] = [item for item in desk.queue(limit=100)["items"] if item["number"] == anna.number]
    assert (card["applicant"]["name"], card["applicant"]["personnel_number"], card["conflicts"]) == (
        "Воронцова Анна Сергеевна",
        "100234",
        [],
    )
    desk.db.execute(
        "update users set profile = profile || '{\"unit\": \"msk-oke-3\"}' where personnel_number = '100234'"
    )
    desk.db.execute(
        'update applications set direction = null, answers = answers || \'{"direction": {"other": "Байкал"}}\','
        " filed_at = '2026-12-06T00:00Z' where number = %s",
        (anna.number,),
    )
    assert desk.sees(anna.number)["conflicts"] == ["unmapped", "stale_profile", "late"]
    desk.db.execute("update users set probe = true where personnel_number = '100234'")
    assert anna.number not in {item["number"] for item in desk.queue(limit=100)["items"]}
