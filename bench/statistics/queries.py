"""What a dashboard asks, through the core's own doors, and what it would cost to count the applications instead."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import date
from statistics import median
from typing import Any, NamedTuple, cast
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

import psutil
import structlog
from flask.testing import FlaskClient
from tests.core.proofs import service_token

from express_bot.contracts.statistics import Basis, Grain
from express_bot.core.app import create_app
from express_bot.core.caches.answers import Answers
from express_bot.core.db.session import Connection
from express_bot.core.reference import load
from express_bot.core.statistics.desk import Wish, ask_of
from express_bot.core.statistics.folding import read_layouts
from express_bot.core.statistics.repository import statement
from express_bot.core.statistics.words import subject
from express_bot.observability.processes import settle
from express_bot.settings import Settings
from submit_report import quantile
from submit_stage import NOW

#: The rollup's statement is over in the time that the clock needs to be read, nearly: so many in a row.
RUNS = 15

MONTH = "target_date between '2027-01-01' and '2027-01-31'"
YEAR = "target_date between '2026-02-01' and '2027-01-31'"
FIVE_YEARS = "target_date between '2022-02-01' and '2027-01-31'"
FILED = "filed_at >= '2026-01-01' and filed_at < '2027-01-01'"


class Query(NamedTuple):
    """An address, and the statement that would answer it from the rows."""

    name: str
    path: str
    raw: str


def _raw(columns: str, where: str) -> str:
    places = ", ".join(str(number) for number in range(1, columns.count("; ") + 2))
    told = columns.replace("; ", ", ")
    return f"select {told}, count(*) from applications where form_id = 'flight' and {where} group by {places}"


DESK = "/api/desk/statistics?basis={}&from={}&to={}"
TARGET, WHOLE = DESK.format("target", "2026-02-01", "2027-01-31"), DESK.format("target", "2022-02-01", "2027-01-31")
MONTHS = DESK.format("target", "2027-01-01", "2027-01-31")
QUERIES = (
    Query(
        "a month by direction",
        f"{MONTHS}&by=direction",
        _raw("answers->>'direction'; status", MONTH),
    ),
    Query(
        "a year by week and status",
        f"{TARGET}&by=status&grain=week",
        _raw("date_trunc('week', target_date); status", YEAR),
    ),
    Query(
        "a year by day and channel, by filing",
        DESK.format("filed", "2026-01-01", "2026-12-31") + "&by=channel&grain=day",
        _raw("(filed_at at time zone 'Europe/Moscow')::date; channel; status", FILED),
    ),
    Query(
        "a year by base and unit, with the year before",
        f"{TARGET}&by=location,unit&compare=previous",
        _raw("location; unit; status; target_date >= '2026-02-01'", FIVE_YEARS.replace("2022", "2025")),
    ),
    Query("five years by direction", f"{WHOLE}&by=direction", _raw("answers->>'direction'; status", FIVE_YEARS)),
    Query(
        "five years by month, base and position",
        f"{WHOLE}&by=location,position&grain=month",
        _raw("date_trunc('month', target_date); location; position; status", FIVE_YEARS),
    ),
    Query(
        "a year by week of one direction",
        f"{TARGET}&direction=vvo&grain=week",
        _raw("date_trunc('week', target_date); status", f"{YEAR} and answers->>'direction' = 'vvo'"),
    ),
)
#: Measured without a counterpart: a page of several questions, one person's own rows, and the rows of a bar.
OTHERS = (
    Query("the eight questions", "/api/desk/statistics/questions", ""),
    Query("one's own", "/api/smartapp/statistics", ""),
    Query(
        "rows of a month's bar",
        DESK.format("target", "2027-01-01", "2027-01-31").replace("?", "/rows?") + "&direction=vvo",
        "",
    ),
)


class Caller:
    """A dispatcher before a core in this process, and what the calls cost it and the database."""

    def __init__(self, settings: Settings, dsn: str, db: Connection) -> None:
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        # what is measured is an answer that is made, not one that is found
        patch.object(Answers, "keep", lambda *_: None).start()
        self._app = create_app(settings, dsn)
        settle()  # as the core's own process does
        self._client: FlaskClient = self._app.test_client()
        self._key = settings.service_key.get_secret_value()
        person = db.execute("select id from users where full_name = 'Проба Скорости' limit 1").fetchone()
        assert person is not None, "the crowd is there"
        self._person = str(person["id"])
        db.execute(
            "insert into roles (user_id, role) values (%s, 'dispatcher') on conflict do nothing", (self._person,)
        )

    def close(self) -> None:
        """Gives the connections back."""
        self._app.extensions["house"].pool.close()

    def measure(self, query: Query, times: int) -> dict[str, float]:
        """Waits of so many calls in a row, and the processor time of one."""
        headers = {"Authorization": f"Bearer {service_token(key=self._key, act=self._person)}"}
        waits: list[float] = []
        self._call(query, headers)
        pids = [connection.info.backend_pid for connection in _idle(self._app)]
        before, own = _cpu(pids), time.process_time()
        for _ in range(times):
            began = time.perf_counter()
            self._call(query, headers)
            waits.append((time.perf_counter() - began) * 1000)
        cpu = (_cpu(pids) - before + time.process_time() - own) / times * 1000
        return {"p50_ms": median(waits), "p95_ms": quantile(sorted(waits), 0.95), "min_ms": min(waits), "cpu_ms": cpu}

    def _call(self, query: Query, headers: dict[str, str]) -> None:
        answer = self._client.get(query.path, headers=headers)
        assert answer.status_code == 200, answer.text


def _idle(app: Any) -> list[Connection]:
    return list(app.extensions["house"].pool._pool)


def _cpu(pids: list[int]) -> float:
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids)


def raw(db: Connection, query: Query, times: int) -> dict[str, float]:
    """The statements alone: from the rows, as kindly as can be (two workers beside), and from the rollup, in turns."""
    db.execute("set max_parallel_workers_per_gather = 2; set work_mem = '64MB'")
    rollup = _statements(db, query)
    rounds = [(_typical(db, [(query.raw, {})], 1), _typical(db, rollup, RUNS)) for _ in range(times + 1)][
        1:
    ]  # the first one warms both up
    rows, folded = zip(*rounds, strict=True)
    return {
        "raw_ms": min(rows),
        "sql_ms": min(folded),
        "sql_ratio": median(one / other for one, other in rounds),
    }


def _typical(db: Connection, statements: list[tuple[str, dict[str, Any]]], runs: int) -> float:
    """The median of so many runs in a row."""
    waits = []
    for _ in range(runs):
        began = time.perf_counter()
        for text, values in statements:
            db.execute(text, values or None).fetchall()
        waits.append((time.perf_counter() - began) * 1000)
    return median(waits)


def _statements(db: Connection, query: Query) -> list[tuple[str, dict[str, Any]]]:
    """What the product asks its rollup for this query, and for the time before where that is compared."""
    asked = dict(parse_qsl(urlsplit(query.path).query))
    is_compared, by = asked.pop("compare", None), asked.pop("by", "")
    wish = Wish(
        tuple(by.split(",")) if by else (),
        cast(Basis, asked.pop("basis")),
        cast(Grain, asked.pop("grain", "none")),
        date.fromisoformat(asked.pop("from")),
        date.fromisoformat(asked.pop("to")),
        asked,
    )
    topic = subject(load(db), read_layouts(db), "flight", locale="ru", now=NOW)
    ask = ask_of(topic, wish)
    asks = [ask, replace(ask, range=ask.range.before())] if is_compared else [ask]
    return [statement(topic.layout, each) for each in asks]
