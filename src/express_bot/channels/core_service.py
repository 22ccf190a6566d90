"""What the core keeps for a messenger: events that came in, messages that are owed, people who were proven."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from express_bot.contracts.messengers import CardTraces
from express_bot.core_client import CoreClient

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class InboxEvent:
    """One event whose turn it is; ours until the lease ends."""

    event_id: str
    kind: str
    chat: str | None
    payload: Document
    received_at: datetime
    attempts: int
    lease_until: datetime | None = None

    @classmethod
    def of(cls, document: Document) -> InboxEvent:
        """As the core tells it."""
        received = datetime.fromisoformat(document["received_at"])
        return cls(
            document["event_id"],
            document["kind"],
            document["chat"],
            document["payload"],
            received,
            document["attempts"],
            _lease_until(document),
        )


@dataclass(frozen=True, slots=True)
class OwedCard:
    """One message of the bot that does not yet say what it should; ours until the lease ends."""

    id: str
    chat: str
    external_id: str | None
    view: Document
    rev: int
    attempts: int
    lease_until: datetime | None = None
    doubts: int = 0
    """Earlier calls for it as a new message whose end nobody knows."""

    @classmethod
    def of(cls, document: Document) -> OwedCard:
        """As the core tells it."""
        facts = {name: document[name] for name in ("id", "chat", "external_id", "view", "rev", "attempts", "doubts")}
        return cls(**facts, lease_until=_lease_until(document))


def _lease_until(document: Document) -> datetime | None:
    """The end of its lease, which is the lease's name."""
    told = document.get("lease_until")
    return datetime.fromisoformat(told) if told else None


class CoreService:
    """The core's service operations for one messenger. Every method raises ``CoreError``, or ``CoreGone`` of it."""

    def __init__(self, core: CoreClient, channel: str) -> None:
        self.core = core
        self.channel = channel

    # ── what came in ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def keep(self, event_id: str, *, kind: str, chat: str | None, payload: Document) -> bool:
        """Stores an event for good; ``False`` when it was there already."""
        body = {"kind": kind, "chat": chat, "payload": payload}
        answer = await self._repeatable("PUT", self._event(event_id), body)
        return bool(answer["fresh"])

    async def claim_events(self, *, limit: int, lease: int) -> list[InboxEvent]:
        """The next events in order, at most one of each chat."""
        body = {"channel": self.channel, "limit": limit, "lease_seconds": lease}
        answer = await self.core.request("POST", "/api/service/inbox/claim", body)
        return [InboxEvent.of(event) for event in answer["events"]]

    async def extend_event(self, event_id: str, lease_until: datetime, seconds: int) -> bool:
        """The work on an event goes on; ``False`` when somebody else may have it."""
        return await self._extend(f"{self._event(event_id)}/extend", lease_until, seconds)

    async def done(self, event_id: str) -> None:
        """The event was dealt with."""
        await self._repeatable("POST", f"{self._event(event_id)}/done", {})

    async def failed(self, event_id: str, reason: str, *, permanent: bool, house: bool = False) -> None:
        """The event could not be dealt with: now, or ever. ``house``: through no fault of the event."""
        body = {"reason": reason, "permanent": permanent} | ({"house": True} if house else {})
        await self._repeatable("POST", f"{self._event(event_id)}/failed", body)

    # ── what is owed ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def claim_cards(self, *, limit: int, lease: int) -> list[OwedCard]:
        """The messages to send or edit now, at most one of each chat."""
        body = {"channel": self.channel, "limit": limit, "lease_seconds": lease}
        answer = await self.core.request("POST", "/api/service/cards/claim", body)
        return [OwedCard.of(card) for card in answer["cards"]]

    async def extend_card(self, card_id: str, lease_until: datetime, seconds: int) -> bool:
        """The message is still being sent; ``False`` when somebody else may be sending it."""
        return await self._extend(f"/api/service/cards/{card_id}/extend", lease_until, seconds)

    async def shown(self, card_id: str, rev: int, external_id: str, *, adopted: bool = False) -> None:
        """The message says it now. ``adopted``: it was there already, sent by a call whose end nobody knew."""
        body = {"rev": rev, "external_id": external_id} | ({"adopted": True} if adopted else {})
        await self._repeatable("POST", f"/api/service/cards/{card_id}/shown", body)

    async def not_shown(
        self,
        card: OwedCard,
        reason: str,
        *,
        permanent: bool,
        retry_after: int | None,
        no_address: bool = False,
        whole_channel: bool = False,
        unknown: bool = False,
    ) -> None:
        """The message could not be shown: now, or ever; in its chat, or anywhere. ``unknown``: or it is there."""
        told: Document = {"retry_after": retry_after, "no_address": no_address, "whole_channel": whole_channel}
        told["unknown"] = unknown
        body = {"rev": card.rev, "reason": reason, "permanent": permanent}
        body |= {name: value for name, value in told.items() if value}
        await self._repeatable("POST", f"/api/service/cards/{card.id}/failed", body)

    async def delivered(self, external_id: str, status: str, reason: str | None) -> bool:
        """What the messenger said later about a message; ``False`` when nobody knows that message (yet)."""
        body = {"channel": self.channel, "external_id": external_id, "status": status, "reason": reason}
        answer = await self._repeatable("POST", "/api/service/cards/callback", body)
        return bool(answer["known"])

    async def card(self, external_id: str) -> Document:
        """The message under a messenger's id, as ``contracts.messengers.Card``; raises ``CoreError`` of 404."""
        path = f"/api/service/cards/{self.channel}/by-external/{quote(external_id, safe='')}"
        return dict(await self.core.request("GET", path))

    async def judge(self, external_id: str, chat: str, heard_at: datetime) -> str:
        """Whose a message is that no card knows: a verdict of ``contracts.messengers.JudgedMessage``."""
        body = {"channel": self.channel, "external_id": external_id, "chat": chat, "heard_at": heard_at.isoformat()}
        return str((await self._repeatable("POST", "/api/service/cards/unknown", body))["verdict"])

    async def traces(self, card_id: str) -> CardTraces:
        """What may lead to messages that earlier calls for a card have left behind; raises ``CoreError`` of 404."""
        return CardTraces(**await self.core.request("GET", f"/api/service/cards/{card_id}/traces"))

    async def may_ask(self) -> bool:
        """Whether one call more may go out to the messenger, which is not about a card in our hand."""
        answer = await self.core.request("POST", "/api/service/cards/pace", {"channel": self.channel})
        return bool(answer["allowed"])

    # ── one of several instances ─────────────────────────────────────────────────────────────────────────────────────

    async def hold(self, name: str, holder: str, *, seconds: int) -> bool:
        """Takes or renews a lease; ``False`` while somebody else holds it."""
        body = {"holder": holder, "seconds": seconds}
        answer = await self._repeatable("PUT", f"/api/service/leases/{name}", body)
        return bool(answer["held"])

    async def let_go(self, name: str, holder: str) -> None:
        """Gives a lease back before its end."""
        await self.core.request("DELETE", f"/api/service/leases/{name}/{holder}", repeatable=True)

    # ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────

    async def identify(self, provider: str, subject: str, facts: Document) -> Document:
        """The person behind a proven id of a messenger; made known when new."""
        return dict(await self._repeatable("PUT", f"/api/service/identities/{provider}/{quote(subject)}", facts))

    async def stop_address(self, chat: str, reason: str) -> None:
        """Nothing can be delivered to this chat until something comes from it."""
        path = f"/api/service/identities/{self.channel}/chats/{quote(chat, safe='')}/stop"
        await self._repeatable("POST", path, {"reason": reason})

    async def open_session(self, user_id: str, provider: str, *, seconds: int) -> Document:
        """A short session of a proven person for plain HTTP."""
        body = {"user_id": user_id, "provider": provider, "seconds": seconds}
        return dict(await self.core.request("POST", "/api/service/sessions", body))

    def _event(self, event_id: str) -> str:
        return f"/api/service/inbox/{self.channel}/{quote(event_id, safe='')}"

    async def _extend(self, path: str, lease_until: datetime, seconds: int) -> bool:
        answer = await self._repeatable("POST", path, {"lease_until": lease_until.isoformat(), "seconds": seconds})
        return bool(answer["held"])

    async def _repeatable(self, method: str, path: str, body: Document) -> Any:
        """Doing it twice is doing it once, so a lost connection is tried again."""
        return await self.core.request(method, path, body, repeatable=True)
