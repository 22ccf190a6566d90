"""The conversation: what an event of a chat leads to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from express_bot.channels.dialogs.door import CoreDoor
from express_bot.channels.dialogs.incoming import Incoming


class Dialogs:
    """The conversation engine of one process; it keeps nothing in memory between two events."""

    def __init__(self, core: CoreDoor, clock: Callable[[], datetime]) -> None:
        self._core = core
        self._clock = clock

    async def handle(self, incoming: Incoming) -> None:
        """Answers one event."""
        raise NotImplementedError
