"""What the page reads: the state at once, then events as they come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from express_bot.emulator.api.house import House
from express_bot.emulator.api.inputs import Refusal, person_of
from express_bot.emulator.feed import Event
from express_bot.emulator.messenger import Messenger
from express_bot.emulator.texts import text

_NO_STORE = {"Cache-Control": "no-store"}


class Views:
    """Reads of the page."""

    def __init__(self, messenger: Messenger, house: House) -> None:
        self._world = messenger.world
        self._house = house

    async def state(self, _request: Request) -> Response:
        """Everything; ``seq`` says from where the events go on."""
        world = self._world
        kept = world.feed.after(world.began)
        people = [{**person.view(), "chat": str(world.personal_chat(person).id)} for person in world.people]
        document = {
            "seq": world.feed.seq,
            "bot": {"id": str(world.bot_id), "names": {locale: text("bot", locale) for locale in ("ru", "en")}},
            "host": world.options.host,
            "appUrl": world.options.app_url,
            "botUrl": world.options.bot_url,
            "people": people,
            "chats": [chat.view() for chat in world.chats.values()],
            "messages": [message.view() for chat in world.chats.values() for message in chat.messages.values()],
            "faults": world.faults.model_dump(),
            "wire": [event.view() for event in kept if event.topic == "wire"][-100:],
            "trail": [event.view() for event in kept if event.topic == "trail"][-100:],
        }
        return JSONResponse(document, headers=_NO_STORE)

    async def events(self, request: Request) -> Response:
        """Server-sent events after a number."""
        given = request.headers.get("last-event-id") or request.query_params.get("after", "0")
        if not given.isdecimal():
            raise Refusal(400, "malformed", errors=["after"])
        return StreamingResponse(
            self._stream(int(given)), media_type="text/event-stream", headers=_NO_STORE | {"X-Accel-Buffering": "no"}
        )

    async def _stream(self, seq: int) -> AsyncIterator[bytes]:
        if self._world.feed.has_gap(seq):
            yield b"event: gap\ndata: {}\n\n"
            seq = self._world.feed.seq
        async for events in self._world.feed.listen(seq):
            yield b"".join(map(_frame, events)) or b": quiet\n\n"

    async def house(self, request: Request) -> Response:
        """The product behind the bot; one that does not answer is a state to show too, not an error of the page."""
        person = person_of(self._world, request.query_params.get("persona", ""))
        try:
            seen = await self._seen_from(person.persona)
        except Refusal as refusal:
            seen = {"away": refusal.document}
        return JSONResponse(seen, headers=_NO_STORE)

    async def _seen_from(self, persona: str) -> dict[str, Any]:
        health = await self._house.health()
        return {"health": health, **await self._house.belongings(persona)}

    async def file(self, request: Request) -> Response:
        """A file as something to keep, never to run."""
        file = self._world.files.get(request.path_params["file_id"])
        if file is None:
            raise Refusal(404, "unknown_file")
        headers = {"Content-Length": str(file.size), "Content-Disposition": "attachment"}
        return StreamingResponse(file.chunks(), media_type="application/octet-stream", headers=headers)


def _frame(event: Event) -> bytes:
    return b"id: %d\ndata: %s\n\n" % (event.seq, orjson.dumps(event.view()))
