"""``express-bot notify dead|show|resend``: what could not be delivered, and how it is sent once more."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import typer

from express_bot.cli.console import Json, Problem, say, say_json, told
from express_bot.cli.database import connection
from express_bot.contracts import errors
from express_bot.core.notifications import repository, service
from express_bot.core.sessions.principal import Principal
from express_bot.settings import get_settings

Number = Annotated[int, typer.Argument(help=told("help.notify_number"))]

#: Whoever may run commands here: nobody of the house's people.
OPERATOR = Principal(UUID(int=0), "cli", "ru", frozenset({"admin"}), {}, {}, 1, "cli", service="cli")


def dead(json: Json = False) -> None:
    """What nobody tries to deliver any more, newest first; 200 at most."""
    with connection(get_settings()) as db:
        rows = service.page(db, state="dead", size=200)["deliveries"]
    if json:
        say_json(rows)
    elif not rows:
        say("notify.none")
    for row in [] if json else rows:
        at, channel, number = f"{row['created_at']:%Y-%m-%d %H:%M}", row["channel"] or "—", row["number"] or "—"
        print(f"  {row['id']:<8}{at}  {row['event']:<32}{number:<12}{channel:<10}{row['reason']}")


def show(number: Number, json: Json = False) -> None:
    """One delivery with its promise and all tries of it; never its text."""
    with connection(get_settings()) as db:
        shown = _found(db, number)
        line = repository.find(db, shown["outbox_id"])
        tries = repository.tries(db, shown["outbox_id"])
    if json:
        say_json({"delivery": shown, "promise": line, "tries": tries})
        return
    for name, value in shown.items():
        print(f"  {name:<12}{'' if value is None else value}")
    for each in tries:
        say("notify.tried", channel=each["channel"] or "—", state=each["state"], reason=each["reason"] or "—")


def resend(
    numbers: Annotated[list[int] | None, typer.Argument(help=told("help.notify_number"))] = None,
    every: Annotated[bool, typer.Option("--all", help=told("help.notify_all"))] = False,
    json: Json = False,
) -> None:
    """Begins dead ones anew; with ``--all`` everything that is dead."""
    if not numbers and not every:
        raise typer.BadParameter(told("notify.which"))
    with connection(get_settings()) as db:
        chosen = _all_dead(db) if every else list(numbers or [])
        for number in chosen:
            with db.transaction():
                _resend(db, number)
    if json:
        say_json({"resent": chosen})
    else:
        say("notify.resent", count=len(chosen))


def _all_dead(db: Any) -> list[int]:
    found: list[int] = []
    before = None
    while rows := repository.page(db, state="dead", before=before, size=200):
        found += [row["id"] for row in rows]
        before = rows[-1]["id"]
    return found[::-1]


def _resend(db: Any, number: int) -> None:
    try:
        service.resend(db, OPERATOR, number)
    except errors.NotFound:
        raise Problem("notification_unknown", number=number) from None
    except errors.NotDead:
        raise Problem("notification_not_dead", number=number) from None


def _found(db: Any, number: int) -> dict[str, Any]:
    try:
        return service.show(db, number)
    except errors.NotFound:
        raise Problem("notification_unknown", number=number) from None


def register(app: typer.Typer) -> None:
    """Adds the commands to their group."""
    app.command("dead", help=told("help.notify_dead"))(dead)
    app.command("show", help=told("help.notify_show"))(show)
    app.command("resend", help=told("help.notify_resend"))(resend)
