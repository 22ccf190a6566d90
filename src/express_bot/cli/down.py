"""``express-bot down``: stop everything, and leave no process and no open port."""

from __future__ import annotations

import os
from contextlib import suppress
from http.client import HTTPException
from xmlrpc.client import Fault

import typer

from express_bot.cli.console import Json, Problem, say, say_json, told
from express_bot.cli.stack import leftovers, running
from express_bot.cli.stack.supervision import Supervisor
from express_bot.settings import POSTGRES_SOCKET, SUPERVISOR_SOCKET, Settings, clear_runtime_dir, get_settings


def register(app: typer.Typer) -> None:
    app.command("down", help=told("help.down"))(down)


def down(json: Json = False) -> None:
    """Stop the product; not running is fine too."""
    stopped = stop(get_settings())
    if json:
        say_json({"ok": True, "stopped": stopped})
    else:
        say("down.done" if stopped else "down.nothing")


def stop(settings: Settings) -> bool:
    """Stop in order through the supervisor, then whatever is left; returns whether anything ran."""
    if not settings.var_dir.exists():
        return False
    supervisor = Supervisor(settings)
    was_running = supervisor.is_running()
    if was_running:
        with suppress(OSError, HTTPException, Fault):
            supervisor.shutdown()
    ended = leftovers.end(settings.var_dir)
    _ensure_gone(settings)
    (settings.var_dir / "supervisord.pid").unlink(missing_ok=True)
    running.forget(settings)
    for name in (POSTGRES_SOCKET, SUPERVISOR_SOCKET):
        clear_runtime_dir(settings.var_dir, name)
    return was_running or ended > 0


def _ensure_gone(settings: Settings) -> None:
    """Somebody else's processes cannot be ended by us: say so instead of pretending."""
    left = leftovers.leftovers(settings.var_dir)
    if left:
        raise Problem("not_stopped", pids=", ".join(str(process.pid) for process in left))
    owner = settings.var_dir.stat().st_uid
    if os.geteuid() not in (0, owner) and running.is_remembered(settings):
        raise Problem("not_ours_to_stop", path=settings.var_dir)
