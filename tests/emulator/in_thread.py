"""The vendor's bot in a thread of its own, for tests that drive a browser in theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any, TypeVar
from uuid import UUID

from pybotx import BotXAuthVersion

from tests.emulator.serving import Emulator
from tests.emulator.vendor_bot import VendorBot

Result = TypeVar("Result")


class BotInThread:
    """``bot`` lives in its own event loop; ``run`` lets it do something and waits."""

    def __init__(self, emulator: Emulator, port: int) -> None:
        self._emulator, self._port = emulator, port
        self._loop = asyncio.new_event_loop()
        self._started = Event()
        self._leave: asyncio.Event | None = None
        self.bot: VendorBot

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(15)

    def send(self, persona: str, body: str, **more: Any) -> str:
        """A message of the bot into a person's chat."""
        chat = UUID(self._emulator.chat_of(persona))
        return str(self.run(self.bot.bot.send_message(bot_id=self.bot.id, chat_id=chat, body=body, **more)))

    async def _serve(self) -> None:
        self._leave = asyncio.Event()
        self.bot = VendorBot(self._emulator, BotXAuthVersion.V2)
        async with self.bot.serving(self._port):
            self._started.set()
            await self._leave.wait()

    @contextmanager
    def serving(self) -> Iterator[BotInThread]:
        thread = Thread(target=lambda: self._loop.run_until_complete(self._serve()), daemon=True)
        thread.start()
        assert self._started.wait(15), "the bot did not start"
        try:
            yield self
        finally:
            assert self._leave is not None, "it has started"
            self._loop.call_soon_threadsafe(self._leave.set)
            thread.join(15)
            self._loop.close()
