"""«Это вы?»: what the messenger or the staff list says about a newcomer, to be confirmed with one press."""

from __future__ import annotations

from typing import Any

from express_bot.channels.dialogs import filling
from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.keyboard import rows
from express_bot.channels.dialogs.plain import plain
from express_bot.channels.dialogs.screens.base import Shown, message
from express_bot.channels.dialogs.sheet import NAME, Sheet
from express_bot.channels.dialogs.sheets import open_sheet, save_facts
from express_bot.channels.dialogs.turn import Refused, Turn
from express_bot.channels.dialogs.view import View
from express_bot.channels.dialogs.vouching import steps_for, vouched
from express_bot.channels.dialogs.words import meaning


class Confirm(Shown):
    """One question about all that somebody vouches for."""

    in_flow = True

    async def view(self, turn: Turn, data: Json) -> View:
        sheet = await open_sheet(turn)
        facts = await vouched(turn, sheet)
        pen = turn.pen(str(turn.state.card))
        if sheet.form.is_profile_complete(sheet.form.clean(facts)):
            buttons = (pen.button("all_right", "yes", accent=True), pen.button("put_right", "no"))
            lines = [*_title(turn, sheet, facts, turn.say("confirm.check")), *_rows(turn, sheet, facts)]
        else:
            buttons = (pen.button("yes_me", "yes", accent=True), pen.button("no_me", "no"))
            lines = _title(turn, sheet, facts, turn.say("confirm.question", who=_who(sheet, facts)))
        return View(message(*turn.notices, *lines, turn.say("confirm.why")), rows(buttons, pen.steps()))

    async def press(self, turn: Turn, data: Json, verb: str, argument: str) -> bool:
        if verb == "yes":
            await self._settle(turn)
        elif verb == "no":
            sheet = await open_sheet(turn)
            filling.ask(turn, sheet.form.by_name[NAME])
        elif verb == "back":
            turn.leave_flow()
            turn.go("hello")
        else:
            return False
        return True

    async def typed(self, turn: Turn, data: Json, text: str) -> bool:
        said = meaning(text)
        return said in ("yes", "no") and await self.press(turn, data, str(said), "")

    async def _settle(self, turn: Turn) -> None:
        sheet = await open_sheet(turn)
        facts = await vouched(turn, sheet)
        try:
            await save_facts(turn, facts)
        except Refused as refusal:  # what they vouch for is somebody else's number, or no answer of this form
            turn.tell(plain(refusal.message))
            filling.ask(turn, sheet.form.by_name[NAME])
            return
        sheet.flow.covered = list(facts)
        await filling.after_answer(turn, {})


def _title(turn: Turn, sheet: Sheet, facts: Json, words: str) -> list[str]:
    total = steps_for(sheet, facts)
    return [turn.say("say.step", title=words, step=1, total=total) if total > 1 else turn.say("say.title", title=words)]


def _who(sheet: Sheet, facts: Json) -> str:
    """«Воронцова Анна Сергеевна, бортпроводник»: abbreviations are spelled out."""
    return ", ".join(_spelled_out(sheet, name, value) for name, value in facts.items())


def _spelled_out(sheet: Sheet, name: str, value: Any) -> str:
    options = sheet.form.sent[name].get("options", ())
    option = next((option for option in options if option["code"] == value), None)
    return str(option.get("hint") or option["name"]) if option else str(value)


def _rows(turn: Turn, sheet: Sheet, facts: Json) -> list[str]:
    labels = {name: sheet.form.sent[name]["label"] for name in facts}
    return [turn.say("confirm.row", label=labels[name], value=sheet.form.value(name, facts) or "") for name in facts]
