"""What asking one question needs, and what comes of an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.keyboard import Pen
from express_bot.channels.dialogs.sheet import Sheet
from express_bot.channels.dialogs.view import Row
from express_bot.channels.dialogs.words import say
from express_bot.domain import display
from express_bot.domain.fields import AnyField


@dataclass(frozen=True)
class Given:
    """An answer, to be judged and kept."""

    value: Any


@dataclass(frozen=True)
class Look:
    """No answer yet: another page, another month, something to say."""

    data: Json = field(default_factory=dict)
    notice: str = ""


@dataclass(frozen=True)
class Missed:
    """Not understood; ``notice`` says it better than the usual words."""

    notice: str = ""


Move: TypeAlias = Given | Look | Missed


@dataclass(frozen=True)
class Question:
    """One question of a sheet in one event."""

    asked: AnyField
    sheet: Sheet
    data: Json
    """The screen's own figures: page, month, what was found."""
    locale: str
    today: date
    repeats: tuple[tuple[str, str], ...] = ()
    """Earlier answers to offer first: code and label."""

    @property
    def sent(self) -> Json:
        """The field as the core compiled it."""
        return self.sheet.form.sent[self.asked.name]

    @property
    def answer(self) -> Any:
        """What stands there now."""
        return self.sheet.answers.get(self.asked.name)

    @property
    def now(self) -> str | None:
        """The present answer in words."""
        return display.value(self.sheet.form, self.asked, self.answer)

    def text(self, name: str) -> str | None:
        """A text of the field's own."""
        found = self.sent["texts"].get(name)
        return str(found) if found else None

    def message(self, code: str) -> str:
        """What the form says about a wrong answer of this code, if it needs no figures of the answer."""
        found = self.sent["messages"].get(code)
        return found if isinstance(found, str) and "{" not in found else ""

    def say(self, key: str, **figures: Any) -> str:
        return say(key, self.locale, **figures)


class Step:
    """How one kind of question is asked in a chat. No input or output: the engine keeps what is given."""

    def is_written(self, question: Question) -> bool:
        """The answer is free words, not the name of something."""
        return False

    def lines(self, question: Question) -> list[str]:
        """Sentences under the question."""
        return []

    def rows(self, question: Question, pen: Pen) -> tuple[Row, ...]:
        """Buttons of the answers; «Назад» and «Отменить» come from elsewhere."""
        return ()

    def press(self, question: Question, verb: str, argument: str) -> Move | None:
        """What a press means; ``None``: nothing here."""
        return None

    def typed(self, question: Question, text: str) -> Move:
        """What a text means."""
        return Missed()
