"""The gateway with its patience cut short, so that a test of slow people need not be one."""

from __future__ import annotations

from express_bot.gateway import body, forward, transfers
from tests.gateway import serving


def app():
    """What granian serves: every limit of time is a second or two."""
    body.PATIENCE, body.GRACE = 1.5, 2.0
    forward.READ_TIMEOUT = 1.5
    transfers.QUEUE, transfers.SILENCE, transfers.TAKEN_WITHIN = 1.0, 2.0, 3.0
    return serving.app()
