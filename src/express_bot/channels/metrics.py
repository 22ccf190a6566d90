"""What a messenger's channel counts. No label comes from outside, so nobody can make the tables grow."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge

#: Members of the core's health report.
FIGURES = (
    *("inbox_waiting", "inbox_oldest_seconds", "oldest_card_seconds"),
    *("notifications_waiting", "notifications_oldest_seconds", "notifications_dead"),
)


class ChannelMetrics:
    """Counters of one channel in one process, on the page of that process."""

    def __init__(self, registry: CollectorRegistry, channel: str) -> None:
        self._events = Counter(
            f"express_bot_{channel}_events",
            "Inbound events by what became of them",
            ["kind", "outcome"],
            registry=registry,
        )
        self._sends = Counter(
            f"express_bot_{channel}_sends", "Messages sent and edited", ["outcome"], registry=registry
        )
        self._orphans = Counter(
            f"express_bot_{channel}_orphans",
            "Messages that nobody knew to be there, by what became of them",
            ["outcome"],
            registry=registry,
        )
        self._in_hand = Gauge(
            f"express_bot_{channel}_in_hand", "Being worked on by this process now", ["queue"], registry=registry
        )
        self._backlog = Gauge(
            f"express_bot_{channel}_backlog", "What waits in the core, as the core says", ["figure"], registry=registry
        )

    def event(self, kind: str, outcome: str) -> None:
        """One event was taken, refused, handled or given up."""
        self._events.labels(kind, outcome).inc()

    def sent(self, outcome: str) -> None:
        """One message was sent, edited, put off or given up."""
        self._sends.labels(outcome).inc()

    def orphan(self, outcome: str) -> None:
        """One message that nobody knew of was found, adopted, removed, marked or left standing."""
        self._orphans.labels(outcome).inc()

    def working_on(self, queue: str, count: int) -> None:
        """How many events or cards are being worked on."""
        self._in_hand.labels(queue).set(count)

    def waits(self, figures: dict[str, int]) -> None:
        """How much waits and for how long, for everybody."""
        for figure in FIGURES:
            self._backlog.labels(figure).set(figures.get(figure, 0))
