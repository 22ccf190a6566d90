"""Decisions. A rejection always carries its reason (UX-208)."""

from __future__ import annotations

from express_bot.channels.dialogs.keyboard import rows
from express_bot.channels.dialogs.screens.base import message
from express_bot.channels.dialogs.view import Button, Row, View
from express_bot.channels.notices.paper import Json, Paper
from express_bot.channels.notices.receipts import title_of
from express_bot.contracts.notifications import Event

#: Decisions that one message tells in full; the others are named by their number only.
TOLD = 6
#: Outcomes with a heading of their own.
OUTCOMES = ("approved", "waitlisted", "rejected", "revoked", "completed")
#: Outcomes that nobody should get without a reason.
REASONED = ("rejected", "revoked")
#: What ends a sentence.
ENDS = (".", "!", "?", "…")


def decided(paper: Paper) -> View | None:
    """All decisions of one publication in one message."""
    found = [one for one in paper.notice.applications if one["status"] in OUTCOMES]
    if not found:
        return None
    if len(found) == 1:
        return View(message(*_lines(paper, found[0])), rows(_acts(paper, found[0])))
    lines = [paper.say("decisions_published.title", count=len(found))]
    told = list(enumerate(found[:TOLD], 1))
    for place, one in told:
        heading, *rest = _lines(paper, one)
        lines += [f"{place}. {heading}", *rest]
    if len(found) > TOLD:
        lines.append(paper.say("decisions_published.more", count=len(found) - TOLD))
    acts = [_acts(paper, one, place) for place, one in told]
    return View(message(*lines), rows(acts, (paper.button("mine", "mine"),)))


def _lines(paper: Paper, one: Json) -> list[str]:
    """«Одобрено: Сочи, 15 января», the sentence that goes with it, the number."""
    outcome = one["status"]
    heading = paper.say(f"decisions_published.{outcome}", title=title_of(one), number=one["number"])
    detail = _place(paper, one) if outcome == "waitlisted" else _reason(paper, one) if outcome in REASONED else ""
    return [heading, detail, paper.say("decisions_published.number", number=one["number"])]


def _place(paper: Paper, one: Json) -> str:
    place = (one["decision"] or {}).get("place")
    if place is None:
        return paper.say("decisions_published.queue_unplaced")
    return paper.say("decisions_published.queue", place=place)


def _reason(paper: Paper, one: Json) -> str:
    reason = reason_of(paper, one)
    if not reason:
        return paper.say("decisions_published.no_reason")
    return paper.say("decisions_published.reason", reason=reason)


def reason_of(paper: Paper, one: Json) -> str:
    """The decision's sentence, with a full stop; what the outbox line says of it counts first."""
    told = paper.notice.details.get("reason") or (one["decision"] or {}).get("reason") or ""
    reason = str(told).strip()
    return reason if not reason or reason.endswith(ENDS) else f"{reason}."


def _acts(paper: Paper, one: Json, place: int | None = None) -> Row:
    """[Подробнее] and what may be done about it: give it back, or ask why."""
    number, suffix = one["number"], "" if place is None else "_of"
    found: list[Button] = [paper.button(f"details{suffix}", f"app:{number}", place=place)]
    undo = {"approved": "decline", "waitlisted": "withdraw"}.get(one["status"])
    if undo and one["can"]["withdraw"]:
        found.append(paper.button(f"{undo}{suffix}", f"drop:{number}", place=place))
    if one["can"]["ask"] and (one["status"] in REASONED or paper.notice.event is Event.CHANGED):
        found.append(paper.button(f"ask{suffix}", f"ask:{number}", place=place))
    return tuple(found)


def changed(paper: Paper) -> View | None:
    """A new decision instead of a published one."""
    one = paper.notice.application
    if one is None:
        return None
    title = paper.say("title", title=title_of(one), number=one["number"])
    number = paper.say("number", number=one["number"])
    return View(message(title, _now(paper, one), _because(paper, one), number), rows(_acts(paper, one)))


def _now(paper: Paper, one: Json) -> str:
    status, place = one["status"], (one["decision"] or {}).get("place")
    if status == "waitlisted" and place is not None:
        return paper.say("waitlisted_place", place=place)
    if paper.voice.template(paper.branch, status):
        return paper.say(status)
    return paper.say("other", status=one["status_label"])


def _because(paper: Paper, one: Json) -> str:
    reason = reason_of(paper, one)
    return paper.say("reason", reason=reason) if reason else paper.say("decisions_published.no_reason")


def revoked(paper: Paper) -> View | None:
    """A place that was given is taken away, with the reason."""
    one = paper.notice.application
    if one is None:
        return None
    title = paper.say("title", title=title_of(one), number=one["number"])
    number = paper.say("number", number=one["number"])
    return View(message(title, _because(paper, one), number), rows(_acts(paper, one)))
