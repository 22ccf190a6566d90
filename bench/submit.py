"""How fast is filing? Closed-loop callers against raw SQL, R1, R2, the core and the gateway, interleaved in one run.

    python bench/submit.py [--rounds 5] [--seconds 2] [--clients 1,16,64]

Every target gets the same body from people of the same kind on the same machine in the same minutes, so the ratios
(design §11) mean something even where the clock does not. ``seen`` targets file for people whom the core has just
answered (as the app does: it asks for the form and saves the draft before), ``core`` and ``gateway`` for strangers.
Writes ``bench/results/submit-<date>.json`` and ``.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from submit_report import quantile, summary, write
from submit_stage import ROOT, Stage

HERE = Path(__file__).parent
SUBMIT = "/api/smartapp/submit"
LOOK = "/api/smartapp/draft?form=flight"
#: The core remembers this many people it has just answered; more of them would be strangers again when they file.
REMEMBERED = 1_900


class Target(NamedTuple):
    """What is called: on which server, where, and whether its people are seen first."""

    server: str
    path: str
    look: str = ""


TARGETS = {
    "raw": Target("", ""),
    "R1": Target("reference", "/validate"),
    "R2": Target("reference", "/submit"),
    "core": Target("core", SUBMIT),
    "core seen": Target("core", SUBMIT, LOOK),
    "gateway": Target("gateway", SUBMIT),
    "gateway seen": Target("gateway", SUBMIT, LOOK),
}
#: Which servers answer a target; PostgreSQL is in all of them.
PARTS = {"reference": ["reference"], "core": ["core"], "gateway": ["gateway", "core"], "": []}


def measure(stage: Stage, name: str, clients: int, arguments: argparse.Namespace) -> dict[str, Any]:
    """One run of one target: figures of the callers and what the servers spent on it."""
    target = TARGETS[name]
    stage.forget()
    plan = {
        "port": stage.servers[target.server].port if target.server else 0,
        "path": target.path,
        "warm": target.look,
        "clients": clients,
        "connections": stage.settings.database_pool,
        "seconds": arguments.seconds,
        "dsn": stage.dsn,
        "period_id": stage.period_id,
        "people": stage.people[: REMEMBERED if target.look else arguments.people],
    }
    before = _spent(stage, target)
    figures = _call("submit_load.py" if target.server else "submit_raw.py", plan)
    spent = {part: seconds - before[part] for part, seconds in _spent(stage, target).items()}
    return _figures(name, clients, figures, spent, looked=len(plan["people"]) if target.look else 0)


def _spent(stage: Stage, target: Target) -> dict[str, float]:
    return {part: stage.servers[part].cpu() for part in PARTS[target.server]} | {"database": stage.database_cpu()}


def _call(program: str, plan: dict[str, Any]) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(plan, file)
        file.flush()
        command = [sys.executable, str(HERE / program), file.name]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment())
    if done.returncode:
        raise RuntimeError(done.stderr)
    figures: dict[str, Any] = json.loads(done.stdout)
    if figures["others"]:
        raise RuntimeError(f"answers that were not expected: {figures['others'][:5]}")
    return figures


def _environment() -> dict[str, str]:
    return dict(os.environ) | {"PYTHONPATH": str(ROOT / "src")}


def _figures(
    name: str, clients: int, figures: dict[str, Any], spent: dict[str, float], *, looked: int
) -> dict[str, Any]:
    latencies = sorted(figures["latencies"])
    count = len(latencies)
    # The processor time of looking first cannot be told apart from that of filing, so it is not reported.
    cpu = {} if looked else {part: round(seconds / count * 1e6) for part, seconds in spent.items()}
    return {
        "target": name,
        "clients": clients,
        "count": count,
        "rate": count / figures["seconds"],
        "p50_ms": quantile(latencies, 0.50) * 1000,
        "p95_ms": quantile(latencies, 0.95) * 1000,
        "p99_ms": quantile(latencies, 0.99) * 1000,
        "cpu_us": cpu,
    }


def main() -> None:
    """Measures and writes the report."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        Path(folder).chmod(0o711)
        stage = Stage(Path(folder), arguments.people)
        try:
            stage.start_servers()
            runs = [run for number in range(-1, arguments.rounds) for run in one_round(stage, number, arguments)]
            resident = {name: server.resident() for name, server in stage.servers.items()}
        finally:
            stage.close()
    kept = [run for run in runs if run["round"] >= 0]
    report = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "seconds": arguments.seconds, "runs": kept}
    write(arguments.results, report | {"resident_mb": resident, "summary": summary(kept)})


def one_round(stage: Stage, number: int, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Every target at every number of callers, in an order that turns from round to round; round -1 warms up."""
    names = list(TARGETS)
    turned = names[number % len(names) :] + names[: number % len(names)]
    runs = []
    for clients in [16] if number < 0 else arguments.clients:
        for name in turned:
            runs.append(measure(stage, name, clients, arguments) | {"round": number})
            shown = runs[-1]
            print(f"{number:3} {clients:3} {name:13} {shown['rate']:7.0f}/s  p50 {shown['p50_ms']:6.2f} ms", flush=True)
    return runs


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--clients", type=lambda text: [int(part) for part in text.split(",")], default=[1, 16, 64])
    parser.add_argument("--results", type=Path, default=HERE / "results", help="where the report is written")
    return parser.parse_args()


if __name__ == "__main__":
    main()
