"""What must be nought after a fault, and what the events of a messenger must not have led to.

Every harness over the messenger looks at the same traces: the inbox, the conversations, the bot's messages and the
phones; what else it looks at stands beside it.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Protocol

from express_bot.core.db.session import Row
from tests.faults.phones import Phones
from tests.faults.server import Member, Post
from tests.stack import Stack

#: Callbacks are not events of ours to count: the messenger's word about a message may never find it.
LEFT = "inbox where state = 'waiting' and kind <> 'callback'"
OWED = "cards where shown_rev < wanted_rev and failed_at is null"
KEPT = """
    select payload->>'sync_id' as sync_id, state, chat, finished_at from inbox
    where kind not in ('callback', 'orphan', 'doubt') order by id
"""
#: A conversation counts its steps itself: one for each event that was handled.
STEPS = "select chat, (state->>'rev')::int as steps from dialogs"
CARDS = "select id, chat, external_id, wanted, shown_rev < wanted_rev as owed, failed_at from cards"


class MustBeNought:
    """Figures, each of which counts damage."""

    @property
    def is_clean(self) -> bool:
        return not any(getattr(self, field.name) for field in fields(self))

    def __str__(self) -> str:
        found = ((field.name.replace("_", " "), getattr(self, field.name)) for field in fields(self))
        return ", ".join(f"{name} {count}" for name, count in found)


class Report(Protocol):
    """What a harness has to tell of one run."""

    @property
    def findings(self) -> MustBeNought | None: ...


def tell(report: Report) -> int:
    """Prints a run and its verdict; the exit code of the harness."""
    assert report.findings is not None
    print(report)
    print("green" if report.findings.is_clean else "RED")
    return 0 if report.findings.is_clean else 1


@dataclass(frozen=True, kw_only=True)
class OfEvents(MustBeNought):
    """What must be nought wherever events of a messenger are handled."""

    lost: int
    """accepted, and not there"""
    kept_twice: int
    """rows of the inbox more than there were events"""
    waiting: int
    dead: int
    """given up by the product"""
    disordered: int
    """events of a chat that were finished before an earlier one"""
    skipped: int
    """events of conversations that led to no step"""
    repeated: int
    """steps more than there were events"""
    unsent: int
    """messages that still do not say what they should, or were given up"""
    untrue: int
    """messages that say something else on the phone"""


def of_events(stack: Stack, members: list[Member], post: Post, phones: Phones) -> dict[str, int]:
    """The figures of ``OfEvents`` for the events of these people."""
    return {**_of_inbox(stack, post), **_of_steps(stack, members, post), **_of_cards(stack, members, phones)}


def _of_inbox(stack: Stack, post: Post) -> dict[str, int]:
    """What the inbox holds of the accepted events."""
    rows = stack.sql(KEPT)
    kept = Counter(row["sync_id"] for row in rows)
    states = Counter(row["state"] for row in rows)
    return {
        "lost": sum(sync_id not in kept for sync_id in post.accepted),
        "kept_twice": sum(count - 1 for count in kept.values()),
        "waiting": states["waiting"],
        "dead": states["dead"],
        "disordered": sum(later < earlier for earlier, later in _turns(rows)),
    }


def _turns(rows: list[Row]) -> Iterator[tuple[datetime, datetime]]:
    """When each event of a conversation and the one after it were finished."""
    chats: defaultdict[str, list[datetime]] = defaultdict(list)
    for row in rows:
        if row["chat"] is not None and row["finished_at"] is not None:
            chats[row["chat"]].append(row["finished_at"])
    return itertools.chain.from_iterable(map(itertools.pairwise, chats.values()))


def _of_steps(stack: Stack, members: list[Member], post: Post) -> dict[str, int]:
    """What the conversations have made of them."""
    steps = {row["chat"]: row["steps"] for row in stack.sql(STEPS)}
    told = Counter(event.member.chat for event in post.accepted.values() if event.in_line)
    differences = [steps.get(member.chat, 0) - told[member.chat] for member in members]
    return {
        "skipped": -sum(difference for difference in differences if difference < 0),
        "repeated": sum(difference for difference in differences if difference > 0),
    }


def _of_cards(stack: Stack, members: list[Member], phones: Phones) -> dict[str, int]:
    """Whether people read what the bot means."""
    chats = {member.chat for member in members}
    cards = [card for card in stack.sql(CARDS) if card["chat"] in chats]
    return {
        "unsent": sum(card["owed"] or card["failed_at"] is not None for card in cards),
        "untrue": sum(not is_as_wanted(card, phones) for card in cards),
    }


def is_as_wanted(card: Row, phones: Phones) -> bool:
    """Whether a card's message says what it should where people read it."""
    message = phones.chats[card["chat"]].get(card["external_id"])
    return message is not None and spoken(message) == wished(card["wanted"])


def spoken(message: dict[str, Any]) -> tuple[str, list[list[str]]]:
    """Text and buttons of a message."""
    return message["body"], [[button["label"] for button in row] for row in message["bubble"]]


def wished(view: dict[str, Any]) -> tuple[str, list[list[str]]]:
    """Text and buttons of a view."""
    return view["text"], [[button["label"] for button in row] for row in view["rows"]]


def strays(stack: Stack, members: list[Member], phones: Phones) -> int:
    """Messages that stand twice: the messenger has taken one, and who sent it was killed before it was noted.

    BotX has no key for a message, so nobody can do better than to be seldom.
    """
    known = {row["external_id"] for row in stack.sql(CARDS)}
    return sum(message not in known for member in members for message in phones.chats[member.chat])
