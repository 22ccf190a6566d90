"""The only door from the async side to the core: kept-alive calls with a short service token.

``CoreClient`` is for callers that want documents (health, dialogs). The gateway's forward passes bytes and shares from
here what both need: the pool of connections and the proof that a call comes from one of our own services.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypedDict, Unpack, cast
from urllib.parse import quote

import aiohttp
import jwt
import orjson
from cachetools import TTLCache
from yarl import URL

#: The core accepts service tokens of at most five minutes (trust §4.3); ours is renewed a minute before its end.
TOKEN_LIFE = 300
TOKEN_RENEWAL = 240
#: Below the 30 s after which the core's server closes an idle connection, so that we are the first to let go.
IDLE_CONNECTION = 15
CONNECTIONS = 128
SAFE_METHODS = frozenset({"GET", "HEAD"})
#: The core may be silent for so long while it looks into a file.
LOOKING_SECONDS = 20

#: Opens a stream of bytes; asked for again when the first one was lost on the way.
Stream: TypeAlias = Callable[[], AsyncIterable[bytes]]

#: Nobody listens, or nobody answers in time: asking again at once would not help.
SILENT = (aiohttp.ClientConnectorError, TimeoutError)
#: The other side went away under the call, as it does with a kept-alive connection it has just closed.
LOST = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, aiohttp.ClientPayloadError)


class ServiceToken:
    """Proves to the core which of our services calls, and for which person it acts (trust §4.3)."""

    def __init__(self, key: str, service: str) -> None:
        self._key = key
        self._service = service
        self._minted: TTLCache[tuple[str | None, str | None], str] = TTLCache(4096, TOKEN_RENEWAL)

    def get(self, *, acting_user: str | None = None, channel: str | None = None) -> str:
        """A token with at least a minute left."""
        token = self._minted.get((acting_user, channel))
        if token is None:
            token = self._minted[acting_user, channel] = self._mint(acting_user, channel)
        return token

    def _mint(self, acting_user: str | None, channel: str | None) -> str:
        now = int(time.time())
        claims = {"iss": self._service, "sub": self._service, "aud": "core", "iat": now, "exp": now + TOKEN_LIFE}
        about = {"act": acting_user, "channel": channel}
        return jwt.encode(claims | {name: value for name, value in about.items() if value}, self._key, "HS256")


class CoreError(Exception):
    """The core said no; ``problem`` is its problem document in the asked language."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('code', 'unknown')}")
        self.status = status
        self.problem = problem

    @property
    def code(self) -> str:
        """The stable code of the refusal."""
        return str(self.problem.get("code", "unknown"))


class CoreGone(CoreError):
    """The core cannot be reached. Whether a mutation without a key was carried out is unknown."""

    def __init__(self, reason: str) -> None:
        super().__init__(503, {"code": "core_unavailable", "status": 503})
        self.reason = reason


class How(TypedDict, total=False):
    """The circumstances of a call."""

    acting_user: str | None
    channel: str | None
    idempotency_key: str | None
    locale: str
    #: ``dialog``: the person acts in a conversation of the bot.
    door: str | None
    #: An operation that does the same when it is done twice, without any key.
    repeatable: bool


@dataclass(frozen=True, slots=True)
class CoreAnswer:
    """An answer as it came, for those who need more than its document."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> Any:
        """The parsed body; ``None`` when there is none."""
        return orjson.loads(self.body) if self.body else None


def open_session(*, read_timeout: float, connections: int = CONNECTIONS) -> aiohttp.ClientSession:
    """A pool of kept-alive connections that passes everything on as it is: no cookies, no unpacking, no extra headers.

    Repeating a call is our decision, not the library's: it would also repeat an unkeyed PUT, which could overwrite
    what another device has saved meanwhile.
    """
    session = aiohttp.ClientSession(
        auto_decompress=False,
        connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=IDLE_CONNECTION),
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        timeout=aiohttp.ClientTimeout(total=None, connect=10, sock_connect=2, sock_read=read_timeout),
        trust_env=False,
    )
    session._retry_connection = False
    return session


def is_worth_repeating(failure: Exception, method: str, *, keyed: bool) -> bool:
    """A call whose connection was lost may be repeated once if that cannot do anything twice.

    That holds for reading, and for a change with an idempotency key, which the core enforces.
    """
    return isinstance(failure, LOST) and not isinstance(failure, SILENT) and (keyed or method in SAFE_METHODS)


class CoreClient:
    """Calls the core's operations for a service, or for a person whom the service has proven."""

    def __init__(self, base_url: str, service_key: str, service_name: str, *, read_timeout: float = 10) -> None:
        self._base_url = base_url.rstrip("/")
        self._token = ServiceToken(service_key, service_name)
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> CoreClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Gives the connections back."""
        if self._session is not None:
            await self._session.close()

    async def request(self, method: str, path: str, json: Any = None, **how: Unpack[How]) -> Any:
        """The parsed answer (``None`` when it is empty); raises ``CoreError`` with the problem document."""
        return (await self.ask(method, path, json, **how)).document()

    async def ask(self, method: str, path: str, json: Any = None, **how: Unpack[How]) -> CoreAnswer:
        """Like ``request``, for those who pass the status on; raises ``CoreError`` for every no."""
        headers = {"Accept-Language": how.get("locale", "ru")}
        key = how.get("idempotency_key")
        if key is not None:
            headers["Idempotency-Key"] = key
        if door := how.get("door"):
            headers["X-Door"] = door
        headers |= _bearer(self._token.get(acting_user=how.get("acting_user"), channel=how.get("channel")))
        repeatable = how.get("repeatable", False)
        answer = await self.call(method, path, headers=headers, json=json, repeatable=repeatable)
        if answer.status >= 400:
            raise CoreError(answer.status, _document(answer))
        return answer

    async def upload(
        self, content: Stream, *, size: int, name: str, media_type: str, **how: Unpack[How]
    ) -> dict[str, Any]:
        """Stores a file of the acting user, streamed; its ``contracts.files.FileView``. Raises ``CoreError``.

        With the same idempotency key it is stored once, however often it is sent.
        """
        headers = {
            "Accept-Language": how.get("locale", "ru"),
            "Content-Type": media_type,
            "Content-Length": str(size),
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            **_bearer(self._token.get(acting_user=how.get("acting_user"), channel=how.get("channel"))),
        }
        if key := how.get("idempotency_key"):
            headers["Idempotency-Key"] = key
        answer = await self._twice("POST", "/api/smartapp/files", headers, content, keyed=key is not None)
        if answer.status >= 400:
            raise CoreError(answer.status, _document(answer))
        return _document(answer)

    async def get_health(self) -> dict[str, Any]:
        """The core's own word about itself, also when that word is «down»; raises ``CoreGone`` when it is silent."""
        answer = await self.call("GET", "/health")
        return _document(answer)

    async def get(self, path: str, *, etag: str | None = None) -> CoreAnswer:
        """A public document of the core, or the news that it is unchanged (304)."""
        return await self.call("GET", path, headers={"If-None-Match": etag} if etag else {})

    async def call(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        json: Any = None,
        repeatable: bool = False,
    ) -> CoreAnswer:
        """One exchange, repeated once where that is safe; raises ``CoreGone``."""
        headers = dict(headers or {})
        body = None if json is None else orjson.dumps(json)
        if body is not None:
            headers["Content-Type"] = "application/json"
        return await self._twice(method, path, headers, body, keyed=repeatable or "Idempotency-Key" in headers)

    async def _twice(
        self, method: str, path: str, headers: dict[str, str], body: bytes | Stream | None, *, keyed: bool
    ) -> CoreAnswer:
        try:
            return await self._exchange(method, path, headers, body)
        except (aiohttp.ClientError, TimeoutError) as failure:
            if not is_worth_repeating(failure, method, keyed=keyed):
                raise CoreGone(type(failure).__name__) from failure
        try:
            return await self._exchange(method, path, headers, body)
        except (aiohttp.ClientError, TimeoutError) as failure:
            raise CoreGone(type(failure).__name__) from failure

    async def _exchange(
        self, method: str, path: str, headers: dict[str, str], body: bytes | Stream | None
    ) -> CoreAnswer:
        url = URL(self._base_url + path, encoded=True)
        patience = max(self._read_timeout, LOOKING_SECONDS) if callable(body) else self._read_timeout
        async with self._opened().request(
            method,
            url,
            headers=headers,
            data=body() if callable(body) else body,
            expect100=callable(body),  # a no that comes before the body is heard, not shouted down
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None, connect=10, sock_connect=2, sock_read=patience),
        ) as response:
            return CoreAnswer(response.status, response.headers, await response.read())

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = open_session(read_timeout=self._read_timeout, connections=32)
        return self._session


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _document(answer: CoreAnswer) -> dict[str, Any]:
    """The object in an answer; a stranger on the core's port does not speak our language."""
    try:
        document = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict):
        return {"code": "internal_error", "status": answer.status}
    return cast("dict[str, Any]", document)
