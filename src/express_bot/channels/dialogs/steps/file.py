"""Files: sent as messages, one after the other, until «Готово»."""

from __future__ import annotations

from express_bot.channels.dialogs.keyboard import Pen, rows
from express_bot.channels.dialogs.steps.base import Given, Missed, Move, Question, Step
from express_bot.channels.dialogs.view import Row
from express_bot.domain.fields import FileField


class FileStep(Step):
    """The files themselves come as messages (``attaching``); here they are counted, confirmed or taken away."""

    def lines(self, question: Question) -> list[str]:
        count = _count(question)
        limits = [] if question.sent["hint"] else [_limits(question)]
        return [*limits, question.say("files.send"), *([question.say("files.count", count=count)] if count else [])]

    def rows(self, question: Question, pen: Pen) -> tuple[Row, ...]:
        if _count(question):
            remove = pen.button("remove_files", f"nofiles:{question.asked.name}")
            return rows((pen.button("done", "done", accent=True),), (remove,))
        return rows(() if question.asked.required else (pen.button("skip", "skip"),))

    def press(self, question: Question, verb: str, argument: str) -> Move | None:
        return Given(question.answer) if verb == "done" and _count(question) else None

    def typed(self, question: Question, text: str) -> Move:  # words are no files
        return Missed(question.say("files.send_here"))


def _count(question: Question) -> int:
    return len(question.answer) if isinstance(question.answer, list) else 0


def _limits(question: Question) -> str:
    asked = question.asked
    assert isinstance(asked, FileField), "a step of its own kind"
    return question.say("files.limits", count=asked.max_files, mb=max(asked.max_bytes >> 20, 1))
