"""One filed application and the ways of its owner with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from psycopg.types.json import Jsonb
from werkzeug.test import TestResponse

from express_bot.core.db.session import Connection
from tests.conftest import Api

_keys = count(1)


def fresh_key() -> str:
    """A key for an intent of its own."""
    return f"key-of-intent-{next(_keys)}"


@dataclass
class Mine:
    """An application in the hands of its owner."""

    owner: Api
    number: str

    @property
    def address(self) -> str:
        return f"/api/smartapp/applications/{self.number}"

    def view(self) -> dict[str, Any]:
        answer = self.owner.get(self.address)
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def edit(self, *, version: int | None = None, key: str | None = None, **answers: Any) -> TestResponse:
        body = {"version": version or self.view()["version"], "answers": answers}
        return self.owner.patch(self.address, body, key=key or fresh_key())

    def withdraw(self, *, key: str | None = None, **body: Any) -> TestResponse:
        return self.owner.post(f"{self.address}/withdraw", body, key=key or fresh_key())

    def restore(self, *, key: str | None = None) -> TestResponse:
        return self.owner.post(f"{self.address}/restore", key=key or fresh_key())


@pytest.fixture
def mine(api: Api) -> Mine:
    """The employee's application for 15 January, filed a moment ago."""
    employee = api.as_("employee")
    return Mine(employee, employee.submit(key=fresh_key()).json["number"])


@pytest.fixture
def decide(db: Connection) -> Callable[..., None]:
    """What the dispatcher's desk will do: ``decide(number, "approved")``."""

    def write(number: str, outcome: str, at: str = "2026-12-11T12:00:00+03:00") -> None:
        reason = {"ru": "Одобрена командиром.", "en": "Approved by the captain."}
        decision = {"outcome": outcome, "reason_code": "granted", "reason": reason, "decided_at": at}
        db.execute(
            "update applications set status = %s, decision = %s, version = version + 1, updated_at = %s"
            " where number = %s",
            (outcome, Jsonb(decision), datetime.fromisoformat(at), number),
        )

    return write
