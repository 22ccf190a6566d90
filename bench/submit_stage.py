"""The stage of ``bench/submit.py``: a database of its own with people in it, and the four servers before it."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import socket
import subprocess
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil

from express_bot.cli.stack.programs import environment, programs
from express_bot.core.clock import Clock
from express_bot.core.db import migrate
from express_bot.core.db.embedded import EmbeddedPostgres
from express_bot.core.db.session import Connection, connect
from express_bot.core.reference import load
from express_bot.core.setup import install_defaults
from express_bot.settings import Settings

ROOT = Path(__file__).parents[1]
#: The period for January 2027 is open then.
NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
KEPT = "applications, application_events, outbox, audit_log, drafts"


@dataclass
class Server:
    """One running server and what it costs."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    @property
    def tree(self) -> list[psutil.Process]:
        """The server's processes, the parent first."""
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def cpu(self) -> float:
        """Seconds of processor time so far, those of ended children included."""
        return cpu_of(self.tree)

    def resident(self) -> dict[str, float]:
        """Resident megabytes of the working process and of everything together."""
        sizes = [process.memory_info().rss / 1e6 for process in self.tree]
        return {"worker": max(sizes), "all": sum(sizes)}


def cpu_of(tree: list[psutil.Process]) -> float:
    """Processor seconds of processes; ended children are counted in their parent."""
    total = 0.0
    for process in tree:
        times = process.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
    return total


class Stage:
    """Everything that runs while measuring; leaves nothing behind."""

    def __init__(self, folder: Path, people: int) -> None:
        self._cleanup = ExitStack()
        self._folder = folder
        self.settings = self._settings()
        self.postgres = EmbeddedPostgres(self.settings.var_dir)
        self.postgres.start()
        self._cleanup.callback(self.postgres.stop)
        self.dsn = self.settings.dsn()
        migrate.upgrade(self.dsn)
        self.db: Connection = self._cleanup.enter_context(connect(self.dsn))
        install_defaults(self.db, NOW)
        Clock(self.settings.demo_clock_file).move(NOW)
        period = load(self.db).open_period("flight", NOW)
        assert period is not None
        self.period_id = period.id
        self.people = make_people(self.db, people)
        self.db.execute("vacuum analyze")
        self.servers: dict[str, Server] = {}

    def start_servers(self) -> None:
        """Core and gateway as the product starts them, and the references in the core's place with its options."""
        commands = {program.name: program.command for program in programs(self.settings)}
        reference = [*commands["core"][:-1], "app:app"]
        reference[reference.index("--port") + 1] = str(self._reference_port)
        self._start("reference", self._reference_port, reference)
        self._start("core", self.settings.core_port, commands["core"])
        self._start("gateway", self.settings.bot_port, commands["gateway"])

    def close(self) -> None:
        """Stops all of it."""
        self._cleanup.close()

    def forget(self) -> None:
        """Takes away what the last run has filed, so that every run finds the same people and empty tables."""
        self.db.execute(f"truncate {KEPT} restart identity cascade")
        self.db.execute("checkpoint")

    def database_cpu(self) -> float:
        """Processor seconds of PostgreSQL so far."""
        pid = self.postgres.pid()
        assert pid is not None
        parent = psutil.Process(pid)
        return cpu_of([parent, *parent.children(recursive=True)])

    def _settings(self) -> Settings:
        core, gateway, self._reference_port = _free_ports(3)
        key = secrets.token_urlsafe(48)
        return Settings(mode="test", var_dir=self._folder / "var", core_port=core, bot_port=gateway, service_key=key)

    def _start(self, name: str, port: int, command: list[str]) -> None:
        log = self._cleanup.enter_context((self._folder / f"{name}.log").open("wb"))
        process = subprocess.Popen(
            command, env=self._environment(), cwd=self._folder, stdout=log, stderr=subprocess.STDOUT
        )
        self._cleanup.callback(_stop, process)
        _wait_for(port, process, self._folder / f"{name}.log")
        self.servers[name] = Server(name, port, process)

    def _environment(self) -> dict[str, str]:
        settings = {
            "EXPRESS_BOT_MODE": "test",
            "CORE_PORT": str(self.settings.core_port),
            "BOT_PORT": str(self.settings.bot_port),
            "CORE_SERVICE_KEY": self.settings.service_key.get_secret_value(),
            "BENCH_NOW": NOW.isoformat(),
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "bench" / "reference")]),
        }
        return environment(self.settings) | settings


def make_people(db: Connection, count: int) -> list[dict[str, Any]]:
    """People with a complete profile, the employee's role and a living session each."""
    people = [_person(index) for index in range(count)]
    end = datetime.now(UTC) + timedelta(hours=10)
    with db.transaction(), db.cursor() as cursor:
        with cursor.copy("copy users (id, full_name, profile, personnel_number) from stdin") as copy:
            for person in people:
                copy.write_row((person["id"], "Проба Скорости", _profile_json(person), person["number"]))
        with cursor.copy("copy roles (user_id, role) from stdin") as copy:
            for person in people:
                copy.write_row((person["id"], "employee"))
        with cursor.copy("copy sessions (token_hash, user_id, provider, expires_at, ends_at) from stdin") as copy:
            for person in people:
                digest = hashlib.sha256(person["token"].encode()).digest()
                copy.write_row((digest, person["id"], "demo", end, end))
    return people


def _person(index: int) -> dict[str, Any]:
    number = f"{500_000 + index:06}"
    profile = {
        "location": "msk",
        "unit": "msk-oke-1",
        "position": "bp",
        "full_name": "Проба Скорости",
        "personnel_number": number,
    }
    journey = {"direction": "vvo", "date": "2027-01-15", "wishes": "Лучше утренний вылет, спасибо."}
    token = secrets.token_urlsafe(32)
    return {"id": str(uuid4()), "token": token, "number": number, "profile": profile, "answers": profile | journey}


def _profile_json(person: dict[str, Any]) -> str:
    return json.dumps(person["profile"], ensure_ascii=False)


def _free_ports(count: int) -> list[int]:
    """Different ports that nobody listens on now."""
    with ExitStack() as held:
        listeners = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [int(listener.getsockname()[1]) for listener in listeners]


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
