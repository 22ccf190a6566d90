"""Compares what was promised with what arrived on the far side and with what the house says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from tests.faults.shooting import Shots


@dataclass(frozen=True)
class Promised:
    """What one chat must get: marks in their order, each in one message."""

    chat: str
    marks: tuple[str, ...]
    poisoned: bool = False


@dataclass(frozen=True)
class Findings:
    """What must be nought, all of it."""

    lost: int
    """promised, and in no message"""
    out_of_order: int
    """came before an earlier one of the same application"""
    too_often: int
    """messages more than one for each mark, beyond one for each kill"""
    unasked: int
    """messages that nobody promised"""
    leaked: int
    """messages in the chat that takes none"""
    buried: int
    """given up, though the chat was good"""
    unburied: int
    """of the chat that takes none, and not given up"""
    left: int
    """still under way at the end"""
    standing_twice: int
    """messages that somebody still reads twice in the end"""
    gone: int
    """promised, came, and not there any more"""
    displaced: int
    """stand in the end where an earlier one of the same application should"""
    untrue: int
    """cards that do not know the message they stand under"""

    @property
    def is_clean(self) -> bool:
        return not any(getattr(self, each.name) for each in fields(self))

    def __str__(self) -> str:
        return ", ".join(f"{each.name.replace('_', ' ')} {getattr(self, each.name)}" for each in fields(self))


def arrivals(promised: Sequence[Promised], came: Mapping[str, Sequence[str]], kills: int) -> dict[str, int]:
    """Lost, out of order, too often, unasked and leaked; ``came``: marks by chat, as they came."""
    found = Counter[str]()
    repeated = 0
    for each in promised:
        marks = list(came.get(each.chat, ()))
        if each.poisoned:
            found["leaked"] += len(marks)
            continue
        first = list(dict.fromkeys(marks))
        wanted = [mark for mark in each.marks if mark in set(first)]
        known = [mark for mark in first if mark in set(each.marks)]
        found["lost"] += len(each.marks) - len(wanted)
        found["out_of_order"] += sum(mark != right for mark, right in zip(known, wanted, strict=True))
        found["unasked"] += len(first) - len(known)
        repeated += len(marks) - len(first)
    found["unasked"] += sum(len(marks) for chat, marks in came.items() if chat not in {each.chat for each in promised})
    found["too_often"] = max(0, repeated - kills)
    return {name: found[name] for name in ("lost", "out_of_order", "too_often", "unasked", "leaked")}


def in_the_end(promised: Sequence[Promised], stands: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """What people read when everything is over, from top to bottom."""
    found = Counter[str]()
    for each in promised:
        marks = list(stands.get(each.chat, ()))
        wanted = [mark for mark in each.marks if mark in set(marks)]
        found["standing_twice"] += len(marks) - len(set(marks))
        found["gone"] += 0 if each.poisoned else len(each.marks) - len(wanted)
        known = [mark for mark in dict.fromkeys(marks) if mark in set(each.marks)]
        found["displaced"] += sum(mark != right for mark, right in zip(known, wanted, strict=True))
    return {name: found[name] for name in ("standing_twice", "gone", "displaced")}


@dataclass
class Report:
    """One run."""

    waiting: int
    shots: Shots = field(default_factory=Shots)
    seconds: float = 0.0
    drained_after: float = 0.0
    manners: dict[str, int] = field(default_factory=dict)
    repeated: int = 0
    edits: int = 0
    deleted: int = 0
    tidy_after: float = 0.0
    orphans: dict[str, int] = field(default_factory=dict)
    attempts: int = 0
    rescued: int = 0
    findings: Findings | None = None

    def __str__(self) -> str:
        calls = ", ".join(f"{count} while {manner}" for manner, count in sorted(self.manners.items()))
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.orphans.items()))
        return "\n".join(
            [
                f"waiting        {self.waiting} notifications",
                f"kills          {self.shots.total} in {self.seconds:.0f} s",
                *(f"  {what:<22}{count}" for what, count in sorted(self.shots.kills.items())),
                f"calls          {calls}; {self.attempts} tries that failed",
                f"drained        {self.drained_after:.0f} s after the last fault",
                f"repeated       {self.repeated} messages, {self.edits} edits, {self.deleted} deletions",
                f"left behind    {told or 'nothing'}; in order {self.tidy_after:.0f} s after the last fault",
                f"rescued        {self.rescued} jobs of killed workers",
                f"must be nought {self.findings}",
            ]
        )
