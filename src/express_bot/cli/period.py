"""``express-bot period``: when applications are taken."""

from __future__ import annotations

import typer

from express_bot.cli.console import Json, say, say_json, told
from express_bot.cli.database import business_time, connection
from express_bot.core.periods import repository, service
from express_bot.core.periods.repository import StoredPeriod
from express_bot.domain import periods, texts
from express_bot.settings import get_settings, speaking_locale

app = typer.Typer(help=told("help.period"), no_args_is_help=True, rich_markup_mode=None)


@app.command("list", help=told("help.period_list"))
def show(json: Json = False) -> None:
    """Every period, soonest first."""
    settings = get_settings()
    with connection(settings) as db:
        found = repository.load_all(db)
    rows = [{**_row(period), "state": periods.state(period, business_time(settings))} for period in found]
    if json:
        say_json(rows)
        return
    for row in rows:
        state = told(f"period.{row['state']}")
        print(f"  {row['id']:<5}{row['form']:<14}{row['title']:<18}{row['opens']} — {row['closes']}  {state}")


def _row(period: StoredPeriod) -> dict[str, str | int]:
    locale = speaking_locale()
    return {
        "id": period.id,
        "form": period.form_id,
        "title": texts.month(period.target_from, locale),
        "opens": texts.deadline(period.opens_at, period.timezone, locale),
        "closes": texts.deadline(period.closes_at, period.timezone, locale),
    }


@app.command("open-by-rule", help=told("help.period_open"))
def open_by_rule(json: Json = False) -> None:
    """Write down the coming periods that the rules make; safe to repeat."""
    settings = get_settings()
    with connection(settings) as db:
        made = service.make_by_rules(db, business_time(settings))
    if json:
        say_json({"made": made})
    else:
        say("period.made", count=made)
