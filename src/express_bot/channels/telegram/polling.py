"""Fetching updates where Telegram cannot reach us: one instance at a time, and nothing is let go before it is stored.

Telegram takes an update as received when a later one is asked for, so the offset moves only over what the core keeps.
Which instance fetches is decided by a lease in the core: whoever holds it renews it with each call.
"""

from __future__ import annotations

import asyncio
import json
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

from telegram.error import Conflict, RetryAfter, TelegramError

from express_bot.channels.core_service import CoreService
from express_bot.channels.telegram.account import POLL_SECONDS, READ, Account
from express_bot.channels.telegram.envelope import WANTED, Unreadable, number_of
from express_bot.channels.telegram.errors import pause_of
from express_bot.channels.telegram.intake import Intake, NotStored
from express_bot.contracts.errors import AppError
from express_bot.core_client import CoreError
from express_bot.domain.parsing import read_json
from express_bot.observability.logs import logger

LEASE = "telegram-updates"
#: Longer than one call with everything it brings takes.
LEASE_SECONDS = 40
AT_ONCE = 50
#: Until the next look whether the one who fetches is gone, and after a failure.
WAITING_SECONDS = 5
FAILURE_SECONDS = 3

log = logger(__name__)

# the typed call loses a whole batch to one update that the library cannot read
warnings.filterwarnings("ignore", message=r"Please use 'Bot\.getUpdates'")


class Polling:
    """One instance's part in it. ``reached`` is told whether updates find their way."""

    def __init__(self, account: Account, service: CoreService, intake: Intake, reached: Callable[[bool], None]) -> None:
        self._account = account
        self._service = service
        self._intake = intake
        self._reached = reached
        self._holder = str(uuid4())
        self._offset: int | None = None
        self._is_away = False

    async def run(self) -> None:
        """Until it is cancelled."""
        try:
            while True:
                await asyncio.sleep(await self._round() if await self._is_ours() else WAITING_SECONDS)
        finally:
            await asyncio.shield(self._let_go())

    async def _is_ours(self) -> bool:
        try:
            held = await self._service.hold(LEASE, self._holder, seconds=LEASE_SECONDS)
        except CoreError as gone:  # what cannot be stored need not be fetched
            if not self._is_away:
                log.warning("the core is away: nothing is fetched", reason=str(gone))
            self._is_away = True
            return False
        self._is_away = False
        if not held:
            self._offset = None
            self._reached(True)  # somebody else fetches
        return held

    async def _let_go(self) -> None:
        with suppress(CoreError):
            await self._service.let_go(LEASE, self._holder)

    async def _round(self) -> float:
        """One call and the storing of what it brought; returns for how long to wait before the next."""
        try:
            updates = await self._fetch()
        except RetryAfter as flood:
            return pause_of(flood)
        except TelegramError as failure:
            await self._deal_with(failure)
            return FAILURE_SECONDS
        self._reached(True)
        return await self._store(updates)

    async def _fetch(self) -> list[Any]:
        wish = {"timeout": POLL_SECONDS, "limit": AT_ONCE, "allowed_updates": WANTED, "offset": self._offset}
        found = await self._account.bot.do_api_request("getUpdates", api_kwargs=wish, read_timeout=READ + POLL_SECONDS)
        return found if isinstance(found, list) else []

    async def _deal_with(self, failure: TelegramError) -> None:
        """A webhook of old stands in the way of fetching; somebody else who fetches is not of our house."""
        self._reached(False)
        log.warning("updates cannot be fetched", reason=type(failure).__name__)
        if isinstance(failure, Conflict) and "webhook" in str(failure).lower():
            with suppress(TelegramError):
                await self._account.bot.delete_webhook(drop_pending_updates=False)

    async def _store(self, updates: list[Any]) -> float:
        for update in updates:
            try:
                await self._intake.take(strict(update))
            except NotStored:
                return FAILURE_SECONDS
            except (Unreadable, AppError):
                pass  # counted by the intake, or nothing that any update can hold: it must not stop the others
            with suppress(Unreadable):
                self._offset = number_of(update) + 1
        return 0


def strict(update: Any) -> Any:
    """The update as our own reader takes it: what it refuses could not be stored anyway. Raises ``AppError``."""
    return read_json(json.dumps(update).encode())
