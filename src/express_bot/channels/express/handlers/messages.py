"""What people write and press in a chat: the conversation's business."""

from __future__ import annotations

import re
from datetime import datetime

from pybotx import ChatCreatedEvent, ChatTypes, IncomingMessage, UserKinds

from express_bot.channels.dialogs import Dialogs, Incoming
from express_bot.channels.dialogs.incoming import Kind
from express_bot.channels.express.files import Source
from express_bot.channels.express.people import People, Seen

CHANNEL = "express"
#: In a group the bot is called by a mention before the command.
_CALLED = re.compile(r"^(?:\s*[@#]{1,2}\{mention:[^}]*\})+\s*", re.IGNORECASE)
_PEOPLE = frozenset({UserKinds.CTS_USER, UserKinds.RTS_USER})


class Messages:
    """Leads what people say into the conversation."""

    def __init__(self, people: People, dialogs: Dialogs, source: Source) -> None:
        self._people = people
        self._source = source
        self._dialogs = dialogs

    async def said(self, message: IncomingMessage, event_id: str, at: datetime, *, tries: int = 0) -> bool:
        """A message or a press. ``True`` when the conversation has settled the event, ``False`` when nobody answers.

        ``tries``: how often it has failed before.
        """
        personal = message.chat.type is ChatTypes.PERSONAL_CHAT
        files = self._source.of_message(message.raw_command or {}, event_id, tries=tries)
        kind, text, token = kind_of(message, has_files=bool(files))
        if kind is None or not (personal or kind == "command"):
            return False
        seen = Seen(
            message.sender.huid,
            message.sender.username,
            message.sender.device.locale,
            str(message.chat.id) if personal else None,
        )
        incoming = Incoming(
            channel=CHANNEL,
            chat=str(message.chat.id),
            user=await self._people.know(seen),
            event_id=event_id,
            kind=kind,
            at=at,
            text=text,
            token=token,
            message_id=str(message.source_sync_id) if token is not None else None,
            files=files,
            is_personal=personal,
        )
        await self._dialogs.handle(incoming)
        return True

    async def greeted(self, event: ChatCreatedEvent, event_id: str, at: datetime) -> bool:
        """Somebody opened their chat with the bot for the first time."""
        member = next((member for member in event.members if member.kind in _PEOPLE), None)
        if event.chat.type is not ChatTypes.PERSONAL_CHAT or member is None:
            return False
        chat = str(event.chat.id)
        person = await self._people.know(Seen(member.huid, member.username, None, chat))
        await self._dialogs.handle(Incoming(CHANNEL, chat, person, event_id, "hello", at))
        return True


def kind_of(message: IncomingMessage, *, has_files: bool) -> tuple[Kind | None, str, str | None]:
    """Kind, text and token; no kind for what asks for no answer: a caption's press, a sticker, a place."""
    text = _CALLED.sub("", message.body).strip()
    if message.source_sync_id is not None:
        token = message.data.get("token")
        return ("press", "", token) if isinstance(token, str) else (None, "", None)
    if has_files:
        return "file", text, None
    if not text:
        return None, "", None
    return ("command" if text.startswith("/") else "text"), text, None
