"""``express-bot seed``: the shipped forms and lists, and in the demo its people."""

from __future__ import annotations

import typer

from express_bot.cli.console import Json, say, say_json, told
from express_bot.cli.database import ensure_same_mode, facts_of, migrate_and_seed, reachable
from express_bot.settings import get_settings


def register(app: typer.Typer) -> None:
    app.command("seed", help=told("help.seed"))(seed)


def seed(json: Json = False) -> None:
    """Put in what is missing; what an organisation has changed stays. Safe to repeat."""
    settings = get_settings()
    with reachable(settings):
        ensure_same_mode(settings)
        migrate_and_seed(settings)
        facts = facts_of(settings)
    if json:
        say_json(facts)
    else:
        say("seed.done", **facts)
