"""The pumps: quick when called, bounded, patient with a core that is away, and clean when they stop."""

from __future__ import annotations

import asyncio
import time

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from express_bot.channels import pumps
from express_bot.channels.metrics import ChannelMetrics
from express_bot.channels.pumps import Pump
from express_bot.core_client import CoreGone


class Bench:
    """A pump over a list of pieces."""

    def __init__(self, *, at_once: int = 20, seconds: float = 0.0) -> None:
        self.waiting: list[int] = []
        self.done: list[int] = []
        self.asked = 0
        self.most = 0
        self.running = 0
        self.seconds = seconds
        self.failure: Exception | None = None
        self.registry = CollectorRegistry()
        metrics = ChannelMetrics(self.registry, "express")
        self.pump: Pump[int] = Pump("bench", take=self._take, work=self._work, metrics=metrics, at_once=at_once)

    async def _take(self, limit):
        self.asked += 1
        if self.failure:
            raise self.failure
        taken, self.waiting = self.waiting[:limit], self.waiting[limit:]
        return taken

    async def _work(self, piece):
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(self.seconds)
        self.running -= 1
        if piece < 0:
            raise ValueError(piece)
        self.done.append(piece)


def run(story):
    """Runs a test's story, and never longer than it should take."""
    asyncio.run(asyncio.wait_for(story(), 10))


async def until(condition):
    """Waits for what has no moment of its own."""
    async with asyncio.timeout(8):
        while not condition():
            await asyncio.sleep(0.01)


def test_what_is_called_for_is_taken_at_once(monkeypatch):
    monkeypatch.setattr(pumps, "IDLE_SECONDS", 60)

    async def story():
        bench = Bench()
        bench.pump.start()
        await asyncio.sleep(0.05)
        bench.waiting = [1]
        bench.pump.call()
        await until(lambda: bench.done == [1])  # and not at the next beat, a minute later
        await bench.pump.stop()

    run(story)


def test_what_nobody_called_for_is_found_at_the_next_beat(monkeypatch):
    monkeypatch.setattr(pumps, "IDLE_SECONDS", 0.1)

    async def story():
        bench = Bench()
        bench.pump.start()
        await asyncio.sleep(0.02)
        bench.waiting = [1]
        await until(lambda: bench.done == [1])
        await bench.pump.stop()

    run(story)


def test_work_goes_on_side_by_side_but_never_without_measure():
    async def story():
        bench = Bench(at_once=5, seconds=0.02)
        bench.waiting = list(range(40))
        bench.pump.start()
        while len(bench.done) < 40:
            await asyncio.sleep(0.01)
        await bench.pump.stop()
        assert (bench.most, sorted(bench.done)) == (5, list(range(40)))
        assert 'express_bot_express_in_hand{queue="bench"} 0.0' in generate_latest(bench.registry).decode()

    run(story)


def test_a_failing_piece_disturbs_no_other():
    async def story():
        bench = Bench()
        bench.waiting = [1, -1, 2, -2, 3]
        bench.pump.start()
        while len(bench.done) < 3:
            await asyncio.sleep(0.01)
        await bench.pump.stop()
        assert bench.done == [1, 2, 3]

    run(story)


@pytest.mark.parametrize("failure", [CoreGone("silence"), RuntimeError("a defect")])
def test_a_core_that_is_away_is_asked_again_and_not_hurried(monkeypatch, failure):
    monkeypatch.setattr(pumps, "AWAY_SECONDS", 0.1)
    monkeypatch.setattr(pumps, "IDLE_SECONDS", 0.1)

    async def story():
        bench = Bench()
        bench.failure, bench.waiting = failure, [1]
        began = time.monotonic()
        bench.pump.start()
        await until(lambda: bench.asked > 2)
        assert time.monotonic() - began >= 0.2, "two pauses lie between three questions"
        bench.failure = None
        await until(lambda: bench.done == [1])
        await bench.pump.stop()

    run(story)


def test_stopping_finishes_what_is_being_done_and_takes_nothing_more():
    async def story():
        bench = Bench(at_once=2, seconds=0.2)
        bench.waiting = [1, 2, 3, 4]
        bench.pump.start()
        await asyncio.sleep(0.05)
        await bench.pump.stop()
        assert (sorted(bench.done), bench.waiting) == ([1, 2], [3, 4])

    run(story)


def test_stopping_does_not_wait_for_ever(monkeypatch):
    monkeypatch.setattr(pumps, "STOP_SECONDS", 0.1)

    async def story():
        bench = Bench(seconds=60)
        bench.waiting = [1]
        bench.pump.start()
        await asyncio.sleep(0.05)
        began = time.monotonic()
        await bench.pump.stop()
        assert time.monotonic() - began < 1
        assert bench.done == []

    run(story)
