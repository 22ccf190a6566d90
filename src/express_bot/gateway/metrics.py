"""What the gateway counts, for Prometheus. No label comes from a caller, so nobody can make the tables grow."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Counters of one gateway process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._answers = Counter(
            "express_bot_gateway_answers", "Answers given", ["route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "express_bot_gateway_seconds", "Time to the answer", ["route"], buckets=BUCKETS, registry=self.registry
        )
        self._failures = Counter(
            "express_bot_gateway_core_failures", "Calls the core did not answer", ["reason"], registry=self.registry
        )
        self.in_flight = Gauge("express_bot_gateway_in_flight", "Calls being answered now", registry=self.registry)
        self._known: dict[tuple[str, int], tuple[Counter, Histogram]] = {}

    def answered(self, route: str, status: int, seconds: float) -> None:
        """One call is done."""
        known = self._known.get((route, status))
        if known is None:
            known = self._answers.labels(route, str(status)), self._seconds.labels(route)
            self._known[route, status] = known
        known[0].inc()
        known[1].observe(seconds)

    def core_failed(self, reason: str) -> None:
        """The core was silent, or lost under a call."""
        self._failures.labels(reason).inc()

    def text(self) -> bytes:
        """The page Prometheus reads."""
        return generate_latest(self.registry)
