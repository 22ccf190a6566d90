"""Webhook Handler: what the eXpress server calls, at the root and under ``/webhook``.

Who calls is proven before a byte of the body is read; what came is stored before it is accepted; the work is done
later, elsewhere. Answers have the shapes that the server expects (botx.md §2), not those of our API.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from express_bot.channels.express.channel import Express
from express_bot.channels.express.envelope import Unreadable, uuid_of
from express_bot.channels.express.intake import Disabled
from express_bot.channels.express.sieve import Sieve
from express_bot.channels.express.verify import Unverified
from express_bot.channels.express.words import say
from express_bot.channels.spool import MAX_BYTES
from express_bot.contracts.errors import BodyTooLarge, JsonMalformed, NotFound
from express_bot.core_client import CoreError
from express_bot.domain.parsing import read_json
from express_bot.gateway.body import Body
from express_bot.gateway.drain import Drain
from express_bot.gateway.forward import Forward, belongs_to_the_core
from express_bot.gateway.spa import Spa
from express_bot.observability.logs import logger
from express_bot.settings import Settings

PREFIXES = ("", "/webhook")
STATIC = "/smartapp_files/static"
#: A chat message carries its file inside, in base64; the rest of an event is small.
MAX_COMMAND = MAX_BYTES * 4 // 3 + (1 << 20)
MAX_EVENT = 8 << 20
MAX_CALLBACK = 64 << 10
MAX_SYNC = 1 << 20
#: Reading a longer body than this takes long enough to keep others waiting.
READ_ASIDE = 256 << 10

Handler = Callable[[Request], Awaitable[Response]]

log = logger(__name__)


class Webhooks:
    """The five doors of the eXpress server."""

    def __init__(self, settings: Settings, express: Express, drain: Drain, static: StaticFiles) -> None:
        self._express = express
        self._drain = drain
        self._locale = settings.default_locale
        self._static = static
        self._sources = [ip_network(network) for network in settings.express_allowed_sources.split()]

    def routes(self) -> list[Route]:
        """All of them, at both places."""
        return [route for prefix in PREFIXES for route in self._at(prefix)]

    def _at(self, prefix: str) -> list[Route]:
        return [
            Route(f"{prefix}/command", self._door(self._command), methods=["POST"]),
            Route(f"{prefix}/status", self._door(self._status), methods=["GET"]),
            Route(f"{prefix}/notification/callback", self._door(self._callback), methods=["POST"]),
            Route(f"{prefix}/smartapps/request", self._door(self._request), methods=["POST"]),
            Route(f"{prefix}{STATIC}/{{path:path}}", self._static),
        ]

    def _door(self, handler: Handler) -> Handler:
        """The handler with every no in the server's own words; nothing that a stranger sends makes another answer."""

        async def door(request: Request) -> Response:
            try:
                return await handler(request)
            except Unverified as stranger:
                self._express.metrics.event("call", "unverified")
                log.warning("unverified call", path=request.url.path, reason=str(stranger))
                return refusal(401, "unverified_request", say("unverified", self._locale))
            except Disabled as no:
                return self._disabled(no.key)
            except BodyTooLarge:
                return self._disabled("disabled.too_large")
            except (JsonMalformed, Unreadable) as broken:
                log.warning("unreadable call", path=request.url.path, reason=repr(broken))
                self._express.metrics.event("call", "unreadable")
                return self._disabled("disabled.unreadable")
            except (CoreError, TimeoutError) as gone:
                log.warning("core unavailable", reason=repr(gone))
                return self._disabled("disabled.core")

        return door

    async def _command(self, request: Request) -> Response:
        sieve = Sieve()
        try:
            document = await self._proven_body(request, MAX_COMMAND, sieve)
            await self._express.intake.take(document, sieve.contents)
        finally:
            sieve.close()
        return accepted()

    async def _callback(self, request: Request) -> Response:
        """Whether the server signs these is not documented: a signature must be right, and without one little moves."""
        self._ensure_from_server(request)
        proven = "authorization" in request.headers
        if proven:
            self._ensure_signed(request)
        self._ensure_staying()
        try:
            document = await self._document(request, MAX_CALLBACK)
            await self._express.intake.take_callback(document, proven=proven)
        except (BodyTooLarge, JsonMalformed, Unreadable) as broken:
            if proven:
                raise
            raise Unverified("an unsigned callback of nothing") from broken
        return accepted()

    async def _request(self, request: Request) -> Response:
        document = await self._proven_body(request, MAX_SYNC)
        status, answer = await self._express.answer(document)
        return JSONResponse(answer, status, _NO_STORE)

    async def _status(self, request: Request) -> Response:
        self._ensure_proven(request)
        self._ensure_staying()
        asked = dict(request.query_params)
        self._ensure_meant(asked)
        menu = await self._express.menu.of(uuid_of(asked, "user_huid"), asked.get("chat_type", ""))
        return JSONResponse(menu, headers=_NO_STORE)

    async def _proven_body(self, request: Request, limit: int, sieve: Sieve | None = None) -> dict[str, Any]:
        """The document of a proven call, meant for the bot that the proof names."""
        self._ensure_proven(request)
        self._ensure_staying()
        document = await self._document(request, limit, sieve)
        self._ensure_meant(document)
        return document

    async def _document(self, request: Request, limit: int, sieve: Sieve | None = None) -> dict[str, Any]:
        whole = Body(request.scope, request.receive, limit=limit)
        body = await whole.whole() if sieve is None else await _sifted(whole, sieve)
        document = await asyncio.to_thread(read_json, body) if len(body) > READ_ASIDE else read_json(body)
        if not isinstance(document, dict):
            raise Unreadable("no object")
        return document

    def _ensure_proven(self, request: Request) -> None:
        self._ensure_from_server(request)
        self._ensure_signed(request)

    def _ensure_signed(self, request: Request) -> None:
        """Counts what the secret before has signed: when that has ended, it may be forgotten."""
        if self._express.verifier.verify(_authorization(request)) == "old":
            self._express.metrics.event("call", "old_secret")

    def _ensure_from_server(self, request: Request) -> None:
        """Where an allow-list is set, the true peer stands on it; headers about addresses are anybody's word."""
        if self._sources and not any(_address(request) in network for network in self._sources):
            raise Unverified("source")

    def _ensure_meant(self, document: dict[str, Any]) -> None:
        """The body is not signed: a stolen proof must not carry an event of another bot."""
        try:
            meant = uuid_of(document, "bot_id")
        except Unreadable as broken:
            raise Unverified("bot_id") from broken
        if meant != self._express.verifier.bot_id:
            raise Unverified("bot_id")

    def _ensure_staying(self) -> None:
        if self._drain.leaving:
            raise Disabled("disabled.leaving")

    def _disabled(self, key: str) -> Response:
        return refusal(503, "bot_disabled", say(key, self._locale))


class StaticFiles:
    """The app's files where the messenger looks for them, and beside its page the API that it asks."""

    def __init__(self, spa: Spa, forward: Forward) -> None:
        self._spa = spa
        self._forward = forward

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The same that stands at the root."""
        name = scope["path_params"]["path"]
        _, found, raw = scope["raw_path"].partition(f"{STATIC}/".encode())
        if not found:
            raise NotFound
        path = "/" if name in ("", "index.html") else f"/{name}"
        inner = {**scope, "path": path, "raw_path": b"/" + raw}
        await (self._forward if belongs_to_the_core(inner) else self._spa)(inner, receive, send)


async def _sifted(body: Body, sieve: Sieve) -> bytes:
    """The event without the bytes of its files; raises ``BodyTooLarge`` when that is still long."""
    parts, length = [], 0
    async for part in body.stream():
        parts.append(sieve.feed(part))
        length += len(parts[-1])
        if length > MAX_EVENT:
            raise BodyTooLarge(limit=MAX_EVENT)
    return b"".join([*parts, sieve.end()])


_NO_STORE = {"Cache-Control": "no-store"}


def accepted() -> Response:
    """Taken; the server ignores what the body says."""
    return JSONResponse({"result": "accepted"}, 202, _NO_STORE)


def refusal(status: int, reason: str, sentence: str) -> Response:
    """Not taken; of this the messenger shows the sentence alone."""
    body = {"reason": reason, "errors": [], "error_data": {"status_message": sentence}}
    return JSONResponse(body, status, _NO_STORE)


def _authorization(request: Request) -> list[bytes]:
    return [value for name, value in request.scope["headers"] if name == b"authorization"]


def _address(request: Request) -> IPv4Address | IPv6Address:
    """The other end of the connection; something without an address is nobody we know."""
    try:
        address = ip_address(request.scope["client"][0])
    except (TypeError, ValueError):
        return IPv4Address(0)
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
