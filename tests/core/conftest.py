"""One standing house for the tests that must leave no trace, and what many tests of the core look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask

from express_bot.core.app import create_app
from express_bot.core.db.embedded import EmbeddedPostgres
from express_bot.core.db.session import Connection, connect
from express_bot.core.demo.people import PERSONAS
from express_bot.settings import Settings
from tests.conftest import NOW, Api
from tests.core.looking import digest
from tests.core.messenger import Messenger
from tests.core.proofs import SERVICE_KEY, service_token


@pytest.fixture(scope="session")
def standing(server: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """A core with an application and drafts of one person, shared by every test that is refused something."""
    folder = tmp_path_factory.mktemp("standing")
    name = folder.name.replace("-", "_")
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as admin:
        admin.execute(f"create database {name} template {template} strategy file_copy")
    app = create_app(Settings(mode="test", var_dir=folder / "var", service_key=SERVICE_KEY), server.dsn(name))
    app.extensions["house"].clock.move(NOW)
    with connect(server.dsn(name)) as db:
        yield Standing(app, db)
    app.extensions["house"].pool.close()


class Standing:
    """The shared house: its people are signed in once, and ``filed`` is the dispatcher's application of the month."""

    def __init__(self, app: Flask, db: Connection) -> None:
        self.app, self.db = app, db
        self._signed_in = {persona: Api(app).as_(persona) for persona in PERSONAS}
        self.filed: str = self.as_("dispatcher").submit(key="filed-in-the-standing-house").json["number"]
        self.guest: str = Messenger(app, "telegram").meet("1000")["user_id"]
        for persona in ("employee", "dispatcher"):
            draft = {"form": "flight", "answers": {"wishes": "утро"}, "client_key": "draft-of-the-house"}
            assert self.as_(persona).put("/api/smartapp/draft", draft).status_code == 200

    def as_(self, persona: str) -> Api:
        """A person of the demo, or ``service``: one of our own services, for nobody in particular."""
        return Api(self.app, service_token()) if persona == "service" else self._signed_in[persona]


@pytest.fixture
def untouched(standing: Standing) -> Iterator[Standing]:
    """The standing house; the test has failed if a single row of the product differs afterwards."""
    before = digest(standing.db)
    yield standing
    assert digest(standing.db) == before


@pytest.fixture
def one(db: Connection) -> Callable[..., dict[str, Any]]:
    """The one row of a query."""

    def fetch(query: str, *params: Any) -> dict[str, Any]:
        found = db.execute(query, params).fetchall()
        assert len(found) == 1, found
        return found[0]

    return fetch


@pytest.fixture
def express(app: Flask) -> Messenger:
    """Our service that speaks to eXpress."""
    return Messenger(app)


@pytest.fixture
def second_core(settings: Settings, dsn: str, tmp_path: Path) -> Iterator[Api]:
    """Another instance of the core on the same database, as behind a balancer."""
    core = create_app(settings, dsn)
    yield Api(core)
    core.extensions["house"].pool.close()
