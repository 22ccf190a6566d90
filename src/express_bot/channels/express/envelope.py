"""What the door must know of an inbound event before it may be stored: its id, its kind, its place in line.

The rest is read later, by the library. Here only what decides about the answer is checked, and what has no business in
the inbox (files' contents) is left out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

PROTOCOL = 4
SYSTEM = "system:"
#: The system events that the library can read; the server may know more.
SYSTEM_EVENTS = frozenset(
    {
        *("added_to_chat", "chat_created", "chat_deleted_by_user", "cts_login", "cts_logout", "deleted_from_chat"),
        *("internal_bot_notification", "left_from_chat", "smartapp_event", "event_deleted", "event_edit"),
        *("user_joined_to_chat", "conference_changed", "conference_created", "conference_deleted"),
    }
)
MESSAGE = "message"
CALLBACK = "callback"
#: Like calls over HTTP these come in no order of their own: whoever needs one waits for the answer before.
UNORDERED = frozenset(
    {
        *("smartapp_event", "internal_bot_notification", "cts_login", "cts_logout"),
        *("conference_changed", "conference_created", "conference_deleted"),
    }
)
_NO_CONTENT = "data:application/octet-stream;base64,"
_MAX_MEDIA_TYPE = 100


class Unreadable(Exception):
    """A verified server sent something that is no event as the protocol describes it."""


class ForeignProtocol(Unreadable):
    """An event of another protocol version: the server was updated past us."""


class UnknownEvent(Exception):
    """A system event that nobody here knows; new servers send new ones, and they ask for nothing."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event as the inbox keeps it; ``chat`` is the key of its order."""

    event_id: str
    kind: str
    chat: str | None
    payload: dict[str, Any]


def read(document: dict[str, Any]) -> Envelope:
    """The event in a command's body. Raises ``UnknownEvent``, ``ForeignProtocol`` or ``Unreadable``."""
    version = document.get("proto_version")
    if type(version) is not int or version != PROTOCOL:
        raise ForeignProtocol("proto_version")
    sync_id, command = uuid_of(document, "sync_id"), object_of(document, "command")
    sender = object_of(document, "from")
    kind = _kind(command)
    if kind == MESSAGE:
        uuid_of(sender, "user_huid")
    chat = None if kind in UNORDERED else _chat(command, sender)
    return Envelope(_event_id(kind, sync_id, command), kind, chat, without_contents(document))


def _kind(command: dict[str, Any]) -> str:
    body, kind = command.get("body"), command.get("command_type")
    if not isinstance(body, str):
        raise Unreadable("command.body")
    if kind == "user":
        return MESSAGE
    name = body.removeprefix(SYSTEM)
    if kind != "system" or name == body:
        raise Unreadable("command.command_type")
    if name not in SYSTEM_EVENTS:
        raise UnknownEvent
    return name


def _chat(command: dict[str, Any], sender: dict[str, Any]) -> str:
    """The chat where it happened; a few events name it in their data alone."""
    if sender.get("group_chat_id") is not None:
        return uuid_of(sender, "group_chat_id")
    return uuid_of(object_of(command, "data"), "group_chat_id")


def _event_id(kind: str, sync_id: str, command: dict[str, Any]) -> str:
    """An edit carries the id of the message it edits, and one message may be edited more than once."""
    if kind != "event_edit":
        return sync_id
    said = repr(command.get("data")).encode()
    return f"edit:{sync_id}:{hashlib.sha256(said).hexdigest()[:32]}"


def without_contents(document: dict[str, Any]) -> dict[str, Any]:
    """The same event without the bytes of attached files: an inbox is no file store."""
    attachments = document.get("attachments")
    if not isinstance(attachments, list) or not attachments:
        return document
    return document | {"attachments": [_emptied(attachment) for attachment in attachments]}


def _emptied(attachment: Any) -> Any:
    data = attachment.get("data") if isinstance(attachment, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("content"), str):
        return attachment
    lead, comma, _ = data["content"][:_MAX_MEDIA_TYPE].partition(",")
    content = lead + comma if comma and "/" in lead else _NO_CONTENT
    return attachment | {"data": data | {"content": content}}


def object_of(document: dict[str, Any], name: str) -> dict[str, Any]:
    """A required object; raises ``Unreadable``."""
    found = document.get(name)
    if not isinstance(found, dict):
        raise Unreadable(name)
    return found


def uuid_of(document: dict[str, Any], name: str) -> str:
    """A required id in its canonical writing; raises ``Unreadable``."""
    found = document.get(name)
    try:
        return str(UUID(found)) if isinstance(found, str) else _none(name)
    except ValueError:
        raise Unreadable(name) from None


def _none(name: str) -> str:
    raise Unreadable(name)
