"""What has happened, as a numbered stream: the page draws from it, the inspector shows it, tests wait on it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

KEPT = 2_000
#: ``chat`` changes what a chat shows, ``app`` is for the SmartApp's frame, ``wire`` is one exchange for the inspector,
#: ``trail`` is what core and queue have done, ``house`` is a switch of the messenger itself.
Topic = Literal["chat", "app", "wire", "trail", "house"]


@dataclass(frozen=True)
class Event:
    """One thing that happened."""

    seq: int
    at: datetime
    topic: Topic
    kind: str
    facts: dict[str, Any]

    def view(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "at": self.at.isoformat(timespec="milliseconds"),
            "topic": self.topic,
            "kind": self.kind,
            **self.facts,
        }


class Feed:
    """The last events, and whoever listens for the next."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque(maxlen=KEPT)
        self._news = asyncio.Event()
        self._closed = False
        self.seq = 0
        self.listeners = 0

    def publish(self, topic: Topic, kind: str, **facts: Any) -> Event:
        """Add an event; everybody who listens gets it."""
        self.seq += 1
        event = Event(self.seq, datetime.now(UTC), topic, kind, facts)
        self._events.append(event)
        self._news.set()
        self._news = asyncio.Event()
        return event

    def after(self, seq: int) -> list[Event]:
        """What is kept and newer."""
        return [event for event in self._events if event.seq > seq]

    def has_gap(self, seq: int) -> bool:
        """Whether events after ``seq`` are already forgotten, or are of an earlier life of the messenger."""
        first = self._events[0].seq if self._events else self.seq + 1
        return seq > self.seq or seq + 1 < first

    def close(self) -> None:
        """Let everybody who listens go home."""
        self._closed = True
        self._news.set()

    async def wait(self, seconds: float) -> None:
        """Until something happens, or so long."""
        await _wait(self._news, seconds)

    async def listen(self, seq: int) -> AsyncIterator[list[Event]]:
        """What is newer than ``seq``, then everything as it happens; an empty list now and then while it is quiet."""
        self.listeners += 1
        try:
            while not self._closed:
                news = self._news
                events = self.after(seq)
                if events:
                    seq = events[-1].seq
                yield events
                await _wait(news, 10)
        finally:
            self.listeners -= 1


async def _wait(news: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(news.wait(), seconds)
    except TimeoutError:
        return
