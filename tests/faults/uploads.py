"""``kill -9`` during uploads and submits with files: what was called ready is kept, and nothing is left behind.

``python -m tests.faults.uploads --kills 200``: people upload in one go and in parts, file flights with their files, and
leave uploads half done, while gateway and core are killed. With ``--control`` the same harness drives a core that
writes the row before the bytes are kept, and must turn red. Exit code 0 when every finding is nought, else 1.
"""

from __future__ import annotations

import argparse
import itertools
import math
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Lock, Thread

from express_bot.core.db.session import connect
from express_bot.core.files import tidying
from express_bot.core.files.house import open_files
from tests.conftest import NOW
from tests.faults.carrying import MIB, Book, Carrier
from tests.faults.filing import Wishes, counted
from tests.faults.findings import tell
from tests.faults.shooting import BACK_WITHIN, Marksman, Shots
from tests.faults.upload_proof import Findings, examine
from tests.stack import NewPerson, Stack

CARELESS = "tests.faults.careless_store:app"
PARTS = ("core", "gateway")


@dataclass
class Report:
    """One run."""

    shots: Shots = field(default_factory=Shots)
    book: Book = field(default_factory=Book)
    findings: Findings | None = None
    seconds: float = 0.0

    def __str__(self) -> str:
        book = self.book
        carried = sum(len(taken.parcel.content) for taken in book.taken) / MIB
        return "\n".join(
            [
                *self.shots.lines(self.seconds),
                f"files          {len(book.taken)} acknowledged, {carried:.0f} MiB",
                f"parts          {book.resumed} broken ones went on from where they had stopped",
                f"filed          {len(book.filed)} applications with {sum(len(it.files) for it in book.filed)} files",
                f"left half      {len(book.halves)}, every second of them ended afterwards",
                f"setbacks       {counted(book.setbacks)}",
                f"must be nought {self.findings}",
                *(f"  {reason}" for reason in [*book.wronged, *book.unanswered][:10]),
            ]
        )


class _People(Iterator[NewPerson]):
    """New people without end, for several threads."""

    def __init__(self, stack: Stack) -> None:
        self._lock = Lock()
        self._people = itertools.chain.from_iterable(stack.new_people(50) for _ in itertools.count())

    def __next__(self) -> NewPerson:
        with self._lock:
            return next(self._people)


def run(
    kills: int,
    *,
    control: bool = False,
    carriers: int = 4,
    largest: int = 6 * MIB,
    seed: int | None = None,
    within: float = math.inf,
) -> Report:
    """The whole experiment on a stack of its own; after ``within`` seconds no further volley is fired."""
    chance = random.Random(seed)
    with Stack(core_app=CARELESS if control else None, now=NOW, environment={"FILES_LOOSE": "50"}) as stack:
        report = Report()
        people, enough = _People(stack), Event()
        wishes = Wishes(stack, stack.new_people(1))
        crowd = [Carrier(stack, people, report.book, enough, wishes=wishes, largest=largest) for _ in range(carriers)]
        began = time.monotonic()
        for carrier in crowd:
            carrier.start()
        marksman = Marksman(stack, PARTS, chance, report.book.wait_for_next)
        report.shots = marksman.shots
        with _upkeep(stack):
            marksman.shoot(kills, until=began + within)
            enough.set()
            for carrier in crowd:
                carrier.join()
            stack.wait_healthy(BACK_WITHIN)
        report.seconds = time.monotonic() - began
        report.findings = examine(stack, report.book)
    return report


@contextmanager
def _upkeep(stack: Stack) -> Iterator[None]:
    """What the worker does every minute, every second: ends the checks that a killed core has left open."""
    over, files = Event(), open_files(stack.settings)

    def rounds() -> None:
        with connect(stack.settings.dsn()) as db:
            while not over.wait(1):
                tidying.check_waiting(db, files, idle=timedelta(seconds=3))

    thread = Thread(target=rounds, daemon=True)
    thread.start()
    yield
    over.set()
    thread.join()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.uploads", description="uploads and kill -9")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--carriers", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=math.inf, help="after these no further volley is fired")
    parser.add_argument("--seed", type=int, help="repeats the choice of victims, not the moments")
    parser.add_argument("--control", action="store_true", help="the row before the bytes: it must turn red")
    asked = parser.parse_args()
    within = asked.minutes * 60
    return tell(run(asked.kills, control=asked.control, carriers=asked.carriers, seed=asked.seed, within=within))


if __name__ == "__main__":
    sys.exit(main())
