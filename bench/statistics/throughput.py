"""What statistics cost a submit: the core with them and without, in turns on the same machine in the same minutes.

«Without» has no trigger on applications, none of the indexes that only statistics read, and nobody who folds.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from express_bot.core.reference import load
from submit import measure
from submit_stage import ROOT, Stage

HERE = Path(__file__).parent
TABLES = "statistics_deltas, statistics_daily, statistics_durations, statistics_people, statistics_spread"
INDEXES = ("ix_applications_target", "ix_applications_filed")
VARIANTS = ("without", "with")


class Counted(Stage):
    """The stage of ``bench/submit.py`` whose tables of figures begin empty as well.

    Its people are of every unit and position and ask for every direction and day: as many counts as in life.
    """

    def __init__(self, folder: Path, people: int) -> None:
        super().__init__(folder, people)
        directories, chance = load(self.db).directories, Random(people)
        positions = [item.code for item in directories["position"].items]
        journeys = [
            {"location": unit.parents[0], "unit": unit.code, "direction": direction.code}
            for unit in directories["unit"].items
            for direction in directories["direction"].items
            if unit.parents[0] in direction.parents
        ]
        for person in self.people:
            day = {"position": chance.choice(positions), "date": f"2027-01-{chance.randint(1, 31):02}"}
            person["answers"] |= chance.choice(journeys) | day

    def forget(self) -> None:
        """Every run finds the same."""
        self.db.execute(f"truncate {TABLES}")
        super().forget()


def measured(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Every run: variant, number of callers, round, rate and waits."""
    with tempfile.TemporaryDirectory(prefix="bench-statistics-") as folder:
        Path(folder).chmod(0o711)
        stage = Counted(Path(folder), arguments.people)
        try:
            stage.start_servers()
            return [run for number in range(-1, arguments.rounds) for run in _round(stage, number, arguments)]
        finally:
            stage.close()


def _round(stage: Counted, number: int, arguments: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Both variants at every number of callers, in an order that turns; round -1 warms up and is not kept."""
    for clients in [16] if number < 0 else arguments.clients:
        for variant in VARIANTS if number % 2 else reversed(VARIANTS):
            with _variant(stage, variant):
                # what has just been switched is met by the first calls: the same run once before, which is not kept
                measure(stage, "core", clients, arguments)
                run = measure(stage, "core", clients, arguments)
            print(f"{number:3} {clients:3} {variant:8} {run['rate']:7.0f}/s  p50 {run['p50_ms']:6.2f} ms", flush=True)
            if number >= 0:
                yield run | {"round": number, "target": variant}


@contextmanager
def _variant(stage: Counted, variant: str) -> Iterator[None]:
    if variant == "with":
        with _folding(stage.dsn):
            yield
        return
    indexes = stage.db.execute(
        "select indexname as name, indexdef as definition from pg_indexes where indexname = any(%s)", (list(INDEXES),)
    ).fetchall()
    stage.db.execute("alter table applications disable trigger user")
    for index in indexes:
        stage.db.execute(f"drop index {index['name']}")
    try:
        yield
    finally:
        stage.forget()
        stage.db.execute("alter table applications enable trigger user")
        for index in indexes:
            stage.db.execute(index["definition"])


@contextmanager
def _folding(dsn: str) -> Iterator[None]:
    """A process that folds as often as a worker's; its start is not measured."""
    environment = dict(os.environ) | {"PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, str(HERE / "folding.py"), dsn]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    assert process.stdout is not None, "it is a pipe"
    process.stdout.readline()
    try:
        yield
    finally:
        process.terminate()
        process.communicate(timeout=15)


def summary(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By number of callers: medians of both variants, and the median of each round's own ratio."""
    return [_of(runs, clients) for clients in dict.fromkeys(run["clients"] for run in runs)]


def _of(runs: list[dict[str, Any]], clients: int) -> dict[str, Any]:
    by_round: dict[int, dict[str, dict[str, Any]]] = {}
    for run in runs:
        if run["clients"] == clients:
            by_round.setdefault(run["round"], {})[run["target"]] = run
    ratios = sorted(pair["with"]["rate"] / pair["without"]["rate"] for pair in by_round.values())
    rates = {variant: median(pair[variant]["rate"] for pair in by_round.values()) for variant in VARIANTS}
    waits = {f"{variant}_p50_ms": median(pair[variant]["p50_ms"] for pair in by_round.values()) for variant in VARIANTS}
    costs = {
        variant: median(sum(pair[variant]["cpu_us"].values()) for pair in by_round.values()) for variant in VARIANTS
    }
    waits |= {f"{variant}_cpu_us": cost for variant, cost in costs.items()}
    waits["cpu_ratio"] = costs["without"] / costs["with"]
    spread = {"ratio_min": ratios[0], "ratio_max": ratios[-1], "rounds": len(ratios)}
    return {"clients": clients, **rates, **waits, "ratio": median(ratios), **spread}
