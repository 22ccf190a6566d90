"""What a pressed button says: every press is answered once, within a second, with a sentence or with nothing.

Without an answer the client shows a clock on the button until it gives up. An answer is a courtesy of its moment: it is
never waited for, and one that fails is counted and forgotten.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from telegram.error import TelegramError

from express_bot.channels.metrics import ChannelMetrics
from express_bot.channels.telegram.account import Account
from express_bot.observability.logs import logger

#: When what a press leads to takes longer, the press itself is answered first (ux.md C1.5).
SOON = 0.7
#: Later than this nobody looks at the button any more.
GIVING_SECONDS = 3
MAX_TEXT = 200

log = logger(__name__)


@dataclass(frozen=True)
class Said:
    """What to say: in passing, or so that it must be read and closed."""

    text: str = ""
    is_alert: bool = False


NOTHING = Said()


class Answers:
    """Answers presses, beside the work that they lead to."""

    def __init__(self, account: Account, metrics: ChannelMetrics) -> None:
        self._account = account
        self._metrics = metrics
        self._under_way: set[asyncio.Task[None]] = set()

    async def around(self, press: str, work: Coroutine[Any, Any, Said]) -> None:
        """Does the work and says what it ends with; in silence when it takes long or fails, which is raised."""
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task}, timeout=SOON)
            if not task.done() or task.cancelled() or task.exception() is not None:
                self.give(press, NOTHING)
                await task
            else:
                self.give(press, task.result())
        finally:
            task.cancel()

    def give(self, press: str, said: Said) -> None:
        """Answers, without waiting for it."""
        task = asyncio.create_task(self._give(press, said))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        """Waits for what is under way; none of it takes long."""
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def _give(self, press: str, said: Said) -> None:
        try:
            async with asyncio.timeout(GIVING_SECONDS):
                await self._account.bot.answer_callback_query(
                    press, text=said.text[:MAX_TEXT] or None, show_alert=said.is_alert
                )
        except (TelegramError, TimeoutError) as lost:
            self._metrics.sent("answer_lost")
            log.info("press not answered", reason=type(lost).__name__)
        else:
            self._metrics.sent("answered")
