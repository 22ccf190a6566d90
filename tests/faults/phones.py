"""What the messenger shows on the phones, as it happens, and which chats still wait for the product."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from threading import Condition, Event, Thread
from typing import Any, Self

import psycopg

from tests.emulator.listening import Listener
from tests.emulator.serving import BOT_ID
from tests.stack import Stack

Message = dict[str, Any]

#: Chats in which an event is not dealt with yet, or a message does not say yet what it should.
BUSY = """
    select distinct chat from inbox where state = 'waiting' and chat is not null
    union select chat from cards where shown_rev < wanted_rev and failed_at is null
"""


class _Follower:
    """Follows something in a thread of its own for as long as the ``with`` block lasts."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._enough = Event()
        self._news = Condition()
        self._thread = Thread(target=self._follow, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join(5)

    def _follow(self) -> None:
        raise NotImplementedError

    def wait(self, condition: Callable[[], Any], timeout: float) -> Any:
        """Wait for something true and return it; the last it was, if it never came true."""
        with self._news:
            return self._news.wait_for(condition, timeout)

    def _tell(self) -> None:
        with self._news:
            self._news.notify_all()


class Phones(_Follower):
    """Messages of the bot by chat, oldest first, in the words they have now; answers to the app by ref.

    A messenger that has lost its memory begins anew, and so do the phones; ``log`` remembers.
    """

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack)
        self.chats: defaultdict[str, dict[str, Message]] = defaultdict(dict)
        self.answers: defaultdict[str, list[Any]] = defaultdict(list)
        #: Chat and message of everything that the bot has sent or edited, in order.
        self.log: list[tuple[str, str]] = []

    def last(self, chat: str) -> Message | None:
        """The bot's latest message that has something to press."""
        return next((message for message in reversed(self.chats[chat].values()) if message["bubble"]), None)

    def answer(self, ref: str, timeout: float) -> Any:
        """The answer to one call of the app; ``None`` if none came."""
        return self.wait(lambda: self.answers[ref][:1], timeout)

    def _follow(self) -> None:
        after = 0
        while not self._enough.is_set():
            broken = suppress(OSError, HTTPException, StopIteration, json.JSONDecodeError)
            with broken, Listener(self._stack.messenger, after) as listener:
                for name, event in iter(listener.next, None):
                    assert name != "gap" or after == 0, "more happens than a phone can follow"
                    after = event.get("seq", after)
                    self._note(event)
            self._enough.wait(0.1)
            after = self._still_known(after)

    def _still_known(self, after: int) -> int:
        """A messenger that counts from the beginning again has forgotten everything."""
        with suppress(OSError, HTTPException):
            if self._stack.messenger.state()["seq"] < after:
                self.chats.clear()
                return 0
        return after

    def _note(self, event: dict[str, Any]) -> None:
        kind = event.get("kind")
        if kind in ("message", "edited") and event["message"]["author"] == BOT_ID:
            message = event["message"]
            self.chats[message["chat"]][message["id"]] = message
            self.log.append((message["chat"], message["id"]))
        elif kind == "deleted":
            self.chats[event["message"]["chat"]].pop(event["message"]["id"], None)
        elif kind == "app_lost":  # nobody at this messenger has asked: our own server did
            self.answers[event["ref"]].append(event["response"])
        else:
            return
        self._tell()


class Desk(_Follower):
    """Asks the database which chats are busy, past the product and while the database is there."""

    PAUSE = 0.2

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack)
        self._asked_at = 0.0
        self._busy: set[str] = set()

    def settled(self, chat: str, timeout: float) -> bool:
        """Wait until nothing of a chat waits any more; whether that came true."""
        since = time.monotonic()
        return bool(self.wait(lambda: self._asked_at > since and chat not in self._busy, timeout))

    def _follow(self) -> None:
        while not self._enough.wait(self.PAUSE):
            asked_at = time.monotonic()
            with suppress(psycopg.Error):
                self._busy = {row["chat"] for row in self._stack.sql(BUSY)}
                self._asked_at = asked_at
                self._tell()
