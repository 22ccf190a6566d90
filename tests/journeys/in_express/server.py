"""The messenger's server: its page, and the way from the app to the bot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPConnection
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Formatter
from threading import Thread
from typing import Any
from urllib.parse import quote, urlencode

from express_bot.channels.express.rpc import METHODS
from tests.journeys.house import House

FOLDER = Path(__file__).parent


class Messenger:
    """Knows who sits at which phone, as a messenger does, and calls the core in their name."""

    def __init__(self, port: int) -> None:
        #: By name, and the product by number: two sites, as in real life.
        self.origin = f"http://localhost:{port}"
        self.house: House | None = None
        #: What the messenger's own file service keeps, by the id of its record.
        self.files: dict[str, bytes] = {}
        self._tokens: dict[str, str] = {}

    def forget(self) -> None:
        """Other people sit at the phones now."""
        self._tokens.clear()

    def answer(self, persona: str, method: str, params: dict[str, Any], files: list[Any]) -> dict[str, Any]:
        """What the bot would say, in the envelope of the RPC library."""
        if method == "auth.session":
            status, body = self._session(persona)
        elif method == "files.take":
            status, body = self._take(persona, files[0], params)
        else:
            status, body = self._call(persona, method, params)
        if status < 400:
            return {"status": "ok", "result": {"status": status, "body": body}}
        return {"status": "error", "errors": [{"reason": body["title"], "id": body["code"].upper(), "meta": body}]}

    def _session(self, persona: str) -> tuple[int, Any]:
        assert self.house is not None, "the house stands"
        client = self.house.client()
        answer = client.post("/api/smartapp/session", {"provider": "demo", "persona": persona})
        client.close()
        if answer.status == 200:
            self._tokens[persona] = answer.json["access_token"]
        return answer.status, answer.json

    def _take(self, persona: str, record: dict[str, Any], params: dict[str, Any]) -> tuple[int, Any]:
        """Fetches the file from the messenger's service and stores it, as the bot does."""
        assert self.house is not None, "the house stands"
        if persona not in self._tokens:
            self._session(persona)
        port = int(self.house.url.rsplit(":", 1)[1])
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {
            "Authorization": f"Bearer {self._tokens[persona]}",
            "Idempotency-Key": params["client_key"],
            "Content-Type": record["file_mime_type"],
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(record['file_name'])}",
        }
        connection.request("POST", "/api/smartapp/files", self.files[record["file_id"]], headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    def _call(self, persona: str, method: str, params: dict[str, Any]) -> tuple[int, Any]:
        assert self.house is not None, "the house stands"
        operation = METHODS[method]
        body, key, locale = (params.pop(name, None) for name in ("body", "client_key", "locale"))
        path = f"{operation.base}{operation.path.format(**params)}"
        places = {name for _, name, _, _ in Formatter().parse(operation.path)}
        query = urlencode({name: value for name, value in params.items() if name not in places})
        if persona not in self._tokens:
            self._session(persona)
        client = self.house.client(self._tokens[persona], locale=locale or "ru")
        answer = client.call(operation.http, f"{path}?{query}" if query else path, body, key=key)
        client.close()
        return answer.status, answer.json if answer.body else None


class _Page(SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, messenger: Messenger, **more: Any) -> None:
        self._messenger = messenger
        super().__init__(*args, directory=str(FOLDER), **more)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        said = json.dumps(self._messenger.answer(**asked)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        with suppress(ConnectionError):  # the phone has closed the app meanwhile
            self.end_headers()
            self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """A test run has its own report."""


@contextmanager
def served() -> Iterator[Messenger]:
    """A messenger on a free port of loopback; its house comes later, because it has to know the messenger's address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    messenger = Messenger(server.server_port)
    server.RequestHandlerClass = partial(_Page, messenger=messenger)  # type: ignore[assignment]
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield messenger
    finally:
        server.shutdown()
        server.server_close()
