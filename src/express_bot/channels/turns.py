"""New messages of one process one after another, where a repeated one must be rare.

A process that is killed while a call is under way leaves a message behind of which nobody knows whether it was taken,
and it is sent again. One call at a time makes that one message for each kill at most. Edits need no turn: saying the
same again does no harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

#: A call that takes so long is no reason for others to wait: the messenger is slow, or silent in this one chat.
SLOW_SECONDS = 2.0


class Turns:
    """Takes turns, or (``one_by_one`` false) none."""

    def __init__(self, *, one_by_one: bool) -> None:
        self._free = asyncio.Semaphore(1) if one_by_one else None

    @asynccontextmanager
    async def mine(self, *, new: bool) -> AsyncIterator[None]:
        """Until the block ends, or takes too long, no other new message is begun."""
        if self._free is None or not new:
            yield
            return
        await self._free.acquire()
        passed_on = asyncio.Event()

        def pass_on() -> None:
            if not passed_on.is_set():
                passed_on.set()
                self._release()

        slow = asyncio.get_running_loop().call_later(SLOW_SECONDS, pass_on)
        try:
            yield
        finally:
            slow.cancel()
            pass_on()

    def _release(self) -> None:
        assert self._free is not None, "somebody has a turn"
        self._free.release()
