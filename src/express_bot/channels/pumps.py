"""What moves events and cards: two pumps in each gateway, any number of gateways side by side.

The core hands out work under a lease, at most one piece of each chat at a time, so a pump only has to take, do, and say
how it ended. A process that dies loses nothing: its leases (``leases.py``) run out and somebody else takes the work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

from express_bot.channels.leases import LEASE_SECONDS as LEASE_SECONDS
from express_bot.channels.metrics import ChannelMetrics
from express_bot.core_client import CoreError
from express_bot.observability.logs import logger

Piece = TypeVar("Piece")

#: What takes longer is given up, however well its lease is kept.
WORK_SECONDS = 25
IDLE_SECONDS = 1.0
#: While the core is away asking at every beat would only fill the log.
AWAY_SECONDS = 2.0
AT_ONCE = 20
STOP_SECONDS = 12

log = logger(__name__)


class Pump(Generic[Piece]):
    """Takes pieces of work as long as there are some, several at once, and waits for a call or a moment else."""

    def __init__(
        self,
        name: str,
        *,
        take: Callable[[int], Awaitable[Sequence[Piece]]],
        work: Callable[[Piece], Awaitable[None]],
        metrics: ChannelMetrics,
        at_once: int = AT_ONCE,
    ) -> None:
        """``take(limit)`` claims pieces, ``work(piece)`` does one and tells the core how it ended."""
        self._name = name
        self._take = take
        self._work = work
        self._metrics = metrics
        self._at_once = at_once
        self._called = asyncio.Event()
        self._stopping = asyncio.Event()
        self._away = False
        self._running: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to take work."""
        self._loop = asyncio.create_task(self._pump(), name=f"pump-{self._name}")

    def call(self) -> None:
        """There is something to take."""
        self._called.set()

    async def stop(self) -> None:
        """Takes nothing more, lets what is under way end, and leaves the rest to its leases."""
        self._stopping.set()
        self.call()
        if self._loop is not None:
            await self._loop
        if self._running:
            _, unfinished = await asyncio.wait(self._running, timeout=STOP_SECONDS)
            for task in unfinished:
                task.cancel()

    async def _pump(self) -> None:
        while not self._stopping.is_set():
            self._called.clear()
            room = self._at_once - len(self._running)
            taken = await self._taken(room) if room else []
            for piece in taken:
                self._begin(piece)
            if len(taken) < room or not room:
                await self._rest()

    async def _taken(self, room: int) -> Sequence[Piece]:
        try:
            taken = await self._take(room)
        except CoreError as gone:
            self._note_away(away=True, reason=str(gone))
            return []
        except Exception:
            log.exception("nothing could be taken", pump=self._name)
            return []
        self._note_away(away=False)
        return taken

    def _note_away(self, *, away: bool, reason: str = "") -> None:
        if away and not self._away:
            log.warning("the core is away", pump=self._name, reason=reason)
        self._away = away

    async def _rest(self) -> None:
        """Until somebody calls, or the next beat. Calls do not hurry a core that is away."""
        reason, seconds = (self._stopping, AWAY_SECONDS) if self._away else (self._called, IDLE_SECONDS)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await reason.wait()

    def _begin(self, piece: Piece) -> None:
        task = asyncio.create_task(self._do(piece))
        self._running.add(task)
        self._metrics.working_on(self._name, len(self._running))
        task.add_done_callback(self._end)

    async def _do(self, piece: Piece) -> None:
        try:
            await self._work(piece)
        except CoreError as gone:
            log.warning("how it ended could not be told", pump=self._name, reason=str(gone))
        except Exception:
            log.exception("work failed", pump=self._name)

    def _end(self, task: asyncio.Task[None]) -> None:
        """The next piece of the same chat may be waiting for this one."""
        self._running.discard(task)
        self._metrics.working_on(self._name, len(self._running))
        self.call()
