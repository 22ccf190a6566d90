"""The caller's body: collected while it is small, streamed on when it grows, cut off at the limit.

A collected body spares the core's threads a slow sender (a coroutine waits here instead) and can be sent a second time
after a lost connection. Every JSON document of ours fits; what is larger flows through without being kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from time import monotonic

from starlette.types import Receive, Scope

from express_bot.contracts import errors
from express_bot.gateway.headers import header
from express_bot.gateway.problems import BodyBrokenOff, RequestTimeout

LIMIT = 1 << 20
COLLECTED = 64 << 10
#: How long a sender may stay silent; slow ones cost nothing but this coroutine, dead ones must not stay for ever.
PATIENCE = 10.0
#: Nor may one keep a call open by a byte now and then: the worst mobile network is faster, once it has had its time.
SLOWEST, GRACE = 4 << 10, 30.0


class Body:
    """One request body, read once from the ASGI server."""

    __slots__ = (
        *("_flowing", "_limit", "_receive", "_taken", "_too_large", "_waited"),
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
        self.parts: list[bytes] = []
        self.failure: Exception | None = None
        self.complete = not self.declared and header(scope, b"transfer-encoding") is None

    async def collect(self) -> None:
        """Reads until the end, or until the body proves too long to be kept."""
        while not self.complete and self._taken <= COLLECTED:
            self.parts.append(await self._next())

    async def whole(self) -> bytes:
        """All of it, for those who must read it themselves; raises ``BodyTooLarge`` at the limit."""
        while not self.complete:
            self.parts.append(await self._next())
        return b"".join(self.parts)

    def content(self) -> bytes | AsyncIterator[bytes]:
        """What was collected if that is all, else the flow."""
        return b"".join(self.parts) if self.complete else self.stream()

    async def stream(self) -> AsyncIterator[bytes]:
        """The whole body, what was collected first. What goes wrong on the sender's side is kept in ``failure``."""
        self._flowing = True
        try:
            while self.parts:
                yield self.parts.pop(0)
            while not self.complete:
                yield await self._next()
        except Exception as failure:
            self.failure = failure
            raise

    async def discard(self) -> None:
        """Reads what nobody wants any more: a caller that is still sending would take our answer for a lost line."""
        self.parts.clear()
        with suppress(errors.AppError):
            while not (self.complete or self._flowing):
                await self._next()

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
