"""One file of a person into the store: named and typed as far as the messenger's word may be repeated."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any

from express_bot.channels.spool import Spool
from express_bot.core_client import CoreClient

MAX_NAME = 255
UNKNOWN_TYPE = "application/octet-stream"
_MEDIA_TYPE = re.compile(r"[a-z][\w.+-]{0,60}/[a-z0-9][\w.+-]{0,80}", re.ASCII | re.IGNORECASE)


async def keep(
    core: CoreClient,
    spool: Spool,
    *,
    name: str,
    media_type: str | None,
    key: str,
    user_id: str,
    channel: str,
    locale: str,
) -> dict[str, Any]:
    """Stores it once under its key; ``contracts.files.FileView``. Raises ``CoreError``."""
    return await core.upload(
        spool.stream,
        size=spool.size,
        name=name_of(name),
        media_type=media_type if media_type and _MEDIA_TYPE.fullmatch(media_type) else UNKNOWN_TYPE,
        acting_user=user_id,
        channel=channel,
        locale=locale,
        idempotency_key=key,
    )


def key_of(channel: str, event_id: str, place: int = 0) -> str:
    """The key under which a file of an event is kept once, however often the event comes."""
    told = f"{channel}/{event_id}/{place}".encode()
    return f"{channel}-file-{hashlib.sha256(told).hexdigest()[:32]}"


def name_of(name: str) -> str:
    """A name without signs that nobody sees; of one that is too long the end stays, which says what it is."""
    seen = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C").strip()
    return seen[-MAX_NAME:] or "file"
