"""One new message at a time, so that a kill repeats one at most; edits and slow calls hold nobody up."""

from __future__ import annotations

import asyncio

import pytest

from express_bot.channels import turns as module
from express_bot.channels.turns import Turns


async def most_at_once(turns: Turns, *, new: bool, seconds: float = 0.02) -> int:
    """How many calls of five were under way together."""
    running = most = 0

    async def call() -> None:
        nonlocal running, most
        async with turns.mine(new=new):
            running += 1
            most = max(most, running)
            await asyncio.sleep(seconds)
            running -= 1

    await asyncio.wait_for(asyncio.gather(*(call() for _ in range(5))), 10)
    return most


@pytest.mark.parametrize(("one_by_one", "new", "most"), [(True, True, 1), (True, False, 5), (False, True, 5)])
def test_only_new_messages_take_turns_and_only_where_that_is_wanted(one_by_one, new, most):
    assert asyncio.run(most_at_once(Turns(one_by_one=one_by_one), new=new)) == most


def test_a_call_that_takes_too_long_passes_its_turn_on(monkeypatch):
    monkeypatch.setattr(module, "SLOW_SECONDS", 0.02)
    assert asyncio.run(most_at_once(Turns(one_by_one=True), new=True, seconds=0.5)) == 5


def test_a_call_that_fails_gives_its_turn_back_once():
    async def story() -> int:
        turns = Turns(one_by_one=True)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                async with turns.mine(new=True):
                    raise ZeroDivisionError
        return await most_at_once(turns, new=True)

    assert asyncio.run(story()) == 1
