"""What a process has counted is told to the others once a minute; what all of them told becomes two figures."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import isinf
from threading import Thread
from uuid import uuid4

import psycopg
from psycopg_pool import PoolTimeout

from express_bot.core.db.session import Connection, Pool
from express_bot.core.latency import repository
from express_bot.observability.logs import logger
from express_bot.observability.metrics import Metrics

EVERY = 60.0
#: Calls of our own monitoring, which would make any house look fast.
LEFT_OUT = frozenset({"live", "ready", "report", "metrics"})

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Latency:
    """How long answers take."""

    answers: int
    p50_ms: int
    p95_ms: int


class Keeper:
    """Tells what this process has counted."""

    def __init__(self, metrics: Metrics, pool: Pool) -> None:
        self._metrics, self._pool = metrics, pool
        self._instance, self._told = uuid4().hex, dict[float, int]()

    def start(self) -> None:
        """Every minute from now on, until the process ends."""
        Thread(target=self._run, name="latency", daemon=True).start()

    def _run(self) -> None:
        while True:
            time.sleep(EVERY)
            self.turn()

    def turn(self) -> None:
        """Writes what is new; a database that is away gets it the next time."""
        counted = self._metrics.times(LEFT_OUT)
        fresh = {bound: count - self._told.get(bound, 0) for bound, count in counted.items()}
        if not any(fresh.values()):
            return
        try:
            with self._pool.connection() as db:
                repository.write(db, self._instance, fresh)
        except (psycopg.Error, PoolTimeout) as error:
            log.warning("answer times wait for the database", reason=type(error).__name__)
        else:
            self._told = counted


def lately(db: Connection) -> Latency | None:
    """Over all instances in the last minutes; none where nobody has called."""
    counts = repository.lately(db)
    answers = counts[-1][1] if counts else 0
    if not answers:
        return None
    return Latency(answers, _milliseconds(counts, 0.5), _milliseconds(counts, 0.95))


def _milliseconds(counts: Sequence[tuple[float, int]], share: float) -> int:
    """What this share of the answers took at most: between two bounds as if they were spread evenly."""
    rank, lower, before = share * counts[-1][1], 0.0, 0
    for bound, count in counts:
        if count >= rank:
            break
        lower, before = bound, count
    upper = lower if isinf(bound) else bound
    return max(round((lower + (upper - lower) * (rank - before) / (count - before)) * 1000), 1)
