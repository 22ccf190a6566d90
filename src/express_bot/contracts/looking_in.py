"""What the demo shows of its inside: conversations and promises of a person, and what core and queue have just done."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field


class Conversation(BaseModel):
    """Where a conversation with the bot stands."""

    channel: str
    version: int
    state: dict[str, Any]
    updated_at: datetime


class Promise(BaseModel):
    """A notification that was promised, and how that is kept."""

    id: int
    event: str
    number: str | None
    due_at: datetime
    settled_at: datetime | None
    channel: str | None
    state: str | None
    reason: str | None
    attempts: int


class Inside(BaseModel):
    """The caller's own."""

    conversations: list[Conversation]
    outbox: list[Promise] = Field(description="newest first")


class TrailLine(BaseModel):
    """One thing that the core or the queue has done, with the time it took."""

    id: str = Field(description="the same line has the same id in every answer")
    at: datetime
    kind: Literal["core", "queue"]
    name: str = Field(description="the operation, or what became of a notification")
    ms: float
    method: str | None = None
    rule: str | None = None
    status: int | None = None
    event: str | None = None
    number: str | None = None
    channel: str | None = None
    reason: str | None = None


class Trail(BaseModel):
    """The latest lines, oldest first."""

    lines: list[TrailLine]
