"""A caller with one kept-alive connection, who can tell a call that was refused from a call that was lost."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPMessage
from typing import Any


class Refused(Exception):
    """Nobody took the connection: the call was never sent."""


class Lost(Exception):
    """The call was sent and no whole answer came back: whether it was carried out is unknown."""


class Dropped(Lost):
    """The same on a connection that had not served any call yet.

    A listener that closes drops connections it never took: for a caller that looks like a lost call, so whoever must
    know has to look whether it was carried out.
    """


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        """The document in the answer."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of the problem document."""
        return str(self.json.get("code", ""))

    @property
    def replayed(self) -> bool:
        """Whether the core says that it had done this before."""
        return self.headers.get("Idempotency-Replayed") == "true"


class Client:
    """One person's device. Not for several threads at once."""

    def __init__(self, port: int, token: str | None = None, *, timeout: float = 30, locale: str = "ru") -> None:
        self.token = token
        self.locale = locale
        self._connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
        self._served = False

    def call(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        """One try of one call; raises ``Refused``, ``Dropped`` or ``Lost``."""
        self.connect()
        told = Lost if self._served else Dropped
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        try:
            self._connection.request(method, path, content, self._headers(key, with_body=body is not None))
            response = self._connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        except (OSError, HTTPException) as error:
            self.close()
            raise told(f"{type(error).__name__}: {error}") from error
        self._served = True
        return answer

    def connect(self) -> None:
        """Open the connection if there is none; raises ``Refused``."""
        if self._connection.sock is None:
            self._served = False
            try:
                self._connection.connect()
            except OSError as error:
                self.close()
                raise Refused(type(error).__name__) from error

    def _headers(self, key: str | None, *, with_body: bool) -> dict[str, str]:
        headers = {"Accept-Language": self.locale}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        if with_body:
            headers["Content-Type"] = "application/json"
        return headers

    def get(self, path: str) -> Answer:
        return self.call("GET", path)

    def post(self, path: str, body: Any, *, key: str | None = None) -> Answer:
        return self.call("POST", path, body, key=key)

    def submit(self, body: dict[str, Any], key: str) -> Answer:
        """Files an application."""
        return self.post("/api/smartapp/submit", body, key=key)

    def close(self) -> None:
        self._connection.close()
