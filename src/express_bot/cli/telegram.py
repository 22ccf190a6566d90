"""What Telegram says of our bot: is the token good, who brings the updates, and what went wrong with that last.

Asked with two plain calls: the library is for processes that speak. The token stands in the path of a call, so nothing
of an address is ever said.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any, Literal, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

import orjson

from express_bot.channels.telegram.reach import is_ours
from express_bot.settings import Settings, reveal

PATIENCE = 5.0
#: An error of the webhook that is older, with nothing waiting, is over.
FRESH = timedelta(hours=1)

State = Literal["ok", "away", "refused"]
Way = Literal["webhook", "polling", "foreign", "nobody"]


class Word(NamedTuple):
    """What we know; ``way`` and everything after it only where the state is ``ok``."""

    state: State
    bot: str = ""
    way: Way = "nobody"
    #: Where updates are brought, without its path.
    host: str = ""
    waiting: int = 0
    error: str = ""
    error_at: datetime | None = None

    def is_in_trouble(self, now: datetime) -> bool:
        """Whether bringing failed, and is not over."""
        return self.error_at is not None and (self.waiting > 0 or now - self.error_at < FRESH)

    def record(self) -> dict[str, Any]:
        """For scripts."""
        return self._asdict()


class _Refused(Exception):
    """Telegram does not know this token."""


def ask(settings: Settings) -> Word:
    """Never raises: that Telegram is away is an answer, too."""
    try:
        bot = _call(settings, "getMe")["username"]
        hook = _call(settings, "getWebhookInfo")
    except _Refused:
        return Word("refused")
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return Word("away")
    url, failed_at = str(hook.get("url") or ""), hook.get("last_error_date")
    return Word(
        "ok",
        bot=str(bot),
        way=_way(settings, url),
        host=urlsplit(url).hostname or "",
        waiting=int(hook.get("pending_update_count") or 0),
        error=str(hook.get("last_error_message") or "")[:200],
        error_at=datetime.fromtimestamp(failed_at, UTC) if failed_at else None,
    )


def _way(settings: Settings, url: str) -> Way:
    """By what is set at Telegram and what our settings want: an address that is not ours takes our updates away."""
    if url:
        return "webhook" if url == settings.telegram_webhook_url and not settings.polls_telegram else "foreign"
    return "polling" if settings.polls_telegram else "nobody"


def _call(settings: Settings, method: str) -> Any:
    address = settings.telegram_api_url
    ours = is_ours(urlsplit(address).hostname or "")
    opener = build_opener(*([ProxyHandler({})] if ours else []))
    try:
        with opener.open(f"{address}/bot{reveal(settings.telegram_bot_token)}/{method}", timeout=PATIENCE) as answer:
            return orjson.loads(answer.read())["result"]
    except HTTPError as refusal:
        with refusal:
            if refusal.code in (401, 404):
                raise _Refused from None
            raise
