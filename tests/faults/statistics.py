"""Every figure equals a recount of rows, at every moment a reader can look (issue: 100,000 steps, 0 differences).

``python -m tests.faults.statistics --steps 100000 --shards 2``: people file, edit, withdraw and come back, the desk
decides, items of directories retire, forms change what they are counted by, rows are changed by hand; meanwhile the
deltas are folded in pieces and the rollups rebuilt, also in the middle of other people's transactions. After each step
a few questions, and every so often all of them, are asked of the reader and counted from the rows. A history is of so
many steps; the next one begins in a new house, so that what a house has gathered does not slow the proof down.

``--control forget`` loses the delta of withdrawals, ``--control twice`` folds without taking away what was folded,
``--control stale`` rebuilds without making pending deltas void: each must turn red. Exit code 0 when every figure was
right, else 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache, partial
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
from psycopg.conninfo import make_conninfo

from express_bot.core.db import migrate
from express_bot.core.db.embedded import EmbeddedPostgres
from express_bot.core.db.session import Connection, connect
from express_bot.core.demo.seed import seed_demo
from express_bot.core.setup import install_defaults
from express_bot.core.statistics import folding, repository, upkeep
from express_bot.domain.statistics import Ask, Layout, Range
from tests.conftest import NOW
from tests.faults import counting
from tests.faults.lives import Lives, refused

CONTROLS = ("forget", "twice", "stale")
#: Questions after each step; all of them after so many.
FEW, ALL_EVERY = 3, 50
#: Steps of one history in one house.
HISTORY = 2_500
WHOLE = Range(date(2026, 1, 1), date(2027, 12, 31))
RANGES = (WHOLE, Range(date(2026, 11, 20), date(2027, 2, 10)), Range(date(2027, 1, 1), date(2027, 1, 31)))
GRAINS = ("none", "day", "week", "month")
FORMS = ("flight", "certificate")
DAY = 86_400.0


@dataclass
class Report:
    """What one shard has seen."""

    steps: int = 0
    questions: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    folded: int = 0
    differences: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        return "\n".join(
            [
                f"steps          {self.steps} in {self.seconds:.0f} s",
                f"acts           {', '.join(f'{name} {count}' for name, count in sorted(self.acts.items()))}",
                f"deltas folded  {self.folded}",
                f"questions      {self.questions}",
                f"must be nought {len(self.differences)} differences",
                *(f"  {line}" for line in self.differences[:5]),
            ]
        )

    def __add__(self, other: Report) -> Report:
        return Report(
            self.steps + other.steps,
            self.questions + other.questions,
            self.acts + other.acts,
            self.folded + other.folded,
            self.differences + other.differences,
            max(self.seconds, other.seconds),
        )


class Proof:
    """One database, one history."""

    def __init__(self, dsn: str, seed: int) -> None:
        self.dsn, self.chance, self.report = dsn, random.Random(seed), Report()
        self.db, self.other = connect(dsn), connect(dsn)
        for db in (self.db, self.other):
            db.execute("set synchronous_commit = off")
            # there are some hundred different questions: each is understood once
            db.prepared_max = None
        self.lives = Lives(self.db, self.chance)

    def run(self, steps: int, *, until_red: bool = False, within: float = DAY) -> Report:
        """So many steps, or fewer when the time is over."""
        began = time.monotonic()
        for _ in range(steps):
            self._step()
            if (until_red and self.report.differences) or time.monotonic() - began > within:
                break
        self.report.seconds = time.monotonic() - began
        self.db.close()
        self.other.close()
        return self.report

    def _step(self) -> None:
        self.report.steps += 1
        kinds = {"act": 66, "fold": 20, "rolled back": 3, "meanwhile": 8, "rebuild": 1, "rebuild meanwhile": 2}
        kind = self.chance.choices(list(kinds), list(kinds.values()))[0]
        {
            "act": self._act,
            "fold": self._fold,
            "rolled back": self._rolled_back,
            "meanwhile": self._meanwhile,
            "rebuild": self._rebuild,
            "rebuild meanwhile": self._rebuild_meanwhile,
        }[kind]()
        if self.report.steps % ALL_EVERY == 0:
            self._look(None)
        else:
            self._look(FEW)

    # ── Steps ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _act(self, db: Connection | None = None) -> None:
        name, act = self.lives.pick()
        with refused(), (db or self.db).transaction():
            act(db or self.db)
            self.report.acts[name] += 1
        if db is None and name in ("retire", "new form"):
            self.lives.look_again()

    def _fold(self) -> None:
        self.report.acts["fold"] += 1
        self.report.folded += upkeep.fold(self.db, self.lives.reference, limit=self.chance.choice([1, 3, 10, 1000]))

    def _rolled_back(self) -> None:
        self.report.acts["rolled back"] += 1
        with refused(), self.db.transaction(force_rollback=True):
            self.lives.pick()[1](self.db)

    def _meanwhile(self) -> None:
        """Somebody's change is written and not committed yet while others fold and look."""
        self.report.acts["meanwhile"] += 1
        with self.other.transaction(force_rollback=self.chance.random() < 0.2):
            with refused(), self.other.transaction():
                self.lives.pick()[1](self.other)
            self._look(1)
            self._fold()
            self._look(1)
        self.lives.look_again()

    def _rebuild(self) -> None:
        self.report.acts["rebuild"] += 1
        upkeep.rebuild(self.db)

    def _rebuild_meanwhile(self) -> None:
        """A change is committed between the snapshot of a rebuild and its commit."""
        self.report.acts["rebuild meanwhile"] += 1
        write = folding._write_state

        def slowly(db: Connection, layouts: Mapping[str, Layout], *, rebuilt: bool = False) -> None:
            self._act(self.other)
            self._look(1, self.other)
            write(db, layouts, rebuilt=rebuilt)

        with patch.object(folding, "_write_state", slowly):
            upkeep.rebuild(self.db)
        self.lives.look_again()

    # ── Questions ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _look(self, few: int | None, db: Connection | None = None) -> None:
        """Asks the reader and counts the rows, both in one snapshot."""
        here = db or self.db
        with repository.snapshot(here) as fresh:
            rows = here.execute(
                f"select {counting.COLUMNS} from applications a join users u on u.id = a.applicant_id where not u.probe"
            )
            counted_from = [counting.read(row) for row in rows]
            wanted = upkeep.layouts(self.lives.reference) | fresh.layouts
            periods = tuple(map(str, self.lives.reference.periods))
            every = [question for form in FORMS for question in _questions(form, wanted[form], periods)]
            for question in every if few is None else self.chance.sample(every, few):
                self.report.questions += 1
                told, counted = question(here, counted_from)
                if told != counted:
                    self._note(question, told, counted)

    def _note(self, question: Any, told: Any, counted: Any) -> None:
        wrong = {
            key: (told.get(key), counted.get(key)) for key in {*told, *counted} if told.get(key) != counted.get(key)
        }
        self.report.differences.append(f"step {self.report.steps}: {question.args} {str(wrong)[:300]}")


@lru_cache(maxsize=8)
def _questions(form: str, layout: Layout, periods: tuple[str, ...]) -> list[partial[tuple[Any, Any]]]:
    """Everything that can be asked about a form."""
    return list(_every(form, layout, periods))


def _every(form: str, layout: Layout, periods: tuple[str, ...]) -> Iterator[partial[tuple[Any, Any]]]:
    sets: list[tuple[str, ...]] = [(), *((name,) for name in layout.dimensions), *layout.pairs]
    for dims, basis, grain, asked in product(sets, ("filed", "target"), GRAINS, RANGES):
        if len(dims) < 2 or dims in layout.daily_pairs or (grain in ("none", "month") and asked != RANGES[1]):
            yield partial(_counts, layout, Ask(form, basis, grain, asked, dims))
            if len(dims) == 2:
                yield partial(_counts, layout, Ask(form, basis, grain, asked, dims[1:], ((dims[0], "msk"),)))
    for month in (date(2026, 12, 1), date(2027, 1, 1), date(2027, 3, 1), date(2027, 12, 1)):
        yield partial(_approvals, layout, form, month)
    yield partial(_active, layout, form)
    yield partial(_durations, layout, form)
    for period, basis in product((*periods, ""), ("filed", "decided")):
        yield partial(_of_period, layout, form, period, basis)


def _counts(layout: Layout, ask: Ask, db: Connection, rows: list[Any]) -> tuple[Any, Any]:
    told = {
        (row["at"], tuple(sorted(row["codes"].items())), status): count
        for row in repository.counts(db, layout, ask)
        for status, count in row["statuses"].items()
    }
    return told, counting.counts(rows, ask)


def _approvals(layout: Layout, form: str, until: date, db: Connection, rows: list[Any]) -> tuple[Any, Any]:
    found = repository.spread(db, layout, form, "approved", until) if layout.main else []
    return {(row["code"], row["count"]): row["people"] for row in found}, counting.approvals(rows, layout, form, until)


def _active(layout: Layout, form: str, db: Connection, rows: list[Any]) -> tuple[Any, Any]:
    found = repository.spread(db, layout, form, "active", date(2000, 1, 1))
    return {(row["code"], row["count"]): row["people"] for row in found}, counting.active(rows, form)


def _durations(_: Layout, form: str, db: Connection, rows: list[Any]) -> tuple[Any, Any]:
    first, last = date(2026, 8, 3), date(2026, 8, 3) + timedelta(weeks=80)
    found = repository.durations(db, form, first, last)
    told = {row["week"]: (row["decided"], row["p50"], row["p90"]) for row in found}
    return told, counting.durations(rows, form, first, last)


def _of_period(_: Layout, form: str, period: str, basis: str, db: Connection, rows: list[Any]) -> tuple[Any, Any]:
    found = repository.of_period(db, form, period, basis, (date(2020, 1, 1), date(2040, 1, 1)))
    told = {
        (row["day"], row["hour"], status): row[status] for row in found for status in repository.STATUSES if row[status]
    }
    return told, counting.of_period(rows, form, period, basis)


# ── Controls and the run ─────────────────────────────────────────────────────────────────────────────────────────────


#: Triggers that lose what they should not.
SABOTAGE = {
    "forget": ("insert", "new.status = 'withdrawn' and new.sign = 1", "new"),
    # a rebuild is the only one who deletes deltas in a snapshot of its own
    "stale": ("delete", "current_setting('transaction_isolation') = 'repeatable read'", "old"),
}


@contextmanager
def broken(control: str | None, dsn: str) -> Iterator[None]:
    """The house without one of its protections."""
    if control in SABOTAGE:
        event, condition, row = SABOTAGE[control]
        with connect(dsn) as db:
            db.execute(
                "create function sabotage() returns trigger language plpgsql as $$ begin"
                f" if {condition} then return null; end if; return {row}; end $$;"
                f" create trigger sabotage before {event} on statistics_deltas"
                " for each row execute function sabotage()"
            )
    kept = folding._TAKEN.replace("delete from statistics_deltas where", "select * from statistics_deltas where")
    taken = kept.replace("returning *", "") if control == "twice" else folding._TAKEN
    folding._statement.cache_clear()
    with patch.object(folding, "_TAKEN", taken):
        yield
    folding._statement.cache_clear()


FIRST = "first_house"


def prepare(server: EmbeddedPostgres) -> None:
    """The seeded house that every history begins in a copy of."""
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as admin:
        admin.execute(f"create database {FIRST}")
    migrate.upgrade(server.dsn(FIRST))
    with connect(server.dsn(FIRST)) as db:
        install_defaults(db, NOW)
        seed_demo(db, NOW)


@contextmanager
def house(server: str, name: str) -> Iterator[str]:
    """A copy of the first house, for as long as its history lasts."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"create database {name} template {FIRST}")
        try:
            yield make_conninfo(server, dbname=name)
        finally:
            admin.execute(f"drop database {name} with (force)")


def shard(dsn: str, seed: int, steps: int, control: str | None, within: float = DAY) -> Report:
    """One history in one database."""
    with broken(control, dsn):
        return Proof(dsn, seed).run(steps, until_red=control is not None, within=within)


def history(server: str, seed: int, steps: int, control: str | None, until: float) -> Report:
    """One history in a house of its own."""
    with house(server, f"house_{seed}") as dsn:
        return shard(dsn, seed, steps, control, until - time.time())


def _histories(server: str, asked: argparse.Namespace, seed: int) -> Iterator[Report]:
    """As they end; as many at once as there are shards."""
    lengths = [min(HISTORY, asked.steps - done) for done in range(0, asked.steps, HISTORY)]
    if len(lengths) < asked.shards:
        lengths = [-(-asked.steps // asked.shards)] * asked.shards
    until = time.time() + asked.within
    with ProcessPoolExecutor(asked.shards) as pool:
        runs = [
            pool.submit(history, server, seed + index, steps, asked.control, until)
            for index, steps in enumerate(lengths)
        ]
        for run in as_completed(runs):
            yield run.result()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--shards", type=int, default=2)
    parser.add_argument("--within", type=float, default=DAY, help="seconds after which the shards stop")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--control", choices=CONTROLS)
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.randrange(10**6)
    began, whole = time.monotonic(), Report()
    with tempfile.TemporaryDirectory(prefix="statistics-") as folder:
        server = EmbeddedPostgres(Path(folder), durable=False)
        server.start()
        try:
            prepare(server)
            for report in _histories(server.dsn("postgres"), asked, seed):
                whole += report
                print(f"{whole.steps} steps, {len(whole.differences)} differences", flush=True)
        finally:
            server.stop()
    whole.seconds = time.monotonic() - began
    print(f"seed           {seed}\n{whole}")
    return 1 if whole.differences else 0


if __name__ == "__main__":
    sys.exit(main())
