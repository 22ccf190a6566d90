"""Leases: kept while the work goes on, lost when nobody can say so, and never another's."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

import pytest
from prometheus_client import CollectorRegistry

from express_bot.channels.base import SendError
from express_bot.channels.core_service import InboxEvent, OwedCard
from express_bot.channels.journal import Journal
from express_bot.channels.leases import LEASE_SECONDS, MARGIN_SECONDS, RENEW_SECONDS, Hand
from express_bot.channels.metrics import ChannelMetrics
from express_bot.channels.works import CardWork, EventWork
from express_bot.core_client import CoreError, CoreGone

TAKEN = datetime(2026, 11, 24, 10, tzinfo=UTC)


class Hurried(asyncio.SelectorEventLoop):
    """Its clock does not run: it jumps to the next moment at which something is due, so seconds cost nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._moment, select = 0.0, self._selector.select

        def jump(timeout=None):
            self._moment += timeout or 0
            return select(0)

        self._selector.select = jump

    def time(self):
        return self._moment


def run(story):
    with asyncio.Runner(loop_factory=Hurried) as runner:
        return runner.run(story)


class Core:
    """Keeps one lease by its end, and hears what becomes of the work."""

    def __init__(self) -> None:
        self.lease_until = TAKEN
        self.asked: list[tuple[datetime, float]] = []
        self.told: list[str] = []
        self.failure: Exception | None = None
        self.loses_answers = False

    async def extend_event(self, name, lease_until, seconds):
        self.asked.append((lease_until, seconds))
        if self.failure:
            raise self.failure
        later = lease_until + timedelta(seconds=seconds)
        held = self.lease_until in (lease_until, later)
        self.lease_until = later if held else self.lease_until
        if self.loses_answers:
            self.loses_answers = False
            raise CoreGone("the answer was lost")
        return held

    extend_card = extend_event

    async def failed(self, name, reason, **_):
        await self._hear(reason)

    async def shown(self, card, rev, external_id):
        await self._hear(f"shown {external_id}")

    async def not_shown(self, card, reason, **_):
        await self._hear(reason)

    async def _hear(self, word):
        if self.failure:
            raise self.failure
        self.told.append(word)


class Messenger:
    """Handles and shows; each takes so long."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.begun = self.ended = 0

    async def handle(self, event):
        await self._work()

    async def show(self, chat, view, *, external_id):
        await self._work()
        return "m-1"

    async def _work(self):
        self.begun += 1
        await asyncio.sleep(self.seconds)
        self.ended += 1


EVENT = InboxEvent("e-1", "message", "chat", {}, TAKEN, 0, TAKEN)
CARD = OwedCard("c-1", "chat", None, {"text": "Привет", "rows": []}, 1, 0, TAKEN)


def of_events(core, messenger):
    return EventWork(core, messenger, ChannelMetrics(CollectorRegistry(), "express"), lambda: None)


def of_cards(core, messenger):
    journal = Journal(Path(mkdtemp()), "express")
    return CardWork(core, messenger, ChannelMetrics(CollectorRegistry(), "express"), journal)


def test_what_is_done_at_once_asks_for_nothing():
    core = Core()
    run(of_events(core, Messenger(0))(EVENT))
    assert (core.asked, core.told) == ([], [])


@pytest.mark.parametrize(("work", "piece"), [(of_events, EVENT), (of_cards, CARD)])
def test_what_takes_longer_than_a_lease_is_kept_and_done(work, piece):
    core, messenger = Core(), Messenger(24)
    run(work(core, messenger)(piece))
    assert (messenger.ended, "TimeoutError" in core.told) == (1, False)
    assert core.lease_until > TAKEN + timedelta(seconds=24 - 10)
    ends = [end for end, _ in core.asked]
    assert ends == sorted(set(ends)), "each extension goes on from the one before"


def test_an_extension_whose_answer_was_lost_is_asked_for_again_as_it_was():
    core, messenger = Core(), Messenger(20)
    core.loses_answers = True
    run(of_events(core, messenger)(EVENT))
    assert messenger.ended == 1
    assert core.asked[0] == core.asked[1]
    assert [seconds for _, seconds in core.asked][:4] == [3, 3, 6, 3], "what was missed is made good"


@pytest.mark.parametrize("failure", [CoreGone("silence"), CoreError(503, {"code": "database_unavailable"})])
def test_an_event_is_left_to_others_when_its_lease_cannot_be_kept(failure):
    core, messenger = Core(), Messenger(60)
    core.failure = failure
    run(of_events(core, messenger)(EVENT))
    assert (messenger.begun, messenger.ended, core.told) == (1, 0, [])
    assert len(core.asked) > 1


def test_an_event_that_somebody_else_has_is_left_to_them_at_once():
    core, messenger = Core(), Messenger(60)
    core.lease_until = TAKEN + timedelta(minutes=1)
    run(of_events(core, messenger)(EVENT))
    assert (messenger.ended, len(core.asked), core.told) == (0, 1, [])


def test_a_message_is_sent_to_its_end_and_told_when_the_core_is_back():
    async def story():
        sending = asyncio.create_task(of_cards(core, messenger)(CARD))
        await asyncio.sleep(3 * LEASE_SECONDS)
        core.failure = None
        await sending

    core, messenger = Core(), Messenger(1)
    core.failure = CoreGone("silence")
    run(story())
    assert (messenger.ended, core.told) == (1, ["shown m-1"])


def test_a_message_that_could_not_be_sent_is_left_to_whoever_has_it_now():
    class Broken(Messenger):
        async def show(self, chat, view, *, external_id):
            await self._work()
            raise SendError("status_500")

    core = Core()
    core.lease_until = TAKEN + timedelta(minutes=1)
    run(of_cards(core, Broken(RENEW_SECONDS + 1))(CARD))
    assert core.told == []


@pytest.mark.parametrize(("work", "piece"), [(of_events, EVENT), (of_cards, CARD)])
def test_what_is_in_hand_and_offered_again_is_not_begun_a_second_time(work, piece):
    async def story():
        first = asyncio.create_task(do(piece))
        await asyncio.sleep(0)
        await do(piece)
        assert not first.done()
        await first

    core, messenger = Core(), Messenger(5)
    do = work(core, messenger)
    run(story())
    assert (messenger.begun, messenger.ended) == (1, 1)
    run(do(piece))
    assert messenger.begun == 2, "what is done may come again"


def test_a_lease_given_again_after_a_silence_is_kept_under_its_new_name():
    async def story():
        async with hand.take("c-1", TAKEN) as lease:
            await asyncio.sleep(LEASE_SECONDS + 1)
            assert lease.is_over
            core.failure, core.lease_until = None, TAKEN + timedelta(hours=1)
            assert hand.has("c-1", core.lease_until)
            assert not lease.is_over
            core.asked.clear()
            await asyncio.sleep(LEASE_SECONDS + 1)
            assert not lease.is_over
            assert core.asked[0][0] == TAKEN + timedelta(hours=1)

    core = Core()
    core.failure = CoreGone("silence")
    hand = Hand(core.extend_card)
    run(story())


def test_a_lease_is_asked_for_twice_before_it_would_end():
    assert 2 * RENEW_SECONDS < LEASE_SECONDS - MARGIN_SECONDS
