"""Applications as the doors see them (``contracts.applications``), in the caller's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from express_bot.contracts import errors
from express_bot.core.applications import service
from express_bot.core.applications.service import Call, today
from express_bot.core.db.session import Row
from express_bot.core.periods import service as periods
from express_bot.core.periods.repository import StoredPeriod
from express_bot.domain import texts, workflow
from express_bot.domain.compiled import CompiledForm
from express_bot.domain.locales import pick
from express_bot.domain.workflow import Status


def card(call: Call, row: Row) -> dict[str, Any]:
    """A row of a list."""
    return _card(call, row, _form(call, row))


def application(
    call: Call, row: Row, events: list[Row] | None = None, *, files: list[dict[str, Any]]
) -> dict[str, Any]:
    """One application whole; without ``events`` it was filed this very moment."""
    form, period = _form(call, row), call.reference.periods.get(row["period_id"])
    history = events if events is not None else [_birth(row)]
    return _card(call, row, form) | {
        "form_title": pick(form.definition.title, call.locale),
        "period": periods.view(period, now=call.now, locale=call.locale) if period else None,
        "channel": row["channel"],
        "display": form.display(row["answers"]),
        "files": files,
        "decision": _decision(row, call.locale),
        "can": _can(call, row, history),
        "withdrawal_requested_at": row["withdrawal_requested_at"],
        "question": None,
        "offer": None,
        "thread": [],
        "timeline": [_entry(call, event, form) for event in history],
        "upcoming": _upcoming(call, row, period),
    }


def _form(call: Call, row: Row) -> CompiledForm:
    """The form as it was when the application was filed."""
    period = call.reference.periods.get(row["period_id"])
    definition = call.reference.versions.get((row["form_id"], row["form_version"]))
    if definition is None:
        raise errors.UnknownForm(form=row["form_id"])
    return call.reference.compile(definition, period, call.locale, today(period, call.now))


def _card(call: Call, row: Row, form: CompiledForm) -> dict[str, Any]:
    period = call.reference.periods.get(row["period_id"])
    return {
        "number": row["number"],
        "form": row["form_id"],
        "status": row["status"],
        "status_label": texts.text(f"status.{row['status']}.label", call.locale),
        "title": form.title(row["answers"]),
        "note": _note(row, period, call.locale),
        "target_date": row["target_date"],
        "filed_at": row["filed_at"],
        "updated_at": row["updated_at"],
        "seen": _is_seen(row),
        "version": row["version"],
        "answers": row["answers"],
    }


def _note(row: Row, period: StoredPeriod | None, locale: str) -> str:
    """The one sentence that matters now: the reason of a decision, or what happens next."""
    is_asked_back = row["withdrawal_requested_at"] and row["status"] in ("submitted", "in_review", "needs_info")
    decision = _decision(row, locale) or {}
    return texts.note(
        "withdrawal_requested" if is_asked_back else row["status"],
        locale,
        decision_due=period.decision_due_at if period else None,
        place=decision.get("place"),
        reason=decision.get("reason"),
    )


def _is_seen(row: Row) -> bool:
    """Only a decision can be unseen."""
    decided = row["decision"]
    if not decided:
        return True
    return row["seen_at"] is not None and row["seen_at"] >= datetime.fromisoformat(decided["decided_at"])


def _decision(row: Row, locale: str) -> dict[str, Any] | None:
    decision = row["decision"]
    if not decision:
        return None
    reason = decision.get("reason") or {}
    return {"place": None, **decision, "reason": reason.get(locale) or reason.get("ru", "")}


def _can(call: Call, row: Row, history: list[Row]) -> dict[str, Any]:
    withdrawal = next((event for event in reversed(history) if event["kind"] in service.WITHDRAWALS), None)
    rights = workflow.rights(service.facts(call, row, withdrawal), call.now)
    return {
        "edit": rights.edit,
        "withdraw": rights.withdraw,
        "restore": rights.restore,
        "answer": False,
        "take": False,
        "ask": False,
        "until": rights.until,
        "withdraw_needs_reason": rights.withdraw_needs_reason,
    }


def _entry(call: Call, event: Row, form: CompiledForm) -> dict[str, Any]:
    role = event["actor_role"]
    return {
        "kind": event["kind"],
        "title": texts.text(f"timeline.events.{event['kind']}", call.locale),
        "at": event["at"],
        # employees see who by role; names are for those who may decide
        "actor": {"role": role, "name": event.get("actor_name") if "dispatcher" in call.caller.roles else None},
        "channel": event["channel"],
        "note": event["details"].get("reason") or event["details"].get("note"),
        "changes": _changes(event["details"], form) if event["kind"] == "edited" else [],
    }


def _changes(details: dict[str, Any], form: CompiledForm) -> list[dict[str, Any]]:
    before, after = ({row["field"]: row for row in form.display(details[side])} for side in ("before", "after"))
    return [
        {
            "field": name,
            "label": (after.get(name) or before[name])["label"],
            "before": before.get(name, {}).get("value", ""),
            "after": after.get(name, {}).get("value", ""),
        }
        for name in {**before, **after}
        if before.get(name, {}).get("value") != after.get(name, {}).get("value")
    ]


def _upcoming(call: Call, row: Row, period: StoredPeriod | None) -> list[dict[str, Any]]:
    """Steps still to come, with their due moments."""
    steps = []
    if period and workflow.can_edit(service.facts(call, row), call.now):
        steps.append(("edit_until", period.closes_at))
    if period and period.decision_due_at and Status(row["status"]) in workflow.OPEN:
        steps.append(("decision", period.decision_due_at))
    return [
        {"kind": kind, "title": texts.text(f"timeline.upcoming.{kind}", call.locale), "at": at} for kind, at in steps
    ]


def _birth(row: Row) -> Row:
    return {
        "kind": "submitted",
        "at": row["filed_at"],
        "actor_role": "employee",
        "actor_name": None,
        "channel": row["channel"],
        "details": {},
    }
