"""What is told to dispatchers and operators, and about one's own channels."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from express_bot.channels.dialogs.keyboard import rows
from express_bot.channels.dialogs.screens.base import message
from express_bot.channels.dialogs.view import View
from express_bot.channels.notices.paper import Paper, moment

#: Whatever lasts longer is no day.
LONG = timedelta(hours=36)
#: What has happened in a day, in the order of the sentence.
COUNTED = ("new", "answers", "withdrawals", "conflicts")


def digest(paper: Paper) -> View | None:
    """«41 новая, 3 ответа, 2 конфликта. Осталось 214, срок 6 дней.»"""
    told = [paper.say(name, count=count) for name in COUNTED if (count := _figure(paper, name))]
    news = f"{', '.join(told)}." if told else paper.say("none")
    return View(message(_span(paper), news, _left(paper)), ((paper.pen.link("desk", "/desk"),),))


def _span(paper: Paper) -> str:
    """«За сутки»; after days off, since the digest before them."""
    since = paper.notice.details.get("since")
    is_a_day = since is None or paper.notice.at - moment(since) < LONG
    return paper.say("title" if is_a_day else "title_since")


def _left(paper: Paper) -> str:
    left, days = _figure(paper, "left"), _days(paper)
    if not left:
        return paper.say("all_done")
    if days is None:
        return paper.say("left", count=left)
    return paper.say("left_days", count=left, days=paper.say("days", count=days))


def _days(paper: Paper) -> int | None:
    """Calendar days until the decisions are due; none when that is past or unknown."""
    days = _figure(paper, "days")
    return days if days > 0 else None


def _figure(paper: Paper, name: str) -> int:
    value: Any = paper.notice.details.get(name)
    return value if isinstance(value, int) else 0


def alert(paper: Paper) -> View | None:
    """One incident, in the words of whoever noticed it; rewritten when it changes."""
    details = paper.notice.details
    title = _incident(paper) or str(details.get("text") or "").strip()
    if not title:
        return None
    since, waiting = details.get("since"), _figure(paper, "waiting")
    lines = [
        paper.say("title", title=title),
        paper.say("since", since=paper.deadline(since)) if since else "",
        paper.say("waiting", count=waiting) if waiting else "",
    ]
    return View(message(*lines))


def _incident(paper: Paper) -> str:
    """The name of an incident that the house notices by itself."""
    name = paper.voice.template("incident", str(paper.notice.details.get("code")))
    return str(name) if name else ""


def linked(paper: Paper) -> View | None:
    """Another messenger leads to the same person now."""
    provider = str(paper.notice.details.get("provider") or "")
    name = paper.voice.template("messenger", provider)
    if name is None:
        return None
    buttons = (paper.button("mine", "mine"), paper.button("menu", "menu"))
    return View(message(paper.say("title", messenger=str(name)), paper.say("what")), rows(buttons))
