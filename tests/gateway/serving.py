"""The real gateway in a real granian process, and a plain way to call it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from express_bot.gateway.app import create_app
from express_bot.observability.logs import configure
from express_bot.settings import get_settings

ROOT = Path(__file__).parents[2]
SERVICE_KEY = "a-key-of-the-tests-0123456789-abcdefghij"


def app():
    """What granian serves: the gateway with the folder of the test as its built app."""
    configure(get_settings())
    return create_app(get_settings(), spa_folder=Path(os.environ["TEST_SPA_FOLDER"]))


@dataclass(frozen=True)
class Said:
    """An answer of the gateway."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        """The document in the answer."""
        return json.loads(self.body)


@dataclass
class Gateway:
    """A running gateway."""

    port: int
    process: subprocess.Popen
    log: Path

    def call(self, method: str, path: str, body=None, headers=None, *, chunked: bool = False) -> Said:
        """One call on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers or {}, encode_chunked=chunked)
            response = connection.getresponse()
            return Said(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Said:
        """GET with headers given as keywords."""
        return self.call("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def raw(self, *parts: bytes, pause: float = 0) -> bytes:
        """Sends bytes as they are and reads until the end of the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            for part in parts:
                connection.sendall(part)
                time.sleep(pause)
            received = b""
            while part := connection.recv(65536):
                received += part
            return received

    def log_lines(self) -> list[dict]:
        """What it has logged so far."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]


def free_ports(count: int) -> list[int]:
    """Different ports that nobody listens on now."""
    with ExitStack() as held:
        listeners = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [listener.getsockname()[1] for listener in listeners]


@contextmanager
def running_gateway(
    core_port: int, folder: Path, *, module: str = "tests.gateway.serving", **environment: str
) -> Iterator[Gateway]:
    """Starts a gateway before a core on ``core_port`` and stops it with everything it has started."""
    [port] = free_ports(1)
    settings = {
        "EXPRESS_BOT_MODE": "test",
        "EXPRESS_BOT_VAR": str(folder / "var"),
        "FLASK_API_URL": f"http://127.0.0.1:{core_port}",
        "BOT_PORT": str(port),
        "CORE_SERVICE_KEY": SERVICE_KEY,
        "TEST_SPA_FOLDER": str(folder / "spa"),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--http", "1", "--no-ws", "--factory"]
    log = folder / f"gateway-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port), f"{module}:app"],
            env=os.environ | settings | environment,
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_ready(port, process, log)
        yield Gateway(port, process, log)
    finally:
        _stop(process)


def _wait_until_ready(port: int, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the gateway did not start:\n{log.read_text()}")


def _stop(process: subprocess.Popen) -> None:
    # The whole group: granian's worker outlives its parent when only the parent is killed.
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait(5)
