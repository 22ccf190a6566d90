"""A desk with its dispatchers, and applications of people in front of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from express_bot.core.db.session import Connection
from tests.conftest import NOW, Api
from tests.core.looking import history

_keys = count(1)
LATER = (NOW + timedelta(days=2)).isoformat()


def fresh_key() -> str:
    return f"key-of-the-desk-{next(_keys)}"


@dataclass
class Person:
    """Somebody who files, and what they do with it."""

    api: Api
    number: str = ""

    def file(self, **answers: Any) -> str:
        answer = self.api.submit(key=fresh_key(), **answers)
        assert answer.status_code == 201, answer.text
        self.number = answer.json["number"]
        return self.number

    def view(self) -> dict[str, Any]:
        answer = self.api.get(f"/api/smartapp/applications/{self.number}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def does(self, act: str, body: dict[str, Any] | None = None, *, key: str | None = None) -> TestResponse:
        return self.api.post(f"/api/smartapp/applications/{self.number}/{act}", body or {}, key=key or fresh_key())


@dataclass
class Desk:
    """One dispatcher."""

    api: Api
    db: Connection

    def sees(self, number: str) -> dict[str, Any]:
        answer = self.api.get(f"/api/desk/applications/{number}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def queue(self, **query: Any) -> dict[str, Any]:
        answer = self.api.get("/api/desk/applications", query_string=query)
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def drafts(self, number: str, outcome: str, *, key: str | None = None, **more: Any) -> TestResponse:
        """``version`` is the present one unless the test says otherwise."""
        body = {"version": more.pop("version", None) or self.sees(number)["version"], "outcome": outcome} | more
        return self.api.put(f"/api/desk/applications/{number}/decision", body, key=key or fresh_key())

    def forgets(self, number: str, **more: Any) -> TestResponse:
        return self.api.delete(f"/api/desk/applications/{number}/decision", key=fresh_key(), **more)

    def publishes(self, *, key: str | None = None, **scope: Any) -> TestResponse:
        return self.api.post("/api/desk/publications", {"form": "flight"} | scope, key=key or fresh_key())

    def decides(self, number: str, outcome: str, **more: Any) -> None:
        """Drafted and published at once."""
        drafted = self.drafts(number, outcome, **more)
        assert drafted.status_code == 200, drafted.text
        published = self.publishes(numbers=[number])
        assert published.json["published"] == 1, published.text

    def does(
        self, act: str, number: str, body: dict[str, Any] | None = None, *, key: str | None = None
    ) -> TestResponse:
        body = {"version": self.sees(number)["version"]} | (body or {})
        if act == "reply":
            body.pop("version")
        return self.api.post(f"/api/desk/applications/{number}/{act}", body, key=key or fresh_key())

    def history(self, number: str) -> list[str]:
        return history(self.db, number)

    def promises(self, *events: str) -> list[dict[str, Any]]:
        """What was promised of these events, oldest first."""
        return self.db.execute(
            "select event, user_id, application_id, details from outbox where event = any(%s) order by id",
            (list(events),),
        ).fetchall()

    def settled_audit(self, number: str) -> list[str]:
        rows = self.db.execute("select act from audit_log where object_id = %s order by id", (number,))
        return [row["act"] for row in rows]


@pytest.fixture
def desk(api: Api, db: Connection) -> Desk:
    """Olga at her desk; nobody of the seeded people has anything there."""
    db.execute("update outbox set settled_at = clock_timestamp(), relayed_at = clock_timestamp()")
    return Desk(api.as_("dispatcher"), db)


@pytest.fixture
def colleague(api: Api, db: Connection) -> Desk:
    """Another one with the same right."""
    return Desk(api.as_("admin"), db)


@pytest.fixture
def anna(api: Api) -> Person:
    """Somebody with an application for 15 January."""
    person = Person(api.as_("employee"))
    person.file()
    return person


@pytest.fixture
def hire(app: Flask, db: Connection) -> Callable[[int], Person]:
    """Somebody of the crowd, signed in."""
    from time import time

    from tests.core.proofs import service_token

    def person(index: int) -> Person:
        row = db.execute(
            "select user_id from identities where provider = 'demo' and subject = %s", (f"crew-{index}",)
        ).fetchone()
        assert row is not None
        return Person(Api(app, service_token(act=str(row["user_id"]), exp=int(time()) + 300)))

    return person
