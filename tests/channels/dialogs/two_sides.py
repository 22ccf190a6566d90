"""One person at several messengers, on the real core: events through the inbox, cards through the senders' doors."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from flask import Flask

from express_bot.channels.core_door import HttpCoreDoor
from express_bot.channels.dialogs import Button, Dialogs, Incoming, Person, View
from express_bot.channels.dialogs.tokens import read
from tests.channels.dialogs.house import InProcess
from tests.core.messenger import Messenger

_events = count(1)


@dataclass
class Side:
    """A chat with the bot, as one messenger shows it. Who is there is asked for anew with each event."""

    app: Flask
    channel: str
    subject: str
    chat: str
    messages: dict[str, View] = field(default_factory=dict)
    """What stands in the chat, by the messenger's id of the message, oldest first."""
    peers: list[Side] = field(default_factory=list)

    @property
    def messenger(self) -> Messenger:
        return Messenger(self.app, self.channel, self.chat)

    def now(self) -> datetime:
        """The house's time, which drafts and periods go by."""
        moment: datetime = self.app.extensions["house"].clock.now()
        return moment

    def person(self) -> Person:
        return Person.of(self.messenger.meet(self.subject, chat=self.chat))

    # --- what the person does

    def write(self, text: str) -> Side:
        return self.happen(self.event("command" if text.startswith("/") else "text", text=text))

    def press(self, label: str, *, message: str | None = None) -> Side:
        message = message or self.last
        return self.happen(self.event("press", token=self.button(label, message).token, message_id=message))

    def event(self, kind: Any, **what: Any) -> Incoming:
        event_id = f"{self.channel}-event-{next(_events)}"
        assert self.messenger.tell(event_id, chat=self.chat).status_code == 201
        return Incoming(self.channel, self.chat, self.person(), event_id, kind, self.now(), **what)

    def handle(self, event: Incoming, core: InProcess | None = None) -> None:
        """The bot handles it; nothing is shown yet."""
        door = HttpCoreDoor(core or InProcess(self.app, None))
        asyncio.run(Dialogs(door, self.now).handle(event))

    def happen(self, event: Incoming) -> Side:
        """The bot handles an event, and all messengers show what they are owed."""
        self.handle(event)
        for side in (self, *self.peers):
            side.show()
        return self

    def show(self) -> None:
        """The messenger takes what waits for it."""
        while cards := self._claimed():
            for card in cards:
                message = card["external_id"] or f"{self.channel}-{card['id'][:8]}"
                self.messages[message] = View.from_json(card["view"])
                assert self.messenger.shown(card["id"], card["rev"], message).status_code == 204

    def _claimed(self) -> list[dict[str, Any]]:
        """As if a second had gone by: the pace of a messenger is tested elsewhere."""
        with self.app.extensions["house"].pool.connection() as db:
            db.execute("delete from chat_paces; delete from channel_paces")
        return self.messenger.claim_cards()

    # --- what the person sees

    @property
    def last(self) -> str:
        """The newest message that has buttons."""
        return [message for message, view in self.messages.items() if view.rows][-1]

    @property
    def text(self) -> str:
        return self.messages[self.last].text

    @property
    def labels(self) -> list[str]:
        return [button.label for row in self.messages[self.last].rows for button in row]

    def button(self, label: str, message: str) -> Button:
        buttons = [button for row in self.messages[message].rows for button in row if button.alert is None]
        found = [button for button in buttons if button.label.startswith(label)]
        assert found, f"no button «{label}» among {[button.label for button in buttons]}"
        return found[0]

    @property
    def asking(self) -> list[str]:
        """Messages with buttons of a question."""
        return [message for message, view in self.messages.items() if is_question(view)]


def is_question(view: View) -> bool:
    verbs = {token.verb for row in view.rows for button in row if (token := read(button.token))}
    return "cancel" in verbs


def together(*sides: Side) -> None:
    """What one of them does, the others show too."""
    for side in sides:
        side.peers = [other for other in sides if other is not side]
