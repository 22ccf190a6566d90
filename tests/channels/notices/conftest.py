"""Notices of what has really happened: promised, told by the core, drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from express_bot.channels.dialogs import Person, View
from express_bot.channels.notices import draw
from express_bot.contracts.messengers import Channel
from express_bot.contracts.notifications import Event
from express_bot.core.db.session import Connection
from express_bot.core.demo.people import PERSONAS
from express_bot.core.notifications import outbox, service
from express_bot.core.reference import load
from express_bot.core.users import repository as users
from tests.channels.dialogs.chatting import Chat
from tests.channels.dialogs.house import InProcess, Memory
from tests.conftest import NOW


@pytest.fixture
def me(db: Connection) -> UUID:
    found = users.find_by_identity(db, "demo", PERSONAS["employee"])
    assert found is not None
    return UUID(str(found["id"]))


@pytest.fixture
def drawn(db: Connection) -> Callable[..., View]:
    """The message of the latest promise, as of ``now``."""

    def look(channel: Channel = "express", *, card: UUID | None = None, now: Any = NOW) -> View:
        line = db.execute("select max(id) as id from outbox").fetchone()
        assert line is not None
        facts = service.facts(
            db, line["id"], reference=load(db), now=now, channel=channel, card_id=card or uuid4(), rev=1
        )
        view = draw(facts)
        assert view is not None
        return view

    return look


@pytest.fixture
def promised(db: Connection, me: UUID) -> Callable[..., None]:
    """Something is promised to the employee of the demo."""

    def promise(event: Event, *, at: Any = NOW, **details: Any) -> None:
        assert outbox.promise(db, event, user_id=me, at=at, details=details)

    return promise


@pytest.fixture
def chat(app: Flask, me: UUID) -> Chat:
    return Chat(InProcess(app, Memory()), Person(str(me), "Воронцова Анна Сергеевна"), NOW)
