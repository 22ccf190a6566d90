"""SQL of the audit: one row per change, in the change's own transaction."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb

from express_bot.core.db.session import Connection
from express_bot.core.sessions.principal import Principal
from express_bot.observability.logs import request_id

#: Part of a statement: the line of ``line`` for each row of ``{}``, which the statement has changed.
ALONG = """
    insert into audit_log (actor_id, actor_role, channel, act, object_kind, object_id, details, request_id)
    select %(trail_actor)s::uuid, %(trail_role)s, %(trail_channel)s, %(trail_act)s, %(trail_kind)s, %(trail_id)s,
        %(trail_details)s, %(trail_request)s
    from {}
"""
_RECORD = ALONG.format("(select) this")


def record(
    db: Connection, caller: Principal, act: str, object_kind: str, object_id: str, details: dict[str, Any] | None = None
) -> None:
    """Who did what to which object. ``details`` name fields and codes, never personal values."""
    db.execute(_RECORD, line(caller, act, object_kind, object_id, details))


def line(
    caller: Principal, act: str, object_kind: str, object_id: str, details: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The same as parameters of a statement that has ``ALONG`` in it."""
    return {
        "trail_actor": caller.user_id if caller.service is None or caller.user_id.int else None,
        "trail_role": caller.role if caller.user_id.int else "service",
        "trail_channel": caller.channel,
        "trail_act": act,
        "trail_kind": object_kind,
        "trail_id": object_id,
        "trail_details": Jsonb(details or {}),
        "trail_request": request_id(),
    }
