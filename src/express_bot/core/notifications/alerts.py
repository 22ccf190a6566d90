"""The administrators hear of it when notifications do not arrive (trust §3: the oldest is undelivered for 5 minutes).

The alert is a notification itself: it goes over whichever messenger of theirs works.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from express_bot.contracts.notifications import Event
from express_bot.core.db.session import Connection
from express_bot.core.notifications import outbox, repository

UNDELIVERED = "undelivered"
#: An incident that goes on is told again after so long, and not before.
AGAIN = timedelta(hours=1)


def tell_of_delay(db: Connection, *, seconds: int, now: datetime) -> int:
    """Alerts every administrator when the oldest promise is due for so long; returns how many were told.

    Alerts that wait do not count: they must not keep an incident alive. ``now`` is the business clock's.
    """
    late = repository.lateness(db, ignored=Event.OPERATOR_ALERT)
    if late["waiting"] == 0 or late["seconds"] < seconds:
        return 0
    if repository.is_told_since(db, Event.OPERATOR_ALERT, code=UNDELIVERED, age=AGAIN):
        return 0
    details = {"code": UNDELIVERED, "since": late["since"].isoformat(), "waiting": late["waiting"]}
    people = repository.administrators(db)
    # two workers that look at once see the same oldest promise
    rows = [{"user_id": each, "details": details, "once": f"alert:{late['oldest']}:{each}"} for each in people]
    return outbox.promise_many(db, Event.OPERATOR_ALERT, rows, now)
