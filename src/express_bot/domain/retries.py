"""How long to wait before trying again, and when to stop."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

#: Seconds before the second try, the third …; later ones wait as long as the last. ``RETRY_PAUSES`` says others.
PAUSES = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
#: A pause is longer by up to this share of it, so that those who failed together do not come back together.
JITTER = 0.2
#: An event that failed so often, or a message that its messenger lost so often, is given up.
MAX_ATTEMPTS = 8


def pause(attempts: int, schedule: Sequence[float] = PAUSES, *, chance: Callable[[], float] = random.random) -> float:
    """Seconds to wait after so many failed tries: at least what the schedule says, at most a fifth more."""
    return schedule[min(attempts, len(schedule)) - 1] * (1 + JITTER * chance())


def schedule_of(text: str) -> tuple[float, ...]:
    """«1 2 5 15 30 60» as a schedule; raises ``ValueError`` for one that is empty, falls, or has no sense."""
    seconds = tuple(float(part) for part in text.replace(",", " ").split())
    if not seconds or list(seconds) != sorted(seconds) or not all(0 < each <= 86_400 for each in seconds):
        raise ValueError("write growing seconds like 1 2 5 15 30 60")
    return seconds
