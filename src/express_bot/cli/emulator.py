"""``express-bot emulator``: the local messenger in this terminal; ``up`` starts it by itself in the demo."""

from __future__ import annotations

import os
import sys

import typer

from express_bot.cli.console import Json, Problem, say, say_json, told
from express_bot.cli.stack import http, ports
from express_bot.cli.stack.programs import emulator_environment
from express_bot.settings import Settings, get_settings


def register(app: typer.Typer) -> None:
    app.command("emulator", help=told("help.emulator"))(emulator)


def emulator(json: Json = False) -> None:
    """Serve until Ctrl+C; one that runs already is only pointed to."""
    settings = get_settings()
    if settings.mode == "production":
        raise Problem("emulator_in_production")
    already = http.is_ready("127.0.0.1", settings.emulator_port)
    if not already and not ports.is_free("127.0.0.1", settings.emulator_port):
        raise ports.busy("EMULATOR_PORT", settings.emulator_port)
    if json:
        say_json({"ok": True, "already": already, "address": settings.emulator_url + "/"})
    else:
        say("emulator.running" if already else "emulator.serving", address=settings.emulator_url + "/")
    if not already:
        _serve(settings)


def _serve(settings: Settings) -> None:
    """In place of this process: it needs nothing of ours any more."""
    sys.stdout.flush()
    environment = {**os.environ, **emulator_environment(settings), "EXPRESS_BOT_MODE": settings.mode}
    os.execve(sys.executable, [sys.executable, "-m", "express_bot.emulator"], environment)  # noqa: S606
