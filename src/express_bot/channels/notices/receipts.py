"""The status card of an application: one message that says how it stands, and is rewritten as that changes."""

from __future__ import annotations

from express_bot.channels.dialogs.keyboard import rows
from express_bot.channels.dialogs.plain import shorten
from express_bot.channels.dialogs.screens.base import message
from express_bot.channels.dialogs.view import Button, View
from express_bot.channels.notices.paper import Json, Paper

MAX_TITLE = 200


def receipt(paper: Paper) -> View | None:
    """Number, what is in it, until when it can be changed, and what may be done with it now."""
    one = paper.notice.application
    if one is None:
        return None
    words = [paper.say("title", number=one["number"], title=title_of(one)), _what(paper, one), _until(paper, one)]
    return View(message(*words), rows((paper.button("open_application", f"app:{one['number']}"), *_acts(paper, one))))


def title_of(one: Json) -> str:
    """«Сочи, 15 января»; an own answer may be long."""
    return shorten(str(one["title"]), MAX_TITLE)


def _what(paper: Paper, one: Json) -> str:
    period = one["period"]
    due = period and period["decision_due_at"]
    if due and paper.voice.template(paper.branch, "what_due"):
        return paper.say("what_due", title=title_of(one), due=paper.day(due, period["timezone"]))
    return paper.say("what", title=title_of(one), number=one["number"])


def _until(paper: Paper, one: Json) -> str:
    until, period = one["can"]["until"], one["period"]
    if not (until and one["can"]["edit"] and paper.voice.template(paper.branch, "until")):
        return ""
    return paper.say("until", until=paper.deadline(until, period["timezone"] if period else None))


def _acts(paper: Paper, one: Json) -> list[Button]:
    """As far as the core says that they may be done; it is asked again when one is pressed."""
    number, can = one["number"], one["can"]
    found = [paper.button("edit", f"edit:{number}")] if can["edit"] else []
    if can["withdraw"]:
        found.append(paper.button(withdrawal(one), f"drop:{number}"))
    if can["restore"]:
        is_asked_back = one["withdrawal_requested_at"] is not None
        found.append(paper.button("keep_application" if is_asked_back else "restore_application", f"undo:{number}"))
    return found


def withdrawal(one: Json) -> str:
    """What «Отозвать» means now: at once, giving a place back, or asking the dispatcher."""
    if one["status"] == "approved":
        return "decline"
    return "ask_back" if one["can"]["withdraw_needs_reason"] and one["status"] != "waitlisted" else "withdraw"
