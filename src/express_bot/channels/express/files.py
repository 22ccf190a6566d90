"""Files of a message as the conversation gets them: stored at the door, or at the server until somebody wants them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from pybotx.client.exceptions.base import BaseClientError
from pybotx.client.exceptions.common import ChatNotFoundError
from pybotx.client.exceptions.files import FileDeletedError, FileMetadataNotFound

from express_bot.channels.base import NotYet
from express_bot.channels.core_service import CoreService, Document
from express_bot.channels.dialogs.door import Acting, Json
from express_bot.channels.dialogs.incoming import NotTaken, SentFile
from express_bot.channels.express.arrivals import CHANNEL, REFUSED, STORED, WANTED
from express_bot.channels.express.bot import ExpressBot
from express_bot.channels.shelf import Shelf, Unwanted, ensure_not_too_large
from express_bot.channels.spool import Spool
from express_bot.channels.uploads import key_of
from express_bot.core_client import CoreError
from express_bot.domain import texts

#: The server knows no such file in this chat, and will not the next time.
GONE = (FileDeletedError, FileMetadataNotFound, ChatNotFoundError)
#: So often a server that does not give a file is asked again by another try of the event; what comes behind it waits.
TRIES = 2
UNWANTED = ("video", "voice")


@dataclass(frozen=True)
class Arrived:
    """Stored before the event was accepted."""

    view: Json

    @property
    def stored(self) -> str | None:
        return str(self.view["id"])

    async def take(self, who: Acting) -> Json:  # noqa: ARG002 # it was taken for them already
        return self.view


@dataclass(frozen=True)
class Refused:
    """The store had a no for it, or there was nothing to store."""

    problem: Json
    stored: str | None = None

    async def take(self, who: Acting) -> Json:
        code = str(self.problem["code"])
        detail = self.problem.get("detail") or texts.problem(code, who.locale, {})[1]
        raise CoreError(422, {**self.problem, "detail": detail})


@dataclass(frozen=True)
class Remote:
    """At the server until somebody wants it."""

    source: Source
    chat: UUID
    record: Json
    key: str
    is_last_try: bool
    stored: str | None = None

    async def take(self, who: Acting) -> Json:
        try:
            return await self.source.take(who, self.chat, self.record, self.key)
        except (*GONE, ValueError) as gone:
            raise NotTaken("lost") from gone
        except (BaseClientError, httpx.HTTPError, TimeoutError) as away:
            if self.is_last_try:
                raise NotTaken("lost") from away
            raise NotYet("file not given") from away


class Source:
    """The server's file service, and our store behind it."""

    def __init__(self, service: CoreService, bot: ExpressBot) -> None:
        self._bot = bot
        self._shelf = Shelf(service.core)

    async def take(self, who: Acting, chat: UUID, record: Json, key: str) -> Json:
        """Fetches a file of this chat and stores it; raises ``NotTaken``, ``CoreError``, and the library's errors."""
        size = record.get("file_size")
        ensure_not_too_large(size if isinstance(size, int) else None)
        file = UUID(str(record.get("file_id")))

        async def fetch(spool: Spool) -> None:
            await self._bot.fetch_file(chat_id=chat, file_id=file, spool=spool)

        name, media_type = str(record.get("file_name") or ""), str(record.get("file_mime_type") or "")
        return await self._shelf.take(who, fetch, name=name, media_type=media_type, key=key)

    def of_message(self, payload: Document, event_id: str, *, tries: int) -> tuple[SentFile, ...]:
        """The files of a message's event."""
        return tuple(self._found(payload, event_id, is_last_try=tries + 1 >= TRIES))

    def _found(self, payload: Document, event_id: str, *, is_last_try: bool) -> Iterator[SentFile]:
        for attachment in dicts(payload.get("attachments")):
            if attachment.get("type") in (*WANTED, *UNWANTED):
                yield _attached(attachment)
        for place, record in enumerate(dicts(payload.get("async_files")), 100):  # behind any attachments
            if record.get("type") in UNWANTED:
                yield Unwanted("video")
            else:
                chat = UUID(payload["from"]["group_chat_id"])
                yield Remote(self, chat, record, key_of(CHANNEL, event_id, place), is_last_try)


def _attached(attachment: Document) -> SentFile:
    if attachment["type"] in UNWANTED:
        return Unwanted("video")
    if STORED in attachment:
        return Arrived(attachment[STORED])
    return Refused(attachment[REFUSED]) if REFUSED in attachment else Unwanted("lost")


def dicts(found: Any) -> list[Document]:
    """The objects of a list, if it is one."""
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
