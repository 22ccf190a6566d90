"""The gateway in this process between a core that does as it is told and a Bot API server of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from express_bot.gateway.app import create_app
from express_bot.settings import Settings
from tests.channels.express.conftest import Conversation
from tests.channels.express.fake_core import KEY, FakeCore
from tests.telegram_double import TOKEN, Member, TelegramDouble

SECRET = "telegrams-own-secret_0123456789-0123456789"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
SITE = "https://bot.example.test"


@pytest.fixture
def core() -> Iterator[FakeCore]:
    """A core of this test's own."""
    fake = FakeCore("telegram")
    yield fake
    fake.close()


@pytest.fixture
def double() -> Iterator[TelegramDouble]:
    """A Bot API server of this test's own."""
    fake = TelegramDouble()
    yield fake
    fake.close()


@pytest.fixture
def anna(double: TelegramDouble) -> Member:
    """Somebody with a chat."""
    member = Member(double)
    assert member.chat.messages == []
    return member


@pytest.fixture
def configured(core: FakeCore, double: TelegramDouble, tmp_path: Path) -> Callable[..., Settings]:
    """Settings with a bot, changed as the test says."""

    def make(**changes: Any) -> Settings:
        usual = {
            "mode": "test", "var_dir": tmp_path / "var", "service_key": KEY, "flask_api_url": core.url,
            "telegram_bot_token": TOKEN, "telegram_api_url": double.url, "telegram_webhook_secret": SECRET,
            "public_url": SITE, "_env_file": None,
        }  # fmt: skip
        return Settings(**(usual | changes))

    return make


@dataclass
class Door:
    """The gateway as Telegram sees it."""

    client: TestClient
    is_open: bool = True

    def close(self) -> None:
        """The gateway ends."""
        if self.is_open:
            self.is_open = False
            self.client.__exit__(None, None, None)

    def bring(self, update: Any, *, secret: str | None = SECRET, content: bytes | None = None) -> Any:
        """An update with the secret, unless the test brings another or none."""
        headers = {} if secret is None else {HEADER: secret}
        given = {"content": content} if content is not None else {"json": update}
        return self.client.post("/webhook/telegram", headers=headers, **given)

    def metrics(self) -> str:
        return str(self.client.get("/metrics").text)


@pytest.fixture
def gateway(configured: Callable[..., Settings], tmp_path: Path) -> Iterator[Callable[..., Door]]:
    """Starts a gateway with these settings; all of them stop with the test."""
    running: list[Door] = []

    def start(**changes: Any) -> Door:
        client = TestClient(create_app(configured(**changes), spa_folder=tmp_path / "nothing"))
        client.__enter__()
        running.append(Door(client))
        return running[-1]

    yield start
    for door in running:
        door.close()


@pytest.fixture
def door(gateway: Callable[..., Door]) -> Door:
    """A running gateway that updates are brought to."""
    return gateway()


@pytest.fixture
def conversation(monkeypatch: pytest.MonkeyPatch) -> type[Conversation]:
    """A conversation engine that does as little as possible, in place of the real one."""
    monkeypatch.setattr(Conversation, "heard", [])
    monkeypatch.setattr(Conversation, "failure", None)
    monkeypatch.setattr("express_bot.channels.telegram.runtime.Dialogs", Conversation)
    return Conversation


def message(update_id: int = 1, text: str = "/start", *, chat: int = 42, **more: Any) -> dict[str, Any]:
    """An update as Telegram tells of a message."""
    user = {"id": 42, "is_bot": False, "first_name": "Анна", "language_code": "ru"}
    place = {"id": chat, "type": "private" if chat > 0 else "supergroup"}
    return {
        "update_id": update_id,
        "message": {"message_id": 1, "date": 1_700_000_000, "chat": place, "from": user, "text": text} | more,
    }
