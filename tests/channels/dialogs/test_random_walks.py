"""Whoever presses and writes whatever, the conversation holds: an answer, a way out, few messages, small tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from express_bot.channels.dialogs import Person
from express_bot.channels.dialogs.acts import ACTS
from express_bot.channels.dialogs.screens import SCREENS
from express_bot.channels.dialogs.tokens import read
from express_bot.channels.dialogs.words import meaning
from express_bot.core.db.session import Connection
from express_bot.core.demo.people import crew
from express_bot.core.users import repository as users
from tests.channels.dialogs.chatting import Chat
from tests.channels.dialogs.house import InProcess, Memory
from tests.conftest import NOW

WORDS = [
    "Сочи", "сочи", "влад", "Египет", "у", "15 января", "15.01", "15", "31.02", "1 января", "назад", "отмена", "меню",
    "помощь", "/start", "/заявка", "/мои", "/правила", "/профиль", "/отмена", "/язык", "/nonsense", "отправить",
    "продолжить", "пропустить", "да", "нет", "МСК", "ОКЭ 1", "БП", "123456", "12345", "Лебедев Илья", "2",
    "С места работы",
    "По электронной почте", "anna@example.ru", "утренний вылет", "<embed_mention>all:</embed_mention>", "@{mention:1}",
    "**x**", "😀" * 50, "ы" * 5000, "", " ", "\u202e\u0000", "v1.00000000.0.go:aer",
]  # fmt: skip

step = st.one_of(
    *[st.tuples(st.just("forward"), st.integers(0, 30))] * 4,
    *[st.tuples(st.just("press"), st.integers(0, 30))] * 2,
    st.tuples(st.just("old"), st.integers(0, 200)),
    st.tuples(st.just("write"), st.sampled_from(WORDS)),
    st.tuples(st.just("wait"), st.sampled_from([1, 70, 60 * 24 * 15])),
    st.tuples(st.just("app"), st.sampled_from(["vvo", "khv", None])),
    st.tuples(st.just("hello"), st.none()),
    st.tuples(st.just("file"), st.none()),
)
_people = count(1)


def newcomer(db: Connection, *, is_known: bool) -> Person:
    """Somebody who has never been here, with or without a profile."""
    number = f"{next(_people):06}"
    name = "Пробный Пётр Петрович"
    profile = crew(name, number, "msk", "msk-oke-1", "bp") if is_known else {}
    person = users.insert(db, full_name=name, profile=profile, user_id=uuid4())
    users.grant(db, person, "employee")
    return Person(str(person), name)


class Walk:
    """One person's walk, and what is counted on the way."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.tokens: list[str] = []
        self.moves = 0
        self.messages = 0
        self.has_waited = False
        self.pressed: str | None = None
        self.log: list[Any] = []

    def make(self, kind: str, what: Any) -> None:
        """One step, and everything that must hold after it."""
        chat, before = self.chat, self.chat.state if self.chat.name in self.chat.core.memory.dialogs else {}
        if kind == "wait":
            chat.wait(minutes=what)
            self.has_waited = what > 60
            return
        if kind == "app":
            self.save_in_app(what)
            return
        if kind in ("forward", "press", "old") and not before:
            return
        self.pressed = None
        ways = {"forward": self.go_on, "press": self.press, "old": self.press_old, "write": self.write}
        ways.get(kind, self.happen)(kind if what is None else what)
        self.log.append((kind, what, chat.state["screen"], chat.state["card"][:4], chat.state["moves"]))
        self.look(kind, what, before)

    def press(self, place: Any) -> None:
        buttons = [button for row in self.chat.view.rows for button in row if button.token]
        if buttons and isinstance(place, int):
            token = str(buttons[place % len(buttons)].token)
            self.send(token)

    def go_on(self, place: Any) -> None:
        """What leads on: the main button, or else an answer."""
        buttons = [button for row in self.chat.view.rows for button in row if button.token and button.alert is None]
        main = [str(button.token) for button in buttons if button.accent]
        answers = [
            str(button.token) for button in buttons if ".go:" in str(button.token) or ".chip:" in str(button.token)
        ]
        ways = answers + main if place % 2 else main or answers
        self.send(ways[place % len(ways)]) if ways else self.press(place)

    def send(self, token: str) -> None:
        self.pressed = token
        self.tokens.append(token)
        self.chat.send_token(token)

    def press_old(self, place: Any) -> None:
        if self.tokens and isinstance(place, int):
            self.send(self.tokens[place % len(self.tokens)])

    def write(self, text: Any) -> None:
        self.chat.write(str(text))

    def happen(self, kind: Any) -> None:
        self.chat.happen(self.chat.event(kind))

    def save_in_app(self, direction: str | None) -> None:
        """The web app changes the same draft, or throws it away."""
        client = self.chat.core.app.test_client()
        headers = {"Authorization": f"Bearer {self.browser_token()}"}
        if direction is None:
            client.delete("/api/smartapp/draft?form=flight", headers=headers)
            return
        draft = client.get("/api/smartapp/draft?form=flight", headers=headers).json["draft"]
        body = {
            "form": "flight", "answers": {"direction": direction}, "changed": ["direction"],
            "base_version": draft and draft["version"], "client_key": draft["client_key"] if draft else str(uuid4()),
        }  # fmt: skip
        assert client.put("/api/smartapp/draft", json=body, headers=headers).status_code == 200

    def browser_token(self) -> str:
        from tests.core.proofs import service_token

        return service_token(act=self.chat.user.id, channel="browser")

    def look(self, kind: str, what: Any, before: dict[str, Any]) -> None:
        chat = self.chat
        if chat.name not in chat.core.memory.dialogs:
            return
        after = chat.state
        if chat.view.rows == () and after != before:
            raise AssertionError(f"no way out of {chat.text}")
        assert any(button.token and not button.token.endswith(".-") for row in chat.view.rows for button in row)
        self.count_messages(kind, what, before, after)

    def count_messages(self, kind: str, what: Any, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Once per application the wizard may go on in a new message, unless the person asks for one."""
        is_asked = kind == "hello" or (kind == "write" and (what.startswith("/") or meaning(what) in ("menu", "start")))
        is_fresh = bool(after["flow"]) and after["flow"]["version"] is None and self.has_begun(before)
        if is_asked or is_fresh or after["screen"]["name"] == "sent" or self.has_waited:
            self.moves = 0
        elif SCREENS[before["screen"]["name"]].in_flow and after["card"] != before["card"]:
            self.moves += kind != "old" or len(self.chat.cards) > self.messages
        self.has_waited, self.messages = False, len(self.chat.cards)
        assert self.moves <= 1, self.log

    def has_begun(self, before: dict[str, Any]) -> bool:
        """Questions begin anew: none were asked before, or an act of some card asked for them."""
        token = read(self.pressed)
        return not before["flow"] or (token is not None and token.verb in (*ACTS, "restart"))


@pytest.fixture
def walkers(app: Flask, db: Connection) -> Callable[[bool], Walk]:
    core = InProcess(app, Memory())
    names = count(1)

    def start(is_known: bool) -> Walk:
        return Walk(Chat(core, newcomer(db, is_known=is_known), NOW + timedelta(minutes=1), name=f"chat-{next(names)}"))

    return start


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(is_known=st.sampled_from([True, True, False]), steps=st.lists(step, min_size=5, max_size=40))
def test_any_walk_ends_with_a_way_out(walkers: Callable[[bool], Walk], is_known: bool, steps: list[Any]) -> None:
    walk = walkers(is_known)
    walk.make("hello", None)
    for kind, what in steps:
        walk.make(kind, what)
