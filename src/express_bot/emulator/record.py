"""Lines of the inspector: one per exchange between messenger and bot, without secrets and without whole files."""

from __future__ import annotations

import time
from typing import Any

from express_bot.emulator.feed import Event, Feed

LONGEST = 2_000
SECRET_NAMES = frozenset({"signature", "authorization", "access_token", "token"})


class Exchange:
    """One exchange being timed; ``done`` puts its line into the feed."""

    def __init__(self, feed: Feed, kind: str, method: str, path: str, request: Any = None) -> None:
        self._feed = feed
        self._facts = {"method": method, "path": path, "request": shortened(request)}
        self._kind = kind
        self._began = time.perf_counter()

    def asked(self, request: Any) -> None:
        """What the other side wanted, once it has been read."""
        self._facts["request"] = shortened(request)

    def done(self, status: int | None, response: Any = None, *, fault: str | None = None) -> Event:
        """``status`` is ``None`` when there was no answer at all; ``fault`` names the switch that did it."""
        ms = round((time.perf_counter() - self._began) * 1000, 1)
        facts = {**self._facts, "status": status, "ms": ms, "response": shortened(response), "fault": fault}
        return self._feed.publish("wire", self._kind, **facts)


def shortened(payload: Any) -> Any:
    """The same document with long strings cut and secrets out."""
    if isinstance(payload, dict):
        return {key: "…" if key.lower() in SECRET_NAMES else shortened(value) for key, value in payload.items()}
    if isinstance(payload, list):
        return [shortened(value) for value in payload]
    if isinstance(payload, str) and len(payload) > LONGEST:
        return f"{payload[:LONGEST]}… ({len(payload)})"
    return payload
