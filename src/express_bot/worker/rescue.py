"""Jobs of workers that died are put back into the line, by any other worker.

A dead worker is one whose heart has not beaten for ``DEAD_SECONDS``. A living one may leave a job behind, too: when the
database went away at the very moment a job ended, nobody wrote down that it did. Every job is safe to do twice.
"""

from __future__ import annotations

import asyncio
import time

from express_bot.core.db.session import Connection, Pool
from express_bot.observability.logs import logger
from express_bot.worker.rounds import Round

BEAT_SECONDS = 2.0
DEAD_SECONDS = 8.0
#: Together with the round below: a job of a killed worker is back in the line within 15 seconds.
ROUND_SECONDS = 2.0
#: No statement of a notification takes so long.
LEFT_BEHIND_SECONDS = 60.0
#: Workers that died long ago are forgotten.
FORGET_SECONDS = 3600.0

_RESCUE = """
    with lost as (
        select job.id from procrastinate_jobs job
        left join procrastinate_workers worker on worker.id = job.worker_id
        where job.status = 'doing'
          and (worker.id is null or worker.last_heartbeat < clock_timestamp() - make_interval(secs => %(dead)s)
            or (job.task_name = 'notify' and not exists (
                select from procrastinate_events event
                where event.job_id = job.id and event.type = 'started'
                  and event.at > clock_timestamp() - make_interval(secs => %(left_behind)s))))
        for update of job skip locked
    )
    select count(procrastinate_retry_job_v2(id, clock_timestamp(), null, null, null)::text) as rescued from lost
"""


def rescue(db: Connection) -> int:
    """Puts lost jobs back, each with its old place in the line; returns how many."""
    row = db.execute(_RESCUE, {"dead": DEAD_SECONDS, "left_behind": LEFT_BEHIND_SECONDS}).fetchone()
    db.execute(
        "delete from procrastinate_workers where last_heartbeat < clock_timestamp() - make_interval(secs => %s)",
        (FORGET_SECONDS,),
    )
    return int(row["rescued"]) if row else 0


class Rescue(Round):
    """A look every two seconds. After an outage of the database nobody's heart has beaten: they get time to."""

    def __init__(self, pool: Pool) -> None:
        super().__init__("rescue", ROUND_SECONDS)
        self._pool = pool
        self._good_since = time.monotonic()

    async def turn(self) -> bool:
        try:
            await asyncio.to_thread(self._look)
        except Exception:
            self._good_since = time.monotonic() + ROUND_SECONDS
            raise
        return False

    def _look(self) -> None:
        with self._pool.connection() as db:
            if time.monotonic() - self._good_since < BEAT_SECONDS * 2:
                db.execute("select 1")
                return
            rescued = rescue(db)
        if rescued:
            log.warning("jobs of dead workers put back", count=rescued)


log = logger(__name__)
