"""The scheduler: looks every few seconds whether a period, a reminder or a digest is due, by the people's clock.

Any number of instances may run. The one that gets the database's lock leads for this tick (``core.reminders``); one
that is killed or cut off loses it with its connection.
"""

from __future__ import annotations

import time
from datetime import datetime
from threading import Event

import psycopg

from express_bot.core.clock import Clock
from express_bot.core.db.session import Connection, connect
from express_bot.core.decisions import offers
from express_bot.core.reminders import service
from express_bot.core.reminders.rules import Rules, rules_of
from express_bot.observability.logs import logger
from express_bot.settings import Settings
from express_bot.worker import upkeep

#: A notice is at most so late; a tick that finds nothing costs two questions.
EVERY = 5.0
#: The people's clock has been set when it runs away from the real one by so many seconds between two looks.
JUMP = 30.0

log = logger(__name__)


def tick(db: Connection, now: datetime, rules: Rules) -> None:
    """Works off what is due at this moment, and closes offers that nobody took in time."""
    while closed := offers.expire(db, now):
        log.info("offers closed", count=closed)
    for done in service.tick(db, now, rules):
        log.info("schedule worked off", what=done.what, period=done.period, people=done.people)


class Scheduler:
    """The loop of one process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._rules = rules_of(settings)
        self._clock = Clock(settings.demo_clock_file if settings.is_demo else None)
        self._ahead: float | None = None
        self._stop = Event()

    def run(self) -> None:
        """Until ``stop``; a database that is away is waited for, and no defect ends the house's only clock."""
        while not self._stop.is_set():
            try:
                self._run_connected()
            except psycopg.OperationalError as error:
                log.warning("the scheduler waits for the database", reason=type(error).__name__)
            except Exception:
                log.exception("the scheduler failed, and goes on")
            self._stop.wait(EVERY)

    def stop(self) -> None:
        """From any thread: the tick under way is finished."""
        self._stop.set()

    def _run_connected(self) -> None:
        with connect(self._settings.dsn()) as db:
            while not self._stop.is_set():
                self.look(db)
                self._stop.wait(EVERY)

    def look(self, db: Connection) -> None:
        """One tick; after the clock was set, the periods around the new moment are made first."""
        now = self._clock.now()
        ahead = now.timestamp() - time.time()
        if self._ahead is not None and abs(ahead - self._ahead) > JUMP:
            upkeep.make_periods(self._settings)
        self._ahead = ahead
        tick(db, now, self._rules)
