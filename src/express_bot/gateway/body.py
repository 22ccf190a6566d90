"""The caller's body: collected while it is small, streamed on when it grows, cut off at the limit.

The beginning of one that streams is read while the core is still being asked whether it wants it (``reading_ahead``).

A collected body spares the core's threads a slow sender (a coroutine waits here instead) and can be sent a second time
after a lost connection. Every JSON document of ours fits; what is larger flows through without being kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import monotonic

from starlette.types import Receive, Scope

from express_bot.contracts import errors
from express_bot.gateway.headers import header
from express_bot.gateway.problems import BodyBrokenOff, RequestTimeout

LIMIT = 1 << 20
COLLECTED = 64 << 10
#: So much is read before anybody wants it.
AHEAD = 2 << 20
#: How long a sender may stay silent; slow ones cost nothing but this coroutine, dead ones must not stay for ever.
PATIENCE = 10.0
#: Nor may one keep a call open by a byte now and then: the worst mobile network is faster, once it has had its time.
SLOWEST, GRACE = 4 << 10, 30.0


class Body:
    """One request body, read once from the ASGI server."""

    __slots__ = (
        *("_ahead", "_flowing", "_limit", "_receive", "_taken", "_too_large", "_waited"),
        *("complete", "declared", "failure", "parts"),
    )

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        *,
        limit: int = LIMIT,
        too_large: type[errors.AppError] = errors.BodyTooLarge,
    ) -> None:
        """Raises ``too_large`` when the caller announces more than the limit, before a byte of it is read."""
        length = header(scope, b"content-length")
        self.declared = int(length) if length and length.isdigit() else None
        if self.declared is not None and self.declared > limit:
            raise too_large(limit=limit)
        self._limit = limit
        self._too_large = too_large
        self._receive = receive
        self._taken = 0
        self._waited = 0.0
        self._flowing = False
        self._ahead: asyncio.Task[None] | None = None
        self.parts: list[bytes] = []
        self.failure: Exception | None = None
        self.complete = not self.declared and header(scope, b"transfer-encoding") is None

    async def collect(self) -> None:
        """Reads until the end, or until the body proves too long to be kept; one that says so itself is not begun."""
        while not self.complete and max(self._taken, self.declared or 0) <= COLLECTED:
            self.parts.append(await self._next())

    async def whole(self) -> bytes:
        """All of it, for those who must read it themselves; raises ``BodyTooLarge`` at the limit."""
        while not self.complete:
            self.parts.append(await self._next())
        return b"".join(self.parts)

    def content(self) -> bytes | AsyncIterator[bytes]:
        """What was collected if that is all, else the flow."""
        return b"".join(self.parts) if self.complete else self.stream()

    @asynccontextmanager
    async def reading_ahead(self) -> AsyncIterator[None]:
        """Reads on in the background until the body flows, or enough is there."""
        self._ahead = asyncio.ensure_future(self._read_ahead())
        self._ahead.add_done_callback(_heed)
        try:
            yield
        finally:
            self._ahead.cancel()
            self._ahead = None

    async def _read_ahead(self) -> None:
        while not (self.complete or self._flowing) and self._taken < AHEAD:
            self.parts.append(await self._next())

    async def stream(self) -> AsyncIterator[bytes]:
        """The whole body, what was collected first. What goes wrong on the sender's side is kept in ``failure``."""
        self._flowing = True
        try:
            while self.parts or not self.complete:
                yield await self._part()
        except Exception as failure:
            self.failure = failure
            raise

    async def _part(self) -> bytes:
        if not self.parts and self._ahead is not None:
            await self._ahead  # it ends with the part that it is waiting for
        return self.parts.pop(0) if self.parts else await self._next()

    async def discard(self) -> None:
        """Reads what nobody wants any more: a caller that is still sending would take our answer for a lost line."""
        if self._flowing:
            return
        self._flowing = True
        with suppress(errors.AppError):
            if self._ahead is not None:
                await self._ahead
            while not self.complete:
                await self._next()
        self.parts.clear()

    async def _next(self) -> bytes:
        asked = monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                message = await self._receive()
        except TimeoutError as slow:
            raise RequestTimeout from slow
        self._waited += monotonic() - asked
        if message["type"] == "http.disconnect":
            raise BodyBrokenOff
        part: bytes = message.get("body", b"")
        self._account(len(part))
        self.complete = not message.get("more_body", False)
        return part

    def _account(self, size: int) -> None:
        self._taken += size
        if self._taken > self._limit:
            raise self._too_large(limit=self._limit)
        if self._waited > GRACE and self._taken < SLOWEST * self._waited:
            raise RequestTimeout


def _heed(ahead: asyncio.Task[None]) -> None:
    """What went wrong is told to whoever asks for the next part; if nobody does, nobody needs to hear of it."""
    if not ahead.cancelled():
        ahead.exception()
