"""Sending: exactly one application, whatever happens between the press and the answer.

What is sent is what the check showed; it stands in the dialog's state with the draft's key. So a repeated event sends
the same body under the same key and gets the answer of the first one.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.plain import plain
from express_bot.channels.dialogs.sheets import open_sheet
from express_bot.channels.dialogs.state import Flow
from express_bot.channels.dialogs.turn import Elsewhere, Turn
from express_bot.core_client import CoreError
from express_bot.domain.received import received

#: After so long a send is told about, before it has an answer (ux.md A2).
SLOW = 3.0
#: The person may press again: nothing is decided.
BUSY = 429


async def send(turn: Turn) -> None:
    """Sends what the check showed: a new application, or the edited answers of a filed one."""
    flow = turn.state.flow
    if flow is None:
        raise Elsewhere("menu")
    if flow.kind == "edit":
        await _save(turn, flow)
    elif await _is_as_shown(turn, flow):
        await _submit(turn, flow)
    else:
        turn.sheet = None
        turn.go("check")


async def _is_as_shown(turn: Turn, flow: Flow) -> bool:
    """Whether the draft is still what the check showed; a draft that is gone may have been sent by this very event."""
    draft = await turn.facts.draft(flow.form)
    if draft is None or draft["version"] == flow.version:
        return True
    sheet = await open_sheet(turn)
    return sheet.outgoing() == flow.answers


async def _submit(turn: Turn, flow: Flow) -> None:
    body = {"form": flow.form, "answers": flow.answers, "period": flow.period}
    try:
        application = await _patiently(turn, turn.core.submit(turn.who, body, key=flow.key))
    except CoreError as refusal:
        await _refused(turn, flow, refusal)
        return
    turn.leave_flow()
    turn.facts.forget()
    turn.facts.learn(f"one:{application['number']}", application)
    turn.changed = application["number"]
    turn.go("sent", number=application["number"])


async def _patiently(turn: Turn, call: Coroutine[Any, Any, Json]) -> Json:
    return await turn.patiently(call, after=SLOW, words="sending.slow")


async def _refused(turn: Turn, flow: Flow, refusal: CoreError) -> None:
    """Every «no» has a reason and a next step; nothing typed is lost."""
    turn.facts.forget()
    turn.sheet = None
    problem = refusal.problem
    if refusal.status >= 500 or refusal.status == BUSY:
        turn.go("failed")
    elif refusal.code in ("period_closed", "period_not_open"):
        turn.leave_flow()
        turn.go("closed", form=flow.form, closed_at=problem.get("closes_at"), timezone=problem.get("timezone"))
    elif refusal.code == "limit_reached":
        turn.leave_flow()
        turn.go("limit", form=flow.form)
    elif refusal.code == "idempotency_key_reused":
        await _was_sent(turn, flow, str(problem.get("number", "")))
    elif refusal.code == "invalid_answers":
        await _to_wrong_answer(turn, flow, problem)
    else:
        raise refusal


async def _was_sent(turn: Turn, flow: Flow, number: str) -> None:
    """Another door has sent this draft in other words. What is left of it is a new application, under a new key."""
    draft = await turn.facts.draft(flow.form)
    if draft is not None:
        body = {"form": flow.form, "answers": draft["answers"], "changed": [], "base_version": draft["version"]}
        await turn.core.save_draft(turn.who, {**body, "client_key": turn.key()})
    turn.leave_flow()
    turn.go("duplicate", number=number)


async def _to_wrong_answer(turn: Turn, flow: Flow, problem: Json) -> None:
    """To the first answer that the core refused; a fact of the profile is asked anew there."""
    wrong = next((error for error in problem.get("errors", [])), {"field": "", "message": problem["detail"]})
    turn.tell(plain(wrong["message"]))
    form = received((await turn.facts.form(flow.form))["form"])
    if wrong["field"] in form.definition.profile:
        turn.leave_flow()
        turn.go("profile")
    else:
        turn.go("ask", field=wrong["field"], then="check")


async def _save(turn: Turn, flow: Flow) -> None:
    """Version and edits come from the state: over what is filed, they make the same body when the event comes again."""
    sheet = await open_sheet(turn)
    answers = sheet.form.without_hidden(sheet.answers)
    body = {"version": flow.version, "answers": answers}
    try:
        application = await _patiently(turn, turn.core.edit(turn.who, str(flow.number), body, key=turn.key()))
    except CoreError as refusal:
        await _edit_refused(turn, flow, refusal)
        return
    turn.state.flow = None
    turn.state.edits.pop(str(flow.number), None)
    turn.facts.forget()
    turn.facts.learn(f"one:{flow.number}", application)
    turn.changed = str(flow.number)
    turn.notice("sent.changed")
    turn.go("one", number=flow.number)


async def _edit_refused(turn: Turn, flow: Flow, refusal: CoreError) -> None:
    turn.facts.forget()
    turn.sheet = None
    if refusal.status >= 500 or refusal.status == BUSY:
        turn.go("failed")
    elif refusal.code == "version_conflict":
        flow.version = (await turn.facts.application(str(flow.number)))["version"]
        turn.notice("say.merged")
        turn.go("check")
    elif refusal.code == "invalid_answers":
        await _to_wrong_answer(turn, flow, refusal.problem)
    else:  # not editable any more, or the new month is full
        turn.tell(plain(str(refusal.problem.get("detail", ""))))
        turn.leave_flow()
        turn.go("one", number=flow.number)
