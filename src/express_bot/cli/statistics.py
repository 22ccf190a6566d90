"""``express-bot statistics rebuild|check|show``: whether the figures are what the applications say, and how fresh."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer

from express_bot.cli.console import Json, say, say_json, seconds, told
from express_bot.cli.database import connection
from express_bot.cli.dead_letters import OPERATOR
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Connection
from express_bot.core.statistics import mending, repository, upkeep
from express_bot.core.statistics.recount import Difference
from express_bot.domain import texts
from express_bot.settings import get_settings, speaking_locale

app = typer.Typer(help=told("help.statistics"), no_args_is_help=True, rich_markup_mode=None)

#: More lines would be scrolled past; ``--json`` has them all.
LINES = 20


@app.command("show", help=told("help.statistics_show"))
def show(json: Json = False) -> None:
    """How fresh the figures are, what the last recount has found, and how many applications of each form there are."""
    with connection(get_settings()) as db:
        state, totals = mending.state(db), repository.totals(db)
    if json:
        say_json({**state, "forms": totals})
        return
    for name in ("folded_at", "rebuilt_at", "checked_at"):
        print(f"  {told(f'statistics.{name}'):<24}{(state[name] and f'{state[name]:%Y-%m-%d %H:%M:%S}') or '—'}")
    for name in ("pending", "different"):
        print(f"  {told(f'statistics.{name}'):<24}{state[name]}")
    for form, statuses in totals.items():
        print(f"  {form:<24}{sum(statuses.values())}")
        for status, count in statuses.items():
            print(f"    {texts.text(f'status.{status}.label', speaking_locale()):<22}{count}")


@app.command("check", help=told("help.statistics_check"))
def check(
    days: Annotated[int, typer.Option(min=1, max=100_000, help=told("help.statistics_days"))] = 30,
    people: Annotated[int, typer.Option(min=0, max=100_000, help=told("help.statistics_people"))] = 100,
    mend: Annotated[bool, typer.Option("--mend", help=told("help.statistics_mend"))] = False,
    json: Json = False,
) -> None:
    """Counts a sample by hand; exit code 1 when a figure differs, also where ``--mend`` has put it right."""
    with connection(get_settings()) as db:
        found = upkeep.check(db, days=days, people=people)
        mended = mend and bool(found)
        if mended:
            _mend(db, found)
    if json:
        say_json({"different": [_row(one) for one in found], "mended": mended})
    else:
        _tell(found, mended=mended)
    raise typer.Exit(1 if found else 0)


def _mend(db: Connection, found: list[Difference]) -> None:
    months = upkeep.mend(db, found)
    details = {"months": [f"{month.form} {month.basis} {month.first}" for month in months]}
    audit.record(db, OPERATOR, "statistics.mend", "statistics", "sample", details)


def _row(one: Difference) -> dict[str, Any]:
    return {"form": one.form, "figure": one.figure, "kept": one.kept, "counted": one.counted}


def _tell(found: list[Difference], *, mended: bool) -> None:
    for one in found[:LINES]:
        say("statistics.differs", form=one.form, figure=one.figure, kept=one.kept, counted=one.counted)
    if found:
        say("statistics.mended" if mended else "statistics.wrong", count=len(found))
    else:
        say("statistics.right")


@app.command("rebuild", help=told("help.statistics_rebuild"))
def rebuild(json: Json = False) -> None:
    """Counts everything anew from the applications; readers see the old figures until it is done."""
    began = time.monotonic()
    with connection(get_settings()) as db:
        counted = upkeep.rebuild(db)
        audit.record(db, OPERATOR, "statistics.rebuild", "statistics", "all", {"counted": counted})
    took = time.monotonic() - began
    if json:
        say_json({"counted": counted, "seconds": round(took, 1)})
    else:
        say("statistics.rebuilt", count=counted, seconds=seconds(took))
