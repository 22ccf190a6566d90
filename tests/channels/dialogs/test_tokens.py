"""Tokens: at most 64 bytes, read back as written, and nothing else is one."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from express_bot.channels.dialogs import tokens
from express_bot.channels.dialogs.acts import ACTS

CODE = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,39}", fullmatch=True)
NAME = st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True)


@given(st.uuids(), st.integers(0, 36**6 - 1), st.sampled_from(["go", "new", "on", "tick"]), CODE)
def test_the_longest_codes_fit_and_are_read_back(card: UUID, rev: int, verb: str, code: str) -> None:
    token = tokens.write(str(card), rev, f"{verb}:{code}")
    assert len(token.encode()) <= 64
    assert tokens.read(token) == tokens.Token(str(card)[:8], rev, verb, code)


@given(NAME)
def test_the_longest_names_of_questions_fit(name: str) -> None:
    assert tokens.fits(f"fix:{name}")


def test_every_act_takes_the_longest_number_of_an_application() -> None:
    for verb in ACTS:
        assert tokens.fits(f"{verb}:2027-123456789012")


@pytest.mark.parametrize(
    "odd",
    [None, "", "v1", "v2.00000000.0.menu", "v1.0000000.0.menu", "v1.0000000G.0.menu", "v1.00000000..menu",
     "v1.00000000.0.", "v1.00000000.0.два", "v1.00000000.0." + "x" * 60, "v1.00000000.zzzzzzzz.menu",
     " v1.00000000.0.menu"],
)  # fmt: skip
def test_what_is_no_token_is_none(odd: str | None) -> None:
    assert tokens.read(odd) is None


@given(st.text())
def test_no_text_makes_reading_fall_over(text: str) -> None:
    tokens.read(text)
