"""What a messenger brings: somebody wrote, pressed, or opened the chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

#: ``text``: a message. ``command``: a message that begins with «/». ``press``: a button. ``hello``: the chat has just
#: been opened or the bot was added to it. ``file``: somebody sent a file (its caption, if any, is the text).
Kind = Literal["text", "press", "command", "hello", "file"]


@dataclass(frozen=True)
class Person:
    """Whom the messenger has proven, as the core's identity answer tells."""

    id: str
    full_name: str
    locale: str = "ru"
    active: bool = True
    """False: has left the organisation; nothing may be done for this person."""


@dataclass(frozen=True)
class Incoming:
    """One event of a chat."""

    channel: str
    chat: str
    user: Person
    event_id: str
    """The id under which the inbox keeps the event; handled twice, it does nothing twice."""
    kind: Kind
    at: datetime
    """When the messenger says it happened (aware)."""
    text: str = ""
    token: str | None = None
    """Of the pressed button."""
    message_id: str | None = None
    """The messenger's id of the message whose button was pressed."""
    is_personal: bool = True
    """False: a group or channel, where nothing personal is said."""
