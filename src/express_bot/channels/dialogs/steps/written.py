"""Answers that are written: words and numbers, and yes or no."""

from __future__ import annotations

from express_bot.channels.dialogs.keyboard import Pen, columns, rows
from express_bot.channels.dialogs.steps.base import Given, Missed, Move, Question, Step
from express_bot.channels.dialogs.view import Row
from express_bot.channels.dialogs.words import meaning

#: So many numbers still make a keyboard.
KEYS, KEYS_IN_ROW = 12, 5


class TextStep(Step):
    """Words: whatever is written is the answer."""

    def is_written(self, question: Question) -> bool:
        return True

    def lines(self, question: Question) -> list[str]:
        return [question.say("ask.write")]

    def typed(self, question: Question, text: str) -> Move:
        return Given(text)


class NumberStep(Step):
    """A number: keys where the range is short."""

    def lines(self, question: Question) -> list[str]:
        return [] if _range(question) else [question.say("ask.write")]

    def rows(self, question: Question, pen: Pen) -> tuple[Row, ...]:
        return rows(columns((pen.option(str(n), f"go:{n}") for n in _range(question)), KEYS_IN_ROW))

    def press(self, question: Question, verb: str, argument: str) -> Move | None:
        return self.typed(question, argument) if verb == "go" else None

    def typed(self, question: Question, text: str) -> Move:
        name = question.asked.name
        number = question.sheet.form.clean({name: text}).get(name)
        return Missed(question.message("wrong_type")) if isinstance(number, str | None) else Given(number)


class YesNoStep(Step):
    """Yes or no."""

    def rows(self, question: Question, pen: Pen) -> tuple[Row, ...]:
        return rows((pen.button("yes", "go:yes"), pen.button("no", "go:no")))

    def press(self, question: Question, verb: str, argument: str) -> Move | None:
        return Given(argument == "yes") if verb == "go" else None

    def typed(self, question: Question, text: str) -> Move:
        said = meaning(text)
        return Given(said == "yes") if said in ("yes", "no") else Missed()


def _range(question: Question) -> range:
    """The whole numbers that may be chosen, if they are few."""
    least, most = question.sent["minimum"], question.sent["maximum"]
    if least is None or most is None or not question.sent["integer"] or most - least >= KEYS:
        return range(0)
    return range(int(least), int(most) + 1)
