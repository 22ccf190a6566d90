"""Decisions: whatever is drafted, by whomever, the rules hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from express_bot.contracts.decisions import ReasonCode
from express_bot.contracts.errors import MomentPassed, ReasonRequired, StepNotPossible
from express_bot.domain import decisions
from express_bot.domain.decisions import OUTCOMES, REFUSALS, Drafted
from express_bot.domain.locales import LOCALES
from express_bot.domain.roles import Role
from express_bot.domain.workflow import EDGES, OPEN, Status

CODES = get_args(ReasonCode)
DESK = (Role.DISPATCHER, Role.ADMIN)
NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)
statuses = st.sampled_from(Status)
outcomes = st.sampled_from(OUTCOMES)


@given(statuses, outcomes, st.sampled_from(Role))
def test_a_step_is_possible_exactly_where_an_edge_is_open_to_the_role(before, outcome, role):
    allowed = role in EDGES[before].get(outcome, ())
    assert (outcome.value in decisions.outcomes(before, role)) == allowed
    if allowed:
        decisions.ensure_step(before, outcome, role)
        assert role in DESK or before is Status.WITHDRAWN  # whose owner undoes it
    else:
        with pytest.raises(StepNotPossible):
            decisions.ensure_step(before, outcome, role)


@given(outcomes, st.none() | st.sampled_from(CODES), st.none() | st.text(max_size=20), st.booleans())
def test_every_decision_has_a_sentence_in_every_language_and_no_refusal_is_without_a_reason(
    outcome, code, words, corrects
):
    try:
        reason = decisions.reason_of(outcome, code, words, corrects=corrects)
    except ReasonRequired:
        assert not (words or "").strip()
        assert corrects or code == "other" or (code is None and outcome in REFUSALS)
        return
    assert reason.code in CODES
    assert set(reason.sentence) == set(LOCALES)
    assert all(sentence.strip() for sentence in reason.sentence.values())
    if (words or "").strip():
        assert set(reason.sentence.values()) == {words.strip()}
    else:
        assert not corrects


@given(
    status=statuses,
    outcome=st.none() | outcomes,
    current=st.booleans(),
    asking=st.booleans(),
    role=st.sampled_from(DESK),
)
def test_what_a_publication_takes_is_current_wanted_and_possible(status, outcome, current, asking, role):
    code = decisions.skip_code(Drafted(status, outcome, current, asking), role)
    if code is None:
        assert outcome is not None
        assert current
        assert not asking
        assert status is not Status.WITHDRAWN
        assert role in EDGES[status][outcome]
    elif outcome is not None and current and not asking:
        assert code in ("withdrawn", "not_possible")
        assert role not in EDGES[status].get(outcome, ())


@given(st.timedeltas(timedelta(days=-9), timedelta(days=9)))
def test_an_offer_stands_before_its_moment_and_not_at_it(left):
    assert decisions.is_on_offer(NOW + left, NOW) == (left > timedelta(0))
    if left > timedelta(0):
        decisions.ensure_ahead(NOW + left, NOW, "until")
    else:
        with pytest.raises(MomentPassed):
            decisions.ensure_ahead(NOW + left, NOW, "until")


def test_the_desk_asks_where_nothing_is_decided_and_its_owner_writes_as_long_as_there_is_something():
    assert {status for status in Status if decisions.can_ask(status)} == OPEN - {Status.NEEDS_INFO}
    assert {status for status in Status if not decisions.can_write(status)} == {Status.WITHDRAWN}
    assert {status for status in Status if decisions.can_review(status)} == {Status.SUBMITTED, Status.NEEDS_INFO}
    assert not decisions.is_on_offer(None, NOW)


@pytest.mark.parametrize("code", [code for code in CODES if code != "other"] + [decisions.PROMOTED])
def test_every_reason_but_one_has_its_sentence(code):
    assert all(sentence.endswith(".") for sentence in decisions.sentences(code).values())
