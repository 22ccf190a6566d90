"""The gateway in this process between a core and an eXpress server that do as they are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from express_bot.channels.dialogs import Button, CoreDoor, Incoming, View
from express_bot.gateway.app import create_app
from express_bot.settings import Settings
from tests.channels.express.fake_core import KEY, FakeCore
from tests.channels.express.fake_cts import FakeCts
from tests.channels.express.tokens import BOT, SECRET, true_proof

INDEX = b'<!doctype html><script type="application/json" id="config">{}</script><script src="./assets/a.js"></script>'


@pytest.fixture
def core() -> Iterator[FakeCore]:
    """A core of this test's own."""
    fake = FakeCore()
    yield fake
    fake.close()


@pytest.fixture
def cts() -> Iterator[FakeCts]:
    """An eXpress server of this test's own."""
    fake = FakeCts()
    yield fake
    fake.close()


@pytest.fixture
def configured(core: FakeCore, cts: FakeCts, tmp_path: Path) -> Callable[..., Settings]:
    """Settings with a bot account, changed as the test says."""

    def make(**changes: Any) -> Settings:
        usual = {
            "mode": "test", "var_dir": tmp_path / "var", "service_key": KEY, "flask_api_url": core.url,
            "express_bot_id": BOT, "express_secret_key": SECRET, "express_botx_url": cts.url,
            "express_link_url": "https://links.example",
        }  # fmt: skip
        return Settings(**(usual | changes))

    return make


@dataclass
class Door:
    """The gateway as the eXpress server sees it."""

    client: TestClient

    def command(self, event: Any, **more: Any) -> Any:
        """``POST /command`` with a true proof, unless the test brings another."""
        return self.post("/command", event, **more)

    def post(self, path: str, body: Any, *, proof_: bytes | None = b"", content: bytes | None = None) -> Any:
        """A call with a proof; ``None`` leaves it out."""
        headers = [] if proof_ is None else [(b"Authorization", proof_ or true_proof())]
        given = {"content": content} if content is not None else {"json": body}
        return self.client.post(path, headers=headers, **given)

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(path, params=query, headers=[(b"Authorization", true_proof())])


@pytest.fixture
def spa_folder(tmp_path: Path) -> Path:
    """A built app of two files."""
    (tmp_path / "spa" / "assets").mkdir(parents=True)
    (tmp_path / "spa" / "index.html").write_bytes(INDEX)
    (tmp_path / "spa" / "assets" / "a.js").write_bytes(b"export const a = 1;")
    return tmp_path / "spa"


@pytest.fixture
def gateway(configured: Callable[..., Settings], spa_folder: Path) -> Iterator[Callable[..., Door]]:
    """Starts a gateway with these settings; all of them stop with the test."""
    running: list[TestClient] = []

    def start(*, peer: str = "10.0.0.5", **changes: Any) -> Door:
        app = create_app(configured(**changes), spa_folder=spa_folder)
        client = TestClient(app, client=(peer, 50_000))
        client.__enter__()
        running.append(client)
        return Door(client)

    yield start
    for client in running:
        client.__exit__(None, None, None)


@pytest.fixture
def door(gateway: Callable[..., Door]) -> Door:
    """A running gateway."""
    return gateway()


class Conversation:
    """Stands in for the engine: remembers what it was told and answers each event with one message."""

    heard: ClassVar[list[Incoming]] = []
    failure: ClassVar[Exception | None] = None

    def __init__(self, door: CoreDoor, _clock: object) -> None:
        self._door = door

    async def handle(self, incoming: Incoming) -> None:
        self.heard.append(incoming)
        if self.failure is not None:
            raise self.failure
        dialog = await self._door.get_dialog(incoming.channel, incoming.chat)
        view = View(f"**{incoming.text or incoming.kind}**", ((Button("Сочи", token="v1.00000000.1.go:aer"),),))
        card = dialog.cards[0].id if incoming.kind == "press" and dialog.cards else str(uuid4())
        await self._door.put_dialog(
            incoming.channel,
            incoming.chat,
            user_id=incoming.user.id,
            version=dialog.version,
            state={"step": incoming.kind},
            cards=[(card, view.to_json())],
            event_id=incoming.event_id,
            at=incoming.at,
        )


@pytest.fixture
def conversation(monkeypatch: pytest.MonkeyPatch) -> type[Conversation]:
    """A conversation engine that does as little as possible, in place of the real one."""
    monkeypatch.setattr(Conversation, "heard", [])
    monkeypatch.setattr(Conversation, "failure", None)
    monkeypatch.setattr("express_bot.channels.express.runtime.Dialogs", Conversation)
    return Conversation
