"""The questions about the time just before: the period whose target ended last, or as many days."""

from __future__ import annotations

from typing import Any, get_args

from express_bot.contracts.statistics import ComparedQuestion
from express_bot.core.db.session import Connection
from express_bot.core.statistics import questions
from express_bot.core.statistics.questions import Topic
from express_bot.core.statistics.repository import Freshness


def earlier(db: Connection, about: Topic, fresh: Freshness) -> dict[str, Any] | None:
    """``contracts.statistics.Earlier``, within the same snapshot; none before the first period."""
    before = _before(about)
    if before is None:
        return None
    told = questions.answer(db, before, fresh)
    compared = {name: told["questions"][name] for name in get_args(ComparedQuestion)}
    return {"period": told["period"], "people": told["people"], "questions": compared}


def _before(about: Topic) -> Topic | None:
    subject = about.subject
    if about.period is None:
        return Topic(subject, None, about.range.before())
    first = about.period.target_from
    past = [one for one in subject.reference.periods_of(subject.form) if one.target_from < first]
    return questions.topic(subject, max(past, key=lambda one: one.target_from).id) if past else None
