"""Where the answers of a sheet are read from, and where each new one is kept.

A new application: the person's draft, which the web app writes too. An edit: the dialog's own state, until it is saved
whole. The profile: the core, at once.
"""

from __future__ import annotations

from typing import Any

from express_bot.channels.dialogs import periods
from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.sheet import Sheet
from express_bot.channels.dialogs.state import Flow
from express_bot.channels.dialogs.turn import Elsewhere, Refused, Turn
from express_bot.core_client import CoreError
from express_bot.domain.received import received


async def open_sheet(turn: Turn) -> Sheet:
    """The sheet of the present flow, as it stands now; raises ``Elsewhere`` when it cannot be filled in."""
    flow = turn.state.flow
    if flow is None:
        raise Elsewhere("menu")
    if turn.sheet is None:
        openers = {"new": _open_new, "edit": _open_edit, "profile": _open_profile}
        turn.sheet = await openers[flow.kind](turn, flow)
        for reason in turn.sheet.dropped.values():
            turn.tell(reason)
    sheet: Sheet = turn.sheet
    return sheet


async def keep(turn: Turn, sheet: Sheet, name: str, value: Any) -> None:
    """Keeps one answer (``None``: takes it away) where this sheet's answers live; raises ``Refused``."""
    savers = {"new": _save_draft, "edit": _save_edit, "profile": _save_profile}
    own, changed = sheet.with_answer(name, value)
    await savers[sheet.flow.kind](turn, sheet, own, changed)
    for reason in sheet.dropped.values():
        turn.tell(reason)
    turn.sheet = None


async def _open_new(turn: Turn, flow: Flow) -> Sheet:
    answer = await turn.facts.form(flow.form)
    await periods.ensure_place(turn, flow.form, answer["period"])
    me, draft = await turn.facts.me(), await turn.facts.draft(flow.form)
    form = received(answer["form"])
    if form.definition.profile and not me["profile_complete"]:
        raise Elsewhere("begin_profile", then=flow.form)
    if draft is None and flow.version is not None:
        raise Elsewhere("menu", notice=turn.say("say.gone"))
    _meet(turn, flow, draft)
    known = {fact: value for fact, value in me["profile"].items() if fact in form.definition.profile}
    return Sheet(flow, form, known, dict(draft["answers"]) if draft else {}, answer["period"], draft)


def _meet(turn: Turn, flow: Flow, draft: Json | None) -> None:
    """The draft as it stands is the truth; if another door has written it since, the person hears of it."""
    if draft is None:
        flow.key = flow.key or turn.key()
        return
    # one step ahead on our own channel is this very event, come again after it had been cut off
    ahead = 0 if flow.version is None else draft["version"] - flow.version
    if ahead != 0 and (ahead != 1 or draft["channel"] != turn.incoming.channel):
        turn.notice("say.merged")
    flow.version, flow.key = draft["version"], draft["client_key"]


async def _open_edit(turn: Turn, flow: Flow) -> Sheet:
    filed = await turn.facts.application(str(flow.number))
    if not filed["can"]["edit"]:
        raise Elsewhere("one", notice=turn.say("one.edit_over"), number=flow.number)
    answer = await turn.facts.form(flow.form)
    edited = {name: value for name, value in {**filed["answers"], **flow.answers}.items() if value is not None}
    return Sheet(flow, received(answer["form"]), {}, edited, answer["period"])


async def _open_profile(turn: Turn, flow: Flow) -> Sheet:
    answer, me = await turn.facts.form(flow.form), await turn.facts.me()
    return Sheet(flow, received(answer["form"]), {}, dict(me["profile"]))


async def _save_draft(turn: Turn, sheet: Sheet, own: Json, changed: list[str]) -> None:
    if sheet.draft is not None and sheet.draft["answers"] == own:
        return  # this event has been here before, or nothing is new
    draft = sheet.draft or {"answers": {}, "version": None}
    answer = await turn.core.save_draft(
        turn.who,
        {
            "form": sheet.flow.form,
            "answers": own,
            "changed": changed,
            "base": _lists(draft["answers"], changed),
            "base_version": draft["version"],
            "client_key": sheet.flow.key,
        },
    )
    sheet.flow.version, sheet.flow.key = answer["draft"]["version"], answer["draft"]["client_key"]
    turn.facts.learn(f"draft:{sheet.flow.form}", answer["draft"])


def _lists(answers: Json, names: list[str]) -> Json:
    """Answers that are merged item by item where another door has changed them meanwhile: files above all."""
    return {
        name: said
        for name in names
        if isinstance(said := answers.get(name), list) and all(isinstance(item, str) for item in said)
    }


async def _save_edit(turn: Turn, sheet: Sheet, own: Json, changed: list[str]) -> None:
    sheet.flow.answers = {**sheet.flow.answers, **{name: own.get(name) for name in changed}}
    turn.state.keep_edits(sheet.flow)


async def _save_profile(turn: Turn, _sheet: Sheet, own: Json, changed: list[str]) -> None:
    await save_facts(turn, {name: own.get(name) for name in changed})


async def save_facts(turn: Turn, facts: Json) -> None:
    """Writes facts of the profile; raises ``Refused`` with the core's sentence about one of them."""
    try:
        me = await turn.core.change_profile(turn.who, {"profile": facts})
    except CoreError as refusal:
        raise Refused(_sentence(refusal, facts)) from refusal
    turn.facts.learn("me", me)
    turn.sheet = None


def _sentence(refusal: CoreError, facts: Json) -> str:
    """The core's words about one of the answers, or about the whole; what is no refusal of answers is raised on."""
    if refusal.status not in (409, 422):
        raise refusal
    about = (error["message"] for error in refusal.problem.get("errors", []) if _is_about(error["field"], facts))
    return next(filter(None, about), None) or str(refusal.problem.get("detail", ""))


def _is_about(place: str, facts: Json) -> bool:
    return place.removeprefix("profile.") in facts
