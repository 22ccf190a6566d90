"""Several options: each press ticks one, «Готово» ends."""

from __future__ import annotations

from express_bot.channels.dialogs import understand
from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.keyboard import PAGE, Pen, columns, page_of, rows, turning
from express_bot.channels.dialogs.steps.base import Given, Look, Missed, Move, Question, Step
from express_bot.channels.dialogs.view import Button, Row

TICK = "✓ "


class SeveralStep(Step):
    """What is ticked stays in the screen until «Готово»; then it is one answer."""

    def lines(self, question: Question) -> list[str]:
        return [question.say("ask.several")]

    def rows(self, question: Question, pen: Pen) -> tuple[Row, ...]:
        options = question.sheet.options(question.asked)
        page, pages = page_of(len(options), question.data.get("page", 0))
        shown = options if pages == 1 else options[page * PAGE : (page + 1) * PAGE]
        ticked = _ticked(question)
        return rows(
            columns(_button(option, ticked, pen) for option in shown),
            turning(pen, page, pages),
            (pen.button("done", "done", accent=True),),
        )

    def press(self, question: Question, verb: str, argument: str) -> Move | None:
        if verb == "tick":
            return Look({"ticked": _toggled(_ticked(question), argument)})
        if verb == "page" and argument.isdecimal():
            return Look({"page": int(argument)})
        return Given(_ticked(question)) if verb == "done" else None

    def typed(self, question: Question, text: str) -> Move:
        options = question.sheet.options(question.asked)
        named = [part.strip() for part in text.split(",") if part.strip()]
        found = [understand.find(options, part)[:1] for part in named if understand.is_sure(options, part)]
        codes = [option["code"] for [option] in found]
        if not codes or len(codes) < len(named):
            return Missed()
        return Look({"ticked": [*dict.fromkeys([*_ticked(question), *codes])]})


def _ticked(question: Question) -> list[str]:
    """What is ticked now: on this screen, or by the answer that stands there."""
    found = question.data.get("ticked", question.answer)
    return list(found) if isinstance(found, list) else []


def _toggled(ticked: list[str], code: str) -> list[str]:
    return [one for one in ticked if one != code] if code in ticked else [*ticked, code]


def _button(option: Json, ticked: list[str], pen: Pen) -> Button:
    mark = TICK if option["code"] in ticked else ""
    return pen.option(f"{mark}{option['name']}", f"tick:{option['code']}")
