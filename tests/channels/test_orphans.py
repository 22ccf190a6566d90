"""What a process does about messages that nobody knew to be there, between a core and a messenger that do as told."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from express_bot.channels import orphans
from express_bot.channels.base import NotYet, SendError
from express_bot.channels.core_service import InboxEvent, OwedCard
from express_bot.channels.journal import Journal
from express_bot.channels.metrics import ChannelMetrics
from express_bot.channels.orphans import Orphans
from express_bot.channels.works import CardWork
from express_bot.contracts.messengers import CardTraces
from express_bot.core_client import CoreError, CoreGone

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


class House:
    """Core and messenger in one: what it has left in the chat, and what was done."""

    def __init__(self, *, left: tuple[str, ...] = (), doubts: int = 1, stands: str | None = None) -> None:
        self.left, self.doubts, self.stands = list(left), doubts, stands
        self.did: list[Any] = []
        self.has_room = True
        self.failure: Exception | None = None

    async def traces(self, card_id: str) -> CardTraces:
        if isinstance(self.failure, CoreError):
            raise self.failure
        none: dict[str, Any] = {"before": [], "since": [], "heard": [], "unknown": []}
        return CardTraces(chat="c", external_id=self.stands, doubts=self.doubts, **none)

    async def may_ask(self) -> bool:
        return self.has_room

    async def extend_card(self, *_: Any) -> bool:
        return True

    async def shown(self, card: str, rev: int, external_id: str, **more: Any) -> None:
        self.did.append(("shown", external_id, more))

    async def not_shown(self, card: OwedCard, reason: str, **more: Any) -> None:
        self.did.append(("not shown", reason, more["unknown"]))

    async def find(self, traces: CardTraces, turn: Any) -> str | None:
        await turn()
        if isinstance(self.failure, SendError):
            raise self.failure
        return self.left[0] if self.left else None

    async def remove(self, chat: str, external_id: str) -> str:
        if isinstance(self.failure, SendError):
            raise self.failure
        self.left.remove(external_id)
        self.did.append(("removed", chat, external_id))
        return "removed"

    async def show(self, chat: str, view: Any, *, external_id: str | None) -> str:
        if external_id is None and isinstance(self.failure, TimeoutError):
            raise self.failure
        self.did.append(("edited" if external_id else "sent", external_id))
        return external_id or "new"


def owed(*, doubts: int = 1, external_id: str | None = None) -> OwedCard:
    return OwedCard("c-1", "c", external_id, {"text": "Привет", "rows": []}, 1, 0, NOW, doubts)


def sends(house: House, card: OwedCard) -> list[Any]:
    metrics = ChannelMetrics(CollectorRegistry(), "express")
    journal = Journal(Path(mkdtemp()), "express")
    work = CardWork(house, house, metrics, journal)  # type: ignore[arg-type]  # as much of both as is asked
    asyncio.run(work(card))
    journal.close()
    return house.did


def test_what_is_found_before_is_edited_and_nothing_is_sent() -> None:
    assert sends(House(left=("m-0",)), owed()) == [("edited", "m-0"), ("shown", "m-0", {"adopted": True})]


@pytest.mark.parametrize(
    ("house", "card"),
    [
        (House(), owed()),
        (House(left=("m-0",)), owed(doubts=0)),  # nobody looks without a doubt
    ],
)
def test_where_nothing_is_found_the_message_is_sent(house: House, card: OwedCard) -> None:
    assert sends(house, card) == [("sent", None), ("shown", "new", {})]


@pytest.mark.parametrize("failure", [CoreGone("away"), SendError("flood", retry_after=3)])
def test_a_search_that_fails_keeps_no_message_waiting(failure: Exception) -> None:
    house = House(left=("m-0",))
    house.failure = failure
    assert sends(house, owed()) == [("sent", None), ("shown", "new", {})]


def test_a_pace_that_others_have_keeps_no_message_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orphans, "BEFORE_SECONDS", 0)
    house = House(left=("m-0",))
    house.has_room = False
    assert sends(house, owed()) == [("sent", None), ("shown", "new", {})]


def test_a_call_without_an_end_is_told_as_one() -> None:
    house = House()
    house.failure = TimeoutError()
    assert sends(house, owed(doubts=0)) == [("not shown", "too_slow", True)]


def handles(house: House, kind: str, **payload: str) -> str:
    registry = CollectorRegistry()
    core_and_messenger: Any = house  # as much of both as is asked
    room = Orphans(core_and_messenger, core_and_messenger, ChannelMetrics(registry, "express"))
    asyncio.run(room.handle(InboxEvent("e", kind, None, payload, NOW, 0)))
    return generate_latest(registry).decode()


def test_a_message_that_is_noted_to_go_goes_and_is_counted() -> None:
    house = House(left=("m-0",))
    figures = handles(house, "orphan", chat="c", external_id="m-0")
    assert house.did == [("removed", "c", "m-0")]
    assert 'express_bot_express_orphans_total{outcome="removed"} 1.0' in figures


@pytest.mark.parametrize(("left", "doubts", "removed"), [(3, 3, 3), (3, 1, 1), (1, 3, 1), (0, 2, 0)])
def test_beside_a_card_go_as_many_as_there_were_doubtful_calls(left: int, doubts: int, removed: int) -> None:
    house = House(left=tuple(f"m-{number}" for number in range(left)), doubts=doubts, stands="m-9")
    handles(house, "doubt", card="c-1")
    assert len(house.did) == removed


def test_a_messenger_that_is_away_is_asked_again_and_one_that_refuses_is_not() -> None:
    house = House(left=("m-0",))
    house.failure = SendError("flood", retry_after=3)
    with pytest.raises(NotYet):
        handles(house, "orphan", chat="c", external_id="m-0")
    house.failure = SendError("blocked", permanent=True)
    assert 'outcome="kept"} 1.0' in handles(house, "orphan", chat="c", external_id="m-0")
    assert house.did == []


def test_a_card_that_is_forgotten_needs_nobody_to_look_and_a_core_that_is_away_is_asked_again() -> None:
    house = House(left=("m-0",))
    house.failure = CoreError(404, {"code": "not_found"})
    handles(house, "doubt", card="c-1")
    house.failure = CoreGone("away")
    with pytest.raises(CoreGone):
        handles(house, "doubt", card="c-1")
    assert house.did == []
