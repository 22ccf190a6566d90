"""Decisions: which may be drafted, what must be said with them, which drafts a publication passes over, and until when
questions and offers stand.

A decision is a draft until it is published; a published one is never edited, another one follows it (ux D5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from express_bot.contracts.decisions import Outcome, SkipCode
from express_bot.contracts.errors import FieldError, MomentPassed, ReasonRequired, StepNotPossible
from express_bot.domain import texts
from express_bot.domain.locales import LOCALES
from express_bot.domain.roles import Role
from express_bot.domain.workflow import OPEN, Status, may_change

S = Status
OUTCOMES = (S.APPROVED, S.WAITLISTED, S.REJECTED, S.REVOKED)
REFUSALS = frozenset({S.REJECTED, S.REVOKED})
"""Nobody gets one of these without a sentence."""
OWN_WORDS = "other"
"""The reason that has no sentence of its own."""
DEFAULT_CODES = {S.APPROVED: "granted", S.WAITLISTED: "capacity"}
PROMOTED = "promoted"
"""The reason of whoever took an offered place."""
MESSAGES_A_DAY = 10
"""So many messages of one owner about one application: enough to talk, too few to flood the desk."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: for machines, and for people in each language."""

    code: str
    sentence: dict[str, str]


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a publication needs to know of an application."""

    status: Status
    outcome: Status | None
    """What was drafted, if anything."""
    is_current: bool
    """The draft was made of the application as it is now."""
    withdrawal_requested: bool = False


def outcomes(before: Status, role: Role) -> list[Outcome]:
    """What this role may decide about an application of this status."""
    return [cast(Outcome, after.value) for after in OUTCOMES if may_change(before, after, role)]


def ensure_step(before: Status, after: Status, role: Role) -> None:
    """Raises ``StepNotPossible`` where no such edge is open to this role."""
    if not may_change(before, after, role):
        raise StepNotPossible(application_status=before.value, wanted=after.value)


def reason_of(outcome: Status, code: str | None, words: str | None, *, corrects: bool) -> Reason:
    """The reason of a decision; own words count before those of the code.

    Raises ``ReasonRequired`` where a refusal has neither, or where a published decision is corrected without words.
    """
    said, known = (words or "").strip(), code or DEFAULT_CODES.get(outcome, OWN_WORDS)
    if said:
        return Reason(known, dict.fromkeys(LOCALES, said))
    if corrects or known == OWN_WORDS:
        raise ReasonRequired(errors=[FieldError("reason", "required")])
    return Reason(known, sentences(known))


def sentences(code: str) -> dict[str, str]:
    """What a reason says where nobody wrote anything."""
    return {locale: texts.text(f"decisions.reasons.{code}", locale) for locale in LOCALES}


def skip_code(application: Drafted, role: Role) -> SkipCode | None:
    """Why its draft is not published now; ``None``: it is."""
    if application.outcome is None:
        return "no_draft"
    if application.status is S.WITHDRAWN:
        return "withdrawn"
    if application.withdrawal_requested:
        return "withdrawal_requested"
    if not application.is_current:
        return "changed"
    return None if may_change(application.status, application.outcome, role) else "not_possible"


def can_review(status: Status) -> bool:
    """Taking up what was sent, or taking one's own question back. What is decided comes back by another decision."""
    return status in (S.SUBMITTED, S.NEEDS_INFO)


def can_ask(status: Status) -> bool:
    """May the desk ask now? One question at a time."""
    return status in OPEN - {S.NEEDS_INFO}


def can_write(status: Status) -> bool:
    """May its owner write to the desk? Also about a refusal; not about what they took back."""
    return status is not S.WITHDRAWN


def is_on_offer(until: datetime | None, now: datetime) -> bool:
    """Is there a place to take? Not any more at the moment itself."""
    return until is not None and now < until


def ensure_ahead(moment: datetime | None, now: datetime, field: str) -> None:
    """Raises ``MomentPassed``."""
    if moment is not None and moment <= now:
        raise MomentPassed(errors=[FieldError(field, "moment_passed")])
