"""What Redis says to an operator's question: whether it is there, whose it is, how fast it answers."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from express_bot.settings import Settings, reveal

PATIENCE = 3


@dataclass(frozen=True)
class Word:
    """How it stands to us."""

    state: Literal["ok", "away", "refused"]
    host: str
    version: str = ""
    ms: int = 0

    def record(self) -> dict[str, Any]:
        return asdict(self)


def ask(settings: Settings) -> Word | None:
    """Asks Redis once; ``None`` where there is none to be asked."""
    url = reveal(settings.redis_url)
    if not url:
        return None
    from redis import AuthenticationError, Redis, RedisError  # only where it is configured

    address = urlsplit(url)
    host = address.hostname or address.path
    try:
        with Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, protocol=2) as redis:
            redis.ping()
            began = time.monotonic()
            version = redis.info("server")["redis_version"]
            return Word("ok", host, str(version), round((time.monotonic() - began) * 1000))
    except AuthenticationError:
        return Word("refused", host)
    except (RedisError, OSError):
        return Word("away", host)
