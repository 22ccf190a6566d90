"""Files of a message as the conversation gets them: at Telegram until wanted, and then within its own limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, cast

from telegram import Message
from telegram.error import BadRequest, TelegramError

from express_bot.channels.base import NotYet
from express_bot.channels.core_service import CoreService
from express_bot.channels.dialogs.door import Acting, Json
from express_bot.channels.dialogs.incoming import NotTaken, SentFile
from express_bot.channels.shelf import MEGABYTE, Shelf, Unwanted
from express_bot.channels.spool import MAX_BYTES, Spool
from express_bot.channels.telegram.account import Account
from express_bot.channels.telegram.people import PROVIDER
from express_bot.channels.uploads import key_of

#: Telegram gives no file of more than 20 MB to a bot, by a count of its own, and says so in these words.
TOO_BIG = "file is too big"
#: So often a file that is not given is asked for by another try of the event; what comes behind it waits.
TRIES = 2
UNWANTED = ("video", "audio", "voice", "video_note", "animation")
PHOTO = "image/jpeg"


@dataclass(frozen=True)
class Sent:
    """A document, or the largest size of a photo."""

    source: Source
    file: str
    name: str
    media_type: str | None
    size: int | None
    key: str
    is_last_try: bool
    stored: str | None = None

    async def take(self, who: Acting) -> Json:
        if self.size is not None and self.size > MAX_BYTES:
            raise _too_large()
        try:
            return await self.source.take(who, self)
        except BadRequest as no:
            raise (_too_large() if TOO_BIG in str(no).lower() else NotTaken("lost")) from no
        except (TelegramError, TimeoutError) as away:
            if self.is_last_try:
                raise NotTaken("lost") from away
            raise NotYet("file not given") from away


class Source:
    """Telegram's files, and our store behind them."""

    def __init__(self, service: CoreService, account: Account) -> None:
        self._account = account
        self._shelf = Shelf(service.core)

    async def take(self, who: Acting, sent: Sent) -> Json:
        """Fetches a file and stores it; raises ``NotTaken``, ``CoreError``, and the library's errors."""

        async def fetch(spool: Spool) -> None:
            file = await self._account.bot.get_file(sent.file)
            if not (file.file_path or "").startswith(("http://", "https://")):  # no path of our disk
                raise NotTaken("lost")
            await file.download_to_memory(cast("BinaryIO", _Into(spool)))

        return await self._shelf.take(who, fetch, name=sent.name, media_type=sent.media_type, key=sent.key)

    def of_message(self, message: Message, event_id: str, *, tries: int) -> tuple[SentFile, ...]:
        """The file of a message; an album is a message for each of them."""
        if any(getattr(message, name) for name in UNWANTED):
            return (Unwanted("video"),)
        key, is_last_try = key_of(PROVIDER, event_id), tries + 1 >= TRIES
        if message.photo:
            largest = max(message.photo, key=lambda size: size.width * size.height)
            name = f"photo_{message.date:%Y-%m-%d}_{message.message_id}.jpg"
            return (Sent(self, largest.file_id, name, PHOTO, largest.file_size, key, is_last_try),)
        if message.document:
            document = message.document
            name, size = document.file_name or "", document.file_size
            return (Sent(self, document.file_id, name, document.mime_type, size, key, is_last_try),)
        return ()


class _Into:
    """Where the library writes what it has fetched."""

    def __init__(self, spool: Spool) -> None:
        self.write = spool.add


def _too_large() -> NotTaken:
    return NotTaken("too_large_here", mb=MAX_BYTES // MEGABYTE)
