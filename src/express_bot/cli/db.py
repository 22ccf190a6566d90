"""``express-bot db``: the database's address and its schema."""

from __future__ import annotations

import re

import psycopg
import typer

from express_bot.cli.console import Json, say, say_json, told
from express_bot.cli.database import ensure_same_mode, reachable, seed
from express_bot.core.db import migrate
from express_bot.settings import get_settings

app = typer.Typer(help=told("help.db"), no_args_is_help=True, rich_markup_mode=None)


@app.command("dsn", help=told("help.db_dsn"))
def dsn(json: Json = False) -> None:
    """The address for psql and other tools; a password in it is never printed."""
    shown = without_password(get_settings().dsn())
    if json:
        say_json({"dsn": shown})
    else:
        print(shown)


@app.command("migrate", help=told("help.db_migrate"))
def migrate_schema(json: Json = False) -> None:
    """Bring the schema and the shipped data to this version; safe to repeat."""
    settings = get_settings()
    with reachable(settings) as address:
        before = _revision(address)
        ensure_same_mode(settings)
        migrate.upgrade(address)
        seed(settings)
    if json:
        say_json({"before": before, "revision": migrate.head()})
    else:
        say("db.current" if before == migrate.head() else "db.migrated", revision=migrate.head())


@app.command("revision", help=told("help.db_revision"))
def revision(json: Json = False) -> None:
    """Where the schema stands and where this version wants it; exit code 1 when they differ."""
    with reachable(get_settings()) as address:
        current = _revision(address)
    wanted = migrate.head()
    if json:
        say_json({"revision": current, "wanted": wanted})
    else:
        say("db.current" if current == wanted else "db.behind", revision=current or "—", wanted=wanted)
    raise typer.Exit(0 if current == wanted else 1)


def _revision(address: str) -> str | None:
    with psycopg.connect(address, connect_timeout=5):  # an unreachable database is told in our words, not alembic's
        return migrate.current(address)


def without_password(address: str) -> str:
    """A DSN or URL whose password is hidden."""
    hidden = re.sub(r"(?<=://)([^:/@\s]*):[^@\s]*@", r"\1:•••@", address)
    return re.sub(r"(password\s*=\s*)('(?:[^'\\]|\\.)*'|\S+)", r"\1•••", hidden)
