"""What the desk asks, offers and replies; and what such a message says once that is over."""

from __future__ import annotations

from express_bot.channels.dialogs.keyboard import rows
from express_bot.channels.dialogs.screens.base import message
from express_bot.channels.dialogs.screens.with_desk import offer_row, question_rows
from express_bot.channels.dialogs.view import Button, View
from express_bot.channels.notices.paper import Json, Paper
from express_bot.channels.notices.receipts import title_of

#: How an offer may end with a word of its own (``details.how``).
ENDS = ("taken", "declined", "expired")


def asked(paper: Paper) -> View | None:
    """A question about an application, with its answers where the question itself may be read."""
    one, details = paper.notice.application, paper.notice.details
    if one is None:
        return None
    due = details.get("due_at")
    until = paper.say("due", due=paper.deadline(due)) if due else ""
    if paper.is_discreet:
        return View(message(*_question(paper, one), until), rows((_details(paper, one),)))
    label = details.get("proposal_label")
    buttons = question_rows(paper.pen, one["number"], details["question_id"], str(label) if label else None)
    return View(message(*_question(paper, one), until), buttons)


def _question(paper: Paper, one: Json) -> list[str]:
    question = str(paper.notice.details.get("question", ""))
    what = paper.say("question_asked.what", title=title_of(one), question=question)
    return [paper.say("question_asked.title", number=one["number"]), what]


def offered(paper: Paper) -> View | None:
    """A place has become free for whoever stood first in the queue."""
    one, details = paper.notice.application, paper.notice.details
    if one is None:
        return None
    until = details.get("until")
    confirm = paper.say("until", until=paper.deadline(until)) if until else ""
    buttons = offer_row(paper.pen, one["number"], details["offer_id"])
    return View(message(*_place(paper, one, confirm)), rows((*buttons, _details(paper, one))))


def _place(paper: Paper, one: Json, then: str) -> list[str]:
    number = one["number"]
    title = paper.say("place_offered.title", title=title_of(one), number=number)
    return [title, then, paper.say("place_offered.number", number=number)]


def question_closed(paper: Paper) -> View | None:
    """The question's own message once it is answered, wherever that was, or not asked any more."""
    one, details = paper.notice.application, paper.notice.details
    if one is None:
        return None
    told = paper.say("closed")
    if details.get("how") == "answered":
        told = paper.say("answered", answer=str(details.get("answer") or ""))
    return View(message(*_question(paper, one), told), rows((_details(paper, one),)))


def offer_closed(paper: Paper) -> View | None:
    """The offer's own message once the place is taken, left to others, or not to be had any more."""
    one, how = paper.notice.application, str(paper.notice.details.get("how"))
    if one is None:
        return None
    told = paper.say(how if how in ENDS else "closed")
    return View(message(*_place(paper, one, told)), rows((_details(paper, one),)))


def replied(paper: Paper) -> View | None:
    """The desk answers what the person has asked."""
    one, details = paper.notice.application, paper.notice.details
    if one is None:
        return None
    question = str(details.get("question") or "")
    lines = [
        paper.say("title", number=one["number"]),
        paper.say("asked", question=question) if question else "",
        paper.say_whole("what", text=str(details.get("text", ""))),
    ]
    again = (paper.button("answer", f"ask:{one['number']}"),) if one["can"]["ask"] else ()
    return View(message(*lines), rows((*again, _details(paper, one))))


def _details(paper: Paper, one: Json) -> Button:
    return paper.button("details", f"app:{one['number']}")
