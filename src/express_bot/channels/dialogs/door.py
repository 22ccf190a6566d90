"""The operations of the core that a conversation needs, and nothing else of the core.

``channels/core_door.py`` is the real one over HTTP. Every operation may raise ``CoreError`` with the core's problem
document in the language of ``Acting``, and ``CoreGone`` when nobody answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeAlias

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Acting:
    """For whom the core is asked, by which channel, and in which language it answers."""

    user_id: str
    channel: str
    locale: str


@dataclass(frozen=True)
class CardState:
    """How far one message of the bot has come."""

    id: str
    external_id: str | None
    wanted_rev: int = 1
    shown_rev: int = 0
    view: Json | None = None
    """What it says, where that was asked for."""


@dataclass(frozen=True)
class OtherDialog:
    """Where another conversation of the same person stands."""

    channel: str
    chat: str
    state: Json
    version: int
    at: datetime


@dataclass(frozen=True)
class StepBeside:
    """What a step leaves behind in another chat of the same person: its next state, and what its messages say."""

    other: OtherDialog
    state: Json
    cards: Sequence[tuple[str, Mapping[str, Any]]]


@dataclass(frozen=True)
class Dialog:
    """Where a conversation stands."""

    user_id: str | None = None
    state: Json = field(default_factory=dict)
    version: int = 0
    at: datetime | None = None
    """When the last step happened."""
    cards: tuple[CardState, ...] = ()
    """Newest first."""
    others: tuple[OtherDialog, ...] = ()
    """Of the same person, where that was asked for."""


class CoreDoor(Protocol):
    """What a conversation asks of the core. Shapes of the answers: ``contracts``."""

    async def info(self, who: Acting) -> Json:
        """``contracts.info.Info``."""
        ...

    async def form(self, who: Acting, form: str) -> Json:
        """``contracts.periods.FormAnswer``."""
        ...

    async def periods(self, who: Acting, form: str) -> Json:
        """``contracts.periods.PeriodList``."""
        ...

    async def read_draft(self, who: Acting, form: str) -> Json | None:
        """``contracts.applications.Draft``, if there is one."""
        ...

    async def save_draft(self, who: Acting, draft: Json) -> Json:
        """``SaveDraft`` → ``DraftAnswer``."""
        ...

    async def delete_draft(self, who: Acting, form: str) -> None: ...

    async def submit(self, who: Acting, body: Json, *, key: str) -> Json:
        """``SubmitApplication`` → ``Application``."""
        ...

    async def applications(
        self, who: Acting, *, form: str | None = None, limit: int = 20, cursor: str | None = None
    ) -> Json:
        """``CardPage``."""
        ...

    async def application(self, who: Acting, number: str) -> Json:
        """``Application``."""
        ...

    async def edit(self, who: Acting, number: str, body: Json, *, key: str) -> Json:
        """``EditApplication`` → ``Application``."""
        ...

    async def withdraw(self, who: Acting, number: str, body: Json, *, key: str) -> Json:
        """``WithdrawApplication`` → ``Application``."""
        ...

    async def restore(self, who: Acting, number: str, *, key: str) -> Json:
        """Undoes a withdrawal; ``Application``."""
        ...

    async def answer(self, who: Acting, number: str, body: Json, *, key: str) -> Json:
        """``AnswerQuestion`` → ``Application``."""
        ...

    async def take_place(self, who: Acting, number: str, body: Json, *, key: str) -> Json:
        """``AnswerOffer`` → ``Application``."""
        ...

    async def decline_offer(self, who: Acting, number: str, body: Json, *, key: str) -> Json:
        """``AnswerOffer`` → ``Application``."""
        ...

    async def ask_desk(self, who: Acting, number: str, body: Json, *, key: str) -> Json:
        """``AskDesk`` → ``Application``."""
        ...

    async def mark_seen(self, who: Acting, number: str) -> None:
        """The owner has read the decision."""
        ...

    async def profile(self, who: Acting) -> Json:
        """``contracts.users.Profile``."""
        ...

    async def change_profile(self, who: Acting, body: Json) -> Json:
        """``PatchProfile`` → ``Profile``."""
        ...

    async def reminder(self, who: Acting, period: int) -> Json:
        """``contracts.notifications.ReminderChoice``."""
        ...

    async def choose_reminder(self, who: Acting, period: int, choice: str) -> Json:
        """``PutReminderChoice`` → ``ReminderChoice``."""
        ...

    async def links(self, who: Acting) -> Json:
        """``contracts.links.LinkList``."""
        ...

    async def link_code(self, who: Acting, *, key: str) -> Json:
        """A fresh ``contracts.links.LinkCode``."""
        ...

    async def redeem(self, who: Acting, code: str, *, key: str) -> Json:
        """Enters a code of the other side; ``contracts.links.Linked``."""
        ...

    async def unlink(self, who: Acting, messenger: str) -> Json:
        """Disconnects a messenger; ``LinkList``."""
        ...

    async def statistics(self, who: Acting, form: str) -> Json:
        """``contracts.statistics.OwnStatistics``."""
        ...

    async def delete_file(self, who: Acting, file: str, *, key: str) -> None:
        """A file that nothing refers to goes."""
        ...

    async def get_dialog(self, channel: str, chat: str, *, user: str | None = None) -> Dialog:
        """Where the conversation of this chat stands; version 0 when there is none. ``user``: and their other ones."""
        ...

    async def put_dialog(
        self,
        channel: str,
        chat: str,
        *,
        user_id: str,
        version: int,
        state: Json,
        cards: Sequence[tuple[str, Mapping[str, Any]]],
        event_id: str | None,
        at: datetime,
        elsewhere: Sequence[StepBeside] = (),
    ) -> int:
        """One step in one transaction: state, wanted cards ``(id, view)``, event done. Returns the new version.

        Raises ``CoreError`` with code ``version_conflict`` when somebody else made a step meanwhile, here or in one of
        the chats ``elsewhere``.
        """
        ...

    async def card_by_external(self, channel: str, external_id: str) -> CardState | None:
        """The card behind a messenger's message id, with its view."""
        ...

    async def mark_event_done(self, channel: str, event_id: str) -> None:
        """The event needs no step."""
        ...
