"""Applications as the desk sees them (``contracts.decisions``), in the caller's language."""

from __future__ import annotations

from typing import Any

from express_bot.core.applications import talk, views
from express_bot.core.applications.service import Call, compiled
from express_bot.core.db.session import Connection, Row
from express_bot.core.decisions import desk, repository
from express_bot.domain import decisions
from express_bot.domain.locales import pick
from express_bot.domain.workflow import Status


def page(db: Connection, call: Call, rows: list[Row]) -> list[dict[str, Any]]:
    """Rows of the queue; what is said of them is asked for once for all."""
    ids = [row["id"] for row in rows]
    known, offered = repository.desk_facts(db, ids), [row["id"] for row in rows if row["offer_until"] is not None]
    waiting = [row["id"] for row in rows if row["status"] == Status.NEEDS_INFO]
    questions = repository.latest(db, waiting, "question_asked") if waiting else {}
    offers = repository.latest(db, offered, "place_offered") if offered else {}
    return [
        views.card(call, row)
        | _desk_facts(call, row, known[row["id"]])
        | {
            "open_question": talk.question(row, questions.get(row["id"]), compiled(call, row)),
            "offer": talk.offer(row, _on_offer(call, row, offers.get(row["id"]))),
        }
        for row in rows
    ]


def _on_offer(call: Call, row: Row, event: Row | None) -> Row | None:
    return event if decisions.is_on_offer(row["offer_until"], call.now) else None


def application(
    db: Connection, call: Call, row: Row, events: list[Row], *, files: list[dict[str, Any]]
) -> dict[str, Any]:
    """One application whole, with what its owner does not see."""
    whole = views.application(call, row, events, files=files)
    facts = _desk_facts(call, row, repository.desk_facts(db, [row["id"]])[row["id"]])
    return whole | facts | {"open_question": whole["question"], "desk": _can(call, row)}


def _desk_facts(call: Call, row: Row, known: Row) -> dict[str, Any]:
    return {
        "version": row["version"] + known["drafts"],
        "applicant": {
            "id": row["applicant_id"],
            "name": known["applicant_name"],
            "personnel_number": known["personnel_number"],
        },
        "draft_decision": _draft(call, row, known),
        "withdrawal_requested_at": row["withdrawal_requested_at"],
        "unread": known["unread"],
        "conflicts": known["conflicts"],
    }


def _draft(call: Call, row: Row, known: Row) -> dict[str, Any] | None:
    if known["outcome"] is None:
        return None
    return {
        "outcome": known["outcome"],
        "reason_code": known["reason_code"],
        "reason": pick(known["reason"], call.locale),
        "place": known["place"],
        "author": known["author"] or "",
        "at": known["drafted_at"],
        "stale": known["drafted_version"] != row["version"],
    }


def _can(call: Call, row: Row) -> dict[str, Any]:
    """``contracts.decisions.DeskCan``."""
    status, on_offer = Status(row["status"]), decisions.is_on_offer(row["offer_until"], call.now)
    return {
        "outcomes": decisions.outcomes(status, desk.role(call)),
        "needs_note": row["decision"] is not None,
        "review": decisions.can_review(status),
        "ask": decisions.can_ask(status),
        "reply": True,
        "offer": status is Status.WAITLISTED and not on_offer,
        "answer_withdrawal": row["withdrawal_requested_at"] is not None,
    }
