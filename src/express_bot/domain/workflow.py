"""The life of an application: statuses, the edges between them, who may walk them, and until when.

Two kinds of rules stand here. ``EDGES`` says which change of status exists at all and for which role.
``rights`` says what its owner may do right now, given the deadline of the period.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from express_bot.contracts.errors import FieldError, NotEditable, NotRestorable, NotWithdrawable, ReasonRequired
from express_bot.domain.roles import Role


class Status(StrEnum):
    """One vocabulary everywhere; labels stand in ``defaults/texts/status.*.yaml``."""

    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    NEEDS_INFO = "needs_info"
    APPROVED = "approved"
    WAITLISTED = "waitlisted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    COMPLETED = "completed"


S = Status

ACTIVE = frozenset({S.SUBMITTED, S.IN_REVIEW, S.NEEDS_INFO, S.APPROVED, S.WAITLISTED, S.COMPLETED})
"""These hold the limit of one per person and month: a place is asked for, given or used."""

OPEN = frozenset({S.SUBMITTED, S.IN_REVIEW, S.NEEDS_INFO})
"""No decision yet."""

FINAL = frozenset({S.COMPLETED})
"""Nothing follows."""

_OWNER = frozenset({Role.EMPLOYEE})
_DESK = frozenset({Role.DISPATCHER, Role.ADMIN})
_DECISIONS = {S.APPROVED: _DESK, S.WAITLISTED: _DESK, S.REJECTED: _DESK}

EDGES: dict[Status, dict[Status, frozenset[Role]]] = {
    S.SUBMITTED: {S.IN_REVIEW: _DESK, S.NEEDS_INFO: _DESK, S.WITHDRAWN: _OWNER | _DESK, **_DECISIONS},
    S.IN_REVIEW: {S.SUBMITTED: _DESK, S.NEEDS_INFO: _DESK, S.WITHDRAWN: _OWNER | _DESK, **_DECISIONS},
    S.NEEDS_INFO: {S.IN_REVIEW: _OWNER | _DESK, S.WITHDRAWN: _OWNER | _DESK, **_DECISIONS},
    S.APPROVED: {S.WITHDRAWN: _OWNER | _DESK, S.REVOKED: _DESK, S.COMPLETED: _DESK | {Role.SERVICE}},
    S.WAITLISTED: {S.APPROVED: _DESK, S.REJECTED: _DESK, S.WITHDRAWN: _OWNER | _DESK, S.REVOKED: _DESK},
    S.REJECTED: {S.IN_REVIEW: _DESK, S.APPROVED: _DESK, S.WAITLISTED: _DESK},
    S.WITHDRAWN: {S.SUBMITTED: _OWNER, S.IN_REVIEW: _OWNER, S.NEEDS_INFO: _OWNER, S.WAITLISTED: _OWNER},
    S.REVOKED: {S.IN_REVIEW: _DESK, S.APPROVED: _DESK},
    S.COMPLETED: {},
}
"""From → to → who. A dispatcher withdraws on behalf of the owner, who asked after the deadline."""

UNDO_WINDOW = timedelta(minutes=10)
"""«Отменить» works at least so long, even when the deadline falls in between."""


def may_change(before: Status, after: Status, role: Role) -> bool:
    """Is this edge open to this role?"""
    return role in EDGES[before].get(after, frozenset())


class Withdrawal(StrEnum):
    """What «Отозвать» means now."""

    NONE = "none"
    AT_ONCE = "at_once"
    DECLINE = "decline"
    """Giving back an approved place: at once, but with a reason."""
    REQUEST = "request"
    """After the deadline the dispatcher is asked, with a reason; the status stays."""


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """What the rules need to know of an application."""

    status: Status
    closes_at: datetime | None = None
    """The deadline of its period; ``None``: the form is always open."""
    withdrawn_at: datetime | None = None
    withdrawn_from: Status | None = None
    """The status it was withdrawn from, and returns to."""
    withdrawal_requested_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rights:
    """What the owner may do right now; ``until`` is the moment that ends it, if any."""

    edit: bool
    withdraw: bool
    restore: bool
    withdraw_needs_reason: bool
    until: datetime | None


def rights(application: ApplicationFacts, now: datetime) -> Rights:
    """Everything a screen or a chat needs to show the right buttons."""
    withdrawal = withdrawal_now(application, now)
    edit, restore = can_edit(application, now), can_restore(application, now)
    return Rights(
        edit=edit,
        withdraw=withdrawal is not Withdrawal.NONE,
        restore=restore,
        withdraw_needs_reason=withdrawal in (Withdrawal.DECLINE, Withdrawal.REQUEST),
        until=restorable_until(application) if restore else application.closes_at if edit else None,
    )


def can_edit(application: ApplicationFacts, now: datetime) -> bool:
    """Sent and not yet taken into review, before the deadline; not while a withdrawal is asked for."""
    is_asked_back = application.withdrawal_requested_at is not None
    return application.status is S.SUBMITTED and _is_in_time(application, now) and not is_asked_back


def can_withdraw(application: ApplicationFacts, now: datetime) -> bool:
    """Is there anything «Отозвать» can do?"""
    return withdrawal_now(application, now) is not Withdrawal.NONE


def withdrawal_now(application: ApplicationFacts, now: datetime) -> Withdrawal:
    """At once before the deadline, by request after it; a reserve place is given back freely, a seat with a reason."""
    if application.withdrawal_requested_at is not None:
        return Withdrawal.NONE
    if application.status is S.APPROVED:
        return Withdrawal.DECLINE
    if application.status is S.WAITLISTED:
        return Withdrawal.AT_ONCE
    if application.status in OPEN:
        return Withdrawal.AT_ONCE if _is_in_time(application, now) else Withdrawal.REQUEST
    return Withdrawal.NONE


def can_restore(application: ApplicationFacts, now: datetime) -> bool:
    """Undo of a withdrawal in time, or of a request to withdraw that nobody has answered yet.

    A declined seat does not come back: somebody else may have it.
    """
    if application.withdrawal_requested_at is not None:
        return application.status in OPEN
    ends = restorable_until(application)
    return ends is not None and now < ends


def restorable_until(application: ApplicationFacts) -> datetime | None:
    """The end of the undo: the deadline, but never less than ``UNDO_WINDOW`` after the withdrawal."""
    if application.status is not S.WITHDRAWN or application.withdrawn_at is None:
        return None
    if application.withdrawn_from not in OPEN | {S.WAITLISTED}:
        return None
    undo = application.withdrawn_at + UNDO_WINDOW
    return max(undo, application.closes_at) if application.closes_at else undo


def ensure_can_edit(application: ApplicationFacts, now: datetime) -> None:
    """Raise ``NotEditable`` where the owner may not edit."""
    if not can_edit(application, now):
        raise NotEditable(application_status=application.status.value)


def ensure_can_restore(application: ApplicationFacts, now: datetime) -> None:
    """Raise ``NotRestorable`` where the undo is over."""
    if not can_restore(application, now):
        raise NotRestorable(application_status=application.status.value)


def ensure_can_withdraw(application: ApplicationFacts, now: datetime, *, reason: str | None) -> Withdrawal:
    """How to withdraw now; raises ``NotWithdrawable``, or ``ReasonRequired`` when the reason is blank."""
    withdrawal = withdrawal_now(application, now)
    if withdrawal is Withdrawal.NONE:
        raise NotWithdrawable(application_status=application.status.value)
    if withdrawal is not Withdrawal.AT_ONCE and not (reason or "").strip():
        raise ReasonRequired(errors=[FieldError("reason", "required")])
    return withdrawal


def _is_in_time(application: ApplicationFacts, now: datetime) -> bool:
    return application.closes_at is None or now < application.closes_at
