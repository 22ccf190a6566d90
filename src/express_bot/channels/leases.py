"""What this process has in hand: short leases that are renewed while the work goes on.

A lease is short so that the work of a process that died is soon taken by another one. Whoever lives renews it by the
name of its end, so nobody ever prolongs what somebody else has taken meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from express_bot.core_client import CoreError

#: The work of a process that died waits so long.
LEASE_SECONDS = 10
#: Twice before it would end: one word may be lost.
RENEW_SECONDS = 3.0
#: By our own clock it ends so much earlier: it was taken before we heard of it.
MARGIN_SECONDS = 2

#: Asks the core to move the end of a lease, given its name, its end and the seconds; whether it was still ours.
Extend = Callable[[str, datetime, int], Awaitable[bool]]


def _now() -> float:
    return asyncio.get_running_loop().time()


class Lease:
    """One piece of work in our hand, until ``ends`` by the loop's clock."""

    def __init__(self, lease_until: datetime | None, extend: Callable[[datetime, int], Awaitable[bool]]) -> None:
        self._extend = extend
        self._limit: asyncio.Timeout | None = None
        self.renew(lease_until)

    def renew(self, lease_until: datetime | None) -> None:
        """It was just given to us, for the first time or again; a lease without an end cannot be prolonged."""
        self._lease_until, self._asked = lease_until, 0
        self._end(_now() + LEASE_SECONDS - MARGIN_SECONDS)

    @property
    def is_over(self) -> bool:
        """Whether somebody else may have the same work in hand."""
        return _now() >= self.ends

    @asynccontextmanager
    async def limit(self) -> AsyncIterator[None]:
        """What must not go on without the lease; raises ``TimeoutError`` at its end."""
        try:
            async with asyncio.timeout_at(self.ends) as self._limit:
                yield
        finally:
            self._limit = None

    async def keep(self) -> None:
        """Prolongs it again and again; a core that is away is asked at the next beat."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            with suppress(CoreError, TimeoutError):
                async with asyncio.timeout(RENEW_SECONDS):
                    await self._prolong()

    async def _prolong(self) -> None:
        """What was asked without hearing an answer is asked again as it was: it may have been done."""
        self._asked = self._asked or int(_now() + LEASE_SECONDS - MARGIN_SECONDS - self.ends)
        known, seconds = self._lease_until, self._asked
        if known is None or seconds <= 0 or self.is_over:
            return
        held = await self._extend(known, seconds)
        if known != self._lease_until:
            return
        self._asked = 0
        if held:
            self._lease_until = known + timedelta(seconds=seconds)
        self._end(self.ends + seconds if held else _now())

    def _end(self, moment: float) -> None:
        self.ends = moment
        if self._limit is not None and not self._limit.expired():
            self._limit.reschedule(moment)


class Hand:
    """All leases of one kind of work in this process."""

    def __init__(self, extend: Extend) -> None:
        self._extend = extend
        self._held: dict[str, Lease] = {}

    def has(self, name: str, lease_until: datetime | None) -> bool:
        """Whether the work is under way here already: after a silence of the core it was given to us once more."""
        lease = self._held.get(name)
        if lease is not None:
            lease.renew(lease_until)
        return lease is not None

    @asynccontextmanager
    async def take(self, name: str, lease_until: datetime | None) -> AsyncIterator[Lease]:
        """Holds the lease for as long as the block lasts."""
        lease = self._held[name] = Lease(lease_until, lambda until, seconds: self._extend(name, until, seconds))
        keeper = asyncio.create_task(lease.keep(), name=f"lease-{name}")
        try:
            yield lease
        finally:
            del self._held[name]
            keeper.cancel()
