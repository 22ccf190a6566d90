"""Redis, where it is configured: what instances share. Nothing depends on it: without it each has its own.

It holds nothing that could not be made anew, and a call never waits for a Redis that is away: the first one that meets
its silence turns it off, and a small thread tries until it is back.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock, Thread
from typing import TYPE_CHECKING, TypeVar, cast

from express_bot.core.caches.counters import Counters
from express_bot.core.db.session import Pool
from express_bot.observability.logs import logger

if TYPE_CHECKING:
    from redis import Redis

#: A Redis that is well answers within a millisecond; who waits longer is better off without it.
PATIENCE = 0.25
#: Between two tries to find it again, doubled up to the longest.
PAUSE, LONGEST_PAUSE = 0.25, 4.0
PREFIX = "express-bot:"

Found = TypeVar("Found")
log = logger(__name__)


class Shared:
    """Redis as this process sees it."""

    def __init__(self, url: str, counters: Counters, pool: Pool) -> None:
        """Looks for it as long as the ``pool`` of its process is open; imports the library."""
        from redis import Redis, RedisError
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        self.client: Redis = Redis.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 0), protocol=2
        )
        self.is_up = False
        self._failure = (RedisError, OSError)
        self._counters = counters
        self._pool = pool
        self._lock = Lock()
        self._seek()

    def ask(self, call: Callable[[], Found]) -> Found | None:
        """What ``call`` gets of Redis; ``None`` while there is none."""
        if not self.is_up:
            return None
        try:
            return call()
        except self._failure as failure:
            self._lose(failure)
            return None

    def get(self, key: str) -> bytes | None:
        """What is kept under a key."""
        return self.ask(lambda: cast("bytes | None", self.client.get(PREFIX + key)))

    def put(self, key: str, value: bytes, *, seconds: int) -> None:
        """Keeps it for a while."""
        self.ask(lambda: self.client.set(PREFIX + key, value, ex=seconds))

    def _lose(self, failure: Exception) -> None:
        with self._lock:
            if not self.is_up:
                return
            self.is_up = False
        self._counters.redis_lost()
        log.warning("redis lost, each instance is on its own", reason=type(failure).__name__)
        self._seek()

    def _seek(self) -> None:
        Thread(target=self._seek_until_found, name="redis", daemon=True).start()

    def _seek_until_found(self) -> None:
        pause = PAUSE
        while not self._pool.closed:
            try:
                self.client.ping()
            except self._failure:
                time.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                self.is_up = True
                log.info("redis found")
                return
