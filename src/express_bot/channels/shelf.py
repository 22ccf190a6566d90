"""From a messenger into the store: fetched from there when a conversation wants it, and measured on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from express_bot.channels import uploads
from express_bot.channels.dialogs.door import Acting, Json
from express_bot.channels.dialogs.incoming import NotTaken
from express_bot.channels.spool import MAX_BYTES, Spool, TooLong
from express_bot.core_client import CoreClient

#: So many files at a time in one process: each may lie on the disk and in a library's hands as a whole.
AT_ONCE = 4
#: A messenger that gives a file more slowly than this gives it to another try, or not at all.
FETCH_SECONDS = 15
MEGABYTE = 1 << 20

Fetch = Callable[[Spool], Awaitable[None]]


@dataclass(frozen=True)
class Unwanted:
    """Nothing that anybody attaches."""

    why: str
    stored: str | None = None

    async def take(self, who: Acting) -> Json:  # noqa: ARG002 # it is nobody's
        raise NotTaken(self.why)


class Shelf:
    """The store as messengers see it."""

    def __init__(self, core: CoreClient) -> None:
        self._core = core
        self._room = asyncio.Semaphore(AT_ONCE)

    async def take(self, who: Acting, fetch: Fetch, *, name: str, media_type: str | None, key: str) -> Json:
        """What ``fetch`` writes into the spool becomes a file of the person, as ``contracts.files.FileView``.

        Raises ``NotTaken``, ``CoreError``, ``TimeoutError``, and what ``fetch`` raises.
        """
        async with self._room:
            with Spool() as spool:
                try:
                    async with asyncio.timeout(FETCH_SECONDS):
                        await fetch(spool)
                except TooLong as long:
                    raise too_large() from long
                return await uploads.keep(
                    self._core,
                    spool,
                    name=name,
                    media_type=media_type,
                    key=key,
                    user_id=who.user_id,
                    channel=who.channel,
                    locale=who.locale,
                )


def ensure_not_too_large(size: int | None) -> None:
    """What says of itself that it is too large is not even fetched; raises ``NotTaken``."""
    if size is not None and size > MAX_BYTES:
        raise too_large()


def too_large() -> NotTaken:
    """In words."""
    return NotTaken("too_large", mb=MAX_BYTES // MEGABYTE)
