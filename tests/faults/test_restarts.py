"""Stops that are announced, and a part that stands still: no call is lost, and nobody has to help (trust §2.1).

Two kinds of callers are at work meanwhile. A ``Crowd`` files with keys and does not give up. ``Savers`` keep a draft
without any key and without trying again: the version of the draft in the database tells how often the house has really
done what they asked for, so a call that was carried out and never answered cannot hide.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Self

import pytest

from tests.faults.filing import Crowd, Wishes
from tests.faults.proof import examine
from tests.stack import Lost, NewPerson, Program, Refused, Stack

pytestmark = pytest.mark.stack

#: So many answers between two faults show that the product is at work again.
LIVELY = 40


class Savers:
    """People who save a draft again and again; what becomes of each call is counted."""

    def __init__(self, stack: Stack, people: list[NewPerson]) -> None:
        self.heard: Counter[str] = Counter()
        self._stack, self._people = stack, people
        self._enough = Event()
        self._threads = [Thread(target=self._save, args=(person,), daemon=True) for person in people]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def _save(self, person: NewPerson) -> None:
        client = self._stack.client(person.token)
        body = {"form": "flight", "answers": {}, "changed": [], "base_version": None, "client_key": "key-of-the-draft"}
        while not self._enough.is_set():
            try:
                answer = client.call("PUT", "/api/smartapp/draft", body)
                self.heard[f"{answer.status} {answer.code}".strip()] += 1
                served = answer.status == 200
            except (Refused, Lost) as setback:
                self.heard[type(setback).__name__.lower()] += 1
                served = False
            if not served:
                self._enough.wait(0.05)
        client.close()

    @property
    def done(self) -> int:
        """How many calls the house has carried out."""
        rows = self._stack.sql(
            "select coalesce(sum(version), 0)::int as n from drafts where user_id = any(%s)",
            ([person.id for person in self._people],),
        )
        return int(rows[0]["n"])


@contextmanager
def load(house: Stack, wishes: Wishes) -> Iterator[tuple[Crowd, Savers]]:
    """Both kinds of callers, at work; the savers file nothing, which would end their drafts."""
    with Crowd(house, wishes.endless(), clients=6) as crowd, Savers(house, house.new_people(2)) as savers:
        at_work(crowd)
        yield crowd, savers
        house.wait_healthy()
        at_work(crowd)


def at_work(crowd: Crowd) -> None:
    answered = len(crowd.ledger.outcomes)
    assert crowd.ledger.wait_for_more(answered + LIVELY, 60), "nobody is answered any more"


def nothing_was_done_unheard(crowd: Crowd, savers: Savers) -> bool:
    """Had a call been carried out whose answer got lost, its repetition would have been a replay."""
    replays = [outcome for outcome in crowd.ledger.outcomes if outcome.replayed]
    return not replays and savers.done == savers.heard["200"]


def restart(house: Stack, program: Program, crowd: Crowd, *, times: int) -> None:
    for _ in range(times):
        program.restart()
        house.wait_healthy()
        at_work(crowd)


def test_a_gateway_that_is_told_to_go_under_load_loses_no_call(house, wishes):
    with load(house, wishes) as (crowd, savers):
        restart(house, house.gateway, crowd, times=3)
    print("with keys:", dict(crowd.ledger.setbacks), "without:", dict(savers.heard))
    assert examine(house, crowd.ledger).is_clean
    assert set(crowd.ledger.setbacks) <= {"refused", "dropped"}
    assert set(savers.heard) <= {"200", "refused", "dropped"}
    assert nothing_was_done_unheard(crowd, savers)


def test_a_core_that_is_told_to_go_under_load_loses_no_call(house, wishes):
    """While it is away people are told so, at once; what they had asked for before was done and answered."""
    with load(house, wishes) as (crowd, savers):
        restart(house, house.core, crowd, times=3)
    print("with keys:", dict(crowd.ledger.setbacks), "without:", dict(savers.heard))
    assert examine(house, crowd.ledger).is_clean
    assert set(crowd.ledger.setbacks) <= {"503 core_unavailable"}
    assert set(savers.heard) <= {"200", "503 core_unavailable"}
    assert nothing_was_done_unheard(crowd, savers)


def test_a_database_restarted_under_load_costs_a_pause_and_nothing_else(house, wishes):
    with load(house, wishes) as (crowd, savers):
        restart(house, house.postgres, crowd, times=3)
    print("with keys:", dict(crowd.ledger.setbacks), "without:", dict(savers.heard))
    assert examine(house, crowd.ledger).is_clean
    assert set(crowd.ledger.setbacks) <= {"503 database_unavailable"}
    assert set(savers.heard) <= {"200", "503 database_unavailable"}


def test_a_core_that_stands_still_for_five_seconds_makes_people_wait_and_loses_nothing(house, wishes):
    with load(house, wishes) as (crowd, savers):
        house.core.freeze()
        try:
            slowest = slowest_page(house, seconds=5)
        finally:
            house.core.thaw()
    print("with keys:", dict(crowd.ledger.setbacks), "without:", dict(savers.heard), f"page {slowest:.3f} s")
    assert examine(house, crowd.ledger).is_clean
    assert not crowd.ledger.setbacks
    assert set(savers.heard) == {"200"}
    assert nothing_was_done_unheard(crowd, savers)
    assert slowest < 1


def slowest_page(house: Stack, *, seconds: float) -> float:
    """Asks the gateway for what it answers by itself until the time is over; returns the longest wait."""
    end, waits = time.monotonic() + seconds, []
    while time.monotonic() < end:
        began = time.monotonic()
        client = house.client()
        assert client.get("/health/live").status == 200
        client.close()
        waits.append(time.monotonic() - began)
        time.sleep(0.05)
    return max(waits)
