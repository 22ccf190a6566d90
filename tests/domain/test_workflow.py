"""The life of an application: who may do what, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from express_bot.contracts.errors import NotEditable, NotRestorable, NotWithdrawable, ReasonRequired
from express_bot.domain.roles import PERMISSIONS, Permission, Role, is_allowed
from express_bot.domain.workflow import (
    ACTIVE,
    EDGES,
    FINAL,
    OPEN,
    UNDO_WINDOW,
    ApplicationFacts,
    Status,
    Withdrawal,
    can_restore,
    ensure_can_edit,
    ensure_can_restore,
    ensure_can_withdraw,
    may_change,
    rights,
)

CLOSES = datetime(2026, 12, 5, 15, tzinfo=UTC)
BEFORE, AFTER = CLOSES - timedelta(days=1), CLOSES + timedelta(days=1)
MINUTE = timedelta(minutes=1)


def an(status: str, **more: object) -> ApplicationFacts:
    return ApplicationFacts(Status(status), **({"closes_at": CLOSES} | more))  # type: ignore[arg-type]


# The table of ux.md 0.4: edit, withdraw before the deadline; edit, withdraw after it.
TABLE = {
    "submitted": (True, Withdrawal.AT_ONCE, False, Withdrawal.REQUEST),
    "in_review": (False, Withdrawal.AT_ONCE, False, Withdrawal.REQUEST),
    "needs_info": (False, Withdrawal.AT_ONCE, False, Withdrawal.REQUEST),
    "approved": (False, Withdrawal.DECLINE, False, Withdrawal.DECLINE),
    "waitlisted": (False, Withdrawal.AT_ONCE, False, Withdrawal.AT_ONCE),
    "rejected": (False, Withdrawal.NONE, False, Withdrawal.NONE),
    "withdrawn": (False, Withdrawal.NONE, False, Withdrawal.NONE),
    "revoked": (False, Withdrawal.NONE, False, Withdrawal.NONE),
    "completed": (False, Withdrawal.NONE, False, Withdrawal.NONE),
}


def test_the_table_names_every_status():
    assert set(TABLE) == {status.value for status in Status} == {status.value for status in EDGES}


@pytest.mark.parametrize("status", TABLE)
def test_what_the_owner_may_do_before_and_after_the_deadline(status):
    for now, (edit, withdrawal) in ((BEFORE, TABLE[status][:2]), (AFTER, TABLE[status][2:])):
        found = rights(an(status), now)
        needs_reason = withdrawal in (Withdrawal.DECLINE, Withdrawal.REQUEST)
        assert (found.edit, found.withdraw, found.withdraw_needs_reason) == (
            edit,
            withdrawal is not Withdrawal.NONE,
            needs_reason,
        )
        assert found.until == (CLOSES if edit else None)


def test_the_deadline_itself_is_too_late():
    assert rights(an("submitted"), CLOSES - timedelta(microseconds=1)).edit
    assert not rights(an("submitted"), CLOSES).edit


def test_a_form_without_a_deadline_can_be_changed_until_it_is_taken_up():
    assert rights(an("submitted", closes_at=None), AFTER).edit
    assert ensure_can_withdraw(an("in_review", closes_at=None), AFTER, reason=None) is Withdrawal.AT_ONCE


def test_a_late_withdrawal_and_a_declined_seat_need_a_reason():
    for facts in (an("submitted"), an("approved")):
        with pytest.raises(ReasonRequired):
            ensure_can_withdraw(facts, AFTER, reason="  ")
    assert ensure_can_withdraw(an("submitted"), AFTER, reason="Болею") is Withdrawal.REQUEST
    assert ensure_can_withdraw(an("approved"), AFTER, reason="Болею") is Withdrawal.DECLINE


def test_what_is_over_can_be_neither_changed_nor_withdrawn():
    with pytest.raises(NotEditable):
        ensure_can_edit(an("submitted"), AFTER)
    with pytest.raises(NotWithdrawable):
        ensure_can_withdraw(an("rejected"), BEFORE, reason="x")
    with pytest.raises(NotRestorable):
        ensure_can_restore(an("rejected"), BEFORE)


def withdrawn(before: str, at: datetime, **more: object) -> ApplicationFacts:
    return an("withdrawn", withdrawn_at=at, withdrawn_from=Status(before), **more)


def test_a_withdrawal_can_be_undone_until_the_deadline():
    facts = withdrawn("submitted", BEFORE)
    assert can_restore(facts, CLOSES - MINUTE)
    assert not can_restore(facts, CLOSES)
    assert rights(facts, BEFORE).until == CLOSES


def test_the_undo_outlives_a_deadline_that_falls_in_between():
    facts = withdrawn("submitted", CLOSES - MINUTE)
    assert can_restore(facts, CLOSES + MINUTE)
    assert not can_restore(facts, CLOSES - MINUTE + UNDO_WINDOW)


def test_a_declined_seat_does_not_come_back():
    assert not can_restore(withdrawn("approved", BEFORE), BEFORE)


def test_without_a_deadline_the_undo_has_its_window():
    facts = withdrawn("submitted", BEFORE, closes_at=None)
    assert can_restore(facts, BEFORE + MINUTE)
    assert not can_restore(facts, BEFORE + UNDO_WINDOW)


def test_a_request_to_withdraw_is_asked_once_and_can_be_taken_back():
    asked = an("submitted", withdrawal_requested_at=AFTER)
    found = rights(asked, AFTER + MINUTE)
    assert (found.edit, found.withdraw, found.restore) == (False, False, True)
    with pytest.raises(NotWithdrawable):
        ensure_can_withdraw(asked, AFTER, reason="x")


def test_only_asked_given_and_used_places_hold_the_limit():
    assert {status.value for status in set(Status) - ACTIVE} == {"rejected", "withdrawn", "revoked"}
    assert OPEN < ACTIVE


def test_the_owner_walks_only_the_edges_of_the_owner():
    owner = {(before, after) for before in Status for after in Status if may_change(before, after, Role.EMPLOYEE)}
    assert {after for _, after in owner} == {Status.WITHDRAWN, Status.IN_REVIEW, *OPEN, Status.WAITLISTED}
    assert {before for before, after in owner if after is Status.WITHDRAWN} == OPEN | {
        Status.APPROVED,
        Status.WAITLISTED,
    }
    assert not any(may_change(before, Status.APPROVED, Role.EMPLOYEE) for before in Status)


def test_nothing_follows_a_final_status_and_every_other_has_a_way_on():
    assert {status for status, edges in EDGES.items() if not edges} == FINAL


@pytest.mark.parametrize("role", Role)
def test_the_table_of_rights_names_every_role(role):
    assert PERMISSIONS[role]


def test_rights_are_given_by_role():
    assert is_allowed(["employee"], Permission.APPLICATIONS_OWN)
    assert not is_allowed(["employee"], Permission.APPLICATIONS_READ_ANY)
    assert is_allowed(["employee", "dispatcher"], Permission.APPLICATIONS_READ_ANY)
    assert not is_allowed(["service"], Permission.APPLICATIONS_OWN)
    assert not is_allowed(["root", ""], Permission.FORMS_READ)
    assert not is_allowed([], Permission.FORMS_READ)
