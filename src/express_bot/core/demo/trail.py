"""The last changes this core has carried out, for whoever watches the demo: operations and times, no contents.

Kept in the memory of the one process that a core is. Reads leave no line, nor does what our own services ask all day.
"""

from __future__ import annotations

import secrets
import time
from collections import deque
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request

KEPT = 100
READS = frozenset({"GET", "HEAD", "OPTIONS"})
#: Taking work, keeping it, proving who speaks, figures of the app: asked for all day, and nobody's act.
UNTOLD = frozenset(
    {
        *("claim_cards", "claim_events", "extend_card", "extend_event", "hold", "give_back"),
        *("open_short_session", "put_identity", "telemetry"),
    }
)


class Calls:
    """Changes of this process, oldest first."""

    def __init__(self) -> None:
        self._life = secrets.token_hex(4)
        self._count = 0
        self._lines: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def wire(self, app: Flask) -> None:
        """Hears of every answer of the core."""
        app.after_request(self._hear)

    def lines(self) -> list[dict[str, Any]]:
        """``contracts.looking_in.TrailLine``."""
        return list(self._lines)

    def _hear(self, response: Response) -> Response:
        name = (request.endpoint or "").rpartition(".")[2]
        if request.method in READS or request.url_rule is None or name in UNTOLD:
            return response
        self._count += 1
        self._lines.append(
            {
                "id": f"c{self._life}-{self._count}",
                "at": datetime.now(UTC),
                "kind": "core",
                "name": name,
                "ms": round((time.perf_counter() - g.started) * 1000, 1),
                "method": request.method,
                "rule": str(request.url_rule),
                "status": response.status_code,
            }
        )
        return response
