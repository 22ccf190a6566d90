"""A small double of BotX: real HTTP, as fast as one wants, and out of order in every way that matters.

It takes messages, edits and deletions of the unmodified library and remembers them, says where a message stands, and
tells of each message that it has taken, again until it is heard (what a real server does then is not documented). It is
no messenger: nobody reads.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from threading import Event, Thread
from typing import Any, Self
from uuid import UUID, uuid4

import aiohttp
from aiohttp import web

from express_bot.emulator.faults import Faults
from express_bot.emulator.messenger import proofs
from express_bot.emulator.options import Options
from tests.emulator.serving import BOT_ID, SECRET_KEY
from tests.faults.seen import Seen, Shown
from tests.stack.plan import free_ports

#: How it may be: whole, answering 503, asking for a rest, silent until the caller gives up, taking a message without
#: an answer, or not there at all.
MANNERS = ("ok", "503", "429", "silent", "taken", "refused")
#: Longer than our sender waits.
SILENCE = 20.0
REST = 2
#: When it speaks of a message that it has taken, and again if nobody has heard.
CALLBACK_AFTER, CALLBACK_AGAIN = 0.05, 0.5


class FarSide:
    """The double in a thread of its own. ``manner`` is how it is now; ``poisoned`` chats take nothing, ever."""

    channel = "express"

    def __init__(self, *, latency: float = 0.0) -> None:
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self.latency = latency
        self.poisoned: set[str] = set()
        self.seen = Seen()
        self.answers: dict[str, int] = defaultdict(int)
        self.manner = "ok"
        self.silence = SILENCE
        self.is_mute = False
        """Nothing that leads to a message whose answer was lost is told."""
        self._chats: dict[str, str] = {}
        self._options = Options(UUID(BOT_ID), SECRET_KEY, host="127.0.0.1")
        self._bot = ""
        self._words: set[asyncio.Task[None]] = set()
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

    def speak_to(self, bot: str) -> None:
        """The bot's address, for what becomes of messages."""
        self._bot = bot

    async def _serve(self) -> None:
        logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # callers that are killed leave calls half said
        app = web.Application()
        app.router.add_post("/api/v4/botx/notifications/direct", self._direct)
        app.router.add_post("/api/v3/botx/events/edit_event", self._edit)
        app.router.add_post("/api/v3/botx/events/delete_event", self._delete)
        app.router.add_get("/api/v3/botx/events/{message}/status", self._status)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self._open()
        self._ready.set()
        await self._leave.wait()
        for word in self._words:
            word.cancel()
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
        manner = self.manner
        if (trouble := await self._trouble(chat)) is not None:
            return trouble
        message = str(uuid4())
        self._chats[message] = chat
        self.seen.shown.append(Shown(time.monotonic(), chat, text, message))
        self._tell_of(message)
        if manner == "taken":
            await asyncio.sleep(self.silence)
        return _yes({"sync_id": message})

    async def _edit(self, request: web.Request) -> web.Response:
        call = await request.json()
        message = call["sync_id"]
        if (trouble := await self._trouble(self._chats.get(message, ""))) is not None:
            return trouble
        if not self._stands(message):
            return _no("event_not_found", 404)
        text = call.get("payload", {}).get("body", "")
        self.seen.edits.append(Shown(time.monotonic(), self._chats[message], text, message))
        return _yes("bot_command_result_pushed")

    async def _delete(self, request: web.Request) -> web.Response:
        message = (await request.json())["sync_id"]
        if (trouble := await self._trouble(self._chats.get(message, ""))) is not None:
            return trouble
        if not self._stands(message):
            return _no("sync_id_not_found", 404)
        self.seen.deleted.add(message)
        return _yes("event_deleted")

    async def _status(self, request: web.Request) -> web.Response:
        message = request.match_info["message"]
        if self.manner in ("503", "429", "silent"):
            return _no("server_unavailable", 503)
        if not self._stands(message):
            return _no("event_not_found", 404)
        nobody: dict[str, Any] = {"sent_to": [], "read_by": [], "received_by": []}
        return _yes({"group_chat_id": self._chats[message]} | nobody, 200)

    def _stands(self, message: str) -> bool:
        return message in self._chats and message not in self.seen.deleted

    def _tell_of(self, message: str) -> None:
        if self._bot:
            word = asyncio.ensure_future(self._tell(message))
            self._words.add(word)
            word.add_done_callback(self._words.discard)

    async def _tell(self, message: str) -> None:
        """The callback, until somebody has taken it."""
        await asyncio.sleep(CALLBACK_AFTER)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
            while self.is_mute or not await self._is_heard(session, message):
                await asyncio.sleep(CALLBACK_AGAIN)

    async def _is_heard(self, session: aiohttp.ClientSession, message: str) -> bool:
        word = {"sync_id": message, "status": "ok", "result": {}}
        headers = proofs.headers(self._options, Faults())
        try:
            async with session.post(f"{self._bot}/notification/callback", json=word, headers=headers) as answer:
                return answer.status < 300
        except (aiohttp.ClientError, TimeoutError):
            return False

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


def _yes(result: Any, status: int = 202) -> web.Response:
    return web.json_response({"status": "ok", "result": result}, status=status)


def _no(reason: str, status: int, headers: dict[str, str] | None = None) -> web.Response:
    document: dict[str, Any] = {"status": "error", "reason": reason, "errors": [], "error_data": {}}
    return web.json_response(document, status=status, headers=headers)
