"""What the door must know of an update before it is stored: its id, its kind, its place in line.

The rest is read later, by the library. What nobody here reads has no business in the inbox: other people's words that
were quoted, and the bot's own message that comes along with a press of its button.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MESSAGE = "message"
PRESS = "callback_query"
MEMBER = "my_chat_member"
#: Stored and worked off.
KINDS = (MESSAGE, PRESS, MEMBER)
#: Asked for, so that they can be counted; what was answered stays answered.
EDITED = "edited_message"
WANTED = (*KINDS, EDITED)

MAX_NUMBER = 2**53
_QUOTED = ("reply_to_message", "external_reply", "quote", "pinned_message", "reply_to_story", "checklist")
_OF_A_MESSAGE = ("message_id", "date", "chat")


class Unreadable(Exception):
    """Nothing that the Bot API could have sent."""


class Ignored(Exception):
    """An update that asks for nothing; ``kind`` is one of few words of ours, for the counters."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Envelope:
    """One update as the inbox keeps it; ``chat`` is the key of its order."""

    event_id: str
    kind: str
    chat: str | None
    payload: dict[str, Any]


def read(document: Any) -> Envelope:
    """The update in a call's body, or one of those that were fetched. Raises ``Unreadable`` or ``Ignored``."""
    number = number_of(document)
    kind = next((kind for kind in KINDS if kind in document), None)
    if kind is None:
        raise Ignored(EDITED if EDITED in document else "unknown")
    content = document[kind]
    if not isinstance(content, dict):
        raise Unreadable(kind)
    return Envelope(str(number), kind, _chat(kind, content), {"update_id": number, kind: _kept(kind, content)})


def number_of(document: Any) -> int:
    """The update's own number."""
    number = document.get("update_id") if isinstance(document, dict) else None
    if type(number) is not int or not 0 <= number < MAX_NUMBER:
        raise Unreadable("update_id")
    return number


def _chat(kind: str, content: dict[str, Any]) -> str | None:
    """Where it happened; a press of a message that is too old to be told comes without one."""
    place = content.get("message") if kind == PRESS else content
    if kind == PRESS and place is None:
        return None
    chat = place.get("chat") if isinstance(place, dict) else None
    number = chat.get("id") if isinstance(chat, dict) else None
    if type(number) is not int or not -MAX_NUMBER < number < MAX_NUMBER:
        raise Unreadable("chat")
    return str(number)


def _kept(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    if kind == MESSAGE:
        return {name: part for name, part in content.items() if name not in _QUOTED}
    message = content.get("message")
    if kind == PRESS and isinstance(message, dict):
        return content | {"message": {name: message[name] for name in _OF_A_MESSAGE if name in message}}
    return content
