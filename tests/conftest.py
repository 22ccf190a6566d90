"""A real PostgreSQL for every test: migrated and seeded once, cloned for each test that writes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from hypothesis import settings as hypothesis_settings
from werkzeug.test import TestResponse

from express_bot.core.app import create_app
from express_bot.core.db import migrate
from express_bot.core.db.embedded import EmbeddedPostgres
from express_bot.core.db.session import Connection, connect
from express_bot.core.demo.seed import seed_demo
from express_bot.core.setup import install_defaults
from express_bot.settings import Settings
from tests import memory

#: The moment most tests stand at: the period for January 2027 is open (20 November to 5 December 2026).
NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)

# No test is timed: how long an example takes says more about the machine than about us.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")

_numbers = itertools.count(1)


#: Where the longest files are: begun first, the processes of a run end together.
LONGEST = (
    "tests/guards/test_core_document",
    "tests/faults/",
    "tests/guards/",
    "tests/journeys/test_states_of_the_rest",
    "tests/journeys/test_emulator_tour",
    "tests/journeys/test_states_of_",
    "tests/journeys/test_chat",
    "tests/journeys/test_statistics",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first; within each the order stays."""
    items.sort(
        key=lambda item: next((rank for rank, place in enumerate(LONGEST) if place in item.nodeid), len(LONGEST))
    )


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedPostgres]:
    """One throwaway PostgreSQL for this process of the test run."""
    with memory.folder() as place:
        postgres = EmbeddedPostgres(place, durable=False)
        postgres.start()
        yield postgres
        postgres.stop()


@pytest.fixture(scope="session")
def template(server: EmbeddedPostgres) -> str:
    """The name of a database with schema, defaults and the demo's people as of ``NOW``."""
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as admin:
        admin.execute("create database template_house")
    migrate.upgrade(server.dsn("template_house"))
    with connect(server.dsn("template_house")) as db:
        install_defaults(db, NOW)
        seed_demo(db, NOW)
    return "template_house"


@pytest.fixture
def dsn(server: EmbeddedPostgres, template: str) -> Iterator[str]:
    """A database of this test's own."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as admin:
        admin.execute(f"create database {name} template {template} strategy file_copy")  # twice as fast without fsync
        yield server.dsn(name)
        admin.execute(f"drop database {name} with (force)")


@pytest.fixture
def db(dsn: str) -> Iterator[Connection]:
    """A connection to this test's database, to look what was really written."""
    with connect(dsn) as connection:
        yield connection


@pytest.fixture
def rows(db: Connection) -> Callable[..., int]:
    """Counts rows: ``rows("applications")``, ``rows("applications", "status = 'withdrawn'")``."""

    def count(table: str, where: str = "true") -> int:
        row = db.execute(f"select count(*) as n from {table} where {where}").fetchone()
        assert row is not None
        return int(row["n"])

    return count


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Test mode: demo logins and a clock that can be set."""
    return Settings(mode="test", var_dir=tmp_path / "var", service_key="k" * 40)


@pytest.fixture
def app(settings: Settings, dsn: str) -> Iterator[Flask]:
    """The core on this test's database, its business clock at ``NOW``."""
    core = create_app(settings, dsn)
    core.extensions["house"].clock.move(NOW)
    yield core
    core.extensions["house"].pool.close()


@dataclass
class Api:
    """The HTTP door of the core, as one caller in one language."""

    app: Flask
    token: str | None = None
    locale: str = "ru"

    def as_(self, persona: str) -> Api:
        """Signed in as a person of the demo."""
        response = self.post("/api/smartapp/session", {"provider": "demo", "persona": persona})
        assert response.status_code == 200, response.text
        return Api(self.app, response.json["access_token"], self.locale)

    def in_(self, locale: str) -> Api:
        return Api(self.app, self.token, locale)

    def call(self, method: str, path: str, body: Any = None, *, key: str | None = None, **more: Any) -> TestResponse:
        """One request; ``key`` is the idempotency key, ``more`` goes to werkzeug's test client."""
        headers = {"Accept-Language": self.locale} | more.pop("headers", {})
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        if key:
            headers["Idempotency-Key"] = key
        if body is not None:
            more["json"] = body
        return self.app.test_client().open(path, method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.call("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.call("PUT", path, body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self.call("PATCH", path, body, **more)

    def delete(self, path: str, **more: Any) -> TestResponse:
        return self.call("DELETE", path, **more)

    def submit(self, *, key: str = "key-of-this-test", form: str = "flight", **answers: Any) -> TestResponse:
        """Files a flight application: Vladivostok on 15 January unless the test says otherwise."""
        if form == "flight":
            answers = {"direction": "vvo", "date": "2027-01-15"} | answers
        return self.post("/api/smartapp/submit", {"form": form, "answers": answers}, key=key)


@pytest.fixture
def api(app: Flask) -> Api:
    """The door of the core, nobody signed in."""
    return Api(app)


@pytest.fixture
def travel(app: Flask) -> Callable[[str | None], None]:
    """Moves the business clock: ``travel("2026-12-05T18:00:00+03:00")``; ``None`` brings it back to the real time."""
    return lambda moment: app.extensions["house"].clock.move(moment and datetime.fromisoformat(moment))
