"""The job of one notification: keep one promise, by what the person wishes and what the channels can draw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
from procrastinate import RetryDecision
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy
from psycopg_pool import PoolTimeout

from express_bot.channels import notices
from express_bot.contracts.messengers import Channel
from express_bot.contracts.notifications import Notice
from express_bot.core.clock import Clock
from express_bot.core.db.session import Connection, Pool, Row
from express_bot.core.notifications import keeping, preferences
from express_bot.core.notifications.keeping import Circumstances, View
from express_bot.core.reference import ReferenceCache
from express_bot.core.reminders.rules import rules_of
from express_bot.domain.notices import Verdict
from express_bot.domain.retries import MAX_ATTEMPTS, pause
from express_bot.observability.logs import logger
from express_bot.settings import Settings

#: Our own database was away: no failure of what the job is about.
AWAY = (psycopg.OperationalError, PoolTimeout)

log = logger(__name__)


class Notify:
    """Keeps promises with this process's connections, clock and reference data."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        self._settings = settings
        self._pool = pool
        self._clock = Clock(settings.demo_clock_file if settings.is_demo else None)
        self._reference = ReferenceCache()
        self._rules = rules_of(settings)
        discreet = () if settings.telegram_details else notices.DISCREET
        self._draw = partial(_drawn, discreet=discreet)
        self._draw_settled = partial(_drawn_settled, discreet=discreet)

    def __call__(self, outbox_id: int) -> set[str]:
        """Keeps the promise; returns the channels that have something to show now."""
        with self._pool.connection() as db:
            here = self._circumstances(db)
            with db.transaction():
                return keeping.keep(db, outbox_id, here)

    def give_up(self, outbox_id: int, reason: str) -> None:
        """A defect that does not go away must not stop whatever else is promised to this person."""
        with self._pool.connection() as db, db.transaction():
            keeping.give_up(db, outbox_id, reason)

    def _circumstances(self, db: Connection) -> Circumstances:
        now = self._clock.now()

        def judge(asked: Connection, line: Row, channels: Sequence[Channel]) -> Verdict:
            return preferences.judge(asked, line, channels, now=now, rules=self._rules)

        return Circumstances(
            reference=self._reference.get(db),
            now=now,
            channels=self._settings.messengers,
            judge=judge,
            draw=self._draw,
            draw_settled=self._draw_settled,
        )


def _drawn(notice: Notice, *, discreet: Any) -> View | None:
    view = notices.draw(notice, discreet=discreet)
    return view.to_json() if view else None


def _drawn_settled(notice: Notice, *, discreet: Any) -> View:
    return notices.draw_settled(notice, discreet=discreet).to_json()


class Patience(BaseRetryStrategy):
    """A job is tried again for as long as it takes: whatever is promised to the same person waits behind it."""

    def __init__(self, schedule: Sequence[float]) -> None:
        self._schedule = schedule

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:  # noqa: ARG002
        """After a growing pause."""
        seconds = pause(min(job.attempts, 100) + 1, self._schedule)
        return RetryDecision(retry_in={"milliseconds": int(timedelta(seconds=seconds) / timedelta(milliseconds=1))})


def is_hopeless(failure: Exception, attempts: int) -> bool:
    """Whether a job has failed so often by a defect of ours that those behind it should not wait for it any more."""
    return attempts + 1 >= MAX_ATTEMPTS and not isinstance(failure, AWAY)
