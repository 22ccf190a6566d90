"""People of a stack in Telegram: they write and press, and look at what the bot says in the end."""

from __future__ import annotations

import re
from typing import Any

from tests.stack.chats import OWED, WAITING
from tests.stack.house import Stack
from tests.stack.people import NewPerson
from tests.telegram_double import Member
from tests.telegram_double.people import keyboard


class Phone:
    """One person's Telegram. Each act returns when the bot has nothing more to say."""

    def __init__(self, stack: Stack, name: str = "Анна", *, person: NewPerson | None = None) -> None:
        assert stack.telegram is not None, "started without it"
        self.stack = stack
        self.member = Member(stack.telegram, name)
        self.place = self.member.chat
        self.person = person
        if person is not None:
            stack.introduce(person, str(self.member.id), provider="telegram")

    @classmethod
    def of_employee(cls, stack: Stack) -> Phone:
        """Of somebody with a complete profile who is linked."""
        (person,) = stack.new_people(1)
        return cls(stack, person=person)

    # ── what hands do ──

    def start(self, payload: str = "") -> Phone:
        """Opens the bot, by a link or by its name."""
        return self.write(f"/start {payload}".strip())

    def write(self, text: str) -> Phone:
        before = self._seen()
        self.member.write(text, chat=self.place)
        return self._after(before)

    def send_file(self, caption: str = "", **what: Any) -> Phone:
        before = self._seen()
        self.member.send_file(caption, **what)
        return self._after(before)

    def send_photo(self, content: bytes) -> Phone:
        before = self._seen()
        self.member.send_photo(content)
        return self._after(before)

    def press_again(self, label: str, message: dict[str, Any]) -> str:
        """A press of a button as it was once shown; the press's id."""
        return self.member.press(label, message)

    def press(self, label: str) -> Phone:
        before = self._seen()
        self.member.press(label)
        return self._after(before)

    # ── what eyes see ──

    @property
    def last(self) -> dict[str, Any]:
        """The bot's newest message here."""
        said = [message for message in self.place.messages if message["from"]["is_bot"]]
        return said[-1] if said else {"text": ""}

    @property
    def text(self) -> str:
        """What it says."""
        return str(self.last["text"])

    @property
    def keyboard(self) -> list[list[dict[str, Any]]]:
        """Its buttons."""
        return keyboard(self.last)

    def button(self, label: str) -> dict[str, Any]:
        """One of them."""
        return self.member.button(label, self.last)

    def hears(self, words: str | re.Pattern[str]) -> Phone:
        """The bot's newest message says so."""
        assert re.search(re.escape(words) if isinstance(words, str) else words, self.text), self.text
        return self

    def filed(self) -> list[dict[str, Any]]:
        """The person's applications for the open month, as the database has them."""
        return self.stack.sql(
            "select a.number, a.applicant_id, a.status, a.channel, a.answers ->> 'direction' as direction,"
            " a.answers ->> 'date' as day, a.answers ->> 'wishes' as wishes from applications a"
            " join identities i on i.user_id = a.applicant_id"
            " where i.provider = 'telegram' and i.subject = %s order by a.id",
            (str(self.member.id),),
        )

    def address(self) -> dict[str, Any]:
        """Whether the person's chat takes messages."""
        (found,) = self.stack.sql(
            "select chat, stopped_at, stop_reason from identities where provider = 'telegram' and subject = %s",
            (str(self.member.id),),
        )
        return dict(found)

    def drafted(self) -> dict[str, Any] | None:
        """The answers of the person's draft."""
        found = self.stack.sql(
            "select d.answers from drafts d join identities i on i.user_id = d.user_id"
            " where i.provider = 'telegram' and i.subject = %s",
            (str(self.member.id),),
        )
        return dict(found[0]["answers"]) if found else None

    def settle(self) -> None:
        """Until nothing waits and everything wanted is shown."""
        self.stack.wait_until(lambda: self.stack.count(WAITING) == 0 and self.stack.count(OWED) == 0, 20)

    def _seen(self) -> list[Any]:
        return [
            (message["message_id"], message["text"], message.get("reply_markup"))
            for message in self.place.messages
            if message["from"]["is_bot"]
        ]

    def _after(self, before: list[Any]) -> Phone:
        self.stack.wait_until(lambda: self._seen() != before, 20, f"the bot is silent after {before[-1:]}")
        self.settle()
        return self
