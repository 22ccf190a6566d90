"""Passes calls to the core byte for byte and knows nothing of what they mean (design §2).

The core alone parses, proves the session, checks rights and answers. What is decided here is only what the wire needs:
whose address it really is, how long a body may be, and when a lost connection may be tried again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple
from urllib.parse import quote_from_bytes

import aiohttp
from starlette.types import Receive, Scope, Send
from yarl import URL

from express_bot.contracts import errors
from express_bot.core_client import ServiceToken, is_worth_repeating, open_session
from express_bot.gateway.body import COLLECTED, Body
from express_bot.gateway.headers import for_the_core, from_the_core
from express_bot.gateway.transfers import FLOWING, Lanes, Watch, body_of, may_be_long, send_within

PREFIXES = (b"/api/smartapp/", b"/api/desk/", b"/api/demo/")
#: Three times what the database grants a statement, and short enough to end within the server's time to stop.
READ_TIMEOUT = 15.0
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


def belongs_to_the_core(scope: Scope) -> bool:
    """Whether an address is one of the core's that the outside may see (its service operations are not)."""
    return bool(scope["raw_path"].startswith(PREFIXES)) and not _climbs(scope["path"])


def _climbs(path: str) -> bool:
    """Dot segments and empty ones: another server behind us might read them as a way to another operation."""
    dotted = "/." in path and any(part in (".", "..") for part in path.split("/"))
    return dotted or "//" in path or "\\" in path


_Answer = tuple[aiohttp.ClientResponse, bytes | None]


class _Call(NamedTuple):
    """One call as it goes to the core."""

    method: str
    url: URL
    headers: list[tuple[str, str]]
    body: bytes | AsyncIterator[bytes]

    @property
    def keyed(self) -> bool:
        """Whether the core will recognise its repetition."""
        return any(name == "idempotency-key" for name, _ in self.headers)


class Forward:
    """An ASGI endpoint in front of the core; lean, because every call of every person goes through it."""

    def __init__(self, core_url: str, service_key: str, *, own_headers: frozenset[bytes], core_threads: int) -> None:
        """``own_headers``: those the gateway puts on every answer, so the core's copies are dropped."""
        self._core_url = core_url
        self._lanes = Lanes(core_threads)
        self._token = ServiceToken(service_key, "gateway")
        self._own_headers = own_headers
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Opens the pool; needs the running loop."""
        self._session = open_session(read_timeout=READ_TIMEOUT)

    async def close(self) -> None:
        """Gives the connections back; the server has let every call finish before."""
        if self._session is not None:
            await self._session.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a call with the core's answer; raises ``CoreUnavailable`` when there is none."""
        body = body_of(scope, receive)
        await body.collect()
        if body.complete and not may_be_long(scope):
            await self._pass(scope, body, receive, send)
            return
        async with self._lanes.one(), body.reading_ahead():
            await self._pass(scope, body, receive, send)

    async def _pass(self, scope: Scope, body: Body, receive: Receive, send: Send) -> None:
        call = _Call(scope["method"], self._url(scope), self._headers(scope, body), body.content())
        try:
            response, content = await self._ask(call)
            await body.discard()
            await self._start(response, send)
            if content is None:
                await _stream(response, send, gone=asyncio.ensure_future(_gone(receive, body)))
            else:
                await send({"type": "http.response.body", "body": content, "more_body": False})
        except (aiohttp.ClientError, TimeoutError) as failure:
            raise body.failure or errors.CoreUnavailable from failure

    def _url(self, scope: Scope) -> URL:
        target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        # The client library would encode bytes above ASCII in its own way; percent-encoded they stay what they were.
        text = target.decode() if target.isascii() else quote_from_bytes(target, safe=_PRINTABLE)
        return URL(self._core_url + text, encoded=True)

    def _headers(self, scope: Scope, body: Body) -> list[tuple[str, str]]:
        headers = for_the_core(scope["headers"])
        headers.append(("X-Request-ID", scope["state"]["request_id"].decode()))
        headers.append(("X-Peer-Address", scope["client"][0]))
        headers.append(("X-Gateway-Token", self._token.get()))
        if not body.complete and body.declared is not None:
            headers.append(("Content-Length", str(body.declared)))
        return headers

    async def _ask(self, call: _Call) -> _Answer:
        """The core's answer, asked for a second time where that is safe; a body that has flowed by cannot be."""
        if isinstance(call.body, AsyncIterator):
            async with Watch(call.body) as flow:
                return await self._exchange(call, flow)
        try:
            return await self._exchange(call, call.body or None)
        except (aiohttp.ClientError, TimeoutError) as failure:
            if not is_worth_repeating(failure, call.method, keyed=call.keyed):
                raise
        return await self._exchange(call, call.body or None)

    async def _exchange(self, call: _Call, body: bytes | Watch | None) -> _Answer:
        """A body that flows is begun when the core asks for it: a no that comes earlier is heard, not shouted down."""
        assert self._session is not None, "opened by the lifespan"
        flows = isinstance(body, Watch)
        response = await self._session.request(
            call.method,
            call.url,
            headers=call.headers,
            data=body,
            expect100=flows,
            timeout=FLOWING if flows else self._session.timeout,
            allow_redirects=False,
        )
        length = response.content_length
        if length is None or length > COLLECTED:
            return response, None
        return response, await response.read()

    async def _start(self, response: aiohttp.ClientResponse, send: Send) -> None:
        headers = from_the_core(response.raw_headers, self._own_headers)
        await send({"type": "http.response.start", "status": response.status, "headers": headers})


async def _stream(response: aiohttp.ClientResponse, send: Send, *, gone: asyncio.Future[None]) -> None:
    """Passes a long answer on as it comes. When it breaks off, the error breaks the caller's connection too."""
    try:
        async for part in response.content.iter_any():
            if gone.done():
                return
            await send_within(send, {"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()
        response.close()


async def _gone(receive: Receive, body: Body) -> None:
    """Ends when the caller has left: the server takes what we send to nobody without a word."""
    while not body.complete:  # the core answers before it has heard all: the rest is still being read
        await asyncio.sleep(1)
    while (await receive())["type"] != "http.disconnect":
        pass
