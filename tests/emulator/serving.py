"""The local messenger as a process of its own, and a plain way to play the people who use it.

``with running_emulator(bot_port) as emulator:`` is all a test of another folder needs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.gateway.serving import free_ports

ROOT = Path(__file__).parents[2]
BOT_ID = "00c46d64-1127-5a96-812d-3d8b27c58b99"
SECRET_KEY = "a-secret-of-the-tests-0123456789-abcdefghij"


class Emulator:
    """A running messenger: ``do`` plays people, ``state`` and ``seen`` look, ``broken`` switches faults."""

    def __init__(self, port: int, log: Path) -> None:
        self.port, self.log = port, log
        self.url = f"http://localhost:{port}"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """One exchange: the status and the document (or the bytes)."""
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        given = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection = HTTPConnection("localhost", self.port, timeout=20)
        try:
            connection.request(method, path, content, given)
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        is_json = response.headers.get_content_type() == "application/json"
        return response.status, json.loads(answer) if is_json else answer

    def do(self, action: str, persona: str = "employee", **more: Any) -> Any:
        """An action of a person: ``chat/text``, ``chat/press`` …; fails on a refusal."""
        status, document = self.call("POST", f"/emulator/{action}", {"persona": persona, **more})
        assert status < 300, (status, document)
        return document

    def send_file(self, content: bytes, persona: str = "employee", *, to: str = "chat", **query: Any) -> Any:
        """A file from a person's phone, into the chat or (``to="app"``) into the SmartApp."""
        where = f"/emulator/{to}/file?{urlencode({'persona': persona, **query})}"
        status, document = self.call("POST", where, content)
        assert status < 300, (status, document)
        return document

    def broken(self, **faults: Any) -> None:
        """Set switches of «Сломать»; the others stay."""
        status, document = self.call("POST", "/emulator/faults", faults)
        assert status == 200, document

    def reset(self) -> None:
        """Everything whole and every chat empty."""
        assert self.call("POST", "/emulator/reset", {})[0] == 200

    def state(self) -> Any:
        """All that the messenger knows."""
        return self.call("GET", "/emulator/state")[1]

    def chat_of(self, persona: str = "employee") -> str:
        """The id of a person's chat with the bot."""
        return next(person["chat"] for person in self.state()["people"] if person["persona"] == persona)

    def messages(self, persona: str = "employee") -> list[dict[str, Any]]:
        """What a person's chat with the bot holds."""
        chat = self.chat_of(persona)
        return [message for message in self.state()["messages"] if message["chat"] == chat]

    def wire(self, path: str = "", *, after: int = 0) -> list[dict[str, Any]]:
        """Exchanges with the bot, oldest first."""
        lines = [line for line in self.state()["wire"] if line["seq"] > after]
        return [line for line in lines if line.get("path", "").endswith(path)]

    def wait(self, condition: Callable[[], Any], otherwise: str = "it did not happen", timeout: float = 10) -> Any:
        """Wait for something true and return it."""
        deadline = time.monotonic() + timeout
        while not (found := condition()):
            assert time.monotonic() < deadline, f"{otherwise}\n{self.log.read_text()[-2000:]}"
            time.sleep(0.03)
        return found


@contextmanager
def running_emulator(bot_port: int, folder: Path, *, port: int = 0, **environment: str) -> Iterator[Emulator]:
    """A messenger for the bot on ``bot_port`` of this machine."""
    port = port or free_ports(1)[0]
    address = f"http://localhost:{bot_port}"
    told = {
        "EXPRESS_BOT_MODE": "test",
        "EXPRESS_BOT_ID": BOT_ID,
        "EXPRESS_SECRET_KEY": SECRET_KEY,
        "EMULATOR_PORT": str(port),
        "BOT_URL": address,
        "APP_URL": address,
        "PYTHONPATH": str(ROOT / "src"),
    }
    log = folder / f"emulator-{port}.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "express_bot.emulator"]
        environment = os.environ | told | environment
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
    emulator = Emulator(port, log)
    try:
        emulator.wait(lambda: process.poll() is not None or _answers(emulator), "the emulator did not start", 20)
        assert process.poll() is None, log.read_text()
        yield emulator
    finally:
        process.terminate()
        process.wait(10)


def _answers(emulator: Emulator) -> bool:
    try:
        return emulator.call("GET", "/health/ready")[0] == 200
    except OSError:
        return False
