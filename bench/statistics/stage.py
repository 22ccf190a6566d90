"""Houses of a certain size: a throw-away PostgreSQL each, filled once, with its rollups built by the product itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import crowd

from express_bot.core.clock import Clock
from express_bot.core.db import migrate
from express_bot.core.db.embedded import EmbeddedPostgres
from express_bot.core.db.session import Connection, connect
from express_bot.core.statistics import upkeep
from express_bot.settings import Settings
from submit_stage import NOW


class House:
    """One size."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.rows = rows
        self._folder = folder
        self.settings = Settings(mode="test", var_dir=folder / "var", service_key="b" * 40)
        self._postgres = EmbeddedPostgres(self.settings.var_dir, durable=False)

    @contextmanager
    def running(self) -> Iterator[Connection]:
        """A connection without a limit of time; the house is filled, and counted, if it is not yet."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o711)
        with self._postgres.running() as dsn:
            migrate.upgrade(dsn)
            with connect(dsn) as db:
                db.execute("set statement_timeout = 0")
                self._once("filled", lambda: self._fill(db))
                self._once("counted", lambda: upkeep.rebuild(db))
                yield db

    def seconds(self, name: str) -> float | None:
        """How long a step took when it was done."""
        mark = self._folder / name
        return float(mark.read_text()) if mark.exists() else None

    def _once(self, name: str, step: Callable[[], object]) -> None:
        if self.seconds(name) is not None:
            return
        began = time.monotonic()
        step()
        took = time.monotonic() - began
        print(f"{self.rows} applications {name} in {took:.0f} s", flush=True)
        (self._folder / name).write_text(str(took))

    def _fill(self, db: Connection) -> None:
        Clock(self.settings.demo_clock_file).move(NOW)
        crowd.prepare(db)
        crowd.fill(db, self.rows)
