"""What ``bench/submit.py`` found, as figures for machines and as a table for people."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

Runs = list[dict[str, Any]]
FIGURES = ("rate", "p50_ms", "p95_ms", "p99_ms")


def quantile(ordered: list[float], share: float) -> float:
    """The value below which this share of the sorted values lies."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def summary(runs: Runs) -> dict[str, Any]:
    """Medians over the rounds per target and number of callers, and ratios taken inside each round."""
    return {
        f"{target} @{clients}": _medians(_pick(runs, target, clients))
        | {"rate_to_R2": _ratio(runs, target, clients, "rate"), "p50_to_R2": _ratio(runs, target, clients, "p50_ms")}
        for clients in _distinct(runs, "clients")
        for target in _distinct(runs, "target")
    }


def _distinct(runs: Runs, name: str) -> list[Any]:
    return list(dict.fromkeys(run[name] for run in sorted(runs, key=lambda run: run["clients"])))


def _pick(runs: Runs, target: str, clients: int) -> Runs:
    return [run for run in runs if (run["target"], run["clients"]) == (target, clients)]


def _medians(runs: Runs) -> dict[str, Any]:
    parts = runs[0]["cpu_us"]
    return {
        **{name: round(median(run[name] for run in runs), 3) for name in FIGURES},
        "rate_spread": [round(pick(run["rate"] for run in runs)) for pick in (min, max)],
        "cpu_us": {part: round(median(run["cpu_us"][part] for run in runs)) for part in parts},
    }


def _ratio(runs: Runs, target: str, clients: int, figure: str) -> float:
    """The median of the rounds' own ratios: both sides of each were measured within the same minute."""
    reference = {run["round"]: run[figure] for run in _pick(runs, "R2", clients)}
    return round(median(run[figure] / reference[run["round"]] for run in _pick(runs, target, clients)), 3)


def write(folder: Path, report: dict[str, Any]) -> None:
    """Writes both files and shows the table."""
    folder.mkdir(exist_ok=True)
    name = f"submit-{report['at'][:10]}"
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    (folder / f"{name}.json").write_text(json.dumps(report | {"machine": machine}, indent=1), encoding="utf-8")
    page = "\n".join(_page(report, machine)) + "\n"
    (folder / f"{name}.md").write_text(page, encoding="utf-8")
    print(page)


def _page(report: dict[str, Any], machine: dict[str, Any]) -> Iterable[str]:
    rounds = max(run["round"] for run in report["runs"]) + 1
    yield f"# Filing an application: {report['at'][:10]}"
    yield ""
    yield (
        f"`bench/submit.py`, {rounds} interleaved rounds of {report['seconds']:g} s per target and number "
        f"of callers, {machine['cores']} cores for servers, database and callers together, Python {machine['python']}. "
        "Medians over the rounds; ratios are medians of each round's own ratio to R2. CPU is processor time per "
        "application: server processes, gateway included, and PostgreSQL."
    )
    yield ""
    yield "| callers | target | per second | min to max | to R2 | p50 ms | p95 ms | p99 ms | to R2 | CPU µs | parts |"
    yield "|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|---|"
    for key, row in report["summary"].items():
        yield _line(*key.split(" @"), row)
    yield ""
    yield from _verdicts(report["summary"])
    yield ""
    yield "Resident memory after the run, MB (working process / all of its processes): " + ", ".join(
        f"{name} {size['worker']:.0f} / {size['all']:.0f}" for name, size in report["resident_mb"].items()
    )


def _line(target: str, clients: str, row: dict[str, Any]) -> str:
    low, high = row["rate_spread"]
    cells = [
        clients,
        target,
        f"{row['rate']:.0f}",
        f"{low} to {high}",
        f"{row['rate_to_R2']:.2f}",
        f"{row['p50_ms']:.2f}",
        f"{row['p95_ms']:.2f}",
        f"{row['p99_ms']:.2f}",
        f"{row['p50_to_R2']:.2f}",
        str(sum(row["cpu_us"].values()) or ""),
        ", ".join(f"{part} {cost}" for part, cost in row["cpu_us"].items()),
    ]
    return f"| {' | '.join(cells)} |"


def _verdicts(figures: dict[str, Any]) -> Iterable[str]:
    """The budgets of design §11, for the targets whose people are strangers to the core: the harder case."""
    yield "| budget | aim | found |"
    yield "|---|--:|--:|"
    for clients in sorted({int(key.rpartition("@")[2]) for key in figures}):
        for target, aim in (("core", 0.6), ("gateway", 0.35)):
            found = figures[f"{target} @{clients}"]["rate_to_R2"]
            yield f"| {target} to R2 in rate, {clients} callers | ≥ {aim} | {found:.2f} |"
        cost = _cost(figures, "core", clients) / _cost(figures, "R2", clients)
        yield f"| core to R2 in CPU, {clients} callers | ≤ 1.6 | {cost:.2f} |"
    for target in ("core", "gateway"):
        yield f"| {target} to R2 in p50, 1 caller | ≤ 1.5 | {figures[f'{target} @1']['p50_to_R2']:.2f} |"
        row = figures[f"{target} @16"]
        yield f"| {target} p99 to its own p50, 16 callers | ≤ 3 | {row['p99_ms'] / row['p50_ms']:.2f} |"


def _cost(figures: dict[str, Any], target: str, clients: int) -> int:
    return int(sum(figures[f"{target} @{clients}"]["cpu_us"].values()))
