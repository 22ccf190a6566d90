"""Compares the events that were accepted with what became of them: in the database, past the product, and on phones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tests.faults.findings import OfEvents, of_events
from tests.faults.phones import Phones
from tests.faults.proof import FILED, OVER_LIMIT, TRAILS_TO_NOWHERE, is_half_written
from tests.faults.server import Member, Post
from tests.faults.walking import Filed
from tests.stack import Stack


@dataclass(frozen=True, kw_only=True)
class Findings(OfEvents):
    """What must be nought, all of it."""

    missing: int
    """applications whose number somebody was told, and that are not there"""
    doubled: int
    """applications more than there were intents"""
    unasked: int
    half_written: int
    over_limit: int
    contradicted: int
    wronged: int
    """intents that were refused for good"""
    unanswered: int
    """events that nobody reacted to in time"""
    refused: int
    """events that the bot said no to"""
    given_up: int
    """events that it never accepted"""
    internal_errors: int


def examine(stack: Stack, members: list[Member], post: Post, filed: Filed, phones: Phones) -> Findings:
    """Looks at everything that these people have caused."""
    return Findings(
        **of_events(stack, members, post, phones),
        **_of_applications(stack, members, filed),
        contradicted=filed.contradicted,
        wronged=len(filed.refused),
        unanswered=len(filed.unanswered),
        refused=len(post.refused),
        given_up=len(post.given_up),
        internal_errors=sum(count for what, count in post.setbacks.items() if what.startswith("500 ")),
    )


def _of_applications(stack: Stack, members: list[Member], filed: Filed) -> dict[str, int]:
    """What was filed by them."""
    people = [member.person.id for member in members]
    rows = stack.sql(FILED, (people,))
    per_mark = Counter(row["mark"] for row in rows)
    wanted = {intent.mark for intent in filed.wanted}
    stored = {(row["mark"], row["number"]) for row in rows}
    return {
        "missing": sum(told not in stored for told in filed.numbers.items()),
        "doubled": sum(count - 1 for count in per_mark.values()),
        "unasked": sum(mark not in wanted for mark in per_mark),
        "half_written": sum(map(is_half_written, rows)) + stack.sql(TRAILS_TO_NOWHERE)[0]["n"],
        "over_limit": len(stack.sql(OVER_LIMIT, (people,))),
    }
