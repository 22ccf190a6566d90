"""Finds and ends whatever of ours still runs: after a killed supervisor its programs live on without it."""

from __future__ import annotations

import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil

from express_bot.cli.stack.programs import INSTANCE
from express_bot.core.db.embedded_launcher import is_server_of

POLITE_SECONDS = 12.0


def leftovers(var_dir: Path) -> list[psutil.Process]:
    """Every process that was started for this ``var`` folder."""
    return [process for process in psutil.process_iter() if _is_ours(process, var_dir)]


def _is_ours(process: psutil.Process, var_dir: Path) -> bool:
    """By the mark in its environment; PostgreSQL overwrites its own, but works in its data folder."""
    if is_server_of(process.pid, var_dir / "postgres"):
        return True
    try:
        return process.environ().get(INSTANCE) == str(var_dir)
    except (psutil.Error, OSError):
        return False


def end(var_dir: Path) -> int:
    """End them all, politely first; returns how many there were."""
    found = leftovers(var_dir)
    _end([process for process in found if _is_supervisor(process)])  # first, or it would start again what we end
    _end([process for process in leftovers(var_dir) if not _is_database(process)])  # they end well only with a database
    _end(leftovers(var_dir))
    return len(found)


def _is_database(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return process.name() == "postgres"
    return False


def _is_supervisor(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return "supervisor.supervisord" in process.cmdline()
    return False


def _end(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.Error):
            process.send_signal(signal.SIGINT if _is_database(process) else signal.SIGTERM)
    deadline = time.monotonic() + POLITE_SECONDS
    while _living(processes) and time.monotonic() < deadline:
        time.sleep(0.05)
    for process in _living(processes):
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(processes, timeout=5)


def _living(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [process for process in processes if process.is_running() and _status(process) != psutil.STATUS_ZOMBIE]


def _status(process: psutil.Process) -> str:
    try:
        return str(process.status())
    except psutil.Error:
        return str(psutil.STATUS_ZOMBIE)
