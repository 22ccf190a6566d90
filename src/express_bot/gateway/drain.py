"""Going away without losing a call.

The server (granian) closes its listener and its idle connections on SIGTERM and lets calls in flight finish. A client
that sends its next call on a kept-alive connection at that very moment would lose it, so for a short while before that
we say it: ``/health/ready`` answers 503, and every answer carries ``Connection: close``.
"""

from __future__ import annotations

import asyncio
import os
import signal

NOTICE_SECONDS = 0.5


class Drain:
    """Whether this process is going away."""

    def __init__(self, notice: float = NOTICE_SECONDS) -> None:
        self._notice = notice
        self.leaving = False

    def install(self) -> None:
        """Takes SIGTERM over from the server, which keeps SIGINT; outside a main thread (tests) nothing happens."""
        try:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.leave)
        except (NotImplementedError, RuntimeError, ValueError):
            return

    def leave(self) -> None:
        """Gives notice, then lets the server stop in its own way."""
        if not self.leaving:
            self.leaving = True
            asyncio.get_running_loop().call_later(self._notice, os.kill, os.getpid(), signal.SIGINT)
