"""People of a stack in Telegram: they write and press, and look at what the bot says in the end."""

from __future__ import annotations

import re
from typing import Any

from tests.stack.chats import OWED, WAITING
from tests.stack.house import Stack
from tests.stack.people import NewPerson
from tests.telegram_double import Member, labels


class Phone:
    """One person's Telegram. Each act returns when the bot has nothing more to say."""

    def __init__(self, stack: Stack, name: str = "Анна", *, person: NewPerson | None = None) -> None:
        assert stack.telegram is not None, "started without it"
        self.stack = stack
        self.member = Member(stack.telegram, name)
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
        self.member.write(text)
        return self._after(before)

    def press(self, label: str) -> Phone:
        before = self._seen()
        self.member.press(label)
        return self._after(before)

    # ── what eyes see ──

    @property
    def text(self) -> str:
        """The bot's newest message."""
        return str(self.member.last["text"])

    @property
    def labels(self) -> list[str]:
        """Its buttons."""
        return labels(self.member.last)

    def hears(self, words: str | re.Pattern[str]) -> Phone:
        """The bot's newest message says so."""
        assert re.search(re.escape(words) if isinstance(words, str) else words, self.text), self.text
        return self

    def filed(self) -> list[dict[str, Any]]:
        """The person's applications for the open month, as the database has them."""
        return self.stack.sql(
            "select a.number, a.status, a.channel, a.answers ->> 'direction' as direction,"
            " a.answers ->> 'date' as day, a.answers ->> 'wishes' as wishes from applications a"
            " join identities i on i.user_id = a.applicant_id"
            " where i.provider = 'telegram' and i.subject = %s order by a.id",
            (str(self.member.id),),
        )

    def settle(self) -> None:
        """Until nothing waits and everything wanted is shown."""
        self.stack.wait_until(lambda: self.stack.count(WAITING) == 0 and self.stack.count(OWED) == 0, 20)

    def _seen(self) -> list[Any]:
        return [(message["message_id"], message["text"], message.get("reply_markup")) for message in self.member.said]

    def _after(self, before: list[Any]) -> Phone:
        self.stack.wait_until(lambda: self._seen() != before, 20, f"the bot is silent after {before[-1:]}")
        self.settle()
        return self
