"""Telegram as the gateway sees it: a way in with its proof, and the work behind it."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Sequence

from prometheus_client import CollectorRegistry

from express_bot.channels.channel import Channel
from express_bot.channels.telegram.intake import Intake
from express_bot.settings import Settings, reveal


class Telegram(Channel):
    """The channel of one bot."""

    name = "telegram"

    def __init__(self, settings: Settings, registry: CollectorRegistry) -> None:
        super().__init__(settings, registry)
        self.intake = Intake(self.service, self.metrics, self._wake)
        self._secret = (reveal(settings.telegram_webhook_secret) or "").encode()

    async def bot_name(self) -> str:
        """The bot's user name, once the library is there and Telegram has told it."""
        assert self._loading is not None, "started"
        name: str = await (await asyncio.shield(self._loading)).bot_name()
        return name

    def is_proven(self, secrets: Sequence[bytes]) -> bool:
        """Whether a call brings the one secret that we gave to Telegram; how far off it was takes no time to say."""
        return bool(self._secret) and len(secrets) == 1 and hmac.compare_digest(secrets[0], self._secret)
