"""One event on its way through the conversation: what it found, what it decided, what it will put into the core."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, TypeVar
from uuid import UUID, uuid5

from express_bot.channels.dialogs.door import Acting, CoreDoor, Dialog, StepBeside
from express_bot.channels.dialogs.facts import Facts
from express_bot.channels.dialogs.incoming import Incoming, Person
from express_bot.channels.dialogs.keyboard import Pen
from express_bot.channels.dialogs.state import Screen, State
from express_bot.channels.dialogs.view import View
from express_bot.channels.dialogs.words import say
from express_bot.core_client import CoreError
from express_bot.domain.locales import supported

#: Names every id that an event gives rise to, so that its repetition gives rise to the same ones.
HOUSE = UUID("5d0c0f9e-7a3b-5b0e-9a54-0c1d2e3f4a5b")
T = TypeVar("T")


class Elsewhere(Exception):
    """The conversation cannot go on here; it does at another screen."""

    def __init__(self, screen: str, notice: str | None = None, **data: Any) -> None:
        super().__init__(screen)
        self.screen, self.notice, self.data = screen, notice, data


class Refused(Exception):
    """The core did not take an answer; ``message`` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Turn:
    """The circumstances and the outcome of one event."""

    def __init__(self, core: CoreDoor, incoming: Incoming, dialog: Dialog, state: State) -> None:
        self.core = core
        self.incoming = incoming
        self.dialog = dialog
        self.state = state
        self.locale = state.language_for(supported(incoming.user.locale), incoming.at)
        self.facts = Facts(core, lambda: self.who)
        self.notices: list[str] = []
        self.place: Literal["pressed", "below", "next", "stale", "notice"] = "next"
        """Where the answer stands: on the pressed card, in a new message, wherever is best after words, or below a
        message that the bot had sent by itself."""
        self.pressed: str | None = None
        """The card whose button was pressed."""
        self.pressed_notice: View | None = None
        """What the pressed message says, if the bot had sent it by itself."""
        self.stamped: View | None = None
        """What that message says from now on."""
        self.is_answered_there = False
        """That is the whole answer: the conversation stays where it is."""
        self.quiet = False
        """Nothing is to be said."""
        self.sheet: Any = None
        self.version = dialog.version
        self.others = dialog.others
        """Where the person's other conversations stand."""
        self.left_behind: Sequence[StepBeside] = ()
        """What this event writes there."""
        self.changed: str | None = None
        """The number of the application that this event has changed."""
        self.linked: str | None = None
        """The messenger that this event has joined to the person."""

    @property
    def who(self) -> Acting:
        """For whom the core is asked."""
        return Acting(self.incoming.user.id, self.incoming.channel, self.locale)

    @property
    def at(self) -> datetime:
        return self.incoming.at

    @property
    def screen(self) -> Screen:
        """Where the conversation stands; at the menu when nowhere."""
        return self.state.screen or Screen("menu")

    def say(self, key: str, **figures: Any) -> str:
        """A sentence in the person's language."""
        return say(key, self.locale, **figures)

    def notice(self, key: str, **figures: Any) -> None:
        """A sentence above what comes next."""
        self.tell(self.say(key, **figures))

    def tell(self, sentence: str) -> None:
        """The same in words that are there already; said twice, it stands once."""
        if sentence and sentence not in self.notices:
            self.notices.append(sentence)

    def go(self, name: str, **data: Any) -> None:
        """The conversation stands here now."""
        self.state.screen = Screen(name, {key: value for key, value in data.items() if value is not None})

    def leave_flow(self) -> None:
        """Nothing is being filled in any more; what was typed is kept where it belongs."""
        flow = self.state.flow
        if flow is not None and flow.kind == "edit" and flow.answers:
            self.state.keep_edits(flow)
        self.state.flow = None
        self.sheet = None

    def become(self, person: Person) -> None:
        """A guest has entered a code: from here on everything is done for this person."""
        self.incoming = replace(self.incoming, user=person)
        self.locale = supported(person.locale)
        self.facts.forget()

    def id_for(self, what: str) -> str:
        """An id that belongs to this event; its repetition makes the same one."""
        return str(uuid5(HOUSE, f"{self.incoming.channel}/{self.incoming.event_id}/{what}"))

    def key(self) -> str:
        """The idempotency key of the one change this event may make."""
        told = f"{self.incoming.channel}/{self.incoming.event_id}".encode()
        return f"{self.incoming.channel}-{hashlib.sha256(told).hexdigest()[:32]}"

    def pen(self, card: str) -> Pen:
        """Writes the buttons of the next view of a card."""
        return Pen(card, self.state.rev, self.locale)

    async def patiently(self, call: Coroutine[Any, Any, T], *, after: float, words: str) -> T:
        """Waits for the core; if that takes longer than ``after``, the present card says these words meanwhile."""
        task = asyncio.ensure_future(call)
        try:
            done, _ = await asyncio.wait({task}, timeout=after)
            if not done:
                await self._say_meanwhile(words)
            return await task
        finally:
            task.cancel()

    async def _say_meanwhile(self, words: str) -> None:
        """The state stays as it was and the event is not done: after a kill it comes again and is understood."""
        card = self.state.card
        if card is None:
            return
        with suppress(CoreError):
            self.version = await self.put([(card, View(self.say(words)))], event_id=None)

    async def put(self, cards: list[tuple[str, View]], *, event_id: str | None) -> int:
        """Writes the step down."""
        return await self.core.put_dialog(
            self.incoming.channel,
            self.incoming.chat,
            user_id=self.incoming.user.id,
            version=self.version,
            state=self.state.dump() if event_id else self.dialog.state,
            cards=[(card, view.to_json()) for card, view in cards],
            event_id=event_id,
            at=self.at,
            elsewhere=self.left_behind if event_id else (),
        )
