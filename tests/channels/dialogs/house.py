"""A core in this process: the real Flask app for people's operations, dialogs and cards kept in memory beside it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from flask import Flask

from express_bot.core_client import CoreError
from tests.core.proofs import service_token

_DIALOG = re.compile(r"/api/service/dialogs/([a-z]+)/([^/?]+)(?:\?user_id=(.+))?")
_EXTERNAL = re.compile(r"/api/service/cards/([a-z]+)/by-external/([^/]+)")
_DONE = re.compile(r"/api/service/inbox/([a-z]+)/([^/]+)/done")


@dataclass
class Card:
    """One message of the bot."""

    id: str
    chat: str
    wanted: dict[str, Any]
    wanted_rev: int = 1
    external_id: str | None = None
    shown_rev: int = 0
    edits: int = 0

    def state(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "external_id": self.external_id,
            "wanted_rev": self.wanted_rev,
            "shown_rev": self.shown_rev,
        }


@dataclass
class Memory:
    """Dialogs, cards and the inbox with the semantics of the core's service operations."""

    dialogs: dict[str, dict[str, Any]] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    puts: int = 0
    is_down: bool = False
    """The messenger takes nothing: cards wait."""

    def answer(self, method: str, path: str, body: Any) -> Any:
        """One service operation; raises ``CoreError`` like the client does."""
        if found := _DIALOG.fullmatch(path):
            return self._get(found[2], found[3]) if method == "GET" else self._put(found[1], found[2], body)
        if found := _EXTERNAL.fullmatch(path):
            return self._by_external(found[2])
        if found := _DONE.fullmatch(path):
            self.done.append(found[2])
            return None
        raise AssertionError(f"the core has no {method} {path}")

    def _get(self, chat: str, user: str | None) -> dict[str, Any]:
        stored = self.dialogs.get(chat) or {"user_id": None, "state": {}, "version": 0, "at": None}
        told = {name: stored[name] for name in ("user_id", "state", "version", "at")}
        others = [self._other(name) for name in self.dialogs if name != chat and self.dialogs[name]["state"]]
        cards = [card.state() for card in reversed(self.of(chat))][:20]
        return {**told, "cards": cards, "others": [o for o in others if user and o.pop("user_id") == user]}

    def _other(self, chat: str) -> dict[str, Any]:
        known = {name: self.dialogs[chat][name] for name in ("channel", "user_id", "state", "version", "at")}
        return {"chat": chat, **known}

    def of(self, chat: str) -> list[Card]:
        """The bot's messages in a chat, oldest first."""
        return [card for card in self.cards.values() if card.chat == chat]

    def _put(self, channel: str, chat: str, body: Any) -> dict[str, Any]:
        version = self.dialogs.get(chat, {"version": 0})["version"]
        if version != body["version"] or not all(self._stands(other, body) for other in body["elsewhere"]):
            raise CoreError(409, {"code": "version_conflict", "status": 409})
        # what is stored has gone through JSON, as it does in the core
        body = orjson.loads(orjson.dumps(body))
        for wanted in body["cards"]:
            self._want(chat, wanted)
        for other in body["elsewhere"]:
            for wanted in other["cards"]:
                self._want(other["chat"], wanted)
            self.dialogs[other["chat"]] |= {"state": other["state"], "version": other["version"] + 1}
        self.dialogs[chat] = {
            "channel": channel,
            "user_id": body["user_id"],
            "state": body["state"],
            "version": version + 1,
            "at": body["at"],
        }
        if body["event_id"]:
            self.done.append(body["event_id"])
        self.puts += 1
        return {"version": version + 1}

    def _stands(self, other: Any, body: Any) -> bool:
        known = self.dialogs[other["chat"]]
        return (known["version"], known["user_id"]) == (other["version"], body["user_id"])

    def _want(self, chat: str, wanted: dict[str, Any]) -> None:
        card = self.cards.get(wanted["id"])
        if card is None:
            card = self.cards[wanted["id"]] = Card(wanted["id"], chat, wanted["view"])
        else:
            assert card.chat == chat
            card.wanted, card.wanted_rev, card.edits = wanted["view"], card.wanted_rev + 1, card.edits + 1
        if not self.is_down:
            self.show(card)

    def show(self, card: Card) -> None:
        """The messenger takes the card as it is wanted now."""
        card.external_id = card.external_id or f"m-{card.id[:8]}"
        card.shown_rev = card.wanted_rev

    def _by_external(self, external_id: str) -> dict[str, Any]:
        for card in self.cards.values():
            if card.external_id == external_id:
                return {**card.state(), "chat": card.chat, "wanted": card.wanted}
        raise CoreError(404, {"code": "not_found", "status": 404})


Interrupt = Callable[[str, str, str], None]


def _never(_when: str, _method: str, _path: str) -> None:
    return None


@dataclass
class InProcess:
    """The client of ``HttpCoreDoor`` without a network: what it says reaches the app's own doors."""

    app: Flask
    memory: Memory | None
    """Where dialogs and cards are kept; ``None``: in the core, as in life."""
    interrupt: Interrupt = _never
    """Called ``before`` and ``after`` every call; may raise, as a killed process would stop there."""
    slow: dict[str, float] = field(default_factory=dict)
    """Seconds that a path takes to answer."""
    calls: list[str] = field(default_factory=list)

    async def request(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        acting_user: str | None = None,
        channel: str | None = None,
        idempotency_key: str | None = None,
        locale: str = "ru",
        door: str | None = None,
    ) -> Any:
        await asyncio.sleep(self.slow.get(path.partition("?")[0], 0))
        self.calls.append(f"{method} {path}")
        self.interrupt("before", method, path)
        if self.memory is not None and path.startswith("/api/service/"):
            answer = self.memory.answer(method, path, json)
        else:
            answer = self._people(method, path, json, acting_user, channel, idempotency_key, locale, door)
        self.interrupt("after", method, path)
        return answer

    def _people(
        self,
        method: str,
        path: str,
        json: Any,
        person: str | None,
        channel: str | None,
        key: str | None,
        locale: str,
        door: str | None,
    ) -> Any:
        headers = {
            "Accept-Language": locale,
            "Authorization": f"Bearer {service_token(act=person, channel=channel)}",
            **({"Idempotency-Key": key} if key else {}),
            **({"X-Door": door} if door else {}),
        }
        more = {} if json is None else {"data": orjson.dumps(json), "content_type": "application/json"}
        response = self.app.test_client().open(path, method=method, headers=headers, **more)
        if response.status_code >= 400:
            raise CoreError(response.status_code, dict(response.json))
        return orjson.loads(response.data) if response.data else None
