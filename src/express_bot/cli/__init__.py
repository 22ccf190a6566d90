"""The ``express-bot`` command, one file per group. Exit codes: 0 done, 1 a problem, 2 a mistake in the command."""

from __future__ import annotations

import errno
import sys
from importlib import import_module

import typer

from express_bot.cli.console import Problem, complain, told
from express_bot.settings import SettingsError

COMMANDS = ("up", "down", "status", "logs", "settings", "seed", "doctor", "emulator")
GROUPS = ("db", "user", "period", "notify", "statistics")

app = typer.Typer(name="express-bot", no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@app.callback(help=told("help.app"))
def _group() -> None:
    """Keeps the command's name in its place when only one command is loaded."""


def main() -> None:
    """Run the command; whatever goes wrong is said in one sentence each, with the fix."""
    try:
        _load_commands()
        app(prog_name="express-bot")
    except Exception as error:
        sentences = _in_words(error)
        if sentences is None:
            raise
        complain(sentences, code=getattr(error, "code", "settings"))
        sys.exit(1)


def _load_commands() -> None:
    """Only the command that was asked for: together they import the whole house.

    A missing module is met here, where there are words for it.
    """
    wanted = [name for name in (*COMMANDS, *GROUPS) if name in sys.argv[1:2]] or [*COMMANDS, *GROUPS]
    for name in wanted:
        module = import_module(f"express_bot.cli.{name}")
        if name in GROUPS:
            app.add_typer(module.app, name=name)
        else:
            module.register(app)


def _in_words(error: Exception) -> list[str] | None:
    """The sentences for an error we can explain; ``None`` for a defect of ours."""
    if isinstance(error, SettingsError):
        return error.sentences
    if isinstance(error, Problem):
        return [error.sentence]
    if isinstance(error, ModuleNotFoundError):
        return [Problem("module_missing", module=error.name).sentence]
    if isinstance(error, OSError):
        return _system_error_in_words(error)
    return _database_error_in_words(error)


def _system_error_in_words(error: OSError) -> list[str] | None:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return [Problem("disk_full", path=error.filename or "").sentence]
    if isinstance(error, PermissionError):
        return [Problem("not_permitted", path=error.filename or "").sentence]
    return None


def _database_error_in_words(error: Exception) -> list[str] | None:
    """Imported late: a missing driver must not hide the sentence about itself."""
    import psycopg

    from express_bot.core.db.embedded import EmbeddedPostgresError

    if isinstance(error, EmbeddedPostgresError):
        return [Problem(error.code, **error.params).sentence]
    if isinstance(error, psycopg.OperationalError):
        return [Problem("database_unreachable").sentence]
    return None
