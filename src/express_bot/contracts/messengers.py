"""What our messengers' side and the core tell each other: events, people, dialogs, cards (``/api/service/*``).

An **event** is one thing a messenger told us, kept under its own id. A **card** is one message of the bot in a chat:
what it should say (``wanted``, at revision ``wanted_rev``) and what it is known to say (``shown_rev``, under the
messenger's own ``external_id``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field

from express_bot.contracts.users import Locale, Role, Strict

Channel = Literal["express", "telegram"]
#: Ids that a messenger made (of an event, a chat, a message, a person): visible ASCII that fits into an address.
OUTER_ID = r"^[!-.0-~]{1,200}$"
OuterId = Annotated[str, Field(pattern=OUTER_ID, max_length=200)]
Reason = Annotated[str, Field(min_length=1, max_length=300, description="a code or a short sentence, for the log")]
Limit = Annotated[int, Field(ge=1, le=50)]
Lease = Annotated[int, Field(ge=1, le=600, description="after so many seconds without a word it is offered again")]
LeaseName = Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,59}$", max_length=60)]
Holder = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{8,60}$", max_length=60, description="made by the instance")]
#: Notes of our own in the inbox: a message that is to be removed, a card beside which one may stand.
ORPHAN, DOUBT = "orphan", "doubt"
Revision = Annotated[int, Field(ge=1, le=2**31 - 1)]
Id = Annotated[UUID, Field(strict=False)]


def _moment(value: object) -> object:
    """Strict bodies come as parsed JSON, where a moment is still a text."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    if moment is None or moment.tzinfo is None or not 2000 <= moment.year <= 2100:
        raise ValueError
    return moment


Moment = Annotated[datetime, BeforeValidator(_moment)]


class StoreEvent(Strict):
    """An event as it came. Events of one ``chat`` are handled one after another; without a chat, in any order."""

    kind: Annotated[str, Field(min_length=1, max_length=60)]
    chat: OuterId | None
    payload: dict[str, Any]


class StoredEvent(BaseModel):
    """Whether this event was new."""

    fresh: bool


class ClaimEvents(Strict):
    """Takes events to handle; whoever takes them says ``done``, ``failed`` or ``extend`` before the lease ends."""

    channel: Channel
    limit: Limit
    lease_seconds: Lease


class Event(BaseModel):
    """One event to handle."""

    channel: Channel
    event_id: str
    kind: str
    chat: str | None
    payload: dict[str, Any]
    received_at: datetime
    attempts: int = Field(description="tries that failed before this one")
    lease_until: datetime = Field(description="names the lease: whoever extends it tells its end")


class ClaimedEvents(BaseModel):
    """Oldest first, never two of one chat."""

    events: list[Event]


class ExtendLease(Strict):
    """The work goes on: the lease that ends at ``lease_until`` ends so much later. Told twice, it is done once."""

    lease_until: Moment
    seconds: Lease


class ExtendedLease(BaseModel):
    """Whether the lease was still the caller's; if not, somebody else may have the work in hand."""

    held: bool


class FailEvent(Strict):
    """Handling failed; ``permanent``: trying again would not help."""

    reason: Reason
    permanent: bool
    house: bool = Field(default=False, description="our own core or database was away: no failure of this event")


class PutIdentity(Strict):
    """What the messenger tells of a person whose id it has proven. ``host_profile`` is proposed, never believed."""

    full_name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    locale: Locale | None = None
    host_profile: dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=300)]] | None = None
    chat: OuterId | None = Field(default=None, description="the person's own chat with the bot")


class Identity(BaseModel):
    """The person behind a proven id."""

    user_id: UUID
    created: bool
    active: bool = Field(description="false: this person has left; nothing may be done for them")
    full_name: str
    locale: Locale
    roles: list[Role] = Field(description="none: a guest, who may only link to who they are")
    profile_complete: bool
    chat: str | None


class StopChat(Strict):
    """Why a person's chat takes nothing any more."""

    reason: Reason


class OpenSession(Strict):
    """A short session of a proven person, for plain HTTP beside the messenger."""

    user_id: Id
    provider: Channel
    seconds: Annotated[int, Field(ge=1, le=600, description="it ends for good after so many, used or not")]


class CardState(BaseModel):
    """How far a card has come."""

    id: UUID
    external_id: str | None
    wanted_rev: int
    shown_rev: int


class OtherDialog(BaseModel):
    """Where another conversation of the same person stands."""

    channel: Channel
    chat: str
    state: dict[str, Any]
    version: int
    at: datetime


class Dialog(BaseModel):
    """Where a conversation stands; version 0 and an empty state when there is none."""

    user_id: UUID | None
    state: dict[str, Any]
    version: int
    at: datetime | None = Field(description="the last step, as the messenger told it")
    cards: list[CardState] = Field(description="newest first, at most 20, of the last 14 days")
    others: list[OtherDialog] = Field(description="the person's other conversations, latest first, if one was named")


class WantCard(Strict):
    """A message as it should look from now on; the id is made by the caller and names the message for good."""

    id: Id
    view: dict[str, Any]


class StepBeside(Strict):
    """What a step leaves behind in another chat of the same person, if that stands as it was read."""

    channel: Channel
    chat: OuterId
    version: Annotated[int, Field(ge=1, le=2**31 - 2)]
    state: dict[str, Any]
    cards: Annotated[list[WantCard], Field(max_length=5)]


class PutDialog(Strict):
    """One step of a conversation: the next state, the messages it wants, and the event that caused it."""

    user_id: Id
    version: Annotated[int, Field(ge=0, le=2**31 - 2, description="the version this step was made upon")]
    state: dict[str, Any]
    cards: Annotated[list[WantCard], Field(max_length=20)]
    event_id: OuterId | None
    at: Moment
    elsewhere: Annotated[list[StepBeside], Field(default=[], max_length=5)]


class DialogVersion(BaseModel):
    """The conversation's present version."""

    version: int


class Card(CardState):
    """A card as its messenger's id leads to it."""

    chat: str
    wanted: dict[str, Any]


class ClaimCards(Strict):
    """Takes cards to send; whoever takes them says ``shown``, ``failed`` or ``extend`` before the lease ends."""

    channel: Channel
    limit: Limit
    lease_seconds: Lease


class DueCard(BaseModel):
    """A card to send: as a new message without ``external_id``, else as an edit of that message."""

    id: UUID
    chat: str
    external_id: str | None
    view: dict[str, Any]
    rev: int
    attempts: int = Field(description="tries that failed since this was wanted")
    doubts: int = Field(description="earlier calls for it as a new message whose end nobody knows")
    lease_until: datetime = Field(description="names the lease: whoever extends it tells its end")


class ClaimedCards(BaseModel):
    """Those wanted first come first, never two of one chat."""

    cards: list[DueCard]


class CardShown(Strict):
    """The messenger took revision ``rev`` under ``external_id``."""

    rev: Revision
    external_id: OuterId
    adopted: bool = Field(default=False, description="an earlier call whose end nobody knew had sent that message")


class CardFailed(Strict):
    """The messenger refused, or did not answer; ``permanent``: this message will never be taken.

    ``no_address``: this chat takes nothing any more (blocked, deleted), which is permanent too. ``whole_channel``: the
    messenger asked for a rest of everything, so ``retry_after`` holds for all messages to it. ``unknown``: the message
    may be there all the same.
    """

    rev: Revision
    reason: Reason
    permanent: bool
    retry_after: Annotated[int, Field(ge=0, le=86_400)] | None = None
    no_address: bool = False
    whole_channel: bool = False
    unknown: bool = False


class CardCallback(Strict):
    """The messenger's later word about a message it took."""

    channel: Channel
    external_id: OuterId
    status: Literal["ok", "error"]
    reason: Reason | None = None


class CallbackAnswer(BaseModel):
    """Whether the message is known here; a word that comes early may be told again."""

    known: bool


class UnknownMessage(Strict):
    """A message of ours that no card knows: where it stands, and when the messenger first spoke of it."""

    channel: Channel
    external_id: OuterId
    chat: OuterId
    heard_at: Moment


class JudgedMessage(BaseModel):
    """What is done about it.

    ``known``: a card knows it meanwhile. ``adopted``: a card has just taken it for its own. ``wait``: whoever sent it
    may be about to tell. ``orphan``: it stands there a second time and will be removed. ``foreign``: nothing speaks for
    any of that.
    """

    verdict: Literal["known", "adopted", "wait", "orphan", "foreign"]


class CardTraces(BaseModel):
    """What may lead to messages that earlier calls for a card have left behind."""

    chat: str
    external_id: str | None
    doubts: int
    before: list[str] = Field(description="messages of ours whose ids were known when the first such call began")
    since: list[str] = Field(description="and those that came to be known after that")
    heard: list[str] = Field(description="messages that people have written since, where they are numbered like ours")
    unknown: list[str] = Field(description="messages that the messenger has spoken of since, and no card knows")


class AskPace(Strict):
    """One call more to a messenger that is not about a card of ours to send."""

    channel: Channel


class AllowedPace(BaseModel):
    """Whether the messenger's pace leaves room for it now; if so, it is counted."""

    allowed: bool


class HoldLease(Strict):
    """An instance that does, or wants to do, what only one may do."""

    holder: Holder
    seconds: Lease


class HeldLease(BaseModel):
    """Whether it is the caller's now."""

    held: bool
