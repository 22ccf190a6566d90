"""People with files, and a look into the store."""

from __future__ import annotations

import base64
import hashlib
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from express_bot.core.files.scanner import Scanner
from express_bot.settings import Settings
from tests.conftest import Api
from tests.core.files import material

Upload = Callable[..., TestResponse]


@pytest.fixture
def anna(app: Flask) -> Api:
    """The employee of the demo."""
    return Api(app).as_("employee")


@pytest.fixture
def boris(app: Flask) -> Api:
    """Another person."""
    return Api(app).as_("matched")


@pytest.fixture
def dispatcher(app: Flask) -> Api:
    return Api(app).as_("dispatcher")


def put(api: Api, content: bytes, name: str = "справка.pdf", *, key: str = "key-of-a-file", **headers: str) -> Any:
    """Uploads in one go; further headers by their names with underscores."""
    told = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"} if name else {}
    told |= {header.replace("_", "-"): value for header, value in headers.items()}
    return api.post("/api/smartapp/files", data=content, headers=told, key=key, content_type="application/octet-stream")


def digest(content: bytes) -> str:
    """``Content-Digest`` of these bytes."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


@pytest.fixture
def stored(settings: Settings) -> Callable[[], list[bytes]]:
    """Everything that lies in the store, parts and work under way included."""
    root = Path(settings.files_url.removeprefix("file://"))
    return lambda: [path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()]


@pytest.fixture
def pdf(anna: Api) -> dict[str, Any]:
    """A file that Anna has uploaded."""
    answer = put(anna, material.pdf())
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def begin(api: Api, content: bytes, *, key: str = "key-of-an-upload", **more: Any) -> TestResponse:
    """Announces an upload in parts."""
    told = {"name": "справка.pdf", "size": len(content), "type": "application/pdf"} | more
    return api.post("/api/smartapp/uploads", told, key=key)


def send(api: Api, upload: str, offset: int, content: bytes, **more: Any) -> TestResponse:
    """One part."""
    headers = {"Upload-Offset": str(offset)} | more.pop("headers", {})
    return api.patch(f"/api/smartapp/uploads/{upload}", data=content, headers=headers, **more)


class Clamd:
    """A scanner that knows one bad text, on a unix socket of its own."""

    def __init__(self, path: Path, files: Any) -> None:
        self._path = path
        self._files = files
        self._line: socket.socket | None = None

    def away(self) -> None:
        """Configured, and nobody listens."""
        self._files.__dict__["scanner"] = Scanner(f"unix://{self._path}")

    def back(self) -> None:
        """Listens."""
        self.away()
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._line.bind(str(self._path))
        self._line.listen()
        Thread(target=self._serve, args=(self._line,), daemon=True).start()

    def stop(self) -> None:
        if self._line is not None:
            self._line.close()

    def _serve(self, line: socket.socket) -> None:
        with suppress(OSError):
            while True:
                caller, _ = line.accept()
                with caller, caller.makefile("rb") as said:
                    assert said.read(10) == b"zINSTREAM\0"
                    content = b""
                    while length := int.from_bytes(said.read(4), "big"):
                        content += said.read(length)
                    caller.sendall(b"stream: Eicar FOUND\0" if b"EICAR-STANDARD" in content else b"stream: OK\0")


@pytest.fixture
def clamd(app: Flask, tmp_path: Path) -> Iterator[Clamd]:
    """The scanner of this test's house: ``away()`` or ``back()``."""
    scanner = Clamd(tmp_path / "clamd.sock", app.extensions["house"].files)
    yield scanner
    scanner.stop()
