"""The desk: drafts of decisions that nobody else sees, their publication, and the desk's side of questions and offers.

``version`` of everything here counts changes of the application and of its draft: whoever decides upon an older one is
told who has changed it (``version_conflict`` with ``changed_by``, ``changed_at`` and ``change``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from express_bot.contracts.applications import (
    SAYS_SOMETHING,
    Application,
    Card,
    FormId,
    Offer,
    Question,
    Reason,
    Said,
)
from express_bot.contracts.messengers import Moment
from express_bot.contracts.users import Strict

Outcome = Literal["approved", "waitlisted", "rejected", "revoked"]
#: Why. All but ``other`` have a sentence of their own (``defaults/texts/decisions``), said where the desk writes none.
ReasonCode = Literal[
    "granted", "capacity", "vacation", "training", "rest", "not_eligible", "limit", "late", "unmapped", "other"
]
#: What deserves a look before a decision, as far as the house knows it.
Conflict = Literal["unmapped", "stale_profile", "late"]
#: Why a draft was not published: ``no_draft``; ``withdrawn``; ``changed``: by its owner, after the draft;
#: ``withdrawal_requested``: answer that first; ``not_possible`` from its present status; ``limit_reached``: the person
#: has another application for that month by now; ``not_found``.
SkipCode = Literal[
    "no_draft", "withdrawn", "changed", "withdrawal_requested", "not_possible", "limit_reached", "not_found"
]
Version = Annotated[int, Field(ge=0, le=2**31)]
Number = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{4,12}$")]


class Applicant(BaseModel):
    """Who has filed it."""

    id: UUID
    name: str
    personnel_number: str | None


class DraftDecision(BaseModel):
    """What the desk means to decide."""

    outcome: Outcome
    reason_code: str
    reason: str = Field(description="the sentence its owner will read")
    place: int | None
    author: str
    at: datetime
    stale: bool = Field(description="its owner has changed the application since: it is not published before a new one")


class DeskCard(Card):
    """A row of the queue."""

    applicant: Applicant
    draft_decision: DraftDecision | None
    open_question: Question | None
    offer: Offer | None
    withdrawal_requested_at: datetime | None
    unread: int = Field(description="what its owner has said since the desk last did something about it")
    conflicts: list[Conflict]


class DeskPage(BaseModel):
    """One page of the queue, newest first; the counts are of the form and period asked for."""

    items: list[DeskCard]
    next_cursor: str | None
    undecided: int = Field(description="without a decision and without a draft of one")
    drafts: int = Field(description="drafts that wait for their publication")


class DeskCan(BaseModel):
    """What the desk may do with it now."""

    outcomes: list[Outcome] = Field(description="what may be drafted")
    needs_note: bool = Field(description="a decision is published already: whatever follows needs a reason in words")
    review: bool
    ask: bool
    reply: bool
    offer: bool
    answer_withdrawal: bool


class DeskApplication(Application, DeskCard):
    """One application whole, with names."""

    desk: DeskCan


class PutDecision(Strict):
    """A draft. ``rejected`` and ``revoked`` need a reason: words, or a code that has a sentence; whatever corrects a
    published decision needs words."""

    version: Version
    outcome: Outcome
    reason_code: ReasonCode | None = None
    reason: Reason | None = None
    place: Annotated[int, Field(ge=1, le=10_000)] | None = Field(default=None, description="on the reserve list")


class Publish(Strict):
    """Which drafts: those of a form, of one of its periods, or of these applications."""

    form: FormId
    period: Annotated[int, Field(ge=1, le=2**62)] | None = None
    numbers: Annotated[list[Number], Field(min_length=1, max_length=2000)] | None = None


class Skipped(BaseModel):
    """A draft that stays one, and why."""

    number: str
    code: SkipCode


class Publication(BaseModel):
    """What was published: one message goes to each of ``people``, and one for each correction."""

    id: int
    published: int
    people: int
    skipped: list[Skipped]


class Review(Strict):
    """The desk takes it up, or takes its question back."""

    version: Version


class AnswerWithdrawal(Strict):
    """The answer to somebody who has asked to withdraw after the deadline; a no needs a reason."""

    version: Version | None = None
    accept: bool
    reason: Reason | None = None


class AskOwner(Strict):
    """A question to the owner. ``proposal``: answers that a «yes» would write, judged like an edit."""

    version: Version
    question: Annotated[str, Field(min_length=1, max_length=300, pattern=SAYS_SOMETHING)]
    due_at: Moment | None = None
    proposal: dict[str, Any] | None = None


class Reply(Strict):
    """What the desk writes back; the status stays."""

    text: Said


class OfferPlace(Strict):
    """A free place for somebody on the reserve list, theirs if they say so in time."""

    version: Version
    until: Moment
