"""What ``bench/statistics`` found, as figures for machines and as tables for people."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def write(folder: Path, found: dict[str, Any]) -> None:
    """Writes both files and shows the tables."""
    folder.mkdir(exist_ok=True)
    name = f"statistics-{found['at'][:10]}"
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    machine["load"] = round(os.getloadavg()[2], 1)
    (folder / f"{name}.json").write_text(json.dumps(found | {"machine": machine}, indent=1), encoding="utf-8")
    page = "\n".join(_page(found, machine)) + "\n"
    (folder / f"{name}.md").write_text(page, encoding="utf-8")
    print(page)


def _page(found: dict[str, Any], machine: dict[str, Any]) -> Iterable[str]:
    yield f"# Statistics: {found['at'][:10]}"
    yield ""
    yield (
        f"`bench/statistics`, {machine['cores']} cores, Python {machine['python']}, load average {machine['load']} "
        "in the last quarter of an hour. Waits and processor time of whole calls through the core's doors, without any "
        f"cache, {found['times']} of each. Raw is the GROUP BY of the same server with two parallel workers, SQL "
        "what the core asks the rollups instead: both alone, in turns on one connection, the least of the rounds, and "
        "the median of each round's own ratio. Where others use the machine, processor time tells more."
    )
    if found["sizes"]:
        yield from _queries(found["sizes"])
    if found["submits"]:
        yield from _submits(found["submits"])


def _queries(sizes: list[dict[str, Any]]) -> Iterable[str]:
    yield ""
    figures = ("least ms", "p50 ms", "p95 ms", "CPU ms", "raw ms", "SQL ms", "raw to SQL", "raw to p50", "raw to least")
    yield f"| rows | query | {' | '.join(figures)} |"
    yield f"|--:|---{'|--:' * len(figures)}|"
    for size in sizes:
        for name, row in size["queries"].items():
            yield _line(size["rows"], name, row)
    first, last = sizes[0], sizes[-1]
    if first is not last:
        yield ""
        yield f"From {first['rows']} to {last['rows']} applications, processor time and least wait grow by:"
        yield ""
        yield "| query | CPU | least wait |"
        yield "|---|--:|--:|"
        for name, row in last["queries"].items():
            before = first["queries"][name]
            grown = (row[figure] / before[figure] for figure in ("cpu_ms", "min_ms"))
            yield f"| {name} | " + " | ".join(f"× {ratio:.2f}" for ratio in grown) + " |"
    yield ""
    for size in sizes:
        megabytes = ", ".join(f"{name} {count / 1e6:.0f}" for name, count in sorted(size["bytes"].items()))
        took = ", ".join(f"{name} in {seconds:.0f} s" for name, seconds in size["seconds"].items())
        yield f"- {size['rows']} applications: {took}; MB: {megabytes}"


def _line(rows: int, name: str, row: dict[str, float]) -> str:
    cells = [f"{row[figure]:.2f}" for figure in ("min_ms", "p50_ms", "p95_ms", "cpu_ms")]
    if "raw_ms" in row:
        ratios = [f"{row['raw_ms'] / row[figure]:.0f}" for figure in ("p50_ms", "min_ms")]
        cells += [f"{row['raw_ms']:.0f}", f"{row['sql_ms']:.2f}", f"{row['sql_ratio']:.0f}", *ratios]
    else:
        cells += [""] * 5
    return f"| {rows} | {name} | {' | '.join(cells)} |"


def _submits(rows: list[dict[str, Any]]) -> Iterable[str]:
    yield ""
    yield (
        "| callers | without, per second | with | with to without | least to most | rounds"
        " | CPU µs without | with | without to with |"
    )
    yield "|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for row in rows:
        cells = [
            str(row["clients"]),
            f"{row['without']:.0f}",
            f"{row['with']:.0f}",
            f"{row['ratio']:.2f}",
            f"{row['ratio_min']:.2f} to {row['ratio_max']:.2f}",
            str(row["rounds"]),
            f"{row['without_cpu_us']:.0f}",
            f"{row['with_cpu_us']:.0f}",
            f"{row['cpu_ratio']:.2f}",
        ]
        yield f"| {' | '.join(cells)} |"
