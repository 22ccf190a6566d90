"""What came of an outage of the messenger's server, and what must not have."""

from __future__ import annotations

from dataclasses import dataclass, field

from express_bot.core.db.session import Row
from tests.faults.findings import OfEvents
from tests.faults.pace import Pace
from tests.faults.phones import Phones
from tests.faults.server import Member
from tests.faults.walking import FILED

#: In the order in which each chat must get it.
OWED = """
    select id::text as card, chat from cards where shown_rev < wanted_rev and failed_at is null
    order by chat, wanted_at, id
"""


@dataclass(frozen=True, kw_only=True)
class Findings(OfEvents):
    """What must be nought, all of it."""

    http_wrong: int
    """submits over HTTP that were lost, doubled, altered, refused or not answered"""
    not_accepted: int
    """events that the bot refused, or never accepted"""
    unfiled: int
    """people who filed from the chat and do not have exactly one flight and one certificate"""
    unhealthy: int
    """times that the product called itself down, or not ready"""
    unnoticed: int
    """whether it never called its line to the messenger down"""
    early: int
    """messages that appeared while the server was away"""
    not_sent: int
    sent_twice: int
    out_of_order: int
    """chats in which messages came in another order than they were wanted"""
    unsaid: int
    """people whose phone does not tell them the number of what they filed"""


@dataclass
class Report:
    """One outage."""

    way: str
    seconds: float
    before: Pace | None = None
    during: Pace | None = None
    owed: list[Row] = field(default_factory=list)
    tries: int = 0
    replaced: int = 0
    """Messages that the messenger knew no more, so that new ones took their place (ux.md C1.1)."""
    back_after: float = 0.0
    findings: Findings | None = None

    def __str__(self) -> str:
        chats = len({row["chat"] for row in self.owed})
        return "\n".join(
            [
                f"away           {self.seconds:.0f} s ({self.way})",
                f"HTTP before    {self.before}",
                f"HTTP meanwhile {self.during}",
                f"owed           {len(self.owed)} messages and edits in {chats} chats",
                f"tried          {self.tries} times meanwhile",
                f"replaced       {self.replaced} that the messenger had forgotten",
                f"all there      {self.back_after:.1f} s after the return",
                f"must be nought {self.findings}",
            ]
        )


def arrivals(owed: list[Row], came: list[tuple[str, str]]) -> dict[str, int]:
    """What was owed to each chat, in order, against what came there."""
    found = {"not_sent": 0, "sent_twice": 0, "out_of_order": 0}
    for chat in {row["chat"] for row in owed} | {chat for chat, _ in came}:
        wanted = [row["card"] for row in owed if row["chat"] == chat]
        got = [card for place, card in came if place == chat]
        found["not_sent"] += len(set(wanted) - set(got))
        found["sent_twice"] += len(got) - len(set(got) & set(wanted))
        found["out_of_order"] += [*dict.fromkeys(card for card in got if card in wanted)] != wanted
    return found


def is_told(member: Member, phones: Phones) -> bool:
    """Whether somebody reads on the phone that it was filed."""
    return any(FILED.search(message["body"]) for message in phones.chats[member.chat].values())
