"""A migrated PostgreSQL data folder, made once per process of the test run; each stack begins with a copy of it."""

from __future__ import annotations

import atexit
import subprocess
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from express_bot.core.db import migrate
from express_bot.core.db.embedded import EmbeddedPostgres
from tests import memory


def copy(to: EmbeddedPostgres) -> None:
    """Gives a server its data folder, with the schema and nothing in it. How durable it is, is said at its start."""
    draft = to.var_dir / "postgres.draft"
    to.var_dir.mkdir(parents=True, exist_ok=True)
    # With owners: when we are root, the data is another user's.
    subprocess.run(["cp", "-a", str(_original()), str(draft)], check=True)
    draft.rename(to.data_dir)


@cache
def _original() -> Path:
    held = ExitStack()
    atexit.register(held.close)
    postgres = EmbeddedPostgres(held.enter_context(memory.folder()), durable=False)
    with postgres.running() as dsn:
        migrate.upgrade(dsn)
    return postgres.data_dir
