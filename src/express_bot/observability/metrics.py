"""What a process counts for Prometheus. No label comes from a caller, so nobody can make the tables grow."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest

#: Upper bounds of answer times in seconds; what took longer stands under infinity.
BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)
#: Marks of a proxy: what bears one did not come from our own monitoring (trust §5).
PROXIED = ("x-forwarded-for", "forwarded", "cf-connecting-ip", "x-real-ip")


def is_proxied(headers: Iterable[str]) -> bool:
    """Whether a call with headers of these names came from the outside, where counters are not for anybody."""
    return any(name.lower() in PROXIED for name in headers)


class Metrics:
    """The page of one process, and what every service that answers calls has on it.

    ``service``: ``gateway`` or ``core``. A route is a word of ours: a class of addresses, or the name of an operation.
    """

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        name = f"express_bot_{service}"
        self._answers = Counter(f"{name}_answers", "Answers given", ["route", "status"], registry=self.registry)
        self._seconds = Histogram(
            f"{name}_seconds", "Time to the answer", ["route"], buckets=BUCKETS, registry=self.registry
        )
        self._known: dict[tuple[str, int], tuple[Callable[[], None], Callable[[float], None]]] = {}

    def answered(self, route: str, status: int, seconds: float) -> None:
        """One call is done."""
        known = self._known.get((route, status))
        if known is None:
            known = self._answers.labels(route, str(status)).inc, self._seconds.labels(route).observe
            self._known[route, status] = known
        known[0]()
        known[1](seconds)

    def times(self, left_out: Container[str] = ()) -> dict[float, int]:
        """How many answers took at most so long, over all other routes since the start, by ``BUCKETS`` and infinity."""
        found: dict[float, int] = {}
        for sample in self._samples():
            if sample.labels["route"] in left_out:
                continue
            bound = float(sample.labels["le"])
            found[bound] = found.get(bound, 0) + int(sample.value)
        return found

    def _samples(self) -> list[Any]:
        return [sample for family in self._seconds.collect() for sample in family.samples if "le" in sample.labels]

    def text(self) -> bytes:
        """The page Prometheus reads."""
        return generate_latest(self.registry)
