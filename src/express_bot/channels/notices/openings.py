"""Periods and what has not been filed yet: opened, soon over, a draft left lying."""

from __future__ import annotations

import math
from typing import Any

from express_bot.channels.dialogs import tokens
from express_bot.channels.dialogs.keyboard import MAX_LABEL, columns, rows
from express_bot.channels.dialogs.plain import plain
from express_bot.channels.dialogs.screens.base import message
from express_bot.channels.dialogs.view import Button, View
from express_bot.channels.dialogs.words import month_in, say
from express_bot.channels.notices.paper import Json, Paper, moment

#: How many earlier answers are offered.
CHIPS = 4
HOUR = 3600
DAY_HOURS = 24


def opened(paper: Paper) -> View | None:
    """C3 M1: what is open until when, and the person's own earlier answers as one press each."""
    period = paper.notice.period
    if period is None:
        return None
    until = paper.deadline(period["closes_at"], period["timezone"])
    text = message(paper.say("title", month=period["title"]), paper.say("until", deadline=until, limit=period["limit"]))
    return View(text, rows(*_ways_in(paper, str(period["form"])), (paper.pen.link("app", "/"),)))


def _ways_in(paper: Paper, form: str) -> list[list[tuple[Button, ...]]]:
    """Repeat chips and another answer, or one button to begin with."""
    chips = [] if paper.is_discreet else _chips(paper, form)
    if not chips:
        return [[(paper.button("file_it", f"new:{form}", accent=True),)]]
    other = paper.pen.option(_word_of(paper, form, "another"), f"new:{form}")
    return [columns(chips), [(other,)]]


def _chips(paper: Paper, form: str) -> list[Button]:
    """One press each, as far as they have words and fit into what a press brings back."""
    found = []
    for place, repeat in enumerate(paper.notice.details.get("repeats", [])[:CHIPS]):
        choice, label = f"new:{form}/{repeat['code']}", plain(_label(paper, repeat, place))
        if label and tokens.fits(choice):
            found.append(paper.pen.option(label, choice))
    return found


def _label(paper: Paper, repeat: Json, place: int) -> str:
    """«Сочи, как в ноябре»: the latest one says of which month."""
    name = str(repeat["name"])
    if place > 0 or not repeat.get("month"):
        return name
    label = say("menu.as_in", paper.locale, value=name, month=month_in(int(repeat["month"]), paper.locale))
    return label if len(label) <= MAX_LABEL else name


def _word_of(paper: Paper, form: str, name: str) -> str:
    """A button in the form's own words where it has them."""
    words: Any = paper.voice.template("forms", form) or {}
    return str(words.get(name) or say(f"button.{name}", paper.locale))


def reminder(paper: Paper) -> View | None:
    """How long is left, for whom nothing is filed yet."""
    period = paper.notice.period
    left = _seconds_left(paper, period) if period else 0
    if period is None or left <= 0:
        return None
    until = paper.deadline(period["closes_at"], period["timezone"])
    text = message(_time_left(paper, left), paper.say("what", month=period["title"], deadline=until))
    form = period["form"]
    begin = (
        paper.button("go_on", f"on:{form}", accent=True)
        if paper.notice.draft
        else paper.button("file_it", f"new:{form}", accent=True)
    )
    return View(text, rows((begin, paper.button("mute", f"mute:{period['id']}"))))


def _seconds_left(paper: Paper, period: Json) -> float:
    return (moment(period["closes_at"]) - paper.notice.at).total_seconds()


def _time_left(paper: Paper, seconds: float) -> str:
    """«2 дня», «6 часов»: a mark that comes a little late is said as it was meant."""
    hours = max(1, math.ceil(seconds / HOUR))
    if hours > DAY_HOURS:
        return paper.say("days", count=round(hours / DAY_HOURS))
    return paper.say("hours", count=hours)


def draft_left(paper: Paper) -> View | None:
    """What is still missing, and until when."""
    draft, period = paper.notice.draft, paper.notice.period
    if draft is None:
        return None
    until = paper.say("until", deadline=paper.deadline(period["closes_at"], period["timezone"])) if period else ""
    form = draft["form"]
    buttons = (paper.button("go_on", f"on:{form}", accent=True), paper.button("scrap", f"scrap:{form}"))
    return View(message(_draft_line(paper, draft), until), rows(buttons))


def _draft_line(paper: Paper, draft: Json) -> str:
    title, missing = str(draft.get("title") or ""), draft.get("missing")
    if missing and not title:
        return paper.say("unnamed", missing=_as_part(str(missing)))
    if missing:
        return paper.say("missing", title=title, missing=_as_part(str(missing)))
    return paper.say("complete", title=title)


def _as_part(label: str) -> str:
    """A label inside a sentence: «Дата вылета» → «дата вылета», «ОКЭ» stays."""
    words = plain(label)
    return words if words[:2].isupper() else words[:1].lower() + words[1:]
