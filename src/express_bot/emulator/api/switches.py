"""Switches of the messenger itself: faults, tokens, the clock, a fresh start."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from express_bot.emulator.api import inputs
from express_bot.emulator.api.house import House
from express_bot.emulator.api.inputs import Refusal, body, parse
from express_bot.emulator.botx.door import Door
from express_bot.emulator.faults import Faults
from express_bot.emulator.messenger import Messenger


class Switches:
    """What is broken, and when it is."""

    def __init__(self, messenger: Messenger, house: House, door: Door) -> None:
        self._messenger = messenger
        self._world = messenger.world
        self._house = house
        self._door = door

    async def faults(self, request: Request) -> Response:
        """Sets the given switches and leaves the others."""
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            raise Refusal(415, "not_json")
        given = await request.json()
        if not isinstance(given, dict):
            raise Refusal(400, "malformed", errors=[])
        self._world.faults = parse(Faults, {**self._world.faults.model_dump(), **given})
        self._publish_faults()
        return JSONResponse(self._world.faults.model_dump())

    def _publish_faults(self) -> None:
        faults = self._world.faults
        self._world.feed.publish("house", "faults", faults=faults.model_dump(), broken=faults.broken())

    async def tokens(self, request: Request) -> Response:
        """Tokens of auth v1 end now."""
        await body(request, inputs.Nothing)
        self._door.revoke_tokens()
        return JSONResponse({})

    async def clock(self, request: Request) -> Response:
        """Time travel of the whole product."""
        wanted = await body(request, inputs.ClockTo)
        moment = await self._house.travel(wanted.to)
        self._world.feed.publish("house", "clock", to=wanted.to, now=moment)
        return JSONResponse({"now": moment})

    async def clear(self, request: Request) -> Response:
        """A person's open applications and draft go, by the product's own calls."""
        acting = await body(request, inputs.Acting)
        await self._house.clear(inputs.person_of(self._world, acting.persona).persona)
        return JSONResponse({})

    async def note(self, request: Request) -> Response:
        """A line for the inspector, of the page's own."""
        note = await body(request, inputs.Note)
        self._world.feed.publish("house", "note", text=note.text)
        return JSONResponse({})

    async def reset(self, request: Request) -> Response:
        """Everything whole, every chat empty; what people have filed stays filed."""
        await body(request, inputs.Nothing)
        self._door.revoke_tokens()
        await self._messenger.reset()
        return JSONResponse({})
