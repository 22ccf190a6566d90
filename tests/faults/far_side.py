"""A small double of BotX: real HTTP, as fast as one wants, and out of order in every way that matters.

It takes messages and edits of the unmodified library and remembers them. It is no messenger: nobody reads.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any, Self
from uuid import uuid4

from aiohttp import web

from tests.stack.plan import free_ports

#: How it may be: whole, answering 503, asking for a rest, silent until the caller gives up, or not there at all.
MANNERS = ("ok", "503", "429", "silent", "refused")
#: Longer than our sender waits.
SILENCE = 20.0
REST = 2


@dataclass(frozen=True)
class Shown:
    """One new message that was taken."""

    at: float
    chat: str
    text: str
    message: str


class FarSide:
    """The double in a thread of its own. ``manner`` is how it is now; ``poisoned`` chats take nothing, ever."""

    channel = "express"

    def __init__(self, *, latency: float = 0.0) -> None:
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self.latency = latency
        self.poisoned: set[str] = set()
        self.shown: list[Shown] = []
        self.edits: list[Shown] = []
        self.answers: dict[str, int] = defaultdict(int)
        self.manner = "ok"
        self._chats: dict[str, str] = {}
        self._loop = asyncio.new_event_loop()
        self._ready = Event()
        self._leave = asyncio.Event()
        self._site: web.TCPSite | None = None
        self._thread = Thread(target=self._loop.run_until_complete, args=(self._serve(),), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(15), "the double did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._leave.set)
        self._thread.join(30)

    def new_chat(self) -> str:
        """Somebody's chat with the bot."""
        return str(uuid4())

    def poison(self, chat: str) -> None:
        """From now on that chat takes nothing."""
        self.poisoned.add(chat)

    def behave(self, manner: str) -> None:
        """From now on; what is silent stays so for those who have called already."""
        assert manner in MANNERS
        asyncio.run_coroutine_threadsafe(self._behave(manner), self._loop).result(30)

    @property
    def calls(self) -> int:
        """How many calls have come, whatever became of them."""
        return sum(self.answers.values())

    def texts(self) -> dict[str, list[str]]:
        """What each chat got as new messages, in order."""
        found: dict[str, list[str]] = defaultdict(list)
        for message in self.shown:
            found[message.chat].append(message.text)
        return found

    async def _serve(self) -> None:
        logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # callers that are killed leave calls half said
        app = web.Application()
        app.router.add_post("/api/v4/botx/notifications/direct", self._direct)
        app.router.add_post("/api/v3/botx/events/edit_event", self._edit)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self._open()
        self._ready.set()
        await self._leave.wait()
        await self._runner.cleanup()

    async def _open(self) -> None:
        self._site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True, backlog=2048)
        await self._site.start()

    async def _behave(self, manner: str) -> None:
        self.manner = manner
        if manner == "refused" and self._site is not None:
            await self._site.stop()
            self._site = None
            for connection in list(self._runner.server.connections if self._runner.server else ()):
                connection.force_close()
        elif manner != "refused" and self._site is None:
            await self._open()

    async def _direct(self, request: web.Request) -> web.Response:
        call = await request.json()
        chat, text = call["group_chat_id"], call["notification"]["body"]
        if (trouble := await self._trouble(chat)) is not None:
            return trouble
        message = str(uuid4())
        self._chats[message] = chat
        self.shown.append(Shown(time.monotonic(), chat, text, message))
        return web.json_response({"status": "ok", "result": {"sync_id": message}}, status=202)

    async def _edit(self, request: web.Request) -> web.Response:
        call = await request.json()
        message = call["sync_id"]
        chat = self._chats.get(message, "")
        if (trouble := await self._trouble(chat)) is not None:
            return trouble
        self.edits.append(Shown(time.monotonic(), chat, call.get("payload", {}).get("body", ""), message))
        return web.json_response({"status": "ok", "result": "update_event_pushed"}, status=202)

    async def _trouble(self, chat: str) -> web.Response | None:
        """The answer that is no yes; a poisoned chat is refused whenever anybody answers at all."""
        manner = self.manner
        self.answers[manner] += 1
        if manner == "silent":
            await asyncio.sleep(SILENCE)
        if manner in ("silent", "503"):
            return _no("server_unavailable", 503)
        if manner == "429":
            return _no("too_many_requests", 429, {"Retry-After": str(REST)})
        if chat in self.poisoned:
            return _no("chat_not_found", 404)
        if self.latency:
            await asyncio.sleep(self.latency)
        return None


def _no(reason: str, status: int, headers: dict[str, str] | None = None) -> web.Response:
    document: dict[str, Any] = {"status": "error", "reason": reason, "errors": [], "error_data": {}}
    return web.json_response(document, status=status, headers=headers)
