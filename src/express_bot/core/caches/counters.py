"""What the caches count, on the core's page for Prometheus."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge


class Counters:
    """Counters of one core. The hit rate of a cache: its ``hit``, ``shared`` and ``unchanged`` among all lookups."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._lookups = Counter(
            "express_bot_core_cache_lookups",
            "Looked for: hit (own memory), shared (Redis), unchanged (the caller has it: 304), miss (made anew)",
            ["cache", "outcome"],
            registry=registry,
        )
        self._invalidations = Counter(
            "express_bot_core_cache_invalidations", "Kept states found outdated", ["cache"], registry=registry
        )
        self._refusals = Counter(
            "express_bot_core_rate_refusals", "Calls refused because there were too many", ["rate"], registry=registry
        )
        self._failures = Counter("express_bot_core_redis_failures", "Times that Redis was lost", registry=registry)
        self._redis = Gauge("express_bot_core_redis", "1: Redis is configured and answers", registry=registry)
        self._hears = Gauge("express_bot_core_ear", "1: changes of other instances are heard", registry=registry)
        self._known: dict[tuple[str, str], Callable[[], None]] = {}

    def looked(self, cache: str, outcome: str) -> None:
        """One lookup is done."""
        known = self._known.get((cache, outcome))
        if known is None:
            known = self._known[cache, outcome] = self._lookups.labels(cache, outcome).inc
        known()

    def outdated(self, cache: str) -> None:
        """What was kept is not the present state any more."""
        self._invalidations.labels(cache).inc()

    def refused(self, rate: str) -> None:
        """Somebody called too often."""
        self._refusals.labels(rate).inc()

    def redis_lost(self) -> None:
        """Redis does not answer."""
        self._failures.inc()

    def watch(self, *, hears: Callable[[], bool], redis: Callable[[], bool]) -> None:
        """Where the present states are looked up when the page is read."""
        self._hears.set_function(hears)
        self._redis.set_function(redis)
