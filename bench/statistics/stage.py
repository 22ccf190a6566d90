"""Houses of a certain size: a throw-away PostgreSQL each, filled once, with its rollups built by the product itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import crowd
from submit_stage import NOW

from express_bot.core.clock import Clock
from express_bot.core.db import migrate
from express_bot.core.db.embedded import EmbeddedPostgres
from express_bot.core.db.session import Connection, connect
from express_bot.settings import Settings

MARK = "filled"


class House:
    """One size."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.rows = rows
        self._mark = folder / MARK
        self.settings = Settings(mode="test", var_dir=folder / "var", service_key="b" * 40)
        self._postgres = EmbeddedPostgres(self.settings.var_dir, durable=False)

    @contextmanager
    def running(self) -> Iterator[Connection]:
        """A connection without a limit of time; the house is filled if it is not yet."""
        self._mark.parent.mkdir(parents=True, exist_ok=True)
        self._mark.parent.chmod(0o711)
        with self._postgres.running() as dsn, connect(dsn) as db:
            db.execute("set statement_timeout = 0")
            if not self._mark.exists():
                self._fill(dsn, db)
            yield db

    def _fill(self, dsn: str, db: Connection) -> None:
        migrate.upgrade(dsn)
        Clock(self.settings.demo_clock_file).move(NOW)
        crowd.prepare(db)
        began = time.monotonic()
        crowd.fill(db, self.rows)
        print(f"{self.rows} applications made in {time.monotonic() - began:.0f} s", flush=True)
        self._mark.touch()
