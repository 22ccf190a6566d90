"""What the bot says by itself: a notice becomes a view, in the person's language and as open as its messenger may be.

``draw`` is pure: everything it says stands in the ``Notice``. Of ``Notice.details`` it reads, by event:

* ``period_opened``: ``repeats``, earlier answers as ``{code, name, month}``, latest first
* ``question_asked``: ``question_id``, ``question``, ``due_at``, ``proposal_label``
* ``decision_changed``, ``decision_revoked``: ``reason``, where it is another one than the decision's
* ``question_closed``: ``question``, ``how`` (``answered``, ``closed``), ``answer`` in words
* ``place_offered``: ``offer_id``, ``until``
* ``offer_closed``: ``how`` (``taken``, ``declined``, ``expired``, ``closed``)
* ``desk_replied``: ``question``, ``text``
* ``queue_digest``: ``new``, ``answers``, ``withdrawals``, ``conflicts``, ``left``, ``days``
* ``operator_alert``: ``code`` (of ``incident`` in the texts) or ``text``, ``since``, ``waiting``
* ``channel_linked``: ``provider``

``Notice.draft`` is ``{form, title, missing}``: what names it so far, and the label of its first open question.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from express_bot.channels.dialogs.plain import shorten
from express_bot.channels.dialogs.view import MAX_TEXT, View
from express_bot.channels.notices import decisions, openings, receipts, staff, talk
from express_bot.channels.notices.paper import Paper
from express_bot.channels.notices.words import DISCREET, Voice
from express_bot.contracts.notifications import Event, Notice

DRAWN: dict[Event, Callable[[Paper], View | None]] = {
    Event.PERIOD_OPENED: openings.opened,
    Event.REMINDER: openings.reminder,
    Event.DRAFT_LEFT: openings.draft_left,
    Event.SUBMITTED: receipts.receipt,
    Event.EDITED: receipts.receipt,
    Event.WITHDRAWN: receipts.receipt,
    Event.DECLINED: receipts.receipt,
    Event.RESTORED: receipts.receipt,
    Event.WITHDRAWAL_REQUESTED: receipts.receipt,
    Event.REQUEST_CANCELLED: receipts.receipt,
    Event.QUESTION: talk.asked,
    Event.DECIDED: decisions.decided,
    Event.CHANGED: decisions.changed,
    Event.REVOKED: decisions.revoked,
    Event.QUESTION_CLOSED: talk.question_closed,
    Event.PLACE_OFFERED: talk.offered,
    Event.OFFER_CLOSED: talk.offer_closed,
    Event.DESK_REPLIED: talk.replied,
    Event.QUEUE_DIGEST: staff.digest,
    Event.OPERATOR_ALERT: staff.alert,
    Event.LINKED: staff.linked,
}
"""By event; a guard demands one for each."""


def draw(notice: Notice, *, discreet: Collection[str] = DISCREET) -> View | None:
    """The message of a notice; ``None``: there is nothing to say. In ``discreet`` channels it tells no details."""
    paper = Paper(notice, _voice(notice.locale, notice.channel, discreet))
    view = DRAWN[notice.event](paper)
    return view and View(shorten(view.text, MAX_TEXT), view.rows)


def draw_settled(notice: Notice, *, discreet: Collection[str] = DISCREET) -> View:
    """What an older message of the same application says once the decision came in a new one."""
    return View(_voice(notice.locale, notice.channel, discreet).say("stamp.settled"))


def _voice(locale: str, channel: str, discreet: Collection[str]) -> Voice:
    return Voice(locale, channel if channel in discreet else None)


__all__ = ["DISCREET", "DRAWN", "draw", "draw_settled"]
