"""The whole way as it runs: a local messenger, the gateway and the core with its database, each its own process."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from express_bot.cli.stack.programs import environment, programs
from express_bot.core.clock import Clock
from express_bot.settings import Settings, reveal
from tests.conftest import NOW
from tests.emulator.listening import Listener
from tests.emulator.serving import BOT_ID, SECRET_KEY, Emulator, running_emulator
from tests.gateway.serving import Gateway, free_ports
from tests.gateway.test_together import stop, wait_until_well

WAITING = "inbox where state = 'waiting' and kind <> 'callback'"
OWED = "cards where shown_rev < wanted_rev and failed_at is null"


@dataclass
class ExpressHouse:
    """Processes, and the chat of a person with the bot."""

    settings: Settings
    emulator: Emulator
    processes: dict[str, subprocess.Popen[bytes]]

    def start(self, name: str) -> None:
        """Starts a program of the house as the product does."""
        self.processes[name] = start(self.settings, name)
        wait_until_well(self.settings, *self.processes.values())

    def kill(self, name: str) -> None:
        """No goodbye."""
        self.processes[name].kill()
        self.processes[name].wait(10)

    @property
    def gateway(self) -> Gateway:
        return Gateway(self.settings.bot_port, self.processes["gateway"], self.settings.var_dir / "gateway.log")

    def said(self, persona: str = "employee") -> list[dict[str, Any]]:
        """What the bot has said in a person's chat, oldest first."""
        return [message for message in self.emulator.messages(persona) if message["author"] == BOT_ID]

    def wait(self, condition: Any, timeout: float = 15) -> Any:
        return self.emulator.wait(condition, self.tail(), timeout)

    def tail(self) -> str:
        return self.gateway.log.read_text()[-3000:]

    def open(self, persona: str = "employee") -> dict[str, Any]:
        """Opens the chat; returns the bot's greeting."""
        self.emulator.do("chat/open", persona)
        self.wait(lambda: self.said(persona))
        return self.settled(persona)

    def text(self, words: str, persona: str = "employee") -> dict[str, Any]:
        """Types; returns what the bot says in the end."""
        before = seen(self.said(persona))
        self.emulator.do("chat/text", persona, text=words)
        self.wait(lambda: seen(self.said(persona)) != before)
        return self.settled(persona)

    def press(self, label: str, persona: str = "employee") -> dict[str, Any]:
        """Presses the button with this label under the bot's last message; returns what the bot made of it."""
        message = self.said(persona)[-1]
        found = place(message, label)
        assert found, (label, labels(message), message["body"])
        before = seen(self.said(persona))
        self.emulator.do("chat/press", persona, message=message["id"], row=found[0], column=found[1])
        self.wait(lambda: seen(self.said(persona)) != before)
        return self.settled(persona)

    def settled(self, persona: str = "employee", timeout: float = 15) -> dict[str, Any]:
        """The bot's last message once nothing waits and everything wanted is shown."""
        self.wait(lambda: self.count(WAITING) == 0 and self.count(OWED) == 0, timeout)
        return self.said(persona)[-1] if self.said(persona) else {}

    def count(self, what: str) -> int:
        """Rows of a table that fulfil a condition."""
        with psycopg.connect(self.settings.dsn()) as db:
            row = db.execute(f"select count(*) from {what}").fetchone()
        return int(row[0]) if row else 0

    def call(self, method: str, persona: str = "employee", *, sync: bool = False, **params: Any) -> dict[str, Any]:
        """A call of the app over the bridge; the data of its answer."""
        ref = str(uuid4())
        event = {"ref": ref, "type": "smartapp_rpc", "method": method, "handler": "botx", "payload": params}
        with Listener(self.emulator) as listener:
            self.emulator.do("app/event", persona, event=event | {"sync_request": sync})
            answer = listener.until(lambda it: it["kind"] == "answer" and it["ref"] == ref)
        return dict(answer["data"])


def seen(messages: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(message["id"], message["body"], str(message["bubble"])) for message in messages]


def labels(message: dict[str, Any]) -> list[str]:
    """The buttons of a message."""
    return [button["label"] for row in message["bubble"] for button in row]


def place(message: dict[str, Any], label: str) -> tuple[int, int] | None:
    """Where a button stands."""
    for row, buttons in enumerate(message["bubble"]):
        for column, button in enumerate(buttons):
            if button["label"] == label:
                return row, column
    return None


@contextmanager
def running_house(folder: Path, dsn: str, **changes: str) -> Iterator[ExpressHouse]:
    """Starts all three; the business clock stands at the tests' moment."""
    settings = settings_of(folder, dsn, **changes)
    with running_emulator(settings.bot_port, folder, port=settings.emulator_port) as emulator:
        house = ExpressHouse(settings, emulator, {})
        try:
            house.processes = {name: start(settings, name) for name in ("core", "gateway")}
            wait_until_well(settings, *house.processes.values())
            yield house
        finally:
            for process in reversed(house.processes.values()):
                stop(process)


def settings_of(folder: Path, dsn: str, **changes: str) -> Settings:
    """A house on ports of its own, its business clock at the tests' moment."""
    core_port, bot_port, emulator_port = free_ports(3)
    usual = {
        "express_bot_id": BOT_ID,
        "express_secret_key": SECRET_KEY,
        "express_botx_url": f"http://localhost:{emulator_port}",
        "express_link_url": f"http://localhost:{emulator_port}",
    }
    settings = Settings(
        mode="test",
        var_dir=folder / "var",
        core_port=core_port,
        bot_port=bot_port,
        emulator_port=emulator_port,
        service_key="k" * 40,
        database_url=dsn,
        **(usual | changes),
    )
    Clock(settings.demo_clock_file).move(NOW)
    return settings


def start(settings: Settings, name: str) -> subprocess.Popen[bytes]:
    """One program of the house in a group of its own."""
    command = next(program.command for program in programs(settings) if program.name == name)
    own = {
        "EXPRESS_BOT_MODE": "test",
        "CORE_PORT": str(settings.core_port),
        "BOT_PORT": str(settings.bot_port),
        "CORE_SERVICE_KEY": settings.service_key.get_secret_value(),
        "DATABASE_URL": settings.dsn(),
        "EXPRESS_BOT_ID": settings.express_bot_id or "",
        "EXPRESS_SECRET_KEY": reveal(settings.express_secret_key) or "",
        "EXPRESS_BOTX_URL": settings.express_botx_url or "",
        "EXPRESS_LINK_URL": settings.express_link_url,
        "EXPRESS_AUTH_VERSION": settings.express_auth_version,
    }
    with (settings.var_dir / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            command, env=environment(settings) | own, stdout=log, stderr=log, start_new_session=True
        )
