"""What became of an accepted message: ``POST /notification/callback``, in time or as broken as the switches say."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from express_bot.emulator.messenger.line import Line
from express_bot.emulator.messenger.tasks import Tasks
from express_bot.emulator.world import World

SOON = 0.05
#: How many callbacks a shuffle turns round, and how long it waits for them.
SHUFFLED, SHUFFLE_WAIT = 3, 2.0


class Callbacks:
    """Callbacks that are owed to the bot."""

    def __init__(self, world: World, line: Line, tasks: Tasks) -> None:
        self._world = world
        self._line = line
        self._tasks = tasks
        self._shuffled: list[dict[str, Any]] = []

    async def promise(self, sync_id: UUID, reason: str | None = None, **data: Any) -> None:
        """Owe a callback: success, or a refusal with its reason."""
        mode = self._world.faults.callbacks
        document = self._document(sync_id, reason, data)
        if mode == "lost":
            return
        if mode == "early":
            await self._send(document)
        elif mode == "shuffled":
            self._shuffle(document)
        else:
            self._tasks.start(self._later(document, twice=mode == "duplicate", late=mode == "late"))

    def _document(self, sync_id: UUID, reason: str | None, data: dict[str, Any]) -> dict[str, Any]:
        if reason is None and self._world.faults.callbacks == "error":
            reason = self._world.faults.callback_reason
            data = {"error_description": reason}
        if reason is None:
            return {"sync_id": str(sync_id), "status": "ok", "result": {}}
        return {"sync_id": str(sync_id), "status": "error", "reason": reason, "errors": [], "error_data": data}

    async def _later(self, document: dict[str, Any], *, twice: bool, late: bool) -> None:
        await asyncio.sleep(self._world.faults.callback_delay if late else SOON)
        await self._send(document)
        if twice:
            await self._send(document)

    def _shuffle(self, document: dict[str, Any]) -> None:
        self._shuffled.append(document)
        if len(self._shuffled) >= SHUFFLED:
            self._tasks.start(self._send_reversed(0))
        elif len(self._shuffled) == 1:
            self._tasks.start(self._send_reversed(SHUFFLE_WAIT))

    async def _send_reversed(self, wait: float) -> None:
        await asyncio.sleep(wait)
        documents, self._shuffled = self._shuffled[::-1], []
        for document in documents:
            await self._send(document)

    async def _send(self, document: dict[str, Any]) -> None:
        await self._line.post_until_answered("/notification/callback", document)
