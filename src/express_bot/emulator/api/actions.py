"""What people do on the page."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from express_bot.emulator.api import inputs
from express_bot.emulator.api.inputs import Acting, Refusal, body, message_of, seat_of
from express_bot.emulator.chats import Message
from express_bot.emulator.files import MAX_FILE, StoredFile
from express_bot.emulator.messenger import Messenger, Seat, envelopes
from express_bot.emulator.messenger.app import AppEvent
from express_bot.emulator.people import Person

SLOW_SECONDS = 1.2
#: Bigger ones travel to the bot piece by piece.
MAX_INSIDE = 8 << 20


class Actions:
    """Each answers at once; the bot hears of it right after."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self._world = messenger.world

    async def open_chat(self, request: Request) -> Response:
        """Opens a chat and answers the bot's commands for this person."""
        acting = await self._acting(request, Acting)
        seat = seat_of(self._world, acting)
        self._messenger.tasks.start(self._messenger.open_chat(seat.chat))
        menu = await self._messenger.commands(seat.person, seat.chat)
        result = menu.document.get("result") if isinstance(menu.document, dict) else None
        commands = result.get("commands", []) if menu.is_accepted and isinstance(result, dict) else []
        return JSONResponse({"chat": seat.chat.view(), "commands": commands})

    async def text(self, request: Request) -> Response:
        """A typed message."""
        acting = await self._acting(request, inputs.Text)
        seat = seat_of(self._world, acting)
        self._messenger.tasks.start(self._messenger.say(seat, acting.text, data=acting.data))
        return JSONResponse({}, 202)

    async def press(self, request: Request) -> Response:
        """A press: what the client does by itself (links, alerts) is answered, the rest goes to the bot."""
        acting = await self._acting(request, inputs.Press)
        seat = seat_of(self._world, acting)
        message = message_of(seat.chat, acting.message)
        button = _button(message, acting)
        opts = button.get("opts") or {}
        if not opts.get("link") and opts.get("handler") != "client":
            self._messenger.tasks.start(self._messenger.press(seat, message, button))
        return JSONResponse({"link": opts.get("link"), "alert": _alert(opts)}, 202)

    async def read(self, request: Request) -> Response:
        """The chat is before somebody's eyes."""
        acting = await self._acting(request, Acting)
        seat = seat_of(self._world, acting)
        self._world.read(seat.chat, seat.person)
        return JSONResponse({})

    async def edit(self, request: Request) -> Response:
        """A change of an own message."""
        acting = await self._acting(request, inputs.Edit)
        seat = seat_of(self._world, acting)
        message = _own(seat.person, message_of(seat.chat, acting.message))
        self._messenger.tasks.start(self._messenger.edit(seat, message, acting.text))
        return JSONResponse({}, 202)

    async def again(self, request: Request) -> Response:
        """Another try for a message that the bot has not taken."""
        acting = await self._acting(request, inputs.OnMessage)
        seat = seat_of(self._world, acting)
        message = _own(seat.person, message_of(seat.chat, acting.message))
        self._messenger.tasks.start(self._messenger.say_again(message))
        return JSONResponse({}, 202)

    async def file(self, request: Request) -> Response:
        """A file for the chat; ``size`` makes up one of that many bytes."""
        acting, name = _acting_of_query(request), request.query_params.get("name", "file")
        await self._through_the_air()
        seat = seat_of(self._world, acting)
        content = await _content(request)
        size = _made_up(request) or len(content)
        file = self._world.files.add(seat.chat.id, name, content, size=size)
        caption = request.query_params.get("caption", "")
        work = self._hand_in(seat, file, caption)
        self._messenger.tasks.start(work)
        return JSONResponse({"file": file.view(self._world.options.url)}, 202)

    async def _hand_in(self, seat: Seat, file: StoredFile, caption: str) -> None:
        if file.size <= MAX_INSIDE:
            content = f"data:{file.mime};base64,{base64.b64encode(b''.join(file.chunks())).decode()}"
            await self._messenger.say(seat, caption, file=file.view(), attachments=[_attachment(file, content)])
            return
        message = self._world.say(Message(seat.chat.id, seat.person.huid, caption, file=file.view(), state="sending"))
        event = envelopes.user_command(self._world, seat, caption, sync_id=str(message.sync_id), attachments=[])
        shown = {**event, "attachments": [_attachment(file, "…")]}
        stream = _big_event(event, file)
        self._messenger.settle(message, await self._messenger.line.post_stream("/command", stream, shown))

    async def app_event(self, request: Request) -> Response:
        """A call of the SmartApp."""
        acting = await self._acting(request, inputs.Bridged)
        seat = seat_of(self._world, acting)
        event = inputs.parse(AppEvent, acting.event)
        self._messenger.tasks.start(self._messenger.app.call(seat, event))
        return JSONResponse({}, 202)

    async def app_file(self, request: Request) -> Response:
        """The host's picker has a file: it is uploaded, and the SmartApp gets what the protocol calls a record."""
        acting = _acting_of_query(request)
        await self._through_the_air()
        seat = seat_of(self._world, acting)
        content = await _content(request)
        name, size = request.query_params.get("name", "file"), _made_up(request) or len(content)
        file = self._world.files.add(seat.chat.id, name, content, size=size)
        return JSONResponse({"record": file.view(self._world.options.url)})

    async def system(self, request: Request) -> Response:
        """An event of the server itself."""
        acting = await self._acting(request, inputs.ByServer)
        seat = seat_of(self._world, acting)
        self._messenger.tasks.start(self._messenger.system(acting.event, seat))
        return JSONResponse({}, 202)

    async def _acting(self, request: Request, model: type[inputs.Body]) -> inputs.Body:
        read = await body(request, model)
        await self._through_the_air()
        return read

    async def _through_the_air(self) -> None:
        """The phone's network: none, slow, or good."""
        network = self._world.faults.network
        if network == "none":
            raise Refusal(503, "phone_offline")
        if network == "slow":
            await asyncio.sleep(SLOW_SECONDS)


def _button(message: Message, press: inputs.Press) -> dict[str, Any]:
    rows = message.rows(press.markup, press.edits)
    if press.row >= len(rows) or press.column >= len(rows[press.row]):
        raise Refusal(409, "no_button")
    return rows[press.row][press.column]


def _alert(opts: dict[str, Any]) -> str | None:
    """What the client shows by itself."""
    return str(opts["alert_text"]) if opts.get("show_alert") and opts.get("alert_text") else None


def _own(person: Person, message: Message) -> Message:
    if message.author != person.huid:
        raise Refusal(404, "unknown_message")
    return message


def _acting_of_query(request: Request) -> Acting:
    """Files come as a bare body, so who sends them stands in the address.

    Like JSON, this type of content cannot be sent by a page of another origin without asking.
    """
    if request.headers.get("content-type") != "application/octet-stream":
        raise Refusal(415, "not_binary")
    query = request.query_params
    phone = {name: query[name] for name in ("platform", "locale") if name in query}
    return inputs.parse(Acting, {"persona": query.get("persona"), "chat": query.get("chat"), "phone": phone})


async def _content(request: Request) -> bytes:
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > MAX_FILE:
            raise Refusal(413, "too_large")
    return bytes(content)


def _made_up(request: Request) -> int:
    size = request.query_params.get("size", "0")
    if not size.isdecimal() or int(size) > MAX_FILE:
        raise Refusal(400, "malformed", errors=["size"])
    return int(size)


def _attachment(file: StoredFile, content: str) -> dict[str, Any]:
    data: dict[str, Any] = {"file_name": file.name, "content": content}
    return {"type": file.kind, "data": data | ({"duration": 0} if file.kind in ("video", "voice") else {})}


async def _big_event(event: dict[str, Any], file: StoredFile) -> AsyncIterator[bytes]:
    """The event with a file in it, piece by piece; pieces are multiples of three bytes, so base64 fits together."""
    mark = str(UUID(int=0))
    whole = orjson.dumps({**event, "attachments": [_attachment(file, f"data:{file.mime};base64,{mark}")]})
    before, _, after = whole.partition(mark.encode())
    yield before
    rest = b""
    for chunk in file.chunks():
        rest += chunk
        whole_part = len(rest) - len(rest) % 3
        yield base64.b64encode(rest[:whole_part])
        rest = rest[whole_part:]
    yield base64.b64encode(rest)
    yield after
