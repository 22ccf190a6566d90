"""How soon is a gateway there that speaks eXpress? From its start to its first answer and to healthy, several times.

    python bench/start.py [--times 7]

Healthy: ``/health`` says that the core answers and that the messenger's library is loaded and at work; calls and events
are taken from the first answer on. Exit code 0 when the median meets the aim of design §11, else 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.conftest import NOW  # the repository's own folder comes first
from tests.stack import Lost, Refused, Stack

#: Seconds (design §11).
AIM = 5.0
PATIENCE = 60.0


def one_start(stack: Stack) -> dict[str, float]:
    """Seconds from a start to the first answer and to healthy, and seconds of a processor."""
    stack.gateway.stop()
    began = time.monotonic()
    stack.gateway.start()
    first = _wait(stack, "/health/live", lambda said: said["status"] == "ok") - began
    healthy = _wait(stack, "/health", _is_healthy) - began
    return {"first answer": first, "healthy": healthy, "processor": _worked(stack.gateway.pid)}


def _is_healthy(said: dict[str, Any]) -> bool:
    return {said["components"][part] for part in ("gateway", "core", "database", "express")} == {"ok"}


def _wait(stack: Stack, path: str, is_so: Callable[[dict[str, Any]], bool]) -> float:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        client = stack.client(timeout=5)
        try:
            answer = client.get(path).json
        except (Refused, Lost):
            answer = None
        finally:
            client.close()
        if answer and is_so(answer):
            return time.monotonic()
        time.sleep(0.01)
    raise AssertionError(stack.logs())


def _worked(pid: int) -> float:
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(sum(process.cpu_times()[:2]) for process in family)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=7)
    times = parser.parse_args().times
    with Stack(express=True, now=NOW) as stack:
        starts = [one_start(stack) for _ in range(times)]
    for name in starts[0]:
        values = sorted(start[name] for start in starts)
        print(f"{name:13} median {median(values):.2f} s, {values[0]:.2f} to {values[-1]:.2f}")
    reached = median(start["healthy"] for start in starts)
    print(f"{times} starts; healthy within {AIM:g} s: {'yes' if reached <= AIM else 'NO'}")
    return 0 if reached <= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
