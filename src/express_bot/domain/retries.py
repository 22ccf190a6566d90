"""How long to wait before trying again, and when to stop."""

from __future__ import annotations

#: Seconds before the second try, the third …; later ones wait as long as the last.
PAUSES = (1, 2, 5, 15, 30, 60)
#: An event that failed so often, or a message that its messenger lost so often, is given up.
MAX_ATTEMPTS = 8


def pause(attempts: int) -> int:
    """Seconds to wait after so many failed tries."""
    return PAUSES[min(attempts, len(PAUSES)) - 1]
