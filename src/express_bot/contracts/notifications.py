"""Notifications: what happened (``Event``), what may be muted (``Topic``), and what a person has chosen.

An **outbox line** promises one notification to one person, in the transaction of its cause. A **delivery** is one try
of keeping that promise over one channel: the card that carries it, and how it ended.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from express_bot.contracts.messengers import Channel
from express_bot.contracts.users import Strict


class Event(StrEnum):
    """Everything a person may be told. The value stands in ``outbox.event``; its text in ``channels/notices/texts``."""

    PERIOD_OPENED = "period_opened"
    REMINDER = "reminder"
    DRAFT_LEFT = "draft_left"
    SUBMITTED = "application_submitted"
    EDITED = "application_edited"
    WITHDRAWN = "application_withdrawn"
    DECLINED = "application_declined"
    RESTORED = "application_restored"
    WITHDRAWAL_REQUESTED = "application_withdrawal_requested"
    REQUEST_CANCELLED = "application_withdrawal_request_cancelled"
    QUESTION = "question_asked"
    QUESTION_CLOSED = "question_closed"
    DESK_REPLIED = "desk_replied"
    DECIDED = "decisions_published"
    CHANGED = "decision_changed"
    REVOKED = "decision_revoked"
    PLACE_OFFERED = "place_offered"
    OFFER_CLOSED = "offer_closed"
    QUEUE_DIGEST = "queue_digest"
    OPERATOR_ALERT = "operator_alert"
    LINKED = "channel_linked"


class Topic(StrEnum):
    """What a person may switch on and off per channel. Decisions, questions and alerts belong to none: always on."""

    OPENINGS = "openings"
    REMINDERS = "reminders"
    RECEIPTS = "receipts"
    DIGESTS = "digests"


TOPICS: dict[Event, Topic] = {
    Event.PERIOD_OPENED: Topic.OPENINGS,
    Event.REMINDER: Topic.REMINDERS,
    Event.DRAFT_LEFT: Topic.REMINDERS,
    Event.SUBMITTED: Topic.RECEIPTS,
    Event.QUEUE_DIGEST: Topic.DIGESTS,
}
"""The topic of an event; an event without a line here cannot be muted."""

#: State of one delivery. ``held``: waits for the end of quiet hours. ``waiting``: its card is not shown yet.
#: ``shown``: the messenger has it. ``skipped``: not wanted (muted, or its point is gone). ``moved``: another channel
#: took over. ``dead``: nobody will try again unless it is re-sent by hand.
DeliveryState = Literal["held", "waiting", "shown", "skipped", "moved", "dead"]


WallClock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9](:00)?$", examples=["22:00"])]


Choice = Literal["declined", "wanted", "none"]


class QuietHours(Strict):
    """When reminders, digests, openings and decisions about later days wait; wall clock of the person's zone; may pass
    midnight. ``from`` and ``to`` differ."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    from_: Annotated[WallClock, Field(alias="from")] = "22:00"
    to: WallClock = "08:00"
    on: bool = True


class Preferences(BaseModel):
    """What the caller has chosen about notifications."""

    preferred: Channel | None = Field(description="the channel tried first; null: where the person was last active")
    muted: dict[Channel, list[Topic]] = Field(description="topics that are off, by channel")
    quiet: QuietHours
    timezone: str = Field(description="IANA name; the base's zone unless chosen")
    timezone_chosen: bool
    channels: list[Channel] = Field(description="messengers this person can be reached in now")


class PatchPreferences(Strict):
    """Changes; members left out stay, and so do the channels that ``muted`` does not name. ``null`` goes back to what
    the house has for everybody; ``timezone: null`` to the base's."""

    preferred: Channel | None = None
    muted: dict[Channel, Annotated[list[Annotated[Topic, Field(strict=False)]], Field(max_length=10)]] | None = None
    quiet: QuietHours | None = None
    timezone: Annotated[str, Field(min_length=1, max_length=64)] | None = None


class ReminderChoice(BaseModel):
    """What the caller said about one period: ``declined`` («Не в этом месяце») silences its opening and reminders,
    ``wanted`` («Напомнить») brings its opening even to whoever has muted openings."""

    period: int
    choice: Choice


class PutReminderChoice(Strict):
    """«Не в этом месяце», «Напомнить», or neither."""

    choice: Choice


class Delivery(BaseModel):
    """One try of keeping one promise, as the administrator sees it. No text of it: that may be personal."""

    id: int
    outbox_id: int
    event: str
    user_id: UUID
    number: str | None = Field(description="of the application it is about")
    channel: Channel | None
    state: DeliveryState
    reason: str | None
    attempts: int
    created_at: datetime
    ended_at: datetime | None


class DeliveryPage(BaseModel):
    """Newest first."""

    deliveries: list[Delivery]
    next_cursor: str | None


class Notice(BaseModel):
    """Everything a text needs to know of one notification; what does not belong to the event is ``None`` or empty."""

    event: Event
    locale: str
    channel: Channel
    card_id: UUID = Field(description="of the message that will carry it; its buttons name it")
    rev: int = 1
    at: datetime = Field(description="when it happened (aware)")
    timezone: str = Field(description="for dates in words: the period's zone")
    application: dict[str, Any] | None = Field(default=None, description="``contracts.applications.Application``")
    applications: list[dict[str, Any]] = Field(default=[], description="of one publication, oldest first")
    period: dict[str, Any] | None = Field(default=None, description="``contracts.periods.Period``")
    draft: dict[str, Any] | None = Field(default=None, description="``contracts.applications.Draft`` in words")
    details: dict[str, Any] = Field(default={}, description="of the outbox line: figures, a question, a reason")
