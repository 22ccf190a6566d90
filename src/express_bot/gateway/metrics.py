"""What the gateway alone counts: calls in its hands, and how often the core failed it."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from express_bot.observability import metrics


class Metrics(metrics.Metrics):
    """Counters of one gateway process."""

    def __init__(self) -> None:
        super().__init__("gateway")
        self.in_flight = Gauge("express_bot_gateway_in_flight", "Calls being answered now", registry=self.registry)
        self._failures = Counter(
            "express_bot_gateway_core_failures", "Calls the core did not answer", ["reason"], registry=self.registry
        )

    def core_failed(self, reason: str) -> None:
        """The core was silent, or lost under a call."""
        self._failures.labels(reason).inc()
