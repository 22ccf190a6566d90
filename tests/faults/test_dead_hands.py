"""Two gateways: what one held when it was killed is soon done by the other, and what one still does is left to it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from express_bot.core.db.session import connect
from tests.conftest import NOW
from tests.faults.findings import LEFT, OWED, of_events, strays
from tests.faults.phones import Phones
from tests.faults.server import Member, Server
from tests.stack import Program, Stack

pytestmark = pytest.mark.stack

PEOPLE = 8
#: A lease of ten seconds, a beat of one, and the work itself.
TAKEN_OVER_WITHIN = 15.0
HELD = "inbox where state = 'waiting' and lease_until > clock_timestamp()"
SENDING = f"{OWED} and lease_until > clock_timestamp()"
#: Longer than a lease, shorter than the patience of the messenger's client.
SLOW_SECONDS = 11.0


@dataclass
class Two:
    """Two gateways at work, and people whose chats are open."""

    stack: Stack
    second: Program
    server: Server
    members: list[Member]
    phones: Phones

    def tell(self, words: str) -> None:
        """Everybody writes, to the first gateway."""
        for member in self.members:
            self.server.tell(self.server.said(member, words))

    def wait_done(self, timeout: float) -> float:
        """Seconds until nothing is left to do."""
        began = time.monotonic()
        self.stack.wait_until(
            lambda: not self.stack.count(LEFT) and not self.stack.count(OWED), timeout, "not everything was done"
        )
        return time.monotonic() - began

    def assert_whole(self) -> None:
        """Every event handled once, every message there once."""
        found = {
            **of_events(self.stack, self.members, self.server.post, self.phones),
            "strays": strays(self.stack, self.members, self.phones),
        }
        assert not any(found.values()), found


@pytest.fixture(scope="module")
def house() -> Iterator[Stack]:
    with Stack(express=True, now=NOW) as stack:
        yield stack


@pytest.fixture
def two(house: Stack) -> Iterator[Two]:
    house.gateway.start()
    house.wait_healthy()
    server = Server(house, share=0.0)
    members = server.enrol(house.new_people(PEOPLE))
    with Phones(house) as phones, house.second_gateway() as second:
        two = Two(house, second, server, members, phones)
        two.tell("/start")
        two.wait_done(60)
        yield two
        house.sql("truncate inbox, dialogs, cards")


def test_a_message_that_is_slow_on_its_way_stays_with_its_sender(two):
    """The messenger stands still for longer than a lease lasts."""
    assert two.stack.emulator is not None
    before = len(two.phones.log)
    two.stack.emulator.freeze()
    two.tell("/правила")
    two.stack.wait_until(lambda: two.stack.count(SENDING) == PEOPLE, 10, "nothing was sent")
    until, fewest = time.monotonic() + SLOW_SECONDS, PEOPLE
    while time.monotonic() < until:
        fewest = min(fewest, two.stack.count(SENDING))
        time.sleep(0.1)
    two.stack.emulator.thaw()
    two.wait_done(60)
    assert fewest == PEOPLE, "a lease ran out under somebody at work"
    assert len(two.phones.log[before:]) == len(set(two.phones.log[before:])), "sent by both"
    two.assert_whole()


def test_what_a_killed_gateway_held_is_done_by_another_within_15_seconds_and_nothing_twice(two):
    """The conversations are locked, so that the first gateway has the events in hand when it is killed."""
    two.second.freeze()
    with connect(two.stack.settings.dsn()) as db:
        db.execute("begin; lock table dialogs in access exclusive mode")
        two.tell("/правила")
        two.stack.wait_until(lambda: two.stack.count(HELD) == PEOPLE, 10, "the events were not taken")
        assert two.stack.gateway.kill()
        db.execute("rollback")
    two.stack.gateway.stop()  # it does not come back
    two.second.thaw()
    print(f"taken over after {two.wait_done(TAKEN_OVER_WITHIN):.1f} s")
    two.assert_whole()
