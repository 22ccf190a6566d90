"""People who file from the chat, and the app that files over the bridge; neither gives up."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Any

from tests.faults.filing import PATIENCE, Intent, Wishes
from tests.faults.phones import Desk, Message, Phones
from tests.faults.server import Event, Member, Server

FILED = re.compile(r"Заявка №\s(\S+)\sотправлена")
#: A phone shows what the messenger has taken after so long.
LOOK_AFTER = 0.1
#: Now and then somebody looks for something else in between, and does not wait for one answer to ask the next.
ASIDE, COMMANDS = 0.1, ("/мои", "/правила", "/помощь", "/профиль")
IN_A_ROW = 4
#: The app waits so long for an answer and then asks again with the same key.
APP_SECONDS = 45
#: Of all the events, so many are calls of the app.
APP_SHARE = 0.2


class Budget:
    """How many events there will be; the app's share keeps step with the rest."""

    def __init__(self, total: int) -> None:
        self.total, self._turn = total, Condition()
        self.said = self.asked = 0

    def take_said(self) -> bool:
        """One for a chat; false when none are left."""
        with self._turn:
            if self.is_over:
                return False
            self.said += 1
            self._turn.notify_all()
            return True

    def take_asked(self) -> bool:
        """One for the app, when it is its turn."""
        with self._turn:
            self._turn.wait_for(lambda: self.is_over or self.asked < APP_SHARE * (self.said + self.asked + 1))
            if self.is_over:
                return False
            self.asked += 1
            self._turn.notify_all()
            return True

    @property
    def is_over(self) -> bool:
        return self.said + self.asked >= self.total


@dataclass
class Filed:
    """What people know they have filed, and what they have seen."""

    numbers: dict[str, str] = field(default_factory=dict)
    """By the intent's mark."""
    wanted: list[Intent] = field(default_factory=list)
    """Everything anybody began to ask for."""
    refused: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    """Events that nobody reacted to for a long time, and calls of the app without an answer."""
    unawaited: list[str] = field(default_factory=list)
    """Chats, once for each event after which the next one came without waiting."""
    contradicted: int = 0
    """One intent that was told two numbers."""
    doors: Counter[str] = field(default_factory=Counter)
    """How many of them by which way."""
    waits: list[float] = field(default_factory=list)

    def told(self, intent: Intent, number: str, *, door: str) -> None:
        """Somebody was told the number of what was asked for."""
        if self.numbers.setdefault(intent.mark, number) != number:
            self.contradicted += 1
        self.doors[door] += 1


class Walker(Thread):
    """One person in the chat: the next move is made when the bot has answered the one before."""

    def __init__(
        self, member: Member, server: Server, phones: Phones, desk: Desk, intents: Iterator[Intent], filed: Filed
    ) -> None:
        super().__init__(daemon=True)
        self._member, self._server, self._phones, self._desk = member, server, phones, desk
        self._intents, self._filed = intents, filed
        self._intent = self._next_intent()
        self.budget: Budget | None = None

    def run(self) -> None:
        assert self.budget is not None
        while self.budget.take_said():
            if random.random() < ASIDE:
                self._look_aside(self.budget)
            else:
                self._move(self._next())

    def _look_aside(self, budget: Budget) -> None:
        """Several commands right after one another, of which only the last is waited for."""
        for _ in range(IN_A_ROW - 1):
            if budget.take_said():
                self._server.tell(self._server.said(self._member, random.choice(COMMANDS)))
                self._filed.unawaited.append(self._member.chat)
        self._move(self._server.said(self._member, random.choice(COMMANDS)))

    def _move(self, event: Event) -> None:
        self._server.tell(event)
        began = time.monotonic()
        if not self._desk.settled(self._member.chat, PATIENCE):
            self._filed.unanswered.append(event.sync_id)
        self._filed.waits.append(time.monotonic() - began)
        time.sleep(LOOK_AFTER)
        message = self._phones.last(self._member.chat)
        if message and (found := FILED.search(message["body"])):
            self._see_filed(found[1])

    def _see_filed(self, number: str) -> None:
        if number not in self._filed.numbers.values():
            self._filed.told(self._intent, number, door="in the chat")
            self._intent = self._next_intent()

    def _next_intent(self) -> Intent:
        intent = next(self._intents)
        self._filed.wanted.append(intent)
        return intent

    def _next(self) -> Event:
        """What a person does who sees this."""
        message = self._phones.last(self._member.chat)
        if message is None:
            return self._server.said(self._member, "/start")
        choices = choices_of(message)
        choice = self._choice(message, choices)
        if choice is not None:
            return self._server.pressed(self._member, message, choices[choice])
        is_question = "cancel" in choices and "send" not in choices
        return self._server.said(self._member, self._intent.mark if is_question else "/меню")

    def _choice(self, message: Message, choices: dict[str, Any]) -> str | None:
        form = self._intent.form
        if "send" in choices:
            more = next((choice for choice in choices if choice in ("fix:wishes", "fix:comment")), None)
            return "send" if more is None or self._intent.mark in message["body"] else more
        known = (f"on:{form}", f"new:{form}", "go:office", "go")
        answers = [choice for choice in choices if choice.startswith("go:")]
        return next((choice for choice in known if choice in choices), random.choice(answers) if answers else None)


def choices_of(message: Message) -> dict[str, Any]:
    """The buttons of a message by what they choose: the last part of ``v1.<card>.<revision>.<choice>``."""
    buttons = [button for row in message["bubble"] for button in row if "token" in button.get("data", {})]
    return {button["data"]["token"].split(".", 3)[3]: button for button in buttons}


class App(Thread):
    """One phone with the app open: certificates over the bridge, each asked for until it is answered."""

    def __init__(self, member: Member, server: Server, phones: Phones, wishes: Wishes, filed: Filed) -> None:
        super().__init__(daemon=True)
        self._member, self._server, self._phones, self._wishes, self._filed = member, server, phones, wishes, filed
        self.budget: Budget | None = None

    def run(self) -> None:
        assert self.budget is not None
        while self.budget.take_asked():
            intent = self._wishes.certificate(self._member.person)
            self._filed.wanted.append(intent)
            while self._is_undecided(intent) and self.budget.take_asked():
                pass

    def _is_undecided(self, intent: Intent) -> bool:
        """Asks once; whether the same has to be asked again."""
        event = self._server.asked(self._member, "submit", {"client_key": intent.key, "body": intent.body})
        self._server.tell(event)
        answers = self._phones.answer(event.sync_id, APP_SECONDS)
        if not answers:
            self._filed.unanswered.append(event.sync_id)
            return True
        if answers[0]["status"] == "ok":
            self._filed.told(intent, answers[0]["result"]["body"]["number"], door="over the bridge")
            return False
        problem = answers[0]["errors"][0]
        with suppress(KeyError):
            if problem["meta"]["status"] >= 500:
                return True
        self._filed.refused.append(f"{problem['id']}: {problem['reason']}")
        return False
