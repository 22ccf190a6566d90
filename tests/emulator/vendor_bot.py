"""A bot as the vendor's examples build it: the unmodified library, five plain routes, and a memory of what came."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

os.environ.setdefault("PYBOTX_CONFIGURE_LOGGER", "0")

from aiohttp import web
from pybotx import (
    Bot,
    BotAccountWithSecret,
    BotXAuthVersion,
    HandlerCollector,
    IncomingMessage,
    StatusRecipient,
    UnverifiedRequestError,
)
from pybotx_smartapp_rpc import RPCError as Refusal
from pybotx_smartapp_rpc import RPCErrorExc, RPCResultResponse, RPCRouter, SmartApp, SmartAppRPC

from tests.emulator.serving import BOT_ID, SECRET_KEY, Emulator

EVENTS = (
    "chat_created", "added_to_chat", "user_joined_to_chat", "deleted_from_chat", "left_from_chat", "cts_login",
    "cts_logout", "event_edit",
)  # fmt: skip


class VendorBot:
    """The library's bot; ``heard`` holds (kind, event) in the order of arrival."""

    def __init__(self, emulator: Emulator, version: BotXAuthVersion, secret_key: str = SECRET_KEY) -> None:
        self.id = UUID(BOT_ID)
        self.emulator = emulator
        self.heard: list[tuple[str, Any]] = []
        self.raw: list[dict[str, Any]] = []
        self.callbacks: list[dict[str, Any]] = []
        self.refused: list[str] = []
        #: Status codes to answer the next commands with, instead of 202.
        self.trouble: list[int] = []
        #: Seconds that the next commands take on their way.
        self.pauses: list[float] = []
        account = BotAccountWithSecret(id=self.id, cts_url=emulator.url, secret_key=secret_key)
        collector = self._collector()
        self.bot = Bot(collectors=[collector], bot_accounts=[account], auth_version=version, default_callback_timeout=3)

    def events(self, kind: str) -> list[Any]:
        return [event for name, event in self.heard if name == kind]

    async def until(self, kind: str, count: int = 1) -> Any:
        """The event of a kind, once there are enough of them."""
        async with asyncio.timeout(10):
            while len(self.events(kind)) < count:
                await asyncio.sleep(0.02)
        return self.events(kind)[count - 1]

    # ── handlers ──

    def _collector(self) -> HandlerCollector:
        collector = HandlerCollector()

        async def allowed(_recipient: StatusRecipient, _bot: Bot) -> bool:
            return True

        @collector.command("/echo", description="Says it again", visible=allowed)
        async def echo(message: IncomingMessage, bot: Bot) -> None:
            self.heard.append(("message", message))
            await bot.answer_message(message.argument)

        @collector.default_message_handler
        async def anything(message: IncomingMessage, _bot: Bot) -> None:
            self.heard.append(("message", message))

        for name in EVENTS:
            getattr(collector, name)(self._remember(name))
        self._serve_rpc(collector)
        return collector

    def _remember(self, name: str) -> Any:
        async def handler(event: Any, _bot: Bot) -> None:
            self.heard.append((name, event))

        return handler

    def _serve_rpc(self, collector: HandlerCollector) -> None:
        rpc = SmartAppRPC(routers=[_router()])

        async def event(event: Any, bot: Bot) -> None:
            self.heard.append(("smartapp_event", event))
            await rpc.handle_smartapp_event(event, bot)

        async def sync_event(event: Any, bot: Bot) -> Any:
            self.heard.append(("sync_smartapp_event", event))
            return await rpc.handle_sync_smartapp_event(event, bot)

        collector.smartapp_event(event)
        collector.sync_smartapp_event(sync_event)

    # ── the five routes ──

    async def command(self, request: web.Request) -> web.Response:
        await asyncio.sleep(self.pauses.pop(0) if self.pauses else 0)
        raw = await request.json()
        self.raw.append(raw)
        if self.trouble:
            return web.Response(status=self.trouble.pop(0))
        try:
            self.bot.async_execute_raw_bot_command(raw, request_headers=request.headers)
        except UnverifiedRequestError as refused:
            return self._unverified(refused)
        return web.json_response({"result": "accepted"}, status=202)

    async def status(self, request: web.Request) -> web.Response:
        return web.json_response(await self.bot.raw_get_status(dict(request.query), request_headers=request.headers))

    async def callback(self, request: web.Request) -> web.Response:
        raw = await request.json()
        self.callbacks.append(raw)
        try:
            await self.bot.set_raw_botx_method_result(raw, request_headers=request.headers)
        except UnverifiedRequestError as refused:
            return self._unverified(refused)
        except asyncio.InvalidStateError:
            pass  # the library's own answer to a callback that comes twice
        return web.json_response({"result": "accepted"}, status=202)

    async def smartapp_request(self, request: web.Request) -> web.Response:
        answer = await self.bot.sync_execute_raw_smartapp_event(await request.json(), request_headers=request.headers)
        document = answer.jsonable_dict()
        return web.json_response(document, status=200 if document["status"] == "ok" else 400)

    def _unverified(self, refused: Exception) -> web.Response:
        self.refused.append(str(refused))
        body = {"status": "error", "reason": "unverified_request", "errors": [], "error_data": {"status_message": "?"}}
        return web.json_response(body, status=401)

    @asynccontextmanager
    async def serving(self, port: int) -> Any:
        """On its port until left."""
        app = web.Application(client_max_size=300 << 20)
        app.router.add_post("/command", self.command)
        app.router.add_get("/status", self.status)
        app.router.add_post("/notification/callback", self.callback)
        app.router.add_post("/smartapps/request", self.smartapp_request)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
        try:
            yield self
        finally:
            await self.bot.shutdown()
            await runner.cleanup()


def _router() -> RPCRouter:
    router = RPCRouter()

    async def add(smartapp: SmartApp) -> RPCResultResponse:
        params = smartapp.event.data["params"]
        return RPCResultResponse({"sum": params["one"] + params["other"]}, files=smartapp.event.files)

    async def refuse(_smartapp: SmartApp) -> RPCResultResponse:
        raise RPCErrorExc(Refusal(reason="No", id="NO", meta={"why": "so"}))

    async def news(smartapp: SmartApp) -> RPCResultResponse:
        await smartapp.send_event({"type": "news", "count": 1})
        return RPCResultResponse({})

    for handler in (add, refuse, news):
        router.method(handler.__name__)(handler)
    return router
