"""A person whom eXpress knows, and a guest of Telegram."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import Api
from tests.core.messenger import Messenger
from tests.core.proofs import service_token

_keys = count(1)


@dataclass
class Side:
    """Somebody at one messenger, as our service acts for them there."""

    app: Flask
    channel: str
    subject: str
    user_id: str

    @property
    def api(self) -> Api:
        return Api(self.app, service_token(act=self.user_id, channel=self.channel))

    def code(self, key: str | None = None) -> str:
        """A code shown here."""
        answer = self.ask(key)
        assert answer.status_code == 200, answer.text
        return str(answer.json["code"])

    def ask(self, key: str | None = None) -> TestResponse:
        return self.api.post("/api/smartapp/link-code", key=key or f"show-{next(_keys):06}")

    def enter(self, code: str, key: str | None = None) -> TestResponse:
        return self.api.post("/api/smartapp/links", {"code": code}, key=key or f"enter-{next(_keys):06}")

    def links(self) -> list[str]:
        return [link["provider"] for link in self.api.get("/api/smartapp/links").json["links"]]

    def unlink(self, provider: str) -> TestResponse:
        return self.api.delete(f"/api/smartapp/links/{provider}")

    def who(self) -> dict[str, Any]:
        """Whom the messenger finds behind this id now."""
        return Messenger(self.app, self.channel).meet(self.subject)


@pytest.fixture
def meet(app: Flask) -> Callable[..., Side]:
    def come(channel: str, subject: str, **told: Any) -> Side:
        return Side(app, channel, subject, Messenger(app, channel).meet(subject, **told)["user_id"])

    return come


@pytest.fixture
def anna(meet: Callable[..., Side]) -> Side:
    """An employee, known by eXpress."""
    return meet("express", "7c9e6679-7425-40de-944b-e07fc1f90ae7", full_name="Воронцова Анна", chat="chat-1")


@pytest.fixture
def guest(meet: Callable[..., Side]) -> Side:
    """The same person in Telegram, where nobody knows her yet."""
    return meet("telegram", "7001", full_name="Аня", chat="7001")
