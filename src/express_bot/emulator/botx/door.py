"""The door of BotX: proofs of the bot, switched faults, envelopes of answers, and a line for the inspector."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import jwt
import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from express_bot.emulator.files import MAX_FILE
from express_bot.emulator.messenger import Messenger
from express_bot.emulator.record import Exchange
from express_bot.emulator.world import World

MAX_JSON = 1 << 20
#: A file inside a message grows by a third.
MAX_BODY = MAX_FILE * 4 // 3 + MAX_JSON
KEPT_TOKENS = 50


class BotxError(Exception):
    """A refusal in the words of BotX."""

    def __init__(self, status: int, reason: str, errors: list[str] | None = None, **data: Any) -> None:
        super().__init__(reason)
        self.status, self.reason, self.errors, self.data = status, reason, errors or [], data

    def document(self) -> dict[str, Any]:
        return error(self.reason, self.errors, **self.data)


def error(reason: str, errors: list[str] | None = None, **data: Any) -> dict[str, Any]:
    """The envelope of a refusal."""
    return {"status": "error", "reason": reason, "errors": errors or [], "error_data": data}


@dataclass
class Call:
    """One call of the bot, with its body read."""

    request: Request
    messenger: Messenger
    body: bytes
    json: Any = None
    tokens: dict[str, None] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.messenger.world

    @property
    def path(self) -> dict[str, Any]:
        return self.request.path_params

    def get(self, name: str, default: Any = None) -> Any:
        """A member of the body."""
        return self.json.get(name, default) if isinstance(self.json, dict) else default

    def id(self, name: str) -> UUID:
        """A UUID of the body or the query; raises ``BotxError``."""
        given = self.get(name, self.request.query_params.get(name))
        try:
            return UUID(str(given))
        except ValueError:
            raise malformed(name) from None

    def ids(self, name: str) -> list[UUID]:
        try:
            return [UUID(str(given)) for given in self.get(name) or []]
        except (ValueError, TypeError):
            raise malformed(name) from None

    def flag(self, name: str) -> bool:
        """A boolean of the query: they come as words."""
        return self.request.query_params.get(name, "").lower() == "true"


Method = Callable[[Call], Awaitable[Response]]
Methods = tuple[tuple[str, str, Method], ...]


def malformed(what: str) -> BotxError:
    return BotxError(400, "malformed_request", [what])


def ok(result: Any, status: int = 200) -> Response:
    """The envelope of success."""
    return JSONResponse({"status": "ok", "result": result}, status)


class Dropped(Response):
    """The connection ends in the middle of an answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        headers = [(b"content-length", b"1000"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


class Door:
    """Wraps each method of BotX."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        #: Tokens of auth v1; the oldest are forgotten.
        self._tokens: dict[str, None] = {}

    def guard(self, method: Method, *, open_to_all: bool = False) -> Callable[[Request], Awaitable[Response]]:
        """The method behind proofs and faults."""

        async def endpoint(request: Request) -> Response:
            call = Call(request, self._messenger, await _body(request), tokens=self._tokens)
            exchange = Exchange(self._messenger.world.feed, "botx", request.method, request.url.path)
            fault = self._messenger.world.faults.botx
            answer, told = await self._answer(call, method, open_to_all=open_to_all, fault=fault)
            exchange.asked(_shown(call))
            exchange.done(None if told is None else answer.status_code, told, fault=None if fault == "ok" else fault)
            return answer

        return endpoint

    async def _answer(self, call: Call, method: Method, *, open_to_all: bool, fault: str) -> tuple[Response, Any]:
        """The answer, and what the inspector shows of it."""
        if fault == "drop":
            return Dropped(), None
        if fault not in ("ok", "lost_answer"):
            refusal = _broken(int(fault), self._messenger.world.faults.retry_after)
            return refusal, orjson.loads(refusal.body)
        try:
            if not open_to_all:
                self._ensure_known(call.request)
            _parse(call)
            answer = await method(call)
        except BotxError as refused:
            answer = JSONResponse(refused.document(), refused.status)
        if fault == "lost_answer":
            return Dropped(), None
        return answer, _told(answer)

    def _ensure_known(self, request: Request) -> None:
        """Either a token of auth v1 that we gave, or a JWT that the bot has signed itself (v2)."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise BotxError(401, "token_not_found")
        if token not in self._tokens:
            self._ensure_signed(token)

    def _ensure_signed(self, token: str) -> None:
        options = self._messenger.world.options
        try:
            claims = jwt.decode(
                token,
                options.secret_key,
                algorithms=["HS256"],
                audience=options.host,
                issuer=str(options.bot_id),
                leeway=5,
                options={"require": ["exp", "iat", "aud", "iss"], "strict_aud": True},
            )
        except jwt.InvalidTokenError as refused:
            raise BotxError(401, "invalid_token", [str(refused)]) from None
        if claims.get("version") != 2:
            raise BotxError(401, "invalid_token", ["version"])

    def revoke_tokens(self) -> None:
        """Every token of auth v1 is worthless from now on."""
        self._tokens.clear()


def new_token(tokens: dict[str, None]) -> str:
    """A token of auth v1."""
    token = secrets.token_urlsafe(32)
    tokens[token] = None
    if len(tokens) > KEPT_TOKENS:
        tokens.pop(next(iter(tokens)))
    return token


async def _body(request: Request) -> bytes:
    """The whole body, or as much as shows that it is too much."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size <= MAX_BODY:
            parts.append(part)
    return b"".join(parts) if size <= MAX_BODY else bytes(MAX_BODY + 1)


def _parse(call: Call) -> None:
    if len(call.body) > MAX_BODY:
        raise BotxError(413, "request_too_large")
    if call.body and call.request.headers.get("content-type", "").partition(";")[0] == "application/json":
        try:
            call.json = orjson.loads(call.body)
        except orjson.JSONDecodeError:
            raise malformed("json") from None
        if not isinstance(call.json, dict):
            raise malformed("json")
        _ensure_small(call)


def _ensure_small(call: Call) -> None:
    """The limit is for the JSON without the file in it."""
    file = call.get("file")
    inside = len(str(file.get("data", ""))) if isinstance(file, dict) else 0
    if len(call.body) - inside > MAX_JSON:
        raise BotxError(413, "request_too_large")


def _broken(status: int, retry_after: int) -> JSONResponse:
    reasons = {401: "invalid_token", 429: "too_many_requests", 500: "unexpected_error", 503: "service_unavailable"}
    headers = {"Retry-After": str(retry_after)} if status in (429, 503) else None
    return JSONResponse(error(reasons[status]), status, headers)


def _shown(call: Call) -> Any:
    return call.json if call.json is not None else dict(call.request.query_params) or None


def _told(answer: Response) -> Any:
    if isinstance(answer, JSONResponse):
        return orjson.loads(answer.body)
    return answer.media_type
