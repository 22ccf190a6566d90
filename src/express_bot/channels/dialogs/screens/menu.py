"""S0: what can be done now, and the few pages behind «Ещё»."""

from __future__ import annotations

import asyncio
from typing import Any

from express_bot.channels.dialogs import filling, periods, understand
from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.keyboard import Pen, columns, rows
from express_bot.channels.dialogs.repeats import repeats_of
from express_bot.channels.dialogs.screens.base import Shown, message
from express_bot.channels.dialogs.sheet import NAME, Sheet
from express_bot.channels.dialogs.state import Flow
from express_bot.channels.dialogs.turn import Elsewhere, Turn
from express_bot.channels.dialogs.view import Button, Row, View
from express_bot.channels.dialogs.vouching import steps_for, vouched
from express_bot.domain.received import received

#: Forms with periods that are told about one by one; more would bury the buttons.
TOLD = 3


class Menu(Shown):
    """The period, the draft, the next act."""

    async def view(self, turn: Turn, data: Json) -> View:
        info = await turn.facts.info()
        pen = turn.pen(str(turn.state.card))
        offers = await asyncio.gather(*(_offer(turn, form, info, pen) for form in info["forms"]))
        lines = [line for offer in offers[:TOLD] for line in offer.lines] or [turn.say("menu.title")]
        unseen = turn.say("menu.unseen", count=info["unseen"]) if info["unseen"] else ""
        acts = [row for offer in offers for row in offer.rows]
        chips = [chip for offer in offers for chip in offer.chips]
        _remember_chips(turn, [(offer.form, code) for offer in offers for code in offer.codes])
        last = (pen.button("mine", "mine"), pen.button("more", "more"))
        return View(message(*turn.notices, *lines, unseen), rows(columns(chips), acts, last))

    async def press(self, turn: Turn, data: Json, verb: str, argument: str) -> bool:
        """A repeat chip: the form begins with its first answer given."""
        chips = data.get("chips", [])
        if verb != "chip" or not argument.isdecimal() or int(argument) >= len(chips):
            return False
        form, code = chips[int(argument)]
        await filling.begin(turn, form, option=code)
        return True

    async def typed(self, turn: Turn, data: Json, text: str) -> bool:
        """«Сочи» in the menu: the form whose naming choice has it begins."""
        for form in (await turn.facts.info())["forms"]:
            sheet = await _quietly_open(turn, form["id"])
            asked = filling.repeated(sheet) if sheet else None
            option = understand.find_sure(sheet.options(asked), text) if sheet and asked else None
            if option is not None:
                await filling.begin(turn, form["id"], option=option["code"])
                return True
        return False


class _Offer:
    """One form in the menu."""

    def __init__(self, form: str, lines: list[str], rows: list[Row]) -> None:
        self.form, self.lines, self.rows = form, lines, rows
        self.chips: list[Button] = []
        self.codes: list[str] = []


def _remember_chips(turn: Turn, chips: list[tuple[str, str]]) -> None:
    """What the chips mean stands in the state; their buttons carry only a number."""
    if chips:
        turn.go("menu", chips=[list(chip) for chip in chips])


async def _offer(turn: Turn, form: Json, info: Json, pen: Pen) -> _Offer:
    if not form["has_period"]:
        draft = await turn.facts.draft(form["id"])
        return _Offer(form["id"], [], await _file_rows(turn, form, draft, pen, accent=False))
    answer, draft = await asyncio.gather(turn.facts.form(form["id"]), turn.facts.draft(form["id"]))
    period = answer["period"]
    if period is None or period["state"] != "open":
        told, reminder = await periods.reminder_of(turn, form["id"], pen)
        return _Offer(form["id"], [await periods.closed_words(turn, form["id"]), told], [reminder])
    if period["filed"] >= period["limit"]:
        lines, acts = await periods.limit_words(turn, period, pen)
        return _Offer(form["id"], lines, [row for row in acts if row])
    lines = _period_lines(turn, form, period, info)
    offer = _Offer(form["id"], lines, await _file_rows(turn, form, draft, pen, accent=True))
    if draft is None or not draft["answers"]:
        await _add_chips(turn, offer, answer, pen)
    else:
        offer.lines.append(_draft_line(turn, answer, draft))
    return offer


def _period_lines(turn: Turn, form: Json, period: Json, info: Json) -> list[str]:
    several = len([one for one in info["forms"] if one["has_period"]]) > 1
    title = (
        turn.say("menu.open_named", form=form["title"], month=period["title"])
        if several
        else turn.say("menu.open", month=period["title"])
    )
    left, until = periods.days_left(period, info["server_time"]), periods.deadline(turn, period["closes_at"], period)
    when = (
        turn.say("menu.deadline", deadline=until, count=left)
        if left > 0
        else turn.say("menu.deadline_today", deadline=until)
    )
    return [title, when, turn.say("menu.limit", limit=period["limit"], filed=period["filed"])]


def _draft_line(turn: Turn, answer: Json, draft: Json) -> str:
    title = _title(answer, draft)
    return turn.say("menu.draft", title=title) if title else turn.say("menu.draft_unnamed")


def _title(answer: Json, draft: Json) -> str:
    form = received(answer["form"])
    return Sheet(Flow("new", form.definition.id), form, {}, dict(draft["answers"])).title()


async def _file_rows(turn: Turn, form: Json, draft: Json | None, pen: Pen, *, accent: bool) -> list[Row]:
    """[Продолжить: Сочи] where something was begun, else [Подать заявку] in the form's words."""
    answer: Json = await turn.facts.form(form["id"])
    if draft is not None and draft["answers"]:
        title = _title(answer, draft) or form["title"]
        return [(pen.button("go_on_draft", f"on:{form['id']}", accent=accent, title=title),)]
    words = answer["form"]["texts"]
    return [(pen.option(words.get("file") or words.get("new") or form["title"], f"new:{form['id']}", accent=accent),)]


async def _add_chips(turn: Turn, offer: _Offer, answer: Json, pen: Pen) -> None:
    me = await turn.facts.me()
    form = received(answer["form"])
    sheet = Sheet(Flow("new", offer.form), form, _facts_of(form, me), {})
    asked = filling.repeated(sheet)
    if asked is None or (form.definition.profile and not me["profile_complete"]):
        return
    for code, label in await repeats_of(turn, sheet, asked):
        offer.chips.append(pen.option(label, f"chip:{len(offer.codes)}"))
        offer.codes.append(code)


def _facts_of(form: Any, me: Json) -> Json:
    return {name: value for name, value in me["profile"].items() if name in form.definition.profile}


async def _quietly_open(turn: Turn, form: str) -> Sheet | None:
    """The sheet a new application would begin with; ``None`` when none can be begun."""
    answer, me = await asyncio.gather(turn.facts.form(form), turn.facts.me())
    try:
        await periods.ensure_place(turn, form, answer["period"])
    except Elsewhere:
        return None
    compiled = received(answer["form"])
    if compiled.definition.profile and not me["profile_complete"]:
        return None
    return Sheet(Flow("new", form), compiled, _facts_of(compiled, me), {})


class Hello(Shown):
    """M0: a newcomer is told what will be asked and why; everybody else is at the menu."""

    async def view(self, turn: Turn, data: Json) -> View:
        info, me = await asyncio.gather(turn.facts.info(), turn.facts.me())
        if me["profile_complete"] or not info["forms"]:
            raise Elsewhere("menu")
        form = received((await turn.facts.form(info["forms"][0]["id"]))["form"])
        sheet = Sheet(Flow("profile", form.definition.id), form, {}, dict(me["profile"]))
        pen = turn.pen(str(turn.state.card))
        about = form.as_json["texts"].get("about") or turn.say("hello.about")
        name = _given_name(me["user"]["full_name"])
        greeting = (
            turn.say("hello.greeting", name=name, about=about) if name else turn.say("hello.nameless", about=about)
        )
        buttons = (pen.button("begin", "hi", accent=True), pen.button("how", "help"))
        return View(message(*turn.notices, greeting, await _need(turn, sheet)), rows(buttons))


async def _need(turn: Turn, sheet: Sheet) -> str:
    facts = await vouched(turn, sheet) if NAME not in sheet.own else {}
    missing = [asked for asked in sheet.asked() if asked.name not in sheet.own]
    return turn.say("hello.need", count=steps_for(sheet, {**facts, **sheet.own}) if facts else len(missing))


def _given_name(full_name: str) -> str:
    """«Воронцова Анна Сергеевна» is greeted as «Анна»."""
    words = full_name.split()
    return words[1] if len(words) > 1 else full_name
