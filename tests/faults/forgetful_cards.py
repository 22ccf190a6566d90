"""The negative control: a core that takes a card for shown once it is handed out. It exists for the harness alone.

The product has no such switch. Whatever its senders could not bring then, or had in hand when they died, is gone.
"""

from __future__ import annotations

from typing import Any

from express_bot.core.dialogs import service
from express_bot.core.notifications import repository as notifications

_claim = service.claim


def _claim_and_forget(db: Any, wish: Any) -> Any:
    rows = _claim(db, wish)
    for row in rows:
        db.execute("update cards set shown_rev = wanted_rev, lease_until = null where id = %s", (row["id"],))
        notifications.mark_shown(db, row["id"], row["rev"])
    return rows


service.claim = _claim_and_forget

from express_bot.core.wsgi import app  # noqa: E402 # after the patch

__all__ = ["app"]
