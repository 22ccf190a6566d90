"""People at the local messenger of a stack: they write and press, and look at what the bot says in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.emulator.listening import Listener
from tests.emulator.serving import BOT_ID, Emulator
from tests.stack.house import Stack

WAITING = "inbox where state = 'waiting' and kind <> 'callback'"
OWED = "cards where shown_rev < wanted_rev and failed_at is null"

Message = dict[str, Any]


@dataclass
class Chats:
    """Each person of the demo has one chat with the bot."""

    stack: Stack

    @property
    def emulator(self) -> Emulator:
        return self.stack.messenger

    def said(self, persona: str = "employee") -> list[Message]:
        """What the bot has said in a person's chat, oldest first."""
        return [message for message in self.emulator.messages(persona) if message["author"] == BOT_ID]

    def wait(self, condition: Any, timeout: float = 15) -> Any:
        return self.stack.wait_until(condition, timeout)

    def open(self, persona: str = "employee") -> Message:
        """Opens the chat; returns the bot's greeting."""
        self.emulator.do("chat/open", persona)
        self.wait(lambda: self.said(persona))
        return self.settled(persona)

    def text(self, words: str, persona: str = "employee") -> Message:
        """Types; returns what the bot says in the end."""
        before = seen(self.said(persona))
        self.emulator.do("chat/text", persona, text=words)
        self.wait(lambda: seen(self.said(persona)) != before)
        return self.settled(persona)

    def press(self, label: str, persona: str = "employee") -> Message:
        """Presses the button with this label under the bot's last message; returns what the bot made of it."""
        message = self.said(persona)[-1]
        found = place(message, label)
        assert found, (label, labels(message), message["body"])
        before = seen(self.said(persona))
        self.emulator.do("chat/press", persona, message=message["id"], row=found[0], column=found[1])
        self.wait(lambda: seen(self.said(persona)) != before)
        return self.settled(persona)

    def send_file(self, content: bytes, name: str, persona: str = "employee", **query: Any) -> Message:
        """Sends a file; returns what the bot says in the end."""
        before = seen(self.said(persona))
        self.emulator.send_file(content, persona, name=name, **query)
        self.wait(lambda: seen(self.said(persona)) != before)
        return self.settled(persona)

    def settled(self, persona: str = "employee", timeout: float = 15) -> Message:
        """The bot's last message once nothing waits and everything wanted is shown."""
        self.wait(lambda: self.stack.count(WAITING) == 0 and self.stack.count(OWED) == 0, timeout)
        return self.said(persona)[-1] if self.said(persona) else {}

    def call(
        self, method: str, persona: str = "employee", *, sync: bool = False, files: Any = (), **params: Any
    ) -> dict[str, Any]:
        """A call of the app over the bridge, with what the host has uploaded for it; the data of its answer."""
        ref = str(uuid4())
        event = {"ref": ref, "type": "smartapp_rpc", "method": method, "handler": "botx", "payload": params}
        event |= {"files": list(files)} if files else {}
        with Listener(self.emulator) as listener:
            self.emulator.do("app/event", persona, event=event | {"sync_request": sync})
            answer = listener.until(lambda it: it["kind"] == "answer" and it["ref"] == ref)
        return dict(answer["data"])


def seen(messages: list[Message]) -> list[tuple[str, str, str]]:
    """What a person would notice of messages."""
    return [(message["id"], message["body"], str(message["bubble"])) for message in messages]


def labels(message: Message) -> list[str]:
    """The buttons of a message."""
    return [button["label"] for row in message["bubble"] for button in row]


def place(message: Message, label: str) -> tuple[int, int] | None:
    """Where a button stands."""
    for row, buttons in enumerate(message["bubble"]):
        for column, button in enumerate(buttons):
            if button["label"] == label:
                return row, column
    return None
