"""Pauses between tries: growing, never shorter than the schedule says, and never the same for everybody."""

from __future__ import annotations

import random

import pytest

from express_bot.domain.retries import JITTER, PAUSES, pause, schedule_of


def test_pauses_follow_the_schedule_and_then_stay_as_long_as_the_last():
    assert [pause(attempt, (1, 2, 4), chance=lambda: 0.0) for attempt in range(1, 7)] == [1, 2, 4, 4, 4, 4]


def test_chance_makes_them_longer_but_by_a_fifth_at_most():
    drawn = [pause(3, PAUSES, chance=random.Random(7).random) for _ in range(1)]
    drawn += [pause(3) for _ in range(500)]
    assert all(PAUSES[2] <= seconds <= PAUSES[2] * (1 + JITTER) for seconds in drawn)
    assert len(set(drawn)) > 400


def test_a_schedule_is_read_from_settings():
    assert schedule_of("1 2.5, 60") == (1, 2.5, 60)
    assert schedule_of(" ".join(map(str, PAUSES))) == PAUSES


@pytest.mark.parametrize("text", ["", "one", "5 2", "0 1", "-1 2", "1 100000", "nan", "1 inf"])
def test_a_schedule_without_sense_is_refused(text):
    with pytest.raises(ValueError, match=r"seconds|float"):
        schedule_of(text)
