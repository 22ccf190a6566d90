"""The line to the bot: every call signed, timed and shown in the inspector."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from express_bot.emulator.messenger import proofs
from express_bot.emulator.record import Exchange
from express_bot.emulator.world import World

#: The bot has about five seconds (protocol §7); a real server gives up after that, we are a little more patient.
TIMEOUT = aiohttp.ClientTimeout(total=15, connect=3)
#: What a real server does here is not documented; without it a restart of the bot would lose what people say.
PAUSES = (0.5, 1.0, 2.0)
FILE_TIMEOUT = aiohttp.ClientTimeout(total=120, connect=3)


@dataclass(frozen=True)
class Answer:
    """What the bot said; no status means that nobody answered."""

    status: int | None
    document: Any = None

    @property
    def is_accepted(self) -> bool:
        return self.status is not None and self.status < 300

    @property
    def is_worth_another_try(self) -> bool:
        """Nobody there, or a server in trouble; a bot that says that it is switched off means it."""
        if self.status is None:
            return True
        return self.status >= 500 and not (isinstance(self.document, dict) and self.document.get("reason"))


class Line:
    """HTTP to the bot. Opened and closed with the messenger."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        self._session = aiohttp.ClientSession(timeout=TIMEOUT, trust_env=False)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def post(self, path: str, document: dict[str, Any]) -> Answer:
        """One POST of a JSON document."""
        exchange = Exchange(self._world.feed, "bot", "POST", path, document)
        answer = await self._call("POST", path, data=orjson.dumps(document))
        exchange.done(answer.status, answer.document, fault=self._fault())
        return answer

    async def post_until_answered(self, path: str, document: dict[str, Any]) -> Answer:
        """The same, again after a pause while nobody answers; returns the last answer."""
        answer = await self.post(path, document)
        for pause in PAUSES:
            if not answer.is_worth_another_try:
                break
            await asyncio.sleep(pause)
            answer = await self.post(path, document)
        return answer

    async def post_stream(self, path: str, body: AsyncIterator[bytes], shown: Any) -> Answer:
        """One POST of something too big to hold."""
        exchange = Exchange(self._world.feed, "bot", "POST", path, shown)
        answer = await self._call("POST", path, data=body, timeout=FILE_TIMEOUT)
        exchange.done(answer.status, answer.document, fault=self._fault())
        return answer

    async def get(self, path: str, query: dict[str, str]) -> Answer:
        """One GET."""
        exchange = Exchange(self._world.feed, "bot", "GET", path, query)
        answer = await self._call("GET", path, params=query)
        exchange.done(answer.status, answer.document, fault=self._fault())
        return answer

    async def _call(self, method: str, path: str, **more: Any) -> Answer:
        assert self._session is not None, "the line is opened with the messenger"
        headers = {"Content-Type": "application/json", **proofs.headers(self._world.options, self._world.faults)}
        try:
            url = self._world.options.bot_url + path
            async with self._session.request(method, url, headers=headers, allow_redirects=False, **more) as response:
                return Answer(response.status, _parsed(await response.read()))
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Answer(None)

    def _fault(self) -> str | None:
        faults = self._world.faults
        if faults.proof != "ok":
            return f"proof_{faults.proof}"
        return "clock_skew" if faults.clock_skew else None


def _parsed(content: bytes) -> Any:
    try:
        return orjson.loads(content) if content else None
    except orjson.JSONDecodeError:
        return content[:200].decode("utf-8", "replace")
