"""The beginning of a long body is read before it is wanted, and no more than that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from express_bot.gateway.body import AHEAD, Body
from express_bot.gateway.problems import BodyBrokenOff

PART = 128 << 10


class Sender:
    """A caller that sends as fast as it is read, and may leave in the middle."""

    def __init__(self, parts: int, *, leaves_after: int | None = None) -> None:
        self.sent, self._parts, self._leaves_after = 0, parts, leaves_after

    async def __call__(self) -> dict[str, Any]:
        await asyncio.sleep(0)
        if self.sent == self._leaves_after:
            return {"type": "http.disconnect"}
        self.sent += 1
        return {"type": "http.request", "body": bytes([self.sent]) * PART, "more_body": self.sent < self._parts}


def body(sender: Sender, parts: int) -> Body:
    return Body({"headers": [(b"content-length", b"%d" % (parts * PART))]}, sender, limit=parts * PART)


async def hear(flow: AsyncIterator[bytes], heard: list[bytes]) -> None:
    async for part in flow:
        heard.append(part)


def whole(parts: int) -> bytes:
    return b"".join(bytes([number]) * PART for number in range(1, parts + 1))


@pytest.mark.parametrize("turns", [0, 1, 5, 500])
def test_what_is_read_ahead_comes_first_and_nothing_twice(turns: int) -> None:
    async def run() -> None:
        sender = Sender(60)
        long = body(sender, 60)
        async with long.reading_ahead():
            for _ in range(turns):
                await asyncio.sleep(0)
            assert sender.sent * PART <= AHEAD
            content = long.content()
            assert not isinstance(content, bytes)
            heard: list[bytes] = []
            await hear(content, heard)
        assert b"".join(heard) == whole(60)

    asyncio.run(run())


def test_who_leaves_while_read_ahead_is_known_when_the_body_is_wanted() -> None:
    async def run() -> None:
        long = body(Sender(60, leaves_after=3), 60)
        async with long.reading_ahead():
            await asyncio.sleep(0.05)
            heard: list[bytes] = []
            with pytest.raises(BodyBrokenOff):
                await hear(long.stream(), heard)
        assert b"".join(heard) == whole(3)
        assert isinstance(long.failure, BodyBrokenOff)

    asyncio.run(run())


def test_what_nobody_wants_is_read_to_its_end() -> None:
    async def run() -> None:
        sender = Sender(60)
        long = body(sender, 60)
        async with long.reading_ahead():
            await asyncio.sleep(0)
            await long.discard()
        assert (sender.sent, long.complete, long.parts) == (60, True, [])

    asyncio.run(run())


def test_a_sender_that_is_waited_for_is_let_go_with_its_call() -> None:
    async def run() -> None:
        gone = asyncio.Event()

        async def silent() -> dict[str, Any]:
            try:
                await asyncio.sleep(60)
            finally:
                gone.set()
            return {}

        long = Body({"headers": [(b"content-length", b"9999999")]}, silent, limit=9_999_999)
        with suppress(RuntimeError):
            async with long.reading_ahead():
                await asyncio.sleep(0)
                raise RuntimeError
        await asyncio.wait_for(gone.wait(), 1)

    asyncio.run(run())
