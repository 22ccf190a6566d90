"""The bot's account at the Bot API: one way of calling it, and nothing of its secret in anything that is said.

The token stands in the path of every call. The library's own log lines name paths and whole answers, so they are off;
what failed is said by ``errors`` in words of ours.
"""

from __future__ import annotations

import asyncio
import logging
from urllib.parse import urlsplit

from telegram import Bot
from telegram.request import HTTPXRequest

from express_bot.channels.telegram.reach import is_ours
from express_bot.settings import Settings, reveal

#: How long Telegram keeps a call for updates open when there are none.
POLL_SECONDS = 10
CONNECT, READ, WRITE, POOL = 3.0, 12.0, 10.0, 5.0
CONNECTIONS = 50

for _library in ("telegram", "httpx", "httpcore"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)


class Account:
    """The library's bot for our one account, and its name. Opens nothing before the first call."""

    def __init__(self, settings: Settings) -> None:
        address = settings.telegram_api_url
        self._requests = _request(address, CONNECTIONS), _request(address, 1)
        self.bot = Bot(
            reveal(settings.telegram_bot_token) or "",
            base_url=f"{address}/bot",
            base_file_url=f"{address}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )
        self._name: str | None = None

    async def name(self) -> str:
        """The bot's user name, asked once; raises what the library raises."""
        if self._name is None:
            self._name = (await self.bot.get_me()).username or ""
        return self._name

    async def close(self) -> None:
        """Gives the connections back."""
        await asyncio.gather(*(request.shutdown() for request in self._requests))


def _request(address: str, connections: int) -> HTTPXRequest:
    """Through the proxy of the environment, unless it is a server of our own network."""
    return HTTPXRequest(
        connection_pool_size=connections,
        connect_timeout=CONNECT,
        read_timeout=READ,
        write_timeout=WRITE,
        pool_timeout=POOL,
        httpx_kwargs={"trust_env": not is_ours(urlsplit(address).hostname or "")},
    )
