"""Ids of the messages that carry notifications: made of what they are about, so a repetition is the same message."""

from __future__ import annotations

from uuid import UUID, uuid5

#: Everything that we name ourselves hangs on this id.
HOUSE = UUID("5d8f6a3c-2c5e-4d55-8d1c-6a1f0e7b9c42")


def of_promise(outbox_id: int, channel: str) -> UUID:
    """The message that carries one promise over one channel."""
    return uuid5(HOUSE, f"notice/{outbox_id}/{channel}")


def of_application(application_id: int, channel: str, chat: str) -> UUID:
    """The status card of an application in a chat: one message that is rewritten as the application goes on."""
    return uuid5(HOUSE, f"status/{application_id}/{channel}/{chat}")
