"""``express-bot up``: from settings to a running product that has proven itself; safe to repeat."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import typer

from express_bot import __version__
from express_bot.cli import down
from express_bot.cli.console import Json, Problem, Steps, say, say_json, seconds, told
from express_bot.cli.database import ensure_same_mode, facts_of, migrate_and_seed
from express_bot.cli.stack import http, leftovers, ports, running, self_check
from express_bot.cli.stack.programs import services
from express_bot.cli.stack.supervision import Supervisor
from express_bot.core.db.embedded import EmbeddedPostgres, binaries, version
from express_bot.settings import Settings, get_settings

FREE_DISK = 300 << 20
HEALTHY_WITHIN = 60.0
#: A program that ended this often while starting will not come up by waiting.
TOO_MANY_ENDINGS = 3


def register(app: typer.Typer) -> None:
    app.command("up", help=told("help.up"))(up)


def up(json: Json = False) -> None:
    """Start everything, or say that it runs already."""
    began = time.monotonic()
    for told_to_go in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(told_to_go, signal.default_int_handler)  # like Ctrl+C: what was started goes down again
    settings = get_settings()
    steps = Steps(total=6, quiet=json)
    if not json:
        say(f"up.title_{settings.mode}", version=__version__)
        print()
    with _alone(settings):
        already = _start(settings, steps)
    took = seconds(time.monotonic() - began)
    if json:
        say_json({"ok": True, "already": already, "seconds": took, "steps": steps.records, **addresses(settings)})
    else:
        _farewell(settings, already, took)


def addresses(settings: Settings) -> dict[str, str]:
    """Where people go."""
    people = {"emulator": settings.emulator_url + "/"} if settings.mode == "demo" else {}
    return {**people, "app": settings.public_url + "/", "health": settings.public_url + "/health"}


def _farewell(settings: Settings, already: bool, took: str) -> None:
    print()
    for name, address in addresses(settings).items():
        say(f"up.address_{name}", address=address)
    print()
    say("up.already" if already else "up.done", seconds=took)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Two starts at once take turns; the second finds everything running."""
    settings.var_dir.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    with (settings.var_dir / "up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start(settings: Settings, steps: Steps) -> bool:
    """Returns whether everything was running before; what this call has started goes down again if it fails."""
    supervisor = Supervisor(settings)
    was_running = supervisor.is_running()
    already = was_running and all(supervisor.state(name) == "RUNNING" for name in services(settings))
    try:
        _walk(settings, supervisor, steps, was_running)
    except BaseException:
        if not was_running:
            down.stop(settings)
        raise
    return already


def _walk(settings: Settings, supervisor: Supervisor, steps: Steps, was_running: bool) -> None:
    with steps.step("settings") as facts:
        _check_settings(settings, was_running, facts)
    with steps.step("database") as facts:
        _start_database(settings, supervisor, was_running, facts)
    with steps.step("migrations") as facts:
        facts["revision"] = migrate_and_seed(settings)
    with steps.step("data") as facts:
        facts.update(facts_of(settings))
    with steps.step("services") as facts:
        _start_services(settings, supervisor)
        facts.update(bot_port=settings.bot_port, core_port=settings.core_port)
        if settings.mode == "demo":
            facts.update(form="demo", emulator_port=settings.emulator_port)
    with steps.step("check") as facts:
        facts["number"] = self_check.file_and_withdraw(settings)
        _ensure_worker(supervisor)


# ── Before anything starts ───────────────────────────────────────────────────────────────────────────────────────────


def _check_settings(settings: Settings, was_running: bool, facts: dict[str, Any]) -> None:
    free = shutil.disk_usage(settings.var_dir).free
    if free < FREE_DISK:
        raise Problem("disk_low", path=settings.var_dir, free=free >> 20, needed=FREE_DISK >> 20)
    if was_running:
        _ensure_same_start(settings)
    else:
        leftovers.end(settings.var_dir)
        ports.ensure_free(settings)
        running.remember(settings)
    facts.update(path=settings.var_dir, free=round(free / (1 << 30)))


def _ensure_same_start(settings: Settings) -> None:
    """The running product listens where it was told at its start; other settings need a restart."""
    started = running.as_started(settings)
    if started is not settings:
        raise Problem("running_elsewhere", mode=started.mode, port=started.bot_port)


# ── Database, then services ──────────────────────────────────────────────────────────────────────────────────────────


def _start_database(settings: Settings, supervisor: Supervisor, was_running: bool, facts: dict[str, Any]) -> None:
    """Ours is a program of the supervisor; a given one must answer and be durable."""
    postgres = EmbeddedPostgres(settings.var_dir) if settings.embedded_database else None
    if postgres:
        postgres.initialise()
    if not was_running:
        supervisor.start()
    if postgres:
        supervisor.start_program("postgres")
        _wait_for(supervisor, ["postgres"], postgres.is_ready)
        facts.update(form="own", version=version(binaries()))
    else:
        facts.update(form="given", version=_given_version(settings))
    ensure_same_mode(settings)


def _given_version(settings: Settings) -> int:
    with psycopg.connect(settings.dsn(), connect_timeout=5) as connection:
        for name in ("fsync", "synchronous_commit"):
            row = connection.execute("select current_setting(%s)", (name,)).fetchone()
            if row and row[0] == "off":
                raise Problem("database_not_durable", name=name)
        return connection.info.server_version // 10000


def _start_services(settings: Settings, supervisor: Supervisor) -> None:
    for name in services(settings):
        supervisor.start_program(name)
    _wait_for(supervisor, ["core"], lambda: http.is_ready("127.0.0.1", settings.core_port))
    _wait_for(supervisor, ["gateway"], lambda: http.is_ready(settings.bind_host, settings.bot_port))
    if settings.mode == "demo":
        _wait_for(supervisor, ["emulator"], lambda: http.is_ready("127.0.0.1", settings.emulator_port))


def _ensure_worker(supervisor: Supervisor) -> None:
    _wait_for(supervisor, ["worker"], lambda: supervisor.state("worker") == "RUNNING")


def _wait_for(supervisor: Supervisor, names: list[str], is_well: Any) -> None:
    """Wait until it is well; a program that keeps ending is reported with its own last words."""
    deadline = time.monotonic() + HEALTHY_WITHIN
    endings = 0
    while not is_well():
        fallen = [name for name in names if supervisor.state(name) in ("BACKOFF", "EXITED", "FATAL")]
        endings += bool(fallen)
        if endings >= TOO_MANY_ENDINGS or time.monotonic() > deadline:
            raise _not_well(supervisor, (fallen or names)[0])
        time.sleep(0.4 if fallen else 0.05)


def _not_well(supervisor: Supervisor, name: str) -> Problem:
    log = supervisor.log_of(name)
    words = last_words(log.read_text(encoding="utf-8", errors="replace")) if log.exists() else ""
    missing = re.search(r"No module named '([\w.]+)'", words)
    if missing:
        return Problem("module_missing", module=missing[1])
    return Problem("program_not_started", program=name, reason=words, path=log)


def last_words(log: str) -> str:
    """The last line of a log that says something: the end of a traceback, or a JSON line's event."""
    lines = [line for line in log.splitlines() if line.strip()]
    telling = [line for line in lines if re.match(r"[\w.]*(Error|Exception|Refused|NotFound)\b|.*(FATAL|error)", line)]
    return (telling or lines or [""])[-1].strip()[:300]
