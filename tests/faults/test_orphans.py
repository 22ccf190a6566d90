"""Nobody reads anything twice in the end: messages whose sender was killed are adopted or go, those of the living stay.

Two gateways send to both messengers; the messengers take a message and keep their answers back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from uuid import uuid4

import pytest

from express_bot.core.db.session import connect
from express_bot.core.dialogs import repository
from tests.conftest import NOW
from tests.faults.deliver import FAR_SIDES, NOTED, Far, environment_of
from tests.faults.findings import OWED
from tests.stack import Program, Stack

pytestmark = pytest.mark.stack

CHATS = 4
#: Longer than a lease that nobody renews, shorter than the patience of our senders.
LATE = 10.0
#: A lease, a beat, and a busy machine.
TAKEN_OVER_WITHIN = 60.0
#: The messenger's word is looked at again after 1, 2, 5, 15 seconds …
TIDY_WITHIN = 180.0


@dataclass
class Two:
    """Two gateways at work."""

    stack: Stack
    second: Program
    fars: list[Far]

    def promise(self, manner: str = "taken") -> set[str]:
        """A message in new chats of each messenger, which takes them and does not answer yet; the chats."""
        for far in self.fars:
            far.behave(manner)
        chats = [(far.channel, far.new_chat()) for far in self.fars for _ in range(CHATS)]
        with connect(self.stack.settings.dsn()) as db:
            for channel, chat in chats:
                repository.wish(db, channel, chat, uuid4(), {"text": f"для {chat}", "rows": []})
        return {chat for _, chat in chats}

    def wait_taken(self, chats: set[str]) -> None:
        self.stack.wait_until(lambda: self.messages(chats) == len(chats), 60, "not everything was sent")

    def kill_sender(self, chats: set[str]) -> None:
        """The second gateway, which alone has sent, and does not come back."""
        self.wait_taken(chats)
        assert self.second.kill_for_good()
        for far in self.fars:
            far.behave("ok")
        self.stack.gateway.thaw()

    def wait_shown(self) -> None:
        self.stack.wait_until(lambda: not self.stack.count(OWED), TAKEN_OVER_WITHIN, "not everything was shown")

    def wait_tidy(self) -> None:
        self.stack.wait_until(lambda: not self.stack.count(NOTED), TIDY_WITHIN, "not everything was put in order")

    def messages(self, chats: set[str]) -> int:
        """How many were ever sent there."""
        return sum(message.chat in chats for far in self.fars for message in far.seen.shown)

    def stands(self, chats: set[str]) -> dict[str, list[str]]:
        return {chat: said for far in self.fars for chat, said in far.seen.stands().items() if chat in chats}

    def deleted(self) -> set[str]:
        return set().union(*(far.seen.deleted for far in self.fars))

    def known(self) -> set[str]:
        """The messages that cards stand under."""
        return {row["external_id"] for row in self.stack.sql("select external_id from cards")}


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[Stack, list[Far]]]:
    with ExitStack() as opened:
        fars = [opened.enter_context(make()) for make in FAR_SIDES.values()]
        stack = opened.enter_context(Stack(express=True, now=NOW, environment=environment_of(fars)))
        for far in fars:
            far.silence = LATE
        yield stack, fars


@pytest.fixture
def two(house: tuple[Stack, list[Far]]) -> Iterator[Two]:
    stack, fars = house
    for far in fars:
        far.speak_to(stack.url)
    with stack.second_gateway() as second:
        two = Two(stack, second, fars)
        two.promise("ok")  # a messenger's numbers lead nowhere before the first one is known
        two.wait_shown()
        yield two


def test_what_a_living_sender_has_just_sent_is_never_touched_however_late_its_answer(two: Two) -> None:
    chats = two.promise()
    two.wait_taken(chats)
    two.wait_shown()
    two.wait_tidy()
    assert two.stands(chats) == {chat: [f"для {chat}"] for chat in chats}
    assert (two.messages(chats), two.deleted()) == (len(chats), set())


def test_what_a_killed_sender_has_sent_becomes_the_cards_own_and_is_not_sent_again(two: Two) -> None:
    two.stack.gateway.freeze()
    chats = two.promise()
    two.kill_sender(chats)
    two.wait_shown()
    two.wait_tidy()
    assert two.stands(chats) == {chat: [f"для {chat}"] for chat in chats}
    assert (two.messages(chats), two.deleted()) == (len(chats), set())


def test_what_is_found_out_only_after_it_was_sent_again_goes(two: Two) -> None:
    two.stack.gateway.freeze()
    for far in two.fars:
        far.is_mute = True
    chats = two.promise()
    two.kill_sender(chats)
    two.wait_shown()
    assert all(len(said) == 2 for said in two.stands(chats).values()), "nobody could know"
    for far in two.fars:
        far.is_mute = False
    two.stack.wait_until(lambda: len(two.deleted()) == len(chats), TIDY_WITHIN, "the first ones stand")
    two.wait_tidy()
    assert two.stands(chats) == {chat: [f"для {chat}"] for chat in chats}
    assert two.deleted().isdisjoint(two.known())
