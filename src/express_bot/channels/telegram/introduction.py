"""What Telegram is told about the bot when a gateway starts: where updates go, its commands, its menu button.

Saying it again changes nothing, so each gateway says it. What fails is said again later; none of it stops anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import chain, repeat

from telegram import (
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    MenuButtonCommands,
    MenuButtonWebApp,
    WebAppInfo,
)
from telegram.error import RetryAfter, TelegramError

from express_bot.channels.telegram.account import Account
from express_bot.channels.telegram.envelope import WANTED
from express_bot.channels.telegram.errors import pause_of
from express_bot.channels.telegram.words import commands, say
from express_bot.domain.locales import LOCALES
from express_bot.observability.logs import logger
from express_bot.settings import Settings, reveal

PAUSES = (1, 3, 10, 30, 60, 300)

log = logger(__name__)

Step = Callable[[], Awaitable[None]]


class Introduction:
    """Says all of it until it was heard. ``reached`` is told whether updates find their way."""

    def __init__(self, settings: Settings, account: Account, reached: Callable[[bool], None]) -> None:
        self._settings = settings
        self._account = account
        self._reached = reached

    async def give(self) -> None:
        """Returns when Telegram has taken everything."""
        await asyncio.gather(self._patiently(self._way, self._reached), *map(self._patiently, self._manners()))

    def _manners(self) -> list[Step]:
        return [self._commands, self._menu]

    async def _patiently(self, step: Step, reached: Callable[[bool], None] = lambda _: None) -> None:
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            try:
                await step()
            except TelegramError as refusal:
                reached(False)
                log.error("Telegram does not take it", step=step.__name__.strip("_"), reason=str(refusal)[:200])
                await asyncio.sleep(max(pause, pause_of(refusal) if isinstance(refusal, RetryAfter) else 0))
            else:
                reached(True)
                return

    async def _way(self) -> None:
        """Updates are brought to our https address; one that is set stands in the way of fetching them."""
        url = self._settings.telegram_webhook_url
        if self._settings.polls_telegram:
            await self._account.bot.delete_webhook(drop_pending_updates=False)
        elif url.startswith("https://"):
            secret = reveal(self._settings.telegram_webhook_secret)
            await self._account.bot.set_webhook(url, allowed_updates=WANTED, secret_token=secret)
        else:
            log.warning("nobody brings updates: TELEGRAM_POLLING is off and the public address is not https")

    async def _commands(self) -> None:
        """In both languages and, for whoever speaks neither, in the house's own; in groups fewer."""
        scopes = (BotCommandScopeAllPrivateChats(), False), (BotCommandScopeAllGroupChats(), True)
        for scope, in_groups in scopes:
            for language in (None, *LOCALES):
                listed = commands(language or self._settings.default_locale, in_groups=in_groups)
                await self._account.bot.set_my_commands(listed, scope=scope, language_code=language)

    async def _menu(self) -> None:
        """The button beside the field opens the app, where Telegram may open it."""
        url = self._settings.public_url
        if url.startswith("https://"):
            label = say("menu.app", self._settings.default_locale)
            await self._account.bot.set_chat_menu_button(menu_button=MenuButtonWebApp(label, WebAppInfo(f"{url}/")))
        else:
            await self._account.bot.set_chat_menu_button(menu_button=MenuButtonCommands())
