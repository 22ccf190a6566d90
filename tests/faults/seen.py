"""What people see of the bot's messages, in the end and on the way there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Shown:
    """One new message that was taken, or one edit."""

    at: float
    chat: str
    text: str
    message: str


@dataclass
class Seen:
    """Everything that was sent, edited and deleted on a far side."""

    shown: list[Shown] = field(default_factory=list)
    edits: list[Shown] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)

    def came(self) -> dict[str, list[str]]:
        """What each chat got as new messages, in order."""
        found: dict[str, list[str]] = defaultdict(list)
        for message in self.shown:
            found[message.chat].append(message.text)
        return found

    def stands(self) -> dict[str, list[str]]:
        """What each chat reads now, from top to bottom."""
        says = {edit.message: edit.text for edit in self.edits}
        found: dict[str, list[str]] = defaultdict(list)
        for message in self.shown:
            if message.message not in self.deleted:
                found[message.chat].append(says.get(message.message, message.text))
        return found

    def places(self) -> dict[str, str]:
        """The chat of each message that stands."""
        return {each.message: each.chat for each in self.shown if each.message not in self.deleted}
