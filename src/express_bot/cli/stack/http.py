"""The CLI's own calls to the running product: plain, local, past any proxy of the environment."""

from __future__ import annotations

import time
from http.client import HTTPConnection, HTTPException
from typing import Any
from uuid import uuid4

import jwt
import orjson

from express_bot.contracts.users import PROBE_USER_ID
from express_bot.settings import Settings

TOKEN_LIFE = 120
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 # where to knock when it listens everywhere


class Refused(Exception):
    """The product answered with an error; ``document`` is its problem."""

    def __init__(self, status: int, document: dict[str, Any]) -> None:
        super().__init__(f"{status} {document.get('code')}")
        self.status, self.document = status, document

    @property
    def code(self) -> str:
        return str(self.document.get("code", self.status))


def is_ready(host: str, port: int) -> bool:
    """Whether ``/health/ready`` says so."""
    try:
        return call(host, port, "GET", "/health/ready")[0] == 200
    except (OSError, HTTPException):
        return False


def call(
    host: str, port: int, method: str, path: str, *, body: Any = None, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    """One exchange: the status and the parsed document."""
    connection = HTTPConnection(WILDCARDS.get(host, host), port, timeout=15)
    try:
        content = None if body is None else orjson.dumps(body)
        connection.request(method, path, content, {"Content-Type": "application/json", **(headers or {})})
        answer = connection.getresponse()
        content = answer.read()
        return answer.status, _parsed(content)
    finally:
        connection.close()


def _parsed(content: bytes) -> Any:
    try:
        return orjson.loads(content) if content else None
    except orjson.JSONDecodeError:
        return None


class Probe:
    """Calls through the public door as the system's own account."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The document of the answer; raises ``Refused``."""
        headers = {"Authorization": f"Bearer {self._token()}", "Accept-Language": "ru", "Idempotency-Key": str(uuid4())}
        host, port = self._settings.bind_host, self._settings.bot_port
        status, document = call(host, port, method, "/api/smartapp" + path, body=body, headers=headers)
        if status >= 400:
            raise Refused(status, document if isinstance(document, dict) else {})
        return document

    def _token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": "cli",
            "aud": "core",
            "sub": "self-check",
            "act": str(PROBE_USER_ID),
            "channel": "browser",
            "iat": now,
            "exp": now + TOKEN_LIFE,
        }
        return jwt.encode(claims, self._settings.service_key.get_secret_value(), "HS256")
