"""Calls of the SmartApp: from the frame to the bot, and the bot's answer back into the frame."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from express_bot.emulator.messenger import envelopes
from express_bot.emulator.messenger.deliveries import Deliveries
from express_bot.emulator.messenger.line import Answer, Line
from express_bot.emulator.messenger.phone import Seat
from express_bot.emulator.world import World

RPC = "smartapp_rpc"


class AppEvent(BaseModel):
    """What the bridge posts for the bot (protocol §5.2)."""

    model_config = ConfigDict(extra="ignore")

    ref: UUID
    type: str = RPC
    method: str = Field(max_length=200)
    payload: dict[str, Any] = {}
    files: list[dict[str, Any]] = []
    sync_request: bool = False


class AppCalls:
    """Calls that wait for their answers."""

    def __init__(self, world: World, line: Line, deliveries: Deliveries) -> None:
        self._world = world
        self._line = line
        self._deliveries = deliveries

    async def call(self, seat: Seat, event: AppEvent) -> None:
        """Bring one call to the bot; the answer appears in the feed, at once or later."""
        self._world.expect_answer(event.ref, seat.person.huid)
        if event.sync_request:
            await self._at_once(seat, event)
        else:
            data = {"type": event.type, "method": event.method, "params": event.payload}
            told = envelopes.smartapp_event(self._world, seat, event.ref, data, event.files)
            await self._deliveries.deliver(told)

    async def _at_once(self, seat: Seat, event: AppEvent) -> None:
        request = envelopes.smartapp_request(self._world, seat, event.ref, event.method, event.payload, event.files)
        answer = await self._line.post("/smartapps/request", request)
        data, files = as_bridge_event(answer)
        if data is not None:
            self.answered(event.ref, data, files)

    def answered(self, ref: UUID, data: dict[str, Any], files: list[Any]) -> None:
        """Hand the answer to whoever asked; an answer that nobody waits for is dropped, as the client does."""
        huid = self._world.app_calls.pop(ref, None)
        lost = self._world.faults.lost_app_answers
        if huid is None or lost:
            reason = "lost_app_answers" if lost else "unknown_ref"
            self._world.feed.publish("wire", "app_lost", ref=str(ref), fault=reason, response=data)
        else:
            self._world.feed.publish("app", "answer", huids=[str(huid)], ref=str(ref), data=data, files=files)


def as_bridge_event(answer: Answer) -> tuple[dict[str, Any] | None, list[Any]]:
    """A synchronous answer in the shape of an asynchronous one; silence where the bot has said nothing usable."""
    document = answer.document
    if not isinstance(document, dict):
        return None, []
    if document.get("status") == "ok":
        result = document.get("result") or {}
        return {"type": RPC, "status": "ok", "result": result.get("data")}, result.get("files") or []
    if document.get("reason") == "smartapp_error":
        return {"type": RPC, "status": "error", "errors": document.get("errors") or []}, []
    return None, []
