"""What the desk writes back, and what becomes of its questions and offers: their own messages say how they ended."""

from __future__ import annotations

from express_bot.channels.dialogs.keyboard import rows
from express_bot.channels.dialogs.screens.base import message
from express_bot.channels.dialogs.view import View
from express_bot.channels.notices.paper import Paper
from express_bot.channels.notices.receipts import title_of

#: How a question and an offer may end (``details.how``); whatever else is told is the last of these.
QUESTION_ENDS = ("answered", "closed")
OFFER_ENDS = ("taken", "declined", "expired", "closed")
#: Ends of an offer after which the application is where it was.
RESERVED = ("declined", "expired")


def replied(paper: Paper) -> View | None:
    """The desk's answer to a message of the person."""
    one, details = paper.notice.application, paper.notice.details
    if one is None:
        return None
    asked = str(details.get("question") or "")
    lines = [
        paper.say("title", number=one["number"]),
        paper.say("asked", question=asked) if asked else "",
        paper.say("what", text=str(details.get("text") or "")),
    ]
    return View(message(*lines), rows((paper.button("details", f"app:{one['number']}"),)))


def question_closed(paper: Paper) -> View | None:
    """The message of a question, once it is answered or taken back."""
    one, details = paper.notice.application, paper.notice.details
    if one is None:
        return None
    answer = str(details.get("answer") or "")
    lines = [
        paper.say(_end(paper, QUESTION_ENDS), number=one["number"]),
        paper.say("what", title=title_of(one), question=str(details.get("question") or "")),
        paper.say("answer", answer=answer) if answer else "",
    ]
    return View(message(*lines), rows((paper.button("details", f"app:{one['number']}"),)))


def offer_closed(paper: Paper) -> View | None:
    """The message of an offer, once it is taken, left, or over."""
    one, how = paper.notice.application, _end(paper, OFFER_ENDS)
    if one is None:
        return None
    number = one["number"]
    lines = [
        paper.say(how, title=title_of(one), number=number),
        paper.say("reserve") if how in RESERVED else "",
        paper.say("number", number=number),
    ]
    return View(message(*lines), rows((paper.button("details", f"app:{number}"),)))


def _end(paper: Paper, ends: tuple[str, ...]) -> str:
    how = str(paper.notice.details.get("how"))
    return how if how in ends else ends[-1]
