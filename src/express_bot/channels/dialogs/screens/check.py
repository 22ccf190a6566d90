"""The check before something leaves: everything in one view, «Отправить» or «Сохранить», and a way to each answer."""

from __future__ import annotations

from express_bot.channels.dialogs import attaching, filling, sending
from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.keyboard import MAX_LABEL, Pen, columns, rows
from express_bot.channels.dialogs.plain import plain
from express_bot.channels.dialogs.screens.base import Shown, message
from express_bot.channels.dialogs.sheet import NAME, NUMBER, Sheet
from express_bot.channels.dialogs.sheets import open_sheet
from express_bot.channels.dialogs.turn import Elsewhere, Turn
from express_bot.channels.dialogs.view import Button, Row, View
from express_bot.channels.dialogs.words import meaning
from express_bot.domain import texts
from express_bot.domain.fields import AnyField


class Check(Shown):
    """Of a new application and of an edited one."""

    in_flow = True

    async def view(self, turn: Turn, data: Json) -> View:
        sheet = await _complete(turn)
        pen = turn.pen(str(turn.state.card))
        main = _send_row(sheet, pen) if sheet.flow.kind == "new" else await _save_row(turn, sheet, pen)
        extras = columns(_extra(sheet, asked, pen) for asked in sheet.extras())
        changes = columns(_change(sheet, asked, pen) for asked in reversed(sheet.fields()) if asked.required)
        sheet.flow.period = sheet.period["id"] if sheet.period else None
        if sheet.flow.kind == "new":
            sheet.flow.answers = sheet.outgoing()
        text = message(*turn.notices, *await _lines(turn, sheet))
        return View(text, rows(main, extras, attaching.row(sheet, pen), changes, pen.steps()))

    async def press(self, turn: Turn, data: Json, verb: str, argument: str) -> bool:
        if verb == "send":
            await sending.send(turn)
            return True
        sheet = await _complete(turn)
        if verb == attaching.REMOVE:
            await attaching.remove(turn, argument)
            return True
        if verb == "back":
            await _leave(turn, sheet)
            return True
        asked = sheet.find(argument) if verb == "fix" else None
        if asked is not None:
            filling.ask(turn, asked, then="check")
        return asked is not None

    async def typed(self, turn: Turn, data: Json, text: str) -> bool:
        if meaning(text) == "send":
            await sending.send(turn)
            return True
        sheet = await _complete(turn)
        if not await filling.answer_elsewhere(turn, sheet, text):
            return False
        await filling.after_answer(turn, {"then": "check"})
        return True


async def _complete(turn: Turn) -> Sheet:
    """A sheet that may be checked; what has become unanswered meanwhile is asked instead."""
    sheet = await open_sheet(turn)
    if sheet.flow.kind == "profile":
        raise Elsewhere("profile")
    missing = sheet.next_field()
    if missing is not None:
        raise Elsewhere("ask", field=missing.name, then="check")
    return sheet


async def _leave(turn: Turn, sheet: Sheet) -> None:
    if sheet.flow.kind == "new":
        await filling.back(turn, sheet, None)
        return
    number = sheet.flow.number
    turn.leave_flow()
    turn.go("one", number=number)


async def _lines(turn: Turn, sheet: Sheet) -> list[str]:
    if sheet.flow.kind == "edit":
        title = turn.say("say.title", title=turn.say("check.edit_title", number=sheet.flow.number))
        return [title, *_answers(turn, sheet), turn.say("check.keeps_time")]
    total = len(sheet.asked()) + 1
    title = turn.say("say.step", title=turn.say("check.title"), step=total, total=total)
    rule = plain(str(sheet.form.as_json["texts"].get("rule", "")))
    return [title, *_answers(turn, sheet), await _person(turn, sheet), rule]


def _answers(turn: Turn, sheet: Sheet) -> list[str]:
    """What names the application in one line, everything else that was answered in a line each."""
    form, answers = sheet.form, sheet.answers
    named = form.definition.summary
    first = ", ".join(words for name in named if (words := form.value(name, answers)))
    others = [asked for asked in sheet.fields() if asked.name not in named]
    return [plain(first), *filter(None, (_row(turn, sheet, asked) for asked in others))]


def _row(turn: Turn, sheet: Sheet, asked: AnyField) -> str:
    if asked.kind == "file":
        count = len(attaching.ids(sheet, asked))
        return turn.say("files.row", label=sheet.form.sent[asked.name]["label"], count=count) if count else ""
    words = sheet.form.value(asked.name, sheet.answers)
    return turn.say("one.row", label=sheet.form.sent[asked.name]["label"], value=words) if words else ""


async def _person(turn: Turn, sheet: Sheet) -> str:
    """«Воронцова А. С., № 100234, МСК, ОКЭ 2, БП»: whose data goes with it; nothing if the form asks for none."""
    facts = [name for name in sheet.form.definition.profile if name in sheet.answers]
    if not facts:
        return ""
    me = await turn.facts.me()
    words = {name: sheet.form.value(name, sheet.answers) or "" for name in facts}
    if NUMBER in words:
        words = {NUMBER: turn.say("check.who_number", number=words.pop(NUMBER)), **words}
    if NAME in words:
        words = {NAME: me["user"]["short_name"], **{name: said for name, said in words.items() if name != NAME}}
    return plain(", ".join(words.values()))


def _send_row(sheet: Sheet, pen: Pen) -> Row:
    label = texts.fill(sheet.form.as_json["texts"].get("send", ""), {"summary": sheet.title()})
    return (_main(pen, label, "send"),)


async def _save_row(turn: Turn, sheet: Sheet, pen: Pen) -> Row:
    """«Сохранить», once something differs from what is filed."""
    filed = await turn.facts.application(str(sheet.flow.number))
    if sheet.form.without_hidden(sheet.answers) == sheet.form.clean(filed["answers"]):
        return ()
    label = texts.fill(sheet.form.as_json["texts"].get("save", ""), {"summary": sheet.title()})
    return (_main(pen, label, "save"),)


def _main(pen: Pen, label: str, name: str) -> Button:
    """A button says what it does («Отправить: Сочи, 15 января») where that fits on it."""
    if label and len(label) <= MAX_LABEL:
        return pen.option(label, "send", accent=True)
    return pen.button(name, "send", accent=True)


def _extra(sheet: Sheet, asked: AnyField, pen: Pen) -> Button:
    return pen.option(sheet.form.sent[asked.name]["label"], f"fix:{asked.name}")


def _change(sheet: Sheet, asked: AnyField, pen: Pen) -> Button:
    """«Изменить дату», in the form's words where it has them."""
    sent = sheet.form.sent[asked.name]
    words = sent["texts"].get("change")
    if words:
        return pen.option(words, f"fix:{asked.name}")
    return pen.button("edit_field", f"fix:{asked.name}", label=sent["label"])
