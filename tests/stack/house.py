"""``Stack``: the product on free ports, with its own durable PostgreSQL, in a folder of its own."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import psutil

from express_bot.cli.stack import ports, programs
from express_bot.core.clock import Clock
from express_bot.core.db import migrate
from express_bot.core.db.embedded import EmbeddedPostgres
from express_bot.core.db.session import Row, connect
from express_bot.core.demo.people import crew
from express_bot.core.demo.seed import seed_demo
from express_bot.core.sessions import service as sessions
from express_bot.core.setup import install_defaults
from express_bot.core.users import repository as users
from express_bot.settings import Settings
from tests.stack.client import Client, Lost, Refused
from tests.stack.program import Program

ROOT = Path(__file__).parents[2]
#: Settings of the developer's own shell that must not reach a stack of tests.
FOREIGN = ("DATABASE_URL", "SESSION_TIMEOUT", "PUBLIC_URL", "CORE_SERVICE_KEY", "LOG_LEVEL", "BIND_HOST")
#: Personnel numbers of people made here begin where those of the demo have ended.
FIRST_NUMBER = 500_000
KNOWN_PORTS = range(15_000, 32_000)


@dataclass(frozen=True)
class NewPerson:
    """Somebody with a complete profile and an open session."""

    id: UUID
    token: str
    profile: dict[str, str]


class Stack:
    """The running product. Use it as a context manager."""

    def __init__(
        self, *, worker: bool = False, core_app: str | None = None, environment: dict[str, str] | None = None
    ) -> None:
        """``core_app`` replaces the core's module (for negative controls); ``environment`` adds settings."""
        self._temporary = Path(tempfile.mkdtemp(prefix="express-bot-"))
        self._temporary.chmod(0o711)  # PostgreSQL runs as another user when we are root
        self.var_dir = self._temporary / "var"
        core_port, bot_port = _free_ports(2)
        self.settings = Settings(
            mode="test", var_dir=self.var_dir, core_port=core_port, bot_port=bot_port, _env_file=None, database_url=None
        )
        self._environment = self._make_environment(environment or {})
        self._numbers = itertools.count(FIRST_NUMBER)
        self._guard: subprocess.Popen[bytes] | None = None
        self._make_programs(core_app, with_worker=worker)

    def _make_environment(self, more: dict[str, str]) -> dict[str, str]:
        told = {
            "EXPRESS_BOT_MODE": "test",
            "CORE_PORT": str(self.settings.core_port),
            "BOT_PORT": str(self.settings.bot_port),
            "FLASK_API_URL": self.settings.flask_api_url,
        }
        made = programs.environment(self.settings)
        path = os.pathsep.join([made["PYTHONPATH"], str(ROOT)])  # tests bring modules of their own for the core
        kept = {name: value for name, value in made.items() if name not in FOREIGN and not name.startswith("PG")}
        return kept | told | {"PYTHONPATH": path} | more

    def _make_programs(self, core_app: str | None, *, with_worker: bool) -> None:
        found = {program.name: program for program in programs.programs(self.settings)}
        if core_app:
            found["core"].command[-1] = core_app
        self.postgres = self._program(found["postgres"], is_target=_is_backend)
        self.core = self._program(found["core"])
        self.gateway = self._program(found["gateway"])
        self.worker = self._program(found["worker"]) if with_worker else None

    def _program(
        self, program: programs.Program, is_target: Callable[[psutil.Process], bool] = lambda child: True
    ) -> Program:
        return Program(
            program.name,
            program.command,
            environment=self._environment,
            folder=self._temporary,
            log=self.var_dir / "logs" / f"{program.name}.log",
            stop_signal=program.stop_signal,
            stop_seconds=program.stop_seconds,
            is_target=is_target,
        )

    # ── up and down ──

    def __enter__(self) -> Self:
        self._guard = self._start_guard()
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self) -> None:
        server = EmbeddedPostgres(self.var_dir)
        server.initialise()
        self.postgres.start()
        server.wait_ready()
        self._migrate_and_seed()
        for program in self.services():
            program.start()
        self.wait_healthy()

    def _start_guard(self) -> subprocess.Popen[bytes]:
        """In a session of its own, so that no signal for the test run reaches it."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.stack.guard", str(self.var_dir), str(self._temporary)],
            env=os.environ | {"PYTHONPATH": self._environment["PYTHONPATH"]},
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def _migrate_and_seed(self) -> None:
        dsn, now = self.settings.dsn(), datetime.now(UTC)
        migrate.upgrade(dsn)
        with connect(dsn) as db:
            install_defaults(db, now)
            seed_demo(db, now)

    def services(self) -> list[Program]:
        """What runs beside the database."""
        return [program for program in (self.core, self.gateway, self.worker) if program is not None]

    def stop(self) -> None:
        """Doors first, database last; then the guard looks whether anything is left and clears the folder."""
        for program in (*reversed(self.services()), self.postgres):
            program.stop()
        if self._guard is not None:
            self._guard.communicate(timeout=60)
            self._guard = None

    # ── is it well? ──

    @property
    def url(self) -> str:
        """The gateway's address as a browser knows it."""
        return f"http://127.0.0.1:{self.settings.bot_port}"

    def wait_healthy(self, timeout: float = 60) -> None:
        """Return once database, core and gateway answer; otherwise fail with the logs of those that do not."""
        self.wait_until(self.is_healthy, timeout, "the product is not healthy")

    def is_healthy(self) -> bool:
        """Asks the core about itself and the database, and the gateway only about itself: it remembers the rest."""
        return self._is_ready(self.settings.core_port) and self._is_ready(self.settings.bot_port)

    def _is_ready(self, port: int) -> bool:
        client = Client(port, timeout=5)
        try:
            return client.get("/health/ready").status == 200
        except (Refused, Lost):
            return False
        finally:
            client.close()

    def wait_until(
        self, condition: Callable[[], Any], timeout: float = 30, otherwise: str = "it did not happen"
    ) -> Any:
        """Wait for something true and return it."""
        deadline = time.monotonic() + timeout
        while not (found := condition()):
            if time.monotonic() > deadline:
                raise AssertionError(f"{otherwise} after {timeout:g} s\n{self.logs()}")
            time.sleep(0.02)
        return found

    def logs(self) -> str:
        """The last lines of every program."""
        return "\n".join(f"── {it.name} ──\n{it.last_lines()}" for it in (self.postgres, *self.services()))

    # ── acting on it ──

    def client(self, token: str | None = None, **more: Any) -> Client:
        """A caller at the public door."""
        return Client(self.settings.bot_port, token, **more)

    def sign_in(self, persona: str) -> str:
        """The token of a person of the demo."""
        with self._visitor() as client:
            answer = client.post("/api/smartapp/session", {"provider": "demo", "persona": persona})
            assert answer.status == 200, answer.body
            return str(answer.json["access_token"])

    def travel(self, moment: str | None) -> str:
        """Stand at a moment (ISO, with its zone) by the business clock, or return to the real time with ``None``."""
        with self._visitor(self.sign_in("admin")) as client:
            answer = client.call("PUT", "/api/demo/clock", {"now": moment})
            assert answer.status == 200, answer.body
            return str(answer.json["now"])

    @contextmanager
    def _visitor(self, token: str | None = None) -> Any:
        client = self.client(token)
        try:
            yield client
        finally:
            client.close()

    def now(self) -> datetime:
        """The business time."""
        return Clock(self.settings.demo_clock_file).now()

    def new_people(self, count: int) -> list[NewPerson]:
        """People with complete profiles and open sessions, made by the core's own functions, all or none."""
        with connect(self.settings.dsn()) as db, db.pipeline(), db.transaction():
            return [self._new_person(db) for _ in range(count)]

    def _new_person(self, db: Any) -> NewPerson:
        number = str(next(self._numbers))
        profile = crew(f"Испытателева Проба {_letters(int(number))}", number, "msk", "msk-oke-1", "bp")
        user_id = users.insert(db, full_name=profile["full_name"], profile=profile)
        users.grant(db, user_id, "employee")
        token = sessions.open_session(db, user_id, "demo", timeout=timedelta(seconds=self.settings.session_timeout))
        return NewPerson(user_id, token, profile)

    def sql(self, statement: str, parameters: Any = None) -> list[Row]:
        """The rows of a statement, asked past the product."""
        with connect(self.settings.dsn()) as db:
            cursor = db.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []


def _is_backend(child: psutil.Process) -> bool:
    """A process that serves somebody's connection, not one of PostgreSQL's own."""
    return "[local]" in " ".join(child.cmdline())


def _letters(number: int) -> str:
    """A number as a name that people could have: names take no digits."""
    return "".join("абвгдежзик"[int(digit)] for digit in str(number)).capitalize() + "овна"


def _free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now.

    Below those that the system gives to outgoing connections: while a killed program is away, one of these could sit
    on its port, or a caller that keeps knocking could even be connected to itself.
    """
    candidates = iter(random.sample(KNOWN_PORTS, len(KNOWN_PORTS)))
    return list(itertools.islice(filter(lambda port: ports.is_free("127.0.0.1", port), candidates), count))
