"""Hears that reference data has changed elsewhere: one connection that listens, in a small thread of its own.

The word of the database is only a bell: whoever hears it looks at the version. The version is looked at between the
bells too, so a line that has gone dead without a word is noticed within a second, and nothing is ever missed for good.
While the ear is deaf, whoever asks it looks at the database by itself, as if there were no ear.
"""

from __future__ import annotations

import time
from threading import Thread
from typing import Any

import psycopg

from express_bot.core.db.session import OPTIONS, Connection, Pool
from express_bot.observability.logs import logger

#: The channel of the trigger that tells of changes (migration ``told``).
CHANNEL = "express_bot_reference"
#: How often a quiet line is tried, and how old the last sign of life may be.
BEAT, DEAF_AFTER = 0.4, 1.0
#: Between two tries to connect, doubled up to the longest. The first comes before the very first try: whoever lives for
#: moments only opens no connection for it.
PAUSE, LONGEST_PAUSE = 0.25, 4.0
#: A line that swallows what is said into it is given up by the system within this time.
_LINE: dict[str, Any] = OPTIONS | {
    "connect_timeout": 3,
    "tcp_user_timeout": 2000,
    "application_name": "express-bot-ear",
}

log = logger(__name__)


class Ear:
    """The present version of reference data, as this process has heard it."""

    def __init__(self, dsn: str, pool: Pool) -> None:
        """Listens as long as the ``pool`` of its process is open."""
        self.version = 0
        self._dsn = dsn
        self._pool = pool
        self._sign_of_life = float("-inf")
        self._has_heard = False
        Thread(target=self._live, name="ear", daemon=True).start()

    @property
    def hears(self) -> bool:
        """Whether ``version`` can be believed."""
        return time.monotonic() - self._sign_of_life < DEAF_AFTER

    def _live(self) -> None:
        pause = PAUSE
        while not self._pool.closed:
            time.sleep(pause)
            try:
                self._listen()
            except psycopg.Error as failure:
                pause = PAUSE if self._has_heard else min(pause * 2, LONGEST_PAUSE)
                self._turn_deaf(failure)

    def _listen(self) -> None:
        with psycopg.connect(self._dsn, **_LINE) as line:
            line.execute(f"listen {CHANNEL}")
            while not self._pool.closed:
                self._look(line)
                for _bell in line.notifies(timeout=BEAT, stop_after=1):
                    pass

    def _look(self, line: Connection) -> None:
        row = line.execute("select version from reference_version").fetchone()
        if row is not None:
            self.version = int(row["version"])
            self._sign_of_life = time.monotonic()
            if not self._has_heard:
                log.info("changes of other instances are heard")
                self._has_heard = True

    def _turn_deaf(self, failure: psycopg.Error) -> None:
        self._sign_of_life = float("-inf")
        if self._has_heard and not self._pool.closed:
            log.warning("changes of other instances are not heard", reason=type(failure).__name__)
        self._has_heard = False
