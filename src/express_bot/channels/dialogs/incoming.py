"""What a messenger brings: somebody wrote, pressed, or opened the chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from express_bot.channels.dialogs.door import Acting, Json

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
    roles: tuple[str, ...] = ("employee",)
    """None at all: a guest, whom a messenger has proven and nobody has linked to a person of ours."""

    @classmethod
    def of(cls, identity: Mapping[str, Any]) -> Person:
        """As ``contracts.messengers.Identity`` tells. An adapter may remember a person for a moment, a guest never."""
        known = {name: identity[name] for name in ("full_name", "locale", "active")}
        return cls(str(identity["user_id"]), roles=tuple(identity["roles"]), **known)

    @property
    def is_guest(self) -> bool:
        """Nothing but linking may be offered."""
        return not self.roles


class NotTaken(Exception):
    """A file that is not taken; the catalog's sentence ``files.<why>`` tells the person so."""

    def __init__(self, why: str, **figures: Any) -> None:
        super().__init__(why)
        self.why, self.figures = why, figures


class SentFile(Protocol):
    """A file of a message. Where its bytes are is the messenger's affair, until the conversation wants them."""

    @property
    def stored(self) -> str | None:
        """The id under which the store has it already: it had to be taken before anybody knew whether it is wanted."""

    async def take(self, who: Acting) -> Json:
        """Brings it into the store, once; ``contracts.files.FileView``. Raises ``NotTaken`` or ``CoreError``."""
        ...


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
    files: tuple[SentFile, ...] = ()
    """What was sent with it."""
    is_personal: bool = True
    """False: a group or channel, where nothing personal is said."""
