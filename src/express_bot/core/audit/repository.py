"""SQL of the audit: one row per change, in the change's own transaction."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb

from express_bot.core.db.session import Connection
from express_bot.core.sessions.principal import Principal
from express_bot.observability.logs import request_id


def record(
    db: Connection, caller: Principal, act: str, object_kind: str, object_id: str, details: dict[str, Any] | None = None
) -> None:
    """Who did what to which object. ``details`` name fields and codes, never personal values."""
    db.execute(
        "insert into audit_log (actor_id, actor_role, channel, act, object_kind, object_id, details, request_id)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            caller.user_id if caller.service is None or caller.user_id.int else None,
            caller.role if caller.user_id.int else "service",
            caller.channel,
            act,
            object_kind,
            object_id,
            Jsonb(details or {}),
            request_id(),
        ),
    )
