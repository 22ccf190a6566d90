"""The way through the questions: where it begins, what comes next, what comes before."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from express_bot.channels.dialogs import understand
from express_bot.channels.dialogs.dates import read_date
from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.sheet import NAME, Sheet
from express_bot.channels.dialogs.sheets import keep, open_sheet
from express_bot.channels.dialogs.state import PAUSE, Flow
from express_bot.channels.dialogs.turn import Elsewhere, Turn
from express_bot.channels.dialogs.vouching import vouched
from express_bot.domain.fields import AnyField


async def begin(
    turn: Turn, form: str, *, ask_about_draft: bool = True, option: str | None = None, is_going_on: bool = False
) -> None:
    """Starts a new application, or goes on with its draft; ``option`` answers the question that repeats offer.

    ``is_going_on``: the questions about the person came before, on the same messages.
    """
    turn.leave_flow()
    turn.state.flow = Flow("new", form)
    sheet = await open_sheet(turn)
    if sheet.draft is None and not is_going_on:
        turn.state.moves = 0
    if ask_about_draft and option is None and _is_old(turn, sheet):
        turn.go("resume", form=form)
        return
    if option is not None:
        await _answer_first(turn, sheet, option)
        sheet = await open_sheet(turn)
    go_on(turn, sheet)


def _is_old(turn: Turn, sheet: Sheet) -> bool:
    """A draft with answers, untouched for a while."""
    if sheet.draft is None or not sheet.own:
        return False
    return turn.at - datetime.fromisoformat(sheet.draft["updated_at"]) > PAUSE


async def _answer_first(turn: Turn, sheet: Sheet, option: str) -> None:
    asked = repeated(sheet)
    if asked is not None and sheet.judge(asked.name, option) is None:
        await keep(turn, sheet, asked.name, option)


def repeated(sheet: Sheet) -> AnyField | None:
    """The choice that names the application («Сочи, 15 января»): it is offered again from the person's history."""
    fields = (sheet.find(name) for name in sheet.form.definition.summary)
    return next((asked for asked in fields if asked is not None and asked.kind == "choice"), None)


async def begin_profile(turn: Turn, then: str | None) -> None:
    """Asks for what is known once: a confirmation where somebody vouches, then what is missing."""
    info = await turn.facts.info()
    if not info["forms"]:
        raise Elsewhere("menu")
    turn.leave_flow()
    turn.state.flow = Flow("profile", info["forms"][0]["id"], then=then)
    turn.sheet = None
    sheet = await open_sheet(turn)
    if sheet.next_field() is None:
        await profile_done(turn)
    elif NAME not in sheet.own and NAME in await vouched(turn, sheet):
        turn.go("confirm")
    else:
        go_on(turn, sheet)


async def profile_done(turn: Turn) -> None:
    """Everything is known: on to the form that waited for it."""
    flow = turn.state.flow
    then = flow.then if flow else None
    turn.leave_flow()
    if then is not None:
        await begin(turn, then, ask_about_draft=False, is_going_on=True)
        return
    turn.notice("profile.saved")
    turn.go("profile")


def go_on(turn: Turn, sheet: Sheet) -> None:
    """To the first question without an answer; when there is none, to the check."""
    missing = sheet.next_field()
    if missing is not None:
        ask(turn, missing)
    else:
        turn.go("check")


async def after_answer(turn: Turn, data: Json) -> None:
    """On from an answered question: back to the check if it came from there and nothing is missing."""
    sheet = await open_sheet(turn)
    missing = sheet.next_field()
    if sheet.flow.kind == "profile" and missing is None:
        await profile_done(turn)
    elif missing is not None:
        ask(turn, missing, then=data.get("then"))
    else:
        turn.go("check")


def ask(turn: Turn, asked: AnyField, **data: Any) -> None:
    """Asks one question."""
    turn.go("ask", field=asked.name, **data)


async def back(turn: Turn, sheet: Sheet, name: str | None, *, then: str | None = None) -> None:
    """One question back; from the first one out of the questions, with everything kept."""
    if then == "check" or sheet.flow.kind == "edit":
        turn.go("check")
        return
    if then == "profile":
        turn.leave_flow()
        turn.go("profile")
        return
    names = [asked.name for asked in sheet.asked()]
    place = names.index(name) if name in names else len(names)
    if place > 0:
        ask(turn, sheet.form.by_name[names[place - 1]])
    else:
        turn.leave_flow()
        turn.go("hello" if sheet.flow.kind == "profile" else "menu")


async def answer_elsewhere(turn: Turn, sheet: Sheet, text: str, *, but: str | None = None) -> bool:
    """«15 января» on the question about the direction: an answer to another question that is certainly meant."""
    for asked in sheet.fields():
        if asked.name == but:
            continue
        value = _sure_answer(turn, sheet, asked, text)
        if value is not None and sheet.judge(asked.name, value) is None:
            await keep(turn, sheet, asked.name, value)
            return True
    return False


def _sure_answer(turn: Turn, sheet: Sheet, asked: AnyField, text: str) -> str | None:
    if asked.kind == "choice":
        option = understand.find_sure(sheet.options(asked), text)
        return str(option["code"]) if option else None
    if asked.kind != "date" or text.strip().isdecimal():  # a bare number may be meant for anything
        return None
    bounds = (sheet.form.sent[asked.name][end] for end in ("min", "max"))
    first, last = (None if bound is None else date.fromisoformat(bound) for bound in bounds)
    day = read_date(text, first=first, last=last, today=turn.at.date())
    return day.isoformat() if day else None


async def change_fact(turn: Turn, name: str) -> None:
    """Asks one fact of the profile anew."""
    info = await turn.facts.info()
    turn.leave_flow()
    turn.state.flow = Flow("profile", info["forms"][0]["id"])
    sheet = await open_sheet(turn)
    asked = sheet.find(name)
    if asked is None:
        raise Elsewhere("profile")
    ask(turn, asked, then="profile")
