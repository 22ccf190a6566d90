"""Where calls are counted: in this process, or in Redis for all instances together. Both count a moving window."""

from __future__ import annotations

import time
from collections import deque
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from cachetools import LRUCache

from express_bot.core.caches.shared import Shared
from express_bot.domain.rates import Rate

if TYPE_CHECKING:
    from limits import RateLimitItem

#: Callers counted at once in one process; whoever has not called for longest is forgotten first.
MOST = 50_000


class Windows(Protocol):
    """Counts calls by rate and caller. Seconds to wait: 0 where there is room."""

    def take(self, rate: Rate, whose: str) -> float:
        """Counts a call, unless there is no room for it."""

    def look(self, rate: Rate, whose: str) -> float:
        """Whether a call would find room; counts nothing."""

    def forget(self, rate: Rate, whose: str) -> None:
        """As if there had been no call."""


class Memory:
    """Windows of this process alone."""

    def __init__(self) -> None:
        self._calls: LRUCache[tuple[str, str], deque[float]] = LRUCache(MOST)
        self._lock = Lock()

    def take(self, rate: Rate, whose: str) -> float:
        now = time.monotonic()
        with self._lock:
            calls = self._recent(rate, whose, now)
            if len(calls) >= rate.count:
                return calls[0] + rate.seconds - now
            calls.append(now)
            self._calls[rate.name, whose] = calls
        return 0

    def look(self, rate: Rate, whose: str) -> float:
        now = time.monotonic()
        with self._lock:
            calls = self._recent(rate, whose, now)
            return calls[0] + rate.seconds - now if len(calls) >= rate.count else 0

    def forget(self, rate: Rate, whose: str) -> None:
        with self._lock:
            self._calls.pop((rate.name, whose), None)

    def _recent(self, rate: Rate, whose: str, now: float) -> deque[float]:
        calls: deque[float] = self._calls.get((rate.name, whose)) or deque()
        while calls and calls[0] <= now - rate.seconds:
            calls.popleft()
        return calls


class Together:
    """Windows of all instances, in Redis. Raises what Redis raises: ``Shared.ask`` knows what to do then."""

    def __init__(self, shared: Shared) -> None:
        from limits import RateLimitItemPerSecond  # two libraries for those who have configured Redis
        from limits.storage import RedisStorage
        from limits.strategies import MovingWindowRateLimiter

        self._per_second = RateLimitItemPerSecond
        pool = shared.client.connection_pool
        self._limiter = MovingWindowRateLimiter(RedisStorage("redis://", pool, key_prefix="express-bot:rates"))

    def take(self, rate: Rate, whose: str) -> float:
        return 0 if self._limiter.hit(self._item(rate), whose) else self._wait(rate, whose)

    def look(self, rate: Rate, whose: str) -> float:
        return 0 if self._limiter.test(self._item(rate), whose) else self._wait(rate, whose)

    def forget(self, rate: Rate, whose: str) -> None:
        self._limiter.clear(self._item(rate), whose)

    def _wait(self, rate: Rate, whose: str) -> float:
        reset, _ = self._limiter.get_window_stats(self._item(rate), whose)
        return max(reset - time.time(), 0.001)

    def _item(self, rate: Rate) -> RateLimitItem:
        return self._per_second(rate.count, rate.seconds, namespace=rate.name)
