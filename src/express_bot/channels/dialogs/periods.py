"""Whether something can be filed now: the period of a form, and the place in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.keyboard import Pen
from express_bot.channels.dialogs.turn import Elsewhere, Turn
from express_bot.channels.dialogs.view import Row
from express_bot.domain import texts

HOUSE_ZONE = "Europe/Moscow"
#: Statuses that hold no place any more.
ENDED = ("withdrawn", "rejected", "revoked")
#: Before a decision a withdrawal needs no reason while the period is open.
FREELY_WITHDRAWN = ("submitted", "in_review", "needs_info", "waitlisted")


async def ensure_place(turn: Turn, form: str, period: Json | None) -> None:
    """Raises ``Elsewhere``: to «closed» when nothing is accepted now, to «limit» when the person's places are used."""
    if period is None:
        if await has_period(turn, form):
            raise Elsewhere("closed", form=form)
        return
    if period["state"] != "open":
        raise Elsewhere("closed", form=form)
    if period["filed"] >= period["limit"]:
        raise Elsewhere("limit", form=form)


async def has_period(turn: Turn, form: str) -> bool:
    """Whether this form is taken in periods."""
    info = await turn.facts.info()
    return any(known["id"] == form and known["has_period"] for known in info["forms"])


async def filed_in(turn: Turn, period: Json) -> Json | None:
    """The person's application that takes a place of this period."""
    for card in await turn.facts.latest():
        day = card["target_date"]
        is_inside = day is not None and period["target_from"] <= day <= period["target_to"]
        if card["form"] == period["form"] and card["status"] not in ENDED and is_inside:
            return card
    return None


def zone_of(period: Json | None) -> str:
    return str(period["timezone"]) if period else HOUSE_ZONE


def deadline(turn: Turn, moment: str, period: Json | None) -> str:
    """«5 декабря, 18:00 (МСК)»."""
    return texts.deadline(datetime.fromisoformat(moment), zone_of(period), turn.locale)


def until_words(turn: Turn, one: Json, key: str) -> str:
    """Until when an application may be changed; nothing where no period ends that."""
    end = one["can"]["until"]
    return turn.say(key, until=deadline(turn, end, one["period"])) if end else ""


def day_of(turn: Turn, moment: str, period: Json | None) -> str:
    """«12 декабря»: where the hour does not matter."""
    local = datetime.fromisoformat(moment).astimezone(ZoneInfo(zone_of(period)))
    return texts.day_short(local, turn.locale)


def days_left(period: Json, now: str) -> int:
    """Calendar days until the closing, where the period lives."""
    zone = ZoneInfo(zone_of(period))
    end, today = (datetime.fromisoformat(moment).astimezone(zone).date() for moment in (period["closes_at"], now))
    return (end - today).days


async def closed_words(turn: Turn, form: str) -> str:
    """«Сейчас приём закрыт. Следующий: с 20 декабря, 09:00 (МСК), на февраль.»"""
    period = cast("Json | None", (await turn.facts.form(form))["period"])
    if period is None or period["state"] != "upcoming":
        return turn.say("closed.none")
    return turn.say("closed.next", opens=deadline(turn, period["opens_at"], period), month=period["title"])


async def reminder_of(turn: Turn, form: str, pen: Pen, *, name: str = "remind") -> tuple[str, Row]:
    """Whether the next opening will be told of, in words and as the button for the opposite; nothing where no next
    period is known."""
    period = cast("Json | None", (await turn.facts.form(form))["period"])
    if period is None or period["state"] != "upcoming":
        return "", ()
    if (await turn.facts.reminder(period["id"]))["choice"] == "wanted":
        return turn.say("closed.will_remind"), (pen.button("unremind", f"forget:{period['id']}"),)
    return "", (pen.button(name, f"remind:{period['id']}"),)


async def limit_words(turn: Turn, period: Json, pen: Pen) -> tuple[list[str], Sequence[Row]]:
    """What fills the limit, and the buttons that help: [Изменить] [Отозвать и подать другую]."""
    card = await filed_in(turn, period)
    if period["limit"] > 1 or card is None:
        return [turn.say("limit.many", month=period["title"], limit=period["limit"])], ()
    number = card["number"]
    words = turn.say("limit.one", month=period["title"], title=card["title"], number=number)
    is_fresh = card["status"] == "submitted"
    first = pen.button("edit", f"edit:{number}") if is_fresh else pen.button("open", f"app:{number}")
    swap = (pen.button("swap", f"swap:{number}"),) if card["status"] in FREELY_WITHDRAWN else ()
    return [words], ((first,), swap)
