"""What owner and desk have said to each other, read out of the history: the open question, the open offer, the thread.

No statement is asked for it: whoever shows an application whole has read its history already.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from express_bot.core.db.session import Row
from express_bot.domain import decisions, display, texts
from express_bot.domain.compiled import CompiledForm
from express_bot.domain.workflow import Status

#: Events in which somebody says something: who, and what it is.
SPOKEN = {
    "question_asked": ("desk", "question"),
    "question_answered": ("owner", "answer"),
    "message_sent": ("owner", "message"),
    "desk_replied": ("desk", "reply"),
}
#: What its owner has said: the desk has to read it.
SAID_BY_OWNER = tuple(kind for kind, (who, _) in SPOKEN.items() if who == "owner")


def asked(row: Row, history: list[Row]) -> Row | None:
    """The question that waits for its answer."""
    return _last(history, "question_asked") if row["status"] == Status.NEEDS_INFO else None


def offered(row: Row, history: list[Row], now: datetime) -> Row | None:
    """The offer that may be taken now."""
    return _last(history, "place_offered") if decisions.is_on_offer(row["offer_until"], now) else None


def _last(history: list[Row], kind: str) -> Row | None:
    return next((event for event in reversed(history) if event["kind"] == kind), None)


def question(row: Row, event: Row | None, form: CompiledForm) -> dict[str, Any] | None:
    """``contracts.applications.Question``."""
    if event is None:
        return None
    details = event["details"]
    return {
        "id": event["id"],
        "text": details["note"],
        "asked_at": event["at"],
        "due_at": details.get("due_at"),
        "proposal": _proposal(row["answers"], details.get("proposal"), form),
    }


def _proposal(answers: dict[str, Any], proposed: dict[str, Any] | None, form: CompiledForm) -> dict[str, Any] | None:
    if not proposed:
        return None
    after = answers | proposed
    return {"label": label(answers, after, form), "changes": changes(answers, after, form)}


def offer(row: Row, event: Row | None) -> dict[str, Any] | None:
    """``contracts.applications.Offer``."""
    return {"id": event["id"], "until": row["offer_until"]} if event else None


def thread(history: list[Row], form: CompiledForm, *, names: bool) -> list[dict[str, Any]]:
    """``contracts.applications.ThreadEntry``, oldest first; ``names`` are for those who decide."""
    return [
        {
            "from": SPOKEN[event["kind"]][0],
            "kind": SPOKEN[event["kind"]][1],
            "text": words(event, form),
            "at": event["at"],
            "name": event["actor_name"] if names else None,
        }
        for event in history
        if event["kind"] in SPOKEN
    ]


def words(event: Row, form: CompiledForm) -> str:
    """What was said, in the reader's language as far as a button said it: «Да, 16 января»."""
    details = event["details"]
    if event["kind"] != "question_answered":
        return str(details["note"])
    parts = [answer_words(details["answer"], details, form), details.get("note")]
    return ". ".join(part for part in parts if part)


def answer_words(answer: str, details: dict[str, Any], form: CompiledForm) -> str:
    """«Да, 16 января», «Нет»; own words have none but themselves."""
    if answer == "text":
        return ""
    said = texts.text(f"common.{answer}", form.locale)
    changed = label(details["before"], details["after"], form) if "after" in details else ""
    return f"{said}, {changed}" if changed else said


def label(before: dict[str, Any], after: dict[str, Any], form: CompiledForm) -> str:
    """What is new, in few words: «16 января»."""
    named = [form.by_name[change["field"]] for change in changes(before, after, form)]
    return ", ".join(filter(None, (display.brief(form, field, after.get(field.name)) for field in named)))


def changes(before: dict[str, Any], after: dict[str, Any], form: CompiledForm) -> list[dict[str, Any]]:
    """``contracts.applications.Change``: every answer that differs, in words."""
    old, new = ({row["field"]: row for row in form.display(answers)} for answers in (before, after))
    return [
        {
            "field": name,
            "label": (new.get(name) or old[name])["label"],
            "before": old.get(name, {}).get("value", ""),
            "after": new.get(name, {}).get("value", ""),
        }
        for name in {**old, **new}
        if old.get(name, {}).get("value") != new.get(name, {}).get("value")
    ]
