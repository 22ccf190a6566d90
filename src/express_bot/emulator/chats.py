"""Chats and what was said in them; the oldest messages of a long chat are forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

KEPT_MESSAGES = 300
#: Keyboards that a message had before it was changed: a phone that lags behind still shows one of them.
KEPT_KEYBOARDS = 20
Kind = Literal["chat", "group_chat", "channel"]
#: How far a message got: still on its way, taken, shown to somebody, or refused.
Sent = Literal["sending", "sent", "failed"]
Markup = Literal["bubble", "keyboard"]
Rows = list[list[dict[str, Any]]]


def now() -> datetime:
    """The messenger's time; its clock is wrong only in what it signs."""
    return datetime.now(UTC)


@dataclass
class Message:
    """One message, of a person or of the bot."""

    chat_id: UUID
    author: UUID
    body: str
    sync_id: UUID = field(default_factory=uuid4)
    metadata: dict[str, Any] = field(default_factory=dict)
    bubble: Rows = field(default_factory=list)
    keyboard: Rows = field(default_factory=list)
    mentions: list[dict[str, Any]] = field(default_factory=list)
    opts: dict[str, Any] = field(default_factory=dict)
    file: dict[str, Any] | None = None
    reply_to: UUID | None = None
    recipients: list[UUID] | None = None
    at: datetime = field(default_factory=now)
    edits: int = 0
    deleted: bool = False
    state: Sent = "sent"
    #: Why the bot did not take it, in the bot's own words.
    refusal: str | None = None
    delivered_to: dict[UUID, datetime] = field(default_factory=dict)
    read_by: dict[UUID, datetime] = field(default_factory=dict)
    #: What stood under it before, by the number of edits that it had then.
    earlier: dict[int, dict[Markup, Rows]] = field(default_factory=dict)

    def begin_edit(self) -> None:
        """The message is about to change; what stood under it can still be pressed on a phone that lags behind."""
        self.earlier[self.edits] = {"bubble": self.bubble, "keyboard": self.keyboard}
        if len(self.earlier) > KEPT_KEYBOARDS:
            self.earlier.pop(next(iter(self.earlier)))
        self.edits += 1

    def rows(self, markup: Markup, edits: int | None = None) -> Rows:
        """Buttons as they are now, or as they were after so many edits; none where that is forgotten."""
        if edits is None or edits == self.edits:
            return self.bubble if markup == "bubble" else self.keyboard
        return self.earlier.get(edits, {}).get(markup, [])

    def is_seen_by(self, huid: UUID) -> bool:
        return self.recipients is None or huid in self.recipients or huid == self.author

    def view(self) -> dict[str, Any]:
        """For the page."""
        return {
            "id": str(self.sync_id),
            "chat": str(self.chat_id),
            "author": str(self.author),
            "body": self.body,
            "bubble": self.bubble,
            "keyboard": self.keyboard,
            "mentions": self.mentions,
            "opts": self.opts,
            "file": self.file,
            "replyTo": str(self.reply_to) if self.reply_to else None,
            "recipients": None if self.recipients is None else [str(huid) for huid in self.recipients],
            "at": self.at.isoformat(timespec="milliseconds"),
            "edits": self.edits,
            "deleted": self.deleted,
            "state": self.state,
            "refusal": self.refusal,
            "delivered": [str(huid) for huid in self.delivered_to],
            "read": [str(huid) for huid in self.read_by],
        }


@dataclass
class Chat:
    """A chat of people with the bot."""

    id: UUID
    kind: Kind
    name: str
    creator: UUID
    members: list[UUID]
    admins: set[UUID] = field(default_factory=set)
    description: str | None = None
    shared_history: bool = False
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)
    #: Whether the bot has been told that the chat exists.
    is_opened: bool = False
    pinned: UUID | None = None
    stealth: dict[str, Any] | None = None
    threads: dict[UUID, UUID] = field(default_factory=dict)
    #: The number on the SmartApp's icon, as the bot set it.
    counter: int = 0
    messages: dict[UUID, Message] = field(default_factory=dict)

    def add(self, message: Message) -> None:
        """Append; a chat that became too long loses its oldest message."""
        self.messages[message.sync_id] = message
        self.updated_at = message.at
        if len(self.messages) > KEPT_MESSAGES:
            self.messages.pop(next(iter(self.messages)))

    def unread(self, huid: UUID) -> int:
        return sum(
            not message.deleted and message.author != huid and huid not in message.read_by and message.is_seen_by(huid)
            for message in self.messages.values()
        )

    def info(self, kinds: dict[UUID, str]) -> dict[str, Any]:
        """BotX's description of a chat."""
        return {
            "chat_type": self.kind,
            "creator": str(self.creator),
            "description": self.description,
            "group_chat_id": str(self.id),
            "inserted_at": self.created_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
            "members": [
                {"admin": huid in self.admins, "user_huid": str(huid), "user_kind": kinds.get(huid, "botx")}
                for huid in self.members
            ],
            "name": self.name,
            "shared_history": self.shared_history,
        }

    def view(self) -> dict[str, Any]:
        """For the page."""
        return {
            "id": str(self.id),
            "kind": self.kind,
            "name": self.name,
            "members": [str(huid) for huid in self.members],
            "opened": self.is_opened,
            "pinned": str(self.pinned) if self.pinned else None,
            "counter": self.counter,
            "unread": {str(huid): self.unread(huid) for huid in self.members},
        }
