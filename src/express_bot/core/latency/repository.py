"""SQL of the answer times."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg.types.json import Jsonb

from express_bot.core.db.session import Connection

#: Minutes that count as «now»; rows are looked up no longer than an hour.
LATELY = 15


def write(db: Connection, instance: str, answers: Mapping[float, int]) -> None:
    """Keeps what one process has counted since the last time, and forgets what is long over."""
    db.execute(
        """
        with gone as (delete from answer_times where at < clock_timestamp() - interval '1 hour')
        insert into answer_times (instance, at, answers) values (%s, clock_timestamp(), %s)
        """,
        (instance, Jsonb({str(bound): count for bound, count in answers.items()})),
    )


def lately(db: Connection) -> list[tuple[float, int]]:
    """How many answers of all processes took at most so many seconds, in the last minutes, by upper bound."""
    rows = db.execute(
        """
        select bound::float8 as bound, sum(count::bigint)::bigint as count
        from answer_times, jsonb_each_text(answers) each(bound, count)
        where at >= clock_timestamp() - make_interval(mins => %s) group by 1 order by 1
        """,
        (LATELY,),
    )
    return [(row["bound"], row["count"]) for row in rows]
