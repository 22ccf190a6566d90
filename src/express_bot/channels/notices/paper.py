"""What every notice is written on: its voice, its buttons, its dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from express_bot.channels.dialogs import tokens
from express_bot.channels.dialogs.keyboard import Pen
from express_bot.channels.dialogs.view import Button
from express_bot.channels.notices.words import Voice
from express_bot.contracts.notifications import Notice
from express_bot.domain import texts

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Paper:
    """One notice on its way to a view."""

    notice: Notice
    voice: Voice

    @property
    def locale(self) -> str:
        return self.notice.locale

    @property
    def branch(self) -> str:
        """The words of this event."""
        return self.notice.event.value

    @property
    def is_discreet(self) -> bool:
        """Number and status only."""
        return self.voice.discreet is not None

    def say(self, name: str, **figures: Any) -> str:
        """A sentence of this event, or of another branch when it is named."""
        return self.voice.say(name if "." in name else f"{self.branch}.{name}", **figures)

    def say_whole(self, name: str, **figures: Any) -> str:
        """The same with long words that are not cut."""
        return self.voice.say_whole(f"{self.branch}.{name}", **figures)

    @property
    def pen(self) -> Pen:
        """Writes the buttons of this message."""
        return Pen(str(self.notice.card_id), tokens.NOTICE_REV, self.locale)

    def button(self, name: str, choice: str, *, accent: bool = False, **figures: Any) -> Button:
        """A button of ours, by the name of its words in the conversation's vocabulary."""
        return self.pen.button(name, choice, accent=accent, **figures)

    def deadline(self, when: object, zone: str | None = None) -> str:
        """«5 декабря, 18:00 (МСК)»."""
        return texts.deadline(moment(when), zone or self.notice.timezone, self.locale)

    def day(self, when: object, zone: str | None = None) -> str:
        """«12 декабря»: where the hour does not matter."""
        return texts.day_short(moment(when).astimezone(ZoneInfo(zone or self.notice.timezone)), self.locale)


def moment(when: object) -> datetime:
    """A moment as the core tells it: itself, or its ISO text."""
    return when if isinstance(when, datetime) else datetime.fromisoformat(str(when))
