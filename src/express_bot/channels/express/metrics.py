"""What the eXpress channel counts. No label comes from outside, so nobody can make the tables grow."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge


class ExpressMetrics:
    """Counters of one process, on the page of the gateway's own."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._events = Counter(
            "express_bot_express_events",
            "Inbound events by what became of them",
            ["kind", "outcome"],
            registry=registry,
        )
        self._sends = Counter("express_bot_express_sends", "Messages sent and edited", ["outcome"], registry=registry)
        self._backlog = Gauge(
            "express_bot_express_backlog", "Taken and not yet finished by this process", ["queue"], registry=registry
        )

    def event(self, kind: str, outcome: str) -> None:
        """One event was taken, refused, handled or given up."""
        self._events.labels(kind, outcome).inc()

    def sent(self, outcome: str) -> None:
        """One message was sent, edited, put off or given up."""
        self._sends.labels(outcome).inc()

    def working_on(self, queue: str, count: int) -> None:
        """How many events or cards are being worked on."""
        self._backlog.labels(queue).set(count)
