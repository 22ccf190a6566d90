"""Applications as the doors see them (``contracts.applications``), in the caller's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from express_bot.core.applications import service, talk
from express_bot.core.applications.service import Call
from express_bot.core.db.session import Row
from express_bot.core.periods import service as periods
from express_bot.core.periods.repository import StoredPeriod
from express_bot.domain import decisions, texts, workflow
from express_bot.domain.compiled import CompiledForm
from express_bot.domain.locales import pick
from express_bot.domain.roles import Permission, is_allowed
from express_bot.domain.workflow import Status


def card(call: Call, row: Row) -> dict[str, Any]:
    """A row of a list."""
    return _card(call, row, service.compiled(call, row))


def application(
    call: Call, row: Row, events: list[Row] | None = None, *, files: list[dict[str, Any]]
) -> dict[str, Any]:
    """One application whole; without ``events`` it was filed this very moment."""
    form, period = service.compiled(call, row), call.reference.periods.get(row["period_id"])
    history = events if events is not None else [_birth(row)]
    asked, offered = talk.asked(row, history), talk.offered(row, history, call.now)
    return _card(call, row, form) | {
        "form_title": pick(form.definition.title, call.locale),
        "period": periods.view(period, now=call.now, locale=call.locale) if period else None,
        "channel": row["channel"],
        "display": form.display(row["answers"]),
        "files": files,
        "decision": _decision(row, call.locale),
        "can": _can(call, row, history) | {"answer": asked is not None, "take": offered is not None},
        "withdrawal_requested_at": row["withdrawal_requested_at"],
        "question": talk.question(row, asked, form),
        "offer": talk.offer(row, offered),
        "thread": talk.thread(history, form, names=_sees_names(call)),
        "timeline": [_entry(call, row, event, form) for event in history],
        "upcoming": _upcoming(call, row, period),
    }


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
        "ask": decisions.can_write(Status(row["status"])),
        "until": rights.until,
        "withdraw_needs_reason": rights.withdraw_needs_reason,
    }


def _sees_names(call: Call) -> bool:
    """Employees see who by role; names are for those who may decide."""
    return is_allowed(call.caller.roles, Permission.APPLICATIONS_DECIDE)


def _entry(call: Call, row: Row, event: Row, form: CompiledForm) -> dict[str, Any]:
    details = event["details"]
    return {
        "kind": event["kind"],
        "title": _title(call, row, event["kind"]),
        "at": event["at"],
        "actor": {"role": event["actor_role"], "name": event["actor_name"] if _sees_names(call) else None},
        "channel": event["channel"],
        "note": talk.words(event, form) if event["kind"] in talk.SPOKEN else _why(details, call.locale),
        "changes": talk.changes(details["before"], details["after"], form) if "after" in details else [],
    }


def _why(details: dict[str, Any], locale: str) -> str | None:
    """The reason of its owner, or that of a decision."""
    decided = details.get("decision")
    return pick(decided["reason"], locale) if decided else details.get("reason")


def _title(call: Call, row: Row, kind: str) -> str:
    """«Вы …» is said to its owner alone."""
    others = texts.find(f"timeline.desk.{kind}", call.locale) if row["applicant_id"] != call.caller.user_id else None
    return str(others or texts.text(f"timeline.events.{kind}", call.locale))


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
