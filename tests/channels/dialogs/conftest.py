"""A core with the demo's people, and a chat for each of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from express_bot.channels.dialogs import Person
from express_bot.core.db.session import Connection
from express_bot.core.demo.people import PERSONAS
from tests.channels.dialogs.chatting import Chat
from tests.channels.dialogs.house import InProcess, Memory
from tests.conftest import NOW


@pytest.fixture
def core(app: Flask) -> InProcess:
    return InProcess(app, Memory())


@pytest.fixture
def person(db: Connection) -> Callable[[str], Person]:
    """A person of the demo, as the messenger's adapter knows them."""

    def find(persona: str) -> Person:
        row = db.execute(
            "select u.* from users u join identities i on i.user_id = u.id"
            " where i.provider = 'demo' and i.subject = %s",
            (PERSONAS[persona],),
        ).fetchone()
        assert row is not None
        return Person(str(row["id"]), row["full_name"], row["locale"])

    return find


@pytest.fixture
def chat(core: InProcess, person: Callable[[str], Person]) -> Callable[..., Chat]:
    """``chat("employee")``: that person's chat with the bot, at the moment of the tests."""

    def open_chat(persona: str = "employee", **other: Any) -> Chat:
        return Chat(core, person(persona), NOW + timedelta(minutes=1), **other)

    return open_chat


@pytest.fixture
def one(db: Connection) -> Callable[..., dict[str, Any]]:
    """The one row of a query."""

    def fetch(query: str, *params: Any) -> dict[str, Any]:
        found = db.execute(query, params).fetchall()
        assert len(found) == 1, found
        return found[0]

    return fetch
