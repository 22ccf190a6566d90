"""What is kept of cards, and how time goes by for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CARD = "select * from cards where id = %s"


def let_leases_end(db: Any) -> None:
    db.execute("update cards set lease_until = clock_timestamp() - interval '1 second' where lease_until is not null")


def let_pauses_end(db: Any) -> None:
    db.execute("update cards set due_at = clock_timestamp() where due_at > clock_timestamp()")


def pause_of(one: Callable[..., dict[str, Any]], card_id: str) -> float:
    """Seconds until the card is due again."""
    row = one("select extract(epoch from due_at - clock_timestamp())::float as left from cards where id = %s", card_id)
    return float(row["left"])


def about(seconds: float) -> Any:
    """A pause of the schedule: at least so long, at most a fifth longer, and read a moment after it began."""
    return pytest.approx(seconds * 1.1, rel=0.12, abs=1)
