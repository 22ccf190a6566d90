"""The negative control: a core whose inbox hands events out in any order. It exists for the harness alone.

The product has no such switch. This module, which only a harness starts, replaces the statement by which events are
claimed before the app is made: two events of one chat may be in hand at once, and whichever ends first is first.
"""

from __future__ import annotations

from typing import Any

from express_bot.core.inbox import repository

CLAIM_ANY = """
    with turn as (
        select id from inbox where channel = %(channel)s and state = 'waiting' and due_at <= clock_timestamp()
          and (lease_until is null or lease_until <= clock_timestamp())
        order by random() limit %(limit)s for update skip locked
    )
    update inbox set lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
    from turn where inbox.id = turn.id
    returning channel, event_id, kind, chat, payload, received_at, attempts, lease_until
"""


def _claim_any(db: Any, channel: str, *, limit: int, lease_seconds: int) -> Any:
    return db.execute(CLAIM_ANY, {"channel": channel, "limit": limit, "lease": lease_seconds}).fetchall()


repository.claim = _claim_any

from express_bot.core.wsgi import app  # noqa: E402 # after the patch

__all__ = ["app"]
