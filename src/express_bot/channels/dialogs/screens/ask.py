"""One question: what is chosen so far, the question, its answers, «Назад» and «Отменить»."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from express_bot.channels.dialogs import attaching, filling, periods
from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.keyboard import rows
from express_bot.channels.dialogs.plain import plain
from express_bot.channels.dialogs.repeats import repeats_of
from express_bot.channels.dialogs.screens.base import Shown, message
from express_bot.channels.dialogs.sheet import Sheet
from express_bot.channels.dialogs.sheets import keep, open_sheet
from express_bot.channels.dialogs.steps import STEPS, Given, Look, Missed, Move, Question
from express_bot.channels.dialogs.turn import Elsewhere, Refused, Turn
from express_bot.channels.dialogs.view import View
from express_bot.channels.dialogs.words import meaning

#: Longer than this, what is chosen stands on a line of its own.
CHOSEN_IN_TITLE = 40


class Ask(Shown):
    """Any question of any sheet."""

    in_flow = True

    async def view(self, turn: Turn, data: Json) -> View:
        sheet = await open_sheet(turn)
        question = await self._question(turn, sheet, data)
        step = STEPS[question.asked.kind]
        pen = turn.pen(str(turn.state.card))
        lines = [*_head(turn, question), *_context(turn, question), *step.lines(question)]
        is_file = question.asked.kind == "file"
        removable = not question.asked.required and question.answer is not None and not is_file
        extra = (pen.button("clear", "clear"),) if removable else ()
        files = () if is_file else attaching.row(sheet, pen)
        lines += [] if is_file else [attaching.line(turn, sheet)]
        undo = (pen.button("restore_application", f"undo:{data['undo']}"),) if "undo" in data else ()
        return View(message(*turn.notices, *lines), rows(step.rows(question, pen), extra, files, undo, pen.steps()))

    async def press(self, turn: Turn, data: Json, verb: str, argument: str) -> bool:
        sheet = await open_sheet(turn)
        question = await self._question(turn, sheet, data)
        if verb == "back":
            await filling.back(turn, sheet, data["field"], then=data.get("then"))
            return True
        if verb == attaching.REMOVE:
            await attaching.remove(turn, argument)
            return True
        if verb in ("clear", "skip") and not question.asked.required:
            await self._keep(turn, question, None)
            return True
        move = STEPS[question.asked.kind].press(question, verb, argument)
        return move is not None and await self._follow(turn, question, move)

    async def is_written(self, turn: Turn, data: Json) -> bool:
        question = await self._question(turn, await open_sheet(turn), data)
        return STEPS[question.asked.kind].is_written(question)

    async def typed(self, turn: Turn, data: Json, text: str) -> bool:
        sheet = await open_sheet(turn)
        question = await self._question(turn, sheet, data)
        if meaning(text) == "skip" and not question.asked.required:
            await self._keep(turn, question, None)
            return True
        move = STEPS[question.asked.kind].typed(question, text)
        if _is_answer(move) or not await filling.answer_elsewhere(turn, sheet, text, but=question.asked.name):
            return await self._follow(turn, question, move)
        await filling.after_answer(turn, data)
        return True

    async def _question(self, turn: Turn, sheet: Sheet, data: Json) -> Question:
        """The question as it stands; raises ``Elsewhere`` when it is not asked any more."""
        asked = sheet.find(data["field"])
        if asked is None:
            raise Elsewhere("check")
        today = turn.at.astimezone(ZoneInfo(periods.zone_of(sheet.period))).date()
        repeats = await repeats_of(turn, sheet, asked) if sheet.flow.kind == "new" else ()
        return Question(asked, sheet, data, turn.locale, today, repeats)

    async def _follow(self, turn: Turn, question: Question, move: Move) -> bool:
        if isinstance(move, Given):
            await self._give(turn, question, move.value)
            return True
        if isinstance(move, Look):
            turn.tell(plain(move.notice))
            turn.go("ask", **{**question.data, **move.data})
            return True
        assert isinstance(move, Missed)
        turn.tell(move.notice or _example(turn, question))
        return False

    async def _give(self, turn: Turn, question: Question, value: Any) -> None:
        """Judges an answer as the core will; a wrong one is told about, a right one kept."""
        name = question.asked.name
        wrong = question.sheet.judge(name, value)
        if wrong is not None:
            turn.tell(plain(wrong))
            return
        await self._keep(turn, question, question.sheet.form.clean({name: value}).get(name))

    async def _keep(self, turn: Turn, question: Question, value: Any) -> None:
        try:
            await keep(turn, question.sheet, question.asked.name, value)
        except Refused as refusal:
            turn.tell(plain(refusal.message))
            return
        await filling.after_answer(turn, question.data)


def _is_answer(move: Move) -> bool:
    """Understood here for certain; a search that found nothing is not."""
    return isinstance(move, Given) or (isinstance(move, Look) and "tried" not in move.data)


def _head(turn: Turn, question: Question) -> list[str]:
    """«**Сочи. Когда хотите лететь** · Шаг 2 из 3»."""
    asked, sheet = question.asked, question.sheet
    words = str(question.sent["question"] or question.sent["label"])
    chosen = "" if sheet.flow.kind == "profile" else sheet.chosen(but=asked.name)
    is_short = 0 < len(chosen) <= CHOSEN_IN_TITLE
    title = turn.say("say.chosen_then", chosen=chosen, question=words) if is_short else words
    below = turn.say("say.chosen", chosen=chosen) if chosen and not is_short else ""
    return [_numbered(turn, question, title), below]


def _numbered(turn: Turn, question: Question, title: str) -> str:
    """With the number of the step, unless the question was opened from the check."""
    sheet = question.sheet
    names = [asked.name for asked in sheet.asked()]
    is_profile = sheet.flow.kind == "profile"
    if question.asked.name not in names or question.data.get("then") or sheet.flow.kind == "edit":
        return turn.say("say.title", title=title)
    # a newcomer's first step is «Это вы?», the last of an application is the check
    step = names.index(question.asked.name) + (2 if is_profile else 1)
    return turn.say("say.step", title=title, step=step, total=len(names) + 1)


def _context(turn: Turn, question: Question) -> list[str]:
    """The hint, what stands there now, and on the first question until when it is taken."""
    sheet, period = question.sheet, question.sheet.period
    hint = plain(str(question.sent["hint"] or ""))
    is_said = question.now is not None and question.asked.kind not in ("multichoice", "file")
    now = question.say("ask.now", value=question.now) if is_said else ""
    is_first = [asked.name for asked in sheet.asked()][:1] == [question.asked.name]
    if sheet.flow.kind == "new" and period and is_first:
        until = periods.deadline(turn, period["closes_at"], period)
        return [turn.say("ask.period", month=period["title"], deadline=until), hint, now]
    return [hint, now]


def _example(turn: Turn, question: Question) -> str:
    options = question.sheet.options(question.asked) if "options" in question.sent else []
    if not options:
        return turn.say("say.not_understood")
    return turn.say("say.not_understood_example", example=options[0]["name"])
