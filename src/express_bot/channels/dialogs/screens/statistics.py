"""What has become of the person's applications: three numbers, and each direction in a line (ux.md E11)."""

from __future__ import annotations

from datetime import date

from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.keyboard import Pen, columns, rows
from express_bot.channels.dialogs.screens.base import Shown, message
from express_bot.channels.dialogs.turn import Turn
from express_bot.channels.dialogs.view import Button, View
from express_bot.domain import texts

#: More lines would be scrolled past; the app has them all.
LINES = 8
#: So few days make a difference of half a day worth telling.
FEW_DAYS = 10


class Statistics(Shown):
    """One form at a time, the first one unless another was asked for."""

    stays = True

    async def view(self, turn: Turn, data: Json) -> View:
        pen = turn.pen(str(turn.state.card))
        forms = (await turn.facts.info())["forms"]
        last = (pen.link("in_app", "/statistics"), pen.button("mine", "mine"), pen.button("menu", "menu"))
        if not forms:
            return View(message(*turn.notices, turn.say("stats.title"), turn.say("stats.none")), rows(columns(last)))
        form = next((form for form in forms if form["id"] == data.get("form")), forms[0])
        own = await turn.facts.statistics(form["id"])
        title = turn.say("stats.title_of", form=form["title"]) if len(forms) > 1 else turn.say("stats.title")
        others = columns(_others(pen, forms, form))
        return View(message(*turn.notices, title, *_lines(turn, own)), rows(others, columns(last)))


def _others(pen: Pen, forms: list[Json], shown: Json) -> list[Button]:
    return [pen.option(form["title"], f"stats:{form['id']}") for form in forms if form is not shown]


def _lines(turn: Turn, own: Json) -> list[str]:
    if not own["filed"]:
        return [turn.say("stats.none")]
    numbers = [turn.say(f"stats.{name}", count=own[name]) for name in ("filed", "approved")]
    return [*numbers, _took(turn, own["decision_days"]), *_directions(turn, own["label"], own["directions"])]


def _took(turn: Turn, days: float | None) -> str:
    if days is None:
        return turn.say("stats.undecided")
    told = round(days, 0 if days >= FEW_DAYS else 1)
    if told < 1:
        return turn.say("stats.took_hours")
    if told == int(told):
        return turn.say("stats.took", days=int(told), figure=int(told))
    return turn.say("stats.took", days=told, figure=_decimal(told, turn.locale))


def _decimal(value: float, locale: str) -> str:
    return f"{value:.1f}".replace(".", "," if locale == "ru" else ".")


def _directions(turn: Turn, label: str, directions: list[Json]) -> list[str]:
    if not directions:
        return []
    shown = directions if len(directions) <= LINES + 1 else directions[:LINES]
    rest = len(directions) - len(shown)
    lines = [turn.say("stats.directions", label=label), *(_direction(turn, one) for one in shown)]
    return [*lines, turn.say("stats.rest", count=rest)] if rest else lines


def _direction(turn: Turn, one: Json) -> str:
    figures = {"label": one["label"], "filed": one["filed"], "approved": one["approved"]}
    if not one["last_date"]:
        return turn.say("stats.row", **figures)
    last = texts.day_short(date.fromisoformat(one["last_date"]), turn.locale)
    return turn.say("stats.row_flown", **figures, last=last)
