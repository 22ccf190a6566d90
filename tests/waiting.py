"""Waiting for what has no moment of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def until(true: Callable[[], Any], *, seconds: float = 8.0) -> Any:
    """Waits for something to become true and returns it; fails when it does not happen in time."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, f"it did not happen within {seconds:g} s"
        time.sleep(0.02)
    return found
