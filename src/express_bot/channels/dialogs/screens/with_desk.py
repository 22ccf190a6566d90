"""What stands between a person and the desk about one application, and the steps in which the person writes to it."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from express_bot.channels.dialogs import acts, desk, periods
from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.keyboard import MAX_LABEL, Pen
from express_bot.channels.dialogs.plain import plain, shorten
from express_bot.channels.dialogs.screens.base import Shown, message
from express_bot.channels.dialogs.turn import Elsewhere, Turn
from express_bot.channels.dialogs.view import Row, View
from express_bot.channels.dialogs.words import MAX_WRITTEN, say

#: Long words are named here; the app shows them whole.
MAX_ANSWER = 200
#: Last words of a thread that are shown; the newest of them whole.
SAID = 3
MAX_REASON = 300


def lines(turn: Turn, one: Json) -> list[str]:
    """The last words, then what waits for an answer: that is what the buttons below are about."""
    return [*_said(turn, one), *_question(turn, one), *_offer(turn, one)]


def _said(turn: Turn, one: Json) -> list[str]:
    """The open question stands below, with until when it is to be answered."""
    said = list(one["thread"])
    if one["question"] is not None and said and said[-1]["kind"] == "question":
        said.pop()
    return [_line(turn, entry, is_newest=entry is said[-1]) for entry in said[-SAID:]]


def _line(turn: Turn, entry: Json, *, is_newest: bool) -> str:
    text = plain(entry["text"], MAX_WRITTEN if is_newest else MAX_ANSWER)
    speaker = turn.say("one.from_desk" if entry["from"] == "desk" else "one.from_owner")
    return f"{speaker} {text}"


def _question(turn: Turn, one: Json) -> list[str]:
    asked = one["question"]
    if asked is None:
        return []
    due = asked["due_at"]
    until = turn.say("one.question_due", due=periods.deadline(turn, due, one["period"])) if due else ""
    return [turn.say("one.question", question=asked["text"]), until]


def _offer(turn: Turn, one: Json) -> list[str]:
    if one["offer"] is None:
        return []
    return [turn.say("one.offer", until=periods.deadline(turn, one["offer"]["until"], one["period"]))]


def rows_of(pen: Pen, one: Json) -> tuple[Row, ...]:
    """The answers to what waits for one."""
    found: list[Row] = []
    if one["question"] is not None and one["can"]["answer"]:
        found += question_rows(pen, one["number"], one["question"]["id"], _label(one["question"]))
    if one["offer"] is not None and one["can"]["take"]:
        found.append(offer_row(pen, one["number"], one["offer"]["id"]))
    return tuple(found)


def _label(question: Json) -> str | None:
    return question["proposal"]["label"] if question["proposal"] else None


def question_rows(pen: Pen, number: str, question: int, label: str | None) -> tuple[Row, ...]:
    """[Да, 16 января] [Нет], and an answer in words."""
    asked = desk.about(number, question)
    yes = pen.option(yes_to(label, pen.locale), f"agree:{asked}", accent=True)
    return (yes, pen.button("no", f"refuse:{asked}")), (pen.button("answer", f"answer:{asked}"),)


def yes_to(label: str | None, locale: str) -> str:
    """«Да, 16 января»: what is agreed to, where a button can hold it."""
    said = say("button.yes_to", locale, label=label) if label else ""
    return said if said and len(said) <= MAX_LABEL else say("button.yes", locale)


def offer_row(pen: Pen, number: str, offer: int) -> Row:
    """[Беру] [Не смогу]."""
    place = desk.about(number, offer)
    return pen.button("take_place", f"take:{place}", accent=True), pen.button("decline", f"pass:{place}")


class Written(Shown):
    """One step in which something is written about an application; «Назад» and «Отменить» lead back to it."""

    limit: ClassVar[int] = MAX_WRITTEN
    too_long: ClassVar[str] = "say.too_long"

    async def view(self, turn: Turn, data: Json) -> View:
        one = await turn.facts.application(data["number"])
        words = self.words(turn, one, data)
        pen, back = turn.pen(str(turn.state.card)), f"app:{one['number']}"
        return View(message(*turn.notices, *words), ((pen.button("back", back), pen.button("cancel", back)),))

    @abstractmethod
    def words(self, turn: Turn, one: Json, data: Json) -> list[str]:
        """What is asked for, and what becomes of it."""

    @abstractmethod
    async def deliver(self, turn: Turn, data: Json, text: str) -> None:
        """What was written goes where it belongs."""

    async def press(self, turn: Turn, data: Json, verb: str, argument: str) -> bool:
        if verb == "back":
            turn.go("one", number=data["number"])
        return verb == "back"

    async def is_written(self, turn: Turn, data: Json) -> bool:
        return True

    async def typed(self, turn: Turn, data: Json, text: str) -> bool:
        over = len(text.strip()) - self.limit
        if over > 0:
            turn.notice(self.too_long, over=over)
        else:
            await self.deliver(turn, data, text.strip())
        return True


def what(turn: Turn, one: Json) -> str:
    """«**Сочи, 15 января** · Одобрена»."""
    return turn.say("one.title", title=shorten(one["title"], MAX_ANSWER), status=one["status_label"])


def withdrawal(one: Json) -> str:
    """What «Отозвать» means now: at once, giving a place back, or asking the dispatcher."""
    if not one["can"]["withdraw_needs_reason"]:
        return "withdraw"
    return "decline" if one["status"] == "approved" else "ask_back"


class Reason(Written):
    """Why it is taken back: in words, for the dispatcher."""

    limit, too_long = MAX_REASON, "reason.too_long"

    def words(self, turn: Turn, one: Json, data: Json) -> list[str]:
        kind = "decline" if withdrawal(one) == "decline" else "ask"
        title = turn.say("say.title", title=turn.say(f"reason.{kind}"))
        return [title, what(turn, one), turn.say(f"reason.{kind}_hint")]

    async def deliver(self, turn: Turn, data: Json, text: str) -> None:
        await acts.withdraw(turn, data["number"], reason=text)


class Answer(Written):
    """«Ответить»: the question again, and room for words."""

    def words(self, turn: Turn, one: Json, data: Json) -> list[str]:
        if not desk.is_open(one, data["question"]):
            raise Elsewhere("one", turn.say(f"one.{desk.QUESTION_CLOSED}"), number=one["number"])
        return [*_question(turn, one), what(turn, one), turn.say("ask.write")]

    async def deliver(self, turn: Turn, data: Json, text: str) -> None:
        await desk.answer_in_words(turn, data["number"], data["question"], text)


class Question(Written):
    """«Спросить»: a message to the desk."""

    def words(self, turn: Turn, one: Json, data: Json) -> list[str]:
        return [turn.say("question.title"), what(turn, one), turn.say("question.hint")]

    async def deliver(self, turn: Turn, data: Json, text: str) -> None:
        await desk.send_question(turn, data["number"], text)
