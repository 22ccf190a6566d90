"""How fast are figures, does their age show, and what do they cost a submit?

    python bench/statistics [--rows 1000000,10000000] [--rounds 5] [--seconds 2] [--clients 1,16,64] [--only queries]

Applications by the million are made by the database itself, in throw-away servers; the rollups are built by the
product's own rebuild. Every query goes through the core's doors in this process and is set against the GROUP BY that
would answer it from the rows, on the same server in the same minutes. Then the core takes submits with statistics and
without, in turns. Writes ``bench/results/statistics-<date>.json`` and ``.md``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[1] / "src"), str(HERE.parent), str(HERE)]

import report  # noqa: E402
import throughput  # noqa: E402
from queries import OTHERS, QUERIES, Caller, raw  # noqa: E402
from stage import House  # noqa: E402


def asked(folder: Path, rows: int, arguments: argparse.Namespace) -> dict[str, Any]:
    """Every query at one size."""
    house = House(folder / str(rows), rows)
    with house.running() as db:
        caller = Caller(house.settings, house.settings.dsn(), db)
        found = {query.name: caller.measure(query, arguments.times) for query in (*QUERIES, *OTHERS)}
        caller.close()
        for query in QUERIES:
            found[query.name] |= raw(db, query, arguments.raw_times)
            shown = found[query.name]
            print(
                f"{rows:9} {query.name:50} p95 {shown['p95_ms']:8.2f}  raw {shown['raw_ms']:10.1f} ms"
                f"  SQL × {shown['sql_ratio']:.0f}",
                flush=True,
            )
        sizes = db.execute(
            "select relname as name, pg_total_relation_size(oid) as bytes from pg_class"
            " where relname like 'statistics_%%' and relkind = 'r' or relname = 'applications'"
        ).fetchall()
    steps = {name: house.seconds(name) for name in ("filled", "counted")}
    return {"rows": rows, "queries": found, "bytes": {row["name"]: row["bytes"] for row in sizes}, "seconds": steps}


def main() -> None:
    """Measures and writes the report."""
    arguments = _arguments()
    sizes, runs = [], []
    if arguments.only != "submits":
        with tempfile.TemporaryDirectory(prefix="bench-statistics-") as own:
            folder = arguments.folder or Path(own)
            sizes = [asked(folder, rows, arguments) for rows in arguments.rows]
    if arguments.only != "queries":
        runs = throughput.measured(arguments)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    found = {"at": at, "sizes": sizes, "submits": throughput.summary(runs), "runs": runs}
    report.write(arguments.results, found | {"seconds": arguments.seconds, "times": arguments.times})


def _arguments() -> argparse.Namespace:
    def numbers(text: str) -> list[int]:
        return [int(part) for part in text.split(",")]

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=numbers, default=[1_000_000, 10_000_000])
    parser.add_argument("--times", type=int, default=60, help="calls of each query")
    parser.add_argument("--raw-times", type=int, default=3, help="how often each is counted from the rows")
    parser.add_argument("--folder", type=Path, help="keep the houses here, and use those that are there")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--clients", type=numbers, default=[1, 16, 64])
    parser.add_argument("--only", choices=["queries", "submits"])
    parser.add_argument("--results", type=Path, default=HERE.parent / "results", help="where the report is written")
    return parser.parse_args()


if __name__ == "__main__":
    main()
