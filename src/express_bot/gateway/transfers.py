"""Files on their way to the core and back: longer bodies than a document's, and how many of them at once.

A long body holds one of the core's threads until its last byte, and how long that takes is for the caller's network to
say. So they share lanes, and half of the threads are never theirs: whoever files does not wait behind pictures.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

import aiohttp
from starlette.types import Message, Receive, Scope, Send

from express_bot.contracts import errors
from express_bot.contracts.files import MAX_FILE_BYTES
from express_bot.gateway.body import Body
from express_bot.gateway.problems import RequestTimeout

FILES, UPLOADS = "/api/smartapp/files", "/api/smartapp/uploads/"
#: How long a long body waits for a lane before its caller is told to come again.
QUEUE = 30.0
#: While a body flows, the core may be silent for so long: at its end it checks the file, and a scanner takes its time.
SILENCE = 60.0
#: How long a caller may let an answer wait before it takes the next piece of it.
TAKEN_WITHIN = 30.0
#: ``Watch`` counts the silence; the library would count it from the core's first word on, while the body still flows.
FLOWING = aiohttp.ClientTimeout(total=None, connect=10, sock_connect=2, sock_read=None)


def body_of(scope: Scope, receive: Receive) -> Body:
    """The caller's body under the limit of its address; raises when it announces more."""
    if not is_upload(scope["method"], scope["path"]):
        return Body(scope, receive)
    return Body(scope, receive, limit=MAX_FILE_BYTES, too_large=errors.FileTooLarge)


def is_upload(method: str, path: str) -> bool:
    """Whether the body of such a call is a file or a part of one."""
    return (method == "POST" and path == FILES) or (method == "PATCH" and path.startswith(UPLOADS))


def may_be_long(scope: Scope) -> bool:
    """Whether the answer may be a file."""
    method, path = str(scope["method"]), str(scope["path"])
    return method == "GET" and path.startswith(f"{FILES}/")


class Lanes:
    """How many long bodies flow at once."""

    def __init__(self, core_threads: int) -> None:
        self._free = asyncio.Semaphore(max(1, core_threads // 2))

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """One of them; raises ``CoreUnavailable`` when none gets free in time."""
        try:
            async with asyncio.timeout(QUEUE):
                await self._free.acquire()
        except TimeoutError as busy:
            raise errors.CoreUnavailable from busy
        try:
            yield
        finally:
            self._free.release()


class Watch:
    """A flow that ends with ``TimeoutError`` when the core neither takes the next part nor answers for too long.

    While the caller has the word nothing is counted: its silence is the body's to judge, and is called by its name.
    """

    def __init__(self, parts: AsyncIterator[bytes]) -> None:
        self._parts = parts
        self._limit = asyncio.timeout(None)
        self._loop = asyncio.get_running_loop()
        self._silent_since: float | None = self._loop.time()
        self._look = self._loop.call_soon(self._end_silence)

    async def __aenter__(self) -> Self:
        await self._limit.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._look.cancel()
        await self._limit.__aexit__(kind, failure, trace)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._flow()

    async def _flow(self) -> AsyncIterator[bytes]:
        self._silent_since = None
        async for part in self._parts:
            self._silent_since = self._loop.time()
            yield part
            self._silent_since = None
        self._silent_since = self._loop.time()

    def _end_silence(self) -> None:
        """Looks again when the present silence would be too long; a timer for every part would cost more."""
        since, now = self._silent_since, self._loop.time()
        ends = (now if since is None else since) + SILENCE
        if ends > now:
            self._look = self._loop.call_at(ends, self._end_silence)
        else:
            self._limit.reschedule(now)


async def send_within(send: Send, message: Message) -> None:
    """Hands over a piece of an answer; raises ``RequestTimeout`` for a caller that does not take it."""
    try:
        async with asyncio.timeout(TAKEN_WITHIN):
            await send(message)
    except TimeoutError as stuck:
        raise RequestTimeout from stuck
