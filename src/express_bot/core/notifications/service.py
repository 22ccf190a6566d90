"""Notification System for the one who runs it: what could not be delivered, and how it is sent once more."""

from __future__ import annotations

from typing import Any

from express_bot.contracts import errors
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Connection, Row
from express_bot.core.notifications import repository
from express_bot.core.notifications.facts import facts
from express_bot.core.sessions.principal import Principal

__all__ = ["facts", "page", "resend", "show"]

PAGE = 50


def page(db: Connection, *, state: str | None, before: int | None = None, size: int = PAGE) -> dict[str, Any]:
    """``contracts.notifications.DeliveryPage``: newest first."""
    rows = repository.page(db, state=state, before=before, size=size + 1)
    return {"deliveries": rows[:size], "next_cursor": str(rows[size - 1]["id"]) if len(rows) > size else None}


def show(db: Connection, delivery_id: int) -> Row:
    """One delivery; raises ``NotFound``."""
    row = repository.find_delivery(db, delivery_id)
    if row is None:
        raise errors.NotFound
    return row


def resend(db: Connection, caller: Principal, delivery_id: int) -> None:
    """Begins a dead promise anew, also over addresses that took nothing any more; done twice it is done once.

    Raises ``NotFound`` or ``NotDead``. The tries so far are forgotten; the audit keeps how they ended.
    """
    told = show(db, delivery_id)
    line = repository.find(db, told["outbox_id"], lock=True)
    if line is None or told["state"] != "dead" or line["settled_at"] is None:
        raise errors.NotDead
    repository.try_addresses_again(db, line["user_id"])
    repository.forget_tries(db, line["id"])
    repository.begin_anew(db, line["id"])
    ended = {name: told[name] for name in ("channel", "reason", "attempts")}
    audit.record(db, caller, "notification.resend", "notification", str(delivery_id), {"event": line["event"]} | ended)
