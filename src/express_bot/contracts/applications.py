"""Applications as the doors see them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from express_bot.contracts.files import FileView
from express_bot.contracts.periods import PeriodFacts
from express_bot.contracts.users import Strict

Status = Literal[
    "submitted",
    "in_review",
    "needs_info",
    "approved",
    "waitlisted",
    "rejected",
    "withdrawn",
    "revoked",
    "completed",
]
FormId = Annotated[str, Field(min_length=1, max_length=40)]
Reason = Annotated[str, Field(min_length=1, max_length=300)]
#: Not only blanks; some engines count these control characters among them, and some do not.
SAYS_SOMETHING = r"[^\s\x1c-\x1f]"
#: What one writes to the other, in words.
Said = Annotated[str, Field(min_length=1, max_length=1000, pattern=SAYS_SOMETHING)]
EventId = Annotated[int, Field(ge=1, le=2**53)]
#: Length of an idempotency key and its alphabet stand in contracts/idempotency.py.
ClientKey = Annotated[str, Field(min_length=8, max_length=128, pattern=r"^[A-Za-z0-9._:-]+$")]


class SubmitApplication(Strict):
    """A filled form. Profile answers may be left out when the profile has them."""

    form: FormId
    answers: dict[str, Any]
    period: int | None = Field(default=None, description="the period the person filled it for; none: the open one")


class EditApplication(Strict):
    """New answers of a filed application; ``version`` is the one the person saw."""

    version: int
    answers: dict[str, Any]


class WithdrawApplication(Strict):
    """Withdrawal; an approved application, or a closed period, wants a reason."""

    version: int | None = None
    reason: Reason | None = None


class AnswerQuestion(Strict):
    """An answer to the desk's question: yes (which takes its proposal, if it has one), no, or own words."""

    question: EventId
    answer: Literal["yes", "no", "text"]
    text: Said | None = Field(default=None, description="needed for `text`")


class AnswerOffer(Strict):
    """Which offered place is taken, or left to others."""

    offer: EventId


class AskDesk(Strict):
    """A message to the desk."""

    text: Said


class SaveDraft(Strict):
    """The whole draft plus the fields changed since ``base_version``, for a merge by field."""

    form: FormId
    answers: dict[str, Any]
    changed: Annotated[list[Annotated[str, Field(max_length=60)]], Field(default_factory=list)]
    base_version: int | None = None
    base: Annotated[
        dict[str, list[str]],
        Field(default_factory=dict, description="the changed lists as they were in ``base_version``"),
    ]
    client_key: ClientKey


class Draft(BaseModel):
    """An unfinished application."""

    form: str
    answers: dict[str, Any]
    client_key: str
    version: int
    updated_at: datetime
    channel: str


class DraftAnswer(BaseModel):
    """The caller's draft of a form, if there is one."""

    draft: Draft | None
    merged: bool = Field(default=False, description="another door had changed it meanwhile; the latest edits won")


class Card(BaseModel):
    """A row of a list of applications."""

    number: str
    form: str
    status: Status
    status_label: str
    title: str
    note: str = Field(description="the one sentence that matters now")
    target_date: date | None
    filed_at: datetime
    updated_at: datetime
    seen: bool
    version: int
    answers: dict[str, Any]


class CardPage(BaseModel):
    """One page of a list, newest first."""

    items: list[Card]
    next_cursor: str | None


class DisplayedAnswer(BaseModel):
    """An answer in words."""

    field: str
    label: str
    value: str


class Decision(BaseModel):
    """A published decision with its reason."""

    outcome: Literal["approved", "waitlisted", "rejected", "revoked"]
    reason_code: str
    reason: str
    decided_at: datetime
    place: int | None = Field(default=None, description="place on the reserve list")


class Can(BaseModel):
    """What its owner may do with it now."""

    edit: bool
    withdraw: bool
    restore: bool
    answer: bool = Field(description="a question of the desk waits: `question`")
    take: bool = Field(description="a place is offered: `offer`")
    ask: bool = Field(description="write to the desk")
    until: datetime | None = Field(description="when editing and plain withdrawal end")
    withdraw_needs_reason: bool


class Actor(BaseModel):
    """Who did it: employees see roles, not names."""

    role: str
    name: str | None = None


class Change(BaseModel):
    """One edited answer, before and after, in words."""

    field: str
    label: str
    before: str
    after: str


class Proposal(BaseModel):
    """What a «yes» to a question would change."""

    label: str = Field(description="«16 января»")
    changes: list[Change]


class Question(BaseModel):
    """What the desk has asked and nobody has answered yet."""

    id: int
    text: str
    asked_at: datetime
    due_at: datetime | None = Field(description="when the answer is hoped for; a later one counts too")
    proposal: Proposal | None


class Offer(BaseModel):
    """A free place, for whoever stands on the reserve list, until a moment."""

    id: int
    until: datetime


class ThreadEntry(BaseModel):
    """One thing said between the owner and the desk."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    from_: Literal["desk", "owner"] = Field(alias="from")
    kind: Literal["question", "answer", "message", "reply"]
    text: str
    at: datetime
    name: str | None = Field(description="of whoever said it, for those who decide")


class TimelineEntry(BaseModel):
    """One event of the history."""

    kind: str
    title: str
    at: datetime
    actor: Actor
    channel: str
    note: str | None = None
    changes: list[Change] = []


class UpcomingEntry(BaseModel):
    """A step that is still to come, with its due moment."""

    kind: str
    title: str
    at: datetime


class Application(Card):
    """One application whole."""

    form_title: str
    period: PeriodFacts | None
    channel: str
    display: list[DisplayedAnswer]
    files: list[FileView] = Field(description="what is attached, in the order of the answers")
    decision: Decision | None
    can: Can
    withdrawal_requested_at: datetime | None
    question: Question | None = Field(description="the open one")
    offer: Offer | None = Field(description="the open one")
    thread: list[ThreadEntry] = Field(description="oldest first")
    timeline: list[TimelineEntry]
    upcoming: list[UpcomingEntry]
