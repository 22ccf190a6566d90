"""``Stack``: the product on free ports, with its own PostgreSQL, in a folder of its own.

With ``express`` it speaks to a local messenger, which runs beside it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import psutil

from express_bot.cli.stack import programs
from express_bot.core.clock import Clock
from express_bot.core.db.embedded import EmbeddedPostgres
from express_bot.core.db.session import Row, connect
from express_bot.core.demo.seed import seed_demo
from express_bot.core.setup import install_defaults
from tests import memory
from tests.dispatcher import Dispatcher
from tests.emulator.serving import Emulator
from tests.stack import cluster, guard, plan
from tests.stack.client import Answer, Client, Lost, Refused
from tests.stack.people import Known, Maker, NewPerson
from tests.stack.plan import free_ports, make_environment, make_settings
from tests.stack.program import Program
from tests.telegram_double import TelegramDouble


class Stack:
    """The running product. Use it as a context manager."""

    def __init__(
        self,
        *,
        worker: bool | int = False,
        express: bool = False,
        telegram: bool = False,
        core_app: str | None = None,
        gateway_app: str | None = None,
        environment: dict[str, str] | None = None,
        now: datetime | None = None,
        durable: bool = True,
    ) -> None:
        """``core_app`` and ``gateway_app`` replace modules (for negative controls); ``environment`` adds settings.

        ``telegram``: it speaks to a Bot API server of ours, which brings updates to ``SITE``.
        ``worker``: how many of them. ``now``: where the business clock stands at the start, for what must not depend
        on the season. ``durable``: its PostgreSQL waits for the disk; only where nothing is killed it need not.
        """
        self._temporary = Path(tempfile.mkdtemp(prefix="express-bot-", dir=None if durable else memory.place()))
        self._temporary.chmod(0o711)  # PostgreSQL runs as another user when we are root
        self.var_dir = self._temporary / "var"
        self.settings = make_settings(self.var_dir, express=express)
        self._environment = make_environment(self.settings) | (environment or {})
        self.telegram = TelegramDouble(reach=self._reach) if telegram else None
        if self.telegram is not None:
            self._environment = plan.telegram_environment(self.telegram.url) | self._environment
        self._people = Maker(self.settings)
        self._guard: subprocess.Popen[bytes] | None = None
        self._database = EmbeddedPostgres(self.var_dir, durable=durable)
        self._make_programs({"core": core_app, "gateway": gateway_app}, workers=int(worker))
        if now is not None:
            self._clock.move(now)

    def _reach(self, url: str) -> str:
        """Where a public address of ours leads on this machine."""
        return url.replace(plan.SITE, self.url)

    def _make_programs(self, apps: dict[str, str | None], *, workers: int) -> None:
        found = {program.name: program for program in programs.programs(self.settings)}
        for name, app in apps.items():
            found[name].command[-1] = app or found[name].command[-1]
        postgres = replace(found["postgres"], command=self._database.command())
        self.postgres = self._program(postgres, is_target=_is_backend)
        self.core = self._program(found["core"])
        self.gateway = self._program(found["gateway"])
        names = ["worker", *(f"worker{number}" for number in range(2, workers + 1))][:workers]
        self.workers = [self._program(replace(found["worker"], name=name)) for name in names]
        self.worker = self.workers[0] if self.workers else None
        self.emulator = self._program(_EMULATOR) if self.settings.speaks_express else None

    def _program(
        self,
        program: programs.Program,
        is_target: Callable[[psutil.Process], bool] = lambda child: True,
        environment: dict[str, str] | None = None,
    ) -> Program:
        return Program(
            program.name,
            program.command,
            environment=self._environment | (environment or {}),
            folder=self._temporary,
            log=self.var_dir / "logs" / f"{program.name}.log",
            stop_signal=program.stop_signal,
            stop_seconds=program.stop_seconds,
            is_target=is_target,
        )

    @contextmanager
    def second_gateway(self) -> Iterator[Program]:
        """One more gateway beside the first, at work with it for as long as the block lasts."""
        (port,) = free_ports(1)
        beside = self.settings.model_copy(update={"bot_port": port})
        (found,) = (program for program in programs.programs(beside) if program.name == "gateway")
        gateway = self._program(replace(found, name="gateway2"), environment={"BOT_PORT": str(port)})
        gateway.start()
        try:
            self.wait_until(lambda: self._is_at_work(port), 60, "the second gateway does not work")
            yield gateway
        finally:
            gateway.stop()

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
        cluster.copy(self._database)
        self._database.initialise()
        self.postgres.start()
        self._database.wait_ready()
        self._seed()
        for program in self.services():
            program.start()
        self.wait_healthy()

    def _start_guard(self) -> subprocess.Popen[bytes]:
        """In a session of its own, so that no signal for the test run reaches it."""
        return subprocess.Popen(
            [sys.executable, "-P", guard.__file__, str(self.var_dir), str(self._temporary)],
            env=os.environ | {"PYTHONPATH": self._environment["PYTHONPATH"]},
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def _seed(self) -> None:
        dsn, now = self.settings.dsn(), self.now()
        with connect(dsn) as db:
            install_defaults(db, now)
            seed_demo(db, now)

    def services(self) -> list[Program]:
        """What runs beside the database."""
        found = (self.core, self.emulator, self.gateway, *self.workers)
        return [program for program in found if program is not None]

    def stop(self) -> None:
        """Doors first, database last; then what is left of them is ended, the folder and the guard go."""
        for program in (*reversed(self.services()), self.postgres):
            program.stop()
        guard.clear(self.var_dir, self._temporary)
        if self._guard is not None:
            self._guard.communicate(guard.CLEARED, timeout=60)
            self._guard = None
        if self.telegram is not None:
            self.telegram.close()

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
        doors = [self.settings.core_port, self.settings.bot_port]
        doors += [self.settings.emulator_port] if self.emulator else []
        return all(map(self._is_ready, doors))

    def _is_ready(self, port: int) -> bool:
        answer = self._word(port, "/health/ready")
        return answer is not None and answer.status == 200

    def _is_at_work(self, port: int) -> bool:
        """Whether a gateway is ready, and the library it speaks to the messenger with is there too."""
        answer = self._word(port, "/health")
        return answer is not None and "starting" not in answer.json["components"].values()

    def _word(self, port: int, path: str) -> Answer | None:
        client = Client(port, timeout=5)
        try:
            return client.get(path)
        except (Refused, Lost):
            return None
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

    @property
    def messenger(self) -> Emulator:
        """The local messenger: what its people do and see, and what is broken in it."""
        assert self.emulator is not None, "started without it"
        return Emulator(self.settings.emulator_port, self.emulator.log)

    def sign_in(self, persona: str) -> str:
        """The token of a person of the demo."""
        with self._visitor() as client:
            answer = client.post("/api/smartapp/session", {"provider": "demo", "persona": persona})
            assert answer.status == 200, answer.body
            return str(answer.json["access_token"])

    def dispatcher(self) -> Dispatcher:
        """Somebody at the desk, over the public door."""
        client = self.client(self.sign_in("dispatcher"))

        def call(method: str, path: str, body: Any, key: str | None) -> tuple[int, Any]:
            answer = client.call(method, path, body, key=key)
            return answer.status, answer.json

        return Dispatcher(call)

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

    @property
    def _clock(self) -> Clock:
        return Clock(self.settings.demo_clock_file)

    def now(self) -> datetime:
        """The business time."""
        return self._clock.now()

    def new_people(self, count: int) -> list[NewPerson]:
        """People with complete profiles and open sessions."""
        return self._people.make(count)

    def introduce(self, person: Known, subject: str, *, provider: str = "express") -> None:
        """The messenger has proven this id to be that person's."""
        self._people.introduce(person, provider, subject)

    def sql(self, statement: str, parameters: Any = None) -> list[Row]:
        """The rows of a statement, asked past the product."""
        with connect(self.settings.dsn()) as db:
            cursor = db.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def count(self, what: str) -> int:
        """Rows of a table that fulfil a condition: ``count("inbox where state = 'dead'")``."""
        return int(self.sql(f"select count(*) as n from {what}")[0]["n"])


#: Not among the product's programs: outside of the demo nobody starts it.
_EMULATOR = programs.Program("emulator", [sys.executable, "-m", "express_bot.emulator"], 350)


def _is_backend(child: psutil.Process) -> bool:
    """A process that serves somebody's connection, not one of PostgreSQL's own."""
    return "[local]" in " ".join(child.cmdline())
