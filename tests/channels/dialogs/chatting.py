"""A person at a messenger: presses what is shown, writes, and looks at what the bot says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from express_bot.channels.core_door import HttpCoreDoor
from express_bot.channels.dialogs import Button, CoreDoor, Dialogs, Incoming, Person, View
from express_bot.channels.dialogs.view import MAX_TEXT, MAX_TOKEN
from tests.channels.dialogs.house import Card, InProcess
from tests.channels.dialogs.sent_files import SentHere

_events = count(1)


@dataclass
class Chat:
    """One person's chat with the bot."""

    core: InProcess
    user: Person
    at: datetime
    name: str = "chat-1"
    channel: str = "express"
    is_personal: bool = True
    moment: float = 60
    """After so long a press is acknowledged: never, where nobody waits for it."""
    presses: int = 0
    texts: int = 0
    seen: list[View] = field(default_factory=list)

    # --- what the person does

    def write(self, text: str, **other: Any) -> Chat:
        """Writes a message."""
        self.texts += 1
        kind = "command" if text.startswith("/") else "text"
        return self.happen(self.event(kind, text=text, **other))

    def press(self, label: str, *, card: Card | None = None) -> Chat:
        """Presses a button by the words on it."""
        self.presses += 1
        return self.send_token(str(self.button(label, card=card).token), card=card)

    def send_token(self, token: str, *, card: Card | None = None) -> Chat:
        """Presses whatever brings this token."""
        message = card or self.card
        return self.happen(self.event("press", token=token, message_id=message.external_id))

    def send(self, *files: SentHere, caption: str = "") -> Chat:
        """Sends files in one message, or one file that is as it should be."""
        return self.happen(self.event("file", text=caption, files=files or (SentHere(),)))

    def hello(self) -> Chat:
        """Opens the chat for the first time."""
        return self.happen(self.event("hello"))

    def wait(self, **span: float) -> Chat:
        """Lets time go by."""
        self.at += timedelta(**span)
        return self

    def event(self, kind: Any, **other: Any) -> Incoming:
        """An event that has not come before."""
        self.at += timedelta(seconds=3)
        return Incoming(
            channel=self.channel,
            chat=self.name,
            user=self.user,
            event_id=f"event-{next(_events)}",
            kind=kind,
            at=self.at,
            is_personal=self.is_personal,
            **other,
        )

    def happen(self, event: Incoming) -> Chat:
        """The bot handles an event; whatever it is, what it says keeps to the limits."""
        before = len(self.core.memory.done)
        asyncio.run(Dialogs(self.make_door(), lambda: self.at, moment=self.moment).handle(event))
        assert self.core.memory.done[before:] == [event.event_id]
        for card in self.cards:
            ensure_within_limits(View.from_json(card.wanted))
        return self

    def make_door(self) -> CoreDoor:
        return HttpCoreDoor(self.core)

    # --- what the person sees

    @property
    def cards(self) -> list[Card]:
        """The bot's messages, oldest first."""
        return self.core.memory.of(self.name)

    @property
    def state(self) -> dict[str, Any]:
        return dict(self.core.memory.dialogs[self.name]["state"])

    @property
    def card(self) -> Card:
        """The message with the present buttons."""
        return self.core.memory.cards[self.state["card"]]

    @property
    def view(self) -> View:
        return View.from_json(self.card.wanted)

    @property
    def text(self) -> str:
        return self.view.text

    @property
    def labels(self) -> list[list[str]]:
        return [[button.label for button in row] for row in self.view.rows]

    @property
    def flat(self) -> list[str]:
        return [label for row in self.labels for label in row]

    def button(self, label: str, *, card: Card | None = None) -> Button:
        """The button with these words, or beginning with them."""
        buttons = [button for row in View.from_json((card or self.card).wanted).rows for button in row]
        exact = [button for button in buttons if button.label == label and button.alert is None]
        found = exact or [button for button in buttons if button.label.startswith(label) and button.alert is None]
        assert found, f"no button «{label}» among {[button.label for button in buttons]}"
        return found[0]

    def in_(self, locale: str) -> Chat:
        self.user = replace(self.user, locale=locale)
        return self


def ensure_within_limits(view: View) -> None:
    """ux.md C1.4 and UX-206."""
    assert 0 < len(view.text) <= MAX_TEXT
    assert len(view.rows) <= 14
    for row in view.rows:
        assert 0 < len(row) <= 7
        for button in row:
            assert 0 < len(button.label) <= (4 if len(row) == 7 else 28), button
            assert len((button.token or "").encode()) <= MAX_TOKEN, button
            assert (button.token is None) != (button.link is None), button
