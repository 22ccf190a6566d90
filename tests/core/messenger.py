"""The core as the messengers' side sees it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Flask
from pydantic import SecretStr
from werkzeug.test import TestResponse

from tests.conftest import Api
from tests.core.proofs import service_token

AT = "2026-11-24T10:00:00+03:00"

#: A house that speaks both messengers; nobody is spoken to.
BOTH_MESSENGERS = {
    "express_bot_id": "8dada2c8-67a6-4434-9dec-570d244e78ee",
    "express_secret_key": SecretStr("s" * 40),
    "express_botx_url": "https://cts.example.ru",
    "telegram_bot_token": SecretStr("123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
}


class Messenger:
    """Our own service that speaks to eXpress; ``chat`` is where it speaks unless the test says otherwise."""

    def __init__(self, app: Flask, channel: str = "express", chat: str = "chat-1") -> None:
        self.channel, self.chat = channel, chat
        self.api = Api(app, service_token())

    def post(self, path: str, body: Any = None) -> TestResponse:
        return self.api.post(f"/api/service/{path}", body)

    def put(self, path: str, body: Any) -> TestResponse:
        return self.api.put(f"/api/service/{path}", body)

    def get(self, path: str) -> TestResponse:
        return self.api.get(f"/api/service/{path}")

    # the inbox

    def tell(self, event_id: str, *, chat: str | None = "chat-1", kind: str = "text", **payload: Any) -> TestResponse:
        body = {"kind": kind, "chat": chat, "payload": payload}
        return self.put(f"inbox/{self.channel}/{event_id}", body)

    def claim_events(self, limit: int = 50, lease: int = 60) -> list[dict[str, Any]]:
        body = {"channel": self.channel, "limit": limit, "lease_seconds": lease}
        events: list[dict[str, Any]] = self.post("inbox/claim", body).json["events"]
        return events

    def claimed_ids(self, limit: int = 50, lease: int = 60) -> list[str]:
        return [event["event_id"] for event in self.claim_events(limit, lease)]

    def done(self, event_id: str) -> TestResponse:
        return self.post(f"inbox/{self.channel}/{event_id}/done", {})

    def fail(
        self, event_id: str, *, permanent: bool = False, reason: str = "core_unavailable", **more: Any
    ) -> TestResponse:
        body = {"reason": reason, "permanent": permanent} | more
        return self.post(f"inbox/{self.channel}/{event_id}/failed", body)

    # people and dialogs

    def meet(self, subject: str = "7c9e6679-7425-40de-944b-e07fc1f90ae7", **told: Any) -> dict[str, Any]:
        answer = self.put(f"identities/{self.channel}/{subject}", told)
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def dialog(self, chat: str | None = None) -> dict[str, Any]:
        return dict(self.get(f"dialogs/{self.channel}/{chat or self.chat}").json)

    def step(self, *cards: tuple[str, Any], chat: str | None = None, **said: Any) -> TestResponse:
        """One step upon the present version that wants these cards: ``("id", "text")``."""
        chat = chat or self.chat
        wanted = [{"id": card_id, "view": {"text": text}} for card_id, text in cards]
        body = {"state": {}, "cards": wanted, "event_id": None, "at": AT} | said
        if "version" not in body:
            body["version"] = self.dialog(chat)["version"]
        if "user_id" not in body:
            body["user_id"] = self.meet()["user_id"]
        return self.put(f"dialogs/{self.channel}/{chat}", body)

    def extend(self, event: dict[str, Any], seconds: int) -> bool:
        """Whether the lease of a claimed event was still held."""
        body = {"lease_until": event["lease_until"], "seconds": seconds}
        return bool(self.post(f"inbox/{self.channel}/{event['event_id']}/extend", body).json["held"])

    # cards

    def extend_card(self, card: dict[str, Any], seconds: int) -> bool:
        """Whether the lease of a claimed card was still held."""
        body = {"lease_until": card["lease_until"], "seconds": seconds}
        return bool(self.post(f"cards/{card['id']}/extend", body).json["held"])

    def claim_cards(self, limit: int = 50, lease: int = 60) -> list[dict[str, Any]]:
        body = {"channel": self.channel, "limit": limit, "lease_seconds": lease}
        cards: list[dict[str, Any]] = self.post("cards/claim", body).json["cards"]
        return cards

    def claimed_texts(self) -> list[str]:
        return [card["view"]["text"] for card in self.claim_cards()]

    def shown(self, card_id: str, rev: int, external_id: str) -> TestResponse:
        return self.post(f"cards/{card_id}/shown", {"rev": rev, "external_id": external_id})

    def failed(self, card_id: str, rev: int, *, permanent: bool = False, **more: Any) -> TestResponse:
        body = {"rev": rev, "reason": "botx_unavailable", "permanent": permanent} | more
        return self.post(f"cards/{card_id}/failed", body)

    def callback(self, external_id: str, status: str = "ok", reason: str | None = None) -> bool:
        body = {"channel": self.channel, "external_id": external_id, "status": status, "reason": reason}
        return bool(self.post("cards/callback", body).json["known"])


def card() -> str:
    """An id for a new card."""
    return str(uuid4())
