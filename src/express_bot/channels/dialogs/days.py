"""Which days may be chosen, and how that is said: bounds and excluded days of a date question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from express_bot.channels.dialogs.words import say
from express_bot.domain import texts

DAY = timedelta(days=1)
#: Months that may be looked at where the form sets no end.
MONTHS_OPEN = 24


@dataclass(frozen=True)
class Span:
    """Days nobody can choose, and why."""

    first: date
    last: date
    text: str


@dataclass(frozen=True)
class Days:
    """The rules of one date question."""

    first: date | None
    last: date | None
    excluded: tuple[Span, ...]
    today: date
    locale: str

    @classmethod
    def of(cls, sent: Mapping[str, Any], *, today: date, locale: str) -> Days:
        """The rules of a compiled date field."""
        spans = tuple(Span(_day(span["from"]), _day(span["to"]), span["text"]) for span in sent["excluded"])
        first, last = (None if sent[end] is None else _day(sent[end]) for end in ("min", "max"))
        return cls(first, last, spans, today, locale)

    @property
    def shown_first(self) -> date:
        """The first month that may be looked at, by its first day."""
        return (self.first or self.today).replace(day=1)

    @property
    def shown_last(self) -> date:
        """The last month that may be looked at, by its first day."""
        return (self.last or add_months(self.shown_first, MONTHS_OPEN)).replace(day=1)

    def why_not(self, day: date) -> str | None:
        """Why a day cannot be chosen, in a sentence; ``None`` when it can."""
        span = next((span for span in self.excluded if span.first <= day <= span.last), None)
        if span is not None:
            return sentence(span.text)
        if (self.first is not None and day < self.first) or (self.last is not None and day > self.last):
            return say("days.past" if day < self.today else "days.outside", self.locale)
        return None

    def refusal(self, day: date) -> str:
        """Why, and what is near and free: «У вас отпуск. Ближайшие свободные: 17 и 25 января.»"""
        why, near = self.why_not(day) or "", self.nearest(day)
        if not near:
            return why
        return f"{why} {say('days.nearest', self.locale, days=self.joined(near), count=len(near))}"

    def nearest(self, day: date) -> list[date]:
        """The nearest free days before and after."""
        found = (next(self._free(day, step), None) for step in (-DAY, DAY))
        return [free for free in found if free is not None]

    def first_free(self) -> date | None:
        """The soonest day that may be chosen."""
        return next(self._free(max(self.first or self.today, self.shown_first) - DAY, DAY), None)

    def _free(self, start: date, step: timedelta) -> Iterator[date]:
        """Free days from a day on (itself aside), inside of what may be looked at."""
        begin, end = self.shown_first, add_months(self.shown_last, 1) - DAY
        day = min(max(start, begin - DAY), end + DAY) + step
        while begin <= day <= end:
            if self.why_not(day) is None:
                yield day
            day += step

    def rule(self) -> str | None:
        """«Можно выбрать 9–31 января, кроме 18–24 января.»; nothing where everything is free."""
        if self.first is None and self.last is None and not self.excluded:
            return None
        first = self.first_free()
        last = next(self._free(add_months(self.shown_last, 1), -DAY), None)
        if first is None or last is None:
            return say("days.none", self.locale)
        holes = [self.range(span.first, span.last) for span in self.excluded if first < span.first <= span.last < last]
        words = {"range": self.range(first, last)}
        return (
            say("days.rule_except", self.locale, **words, **{"except": ", ".join(holes)})
            if holes
            else say("days.rule", self.locale, **words)
        )

    def range(self, first: date, last: date) -> str:
        """«9–31 января», «20 декабря — 15 января», «9 января»."""
        if first == last:
            return texts.day_short(first, self.locale)
        if (first.year, first.month) == (last.year, last.month):
            return say("days.range_in_month", self.locale, first=first.day, last=last)
        return say("days.range", self.locale, first=first, last=last)

    def joined(self, days: list[date]) -> str:
        """«17 и 25 января» where the month is one."""
        if len(days) == 1:
            return texts.day_short(days[0], self.locale)
        first, second = days[0], days[1]
        is_one_month = (first.year, first.month) == (second.year, second.month)
        return say("days.and", self.locale, first=first.day if is_one_month else first, second=second)


def add_months(day: date, months: int) -> date:
    """The first day of the month so many months later."""
    years, index = divmod(day.month - 1 + months, 12)
    return date(day.year + years, index + 1, 1)


def sentence(text: str) -> str:
    """Ended by a full stop."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _day(iso: str) -> date:
    return date.fromisoformat(iso)
