"""Files that come inside an event: they are in the store before the event is accepted, and never in the inbox.

The same event told again brings the same file under the same key, so it is stored once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from express_bot.channels import uploads
from express_bot.channels.core_service import CoreService, Document
from express_bot.channels.express import envelope, sieve
from express_bot.channels.express.sieve import Content
from express_bot.core_client import CoreError
from express_bot.domain.locales import LOCALES, supported

CHANNEL = "express"
PERSONAL = "chat"
#: The kinds that may be attached to something; nobody asks for the bytes of others.
WANTED = ("image", "document")
#: What an attachment of a stored event knows of its bytes: the file they have become, or why they have become none.
STORED, REFUSED = "stored", "refused"
TOO_MANY = 429


class Arrivals:
    """Brings the files of events into the store, for the people who sent them."""

    def __init__(self, service: CoreService) -> None:
        self._service = service

    async def keep(
        self, event: envelope.Envelope, document: Document, contents: Sequence[Content]
    ) -> envelope.Envelope:
        """The event with a word about each of its files; raises ``CoreError`` while that cannot be said."""
        sender = document["from"]
        if not contents or event.kind != envelope.MESSAGE or sender.get("chat_type") != PERSONAL:
            return event
        attachments = list(event.payload["attachments"])
        for place, told in enumerate(document["attachments"]):
            content = _content_of(told, contents)
            if content is not None:
                word = await self._word(event, sender, told["data"], content, place)
                attachments[place] = attachments[place] | word
        return replace(event, payload=event.payload | {"attachments": attachments})

    async def _word(
        self, event: envelope.Envelope, sender: Document, data: Document, content: Content, place: int
    ) -> Document:
        if content.problem is not None:
            return {REFUSED: {"code": content.problem}}
        try:
            identity = await self._identify(sender)
            view = await uploads.keep(
                self._service.core,
                content.spool,
                name=str(data.get("file_name") or ""),
                media_type=content.media_type,
                key=uploads.key_of(CHANNEL, event.event_id, place),
                user_id=str(identity["user_id"]),
                channel=CHANNEL,
                locale=supported(identity["locale"]),
            )
        except CoreError as refusal:
            if refusal.status >= 500 or refusal.status == TOO_MANY:
                raise
            return {REFUSED: refusal.problem}
        return {STORED: {name: view[name] for name in ("id", "name", "size", "type")}}

    async def _identify(self, sender: Document) -> Document:
        """The sender, made known as the handling of the event will do once more."""
        locale = str(sender.get("locale") or "")[:2].lower()
        told = {
            "full_name": " ".join(str(sender.get("username") or "").split())[:200],
            "locale": locale if locale in LOCALES else None,
            "chat": sender["group_chat_id"],
        }
        facts = {name: value for name, value in told.items() if value}
        return await self._service.identify(CHANNEL, str(sender["user_huid"]), facts)


def _content_of(attachment: Any, contents: Sequence[Content]) -> Content | None:
    if not isinstance(attachment, dict) or attachment.get("type") not in WANTED:
        return None
    data = attachment.get("data")
    place = sieve.place_of(data.get("content")) if isinstance(data, dict) else None
    return contents[place] if place is not None and place < len(contents) else None
