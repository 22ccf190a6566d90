"""A form that has travelled as JSON judges, tidies and reads out as the one it came from."""

from __future__ import annotations

import json
from random import Random

from form_generator import random_answers, random_form
from hypothesis import given, settings
from hypothesis import strategies as st

from express_bot.domain.received import received


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False))
def test_both_ends_say_the_same_of_any_form_and_any_answers(dice: Random) -> None:
    sent = random_form(dice)
    here = received(json.loads(json.dumps(sent.as_json)))
    for _ in range(3):
        answers = random_answers(dice, sent)
        cleaned = sent.clean(answers)
        assert here.clean(answers) == cleaned
        assert here.validate(cleaned) == sent.validate(cleaned)
        assert here.without_hidden(cleaned) == sent.without_hidden(cleaned)
        assert [field.name for field in here.visible(cleaned)] == [field.name for field in sent.visible(cleaned)]
        assert here.title(cleaned) == sent.title(cleaned)
        # names of retired options stay at home: here their code stands for them
        retired = {code for names in sent.names.values() for code in names} - _codes(here.as_json)
        if not retired & _said(cleaned):
            assert here.display(cleaned) == sent.display(cleaned)


def _codes(form: dict) -> set[str]:
    return {option["code"] for field in form["fields"] for option in field.get("options", ())}


def _said(answers: dict) -> set[str]:
    return {part for value in answers.values() for part in (value if isinstance(value, list) else [value])
            if isinstance(part, str)}  # fmt: skip


def test_facts_of_the_profile_are_judged_alike() -> None:
    from datetime import date

    from express_bot.domain.compiled import compile_form
    from express_bot.domain.defaults import default_directories, default_form

    sent = compile_form(
        default_form("flight"), default_directories(), target=None, today=date(2026, 11, 23), locale="ru"
    )
    here = received(sent.as_json)
    for profile in ({}, {"location": "msk", "unit": "spb-oke-4"}, {"personnel_number": "12"}, {"wishes": "x"}):
        assert here.validate_profile(profile) == sent.validate_profile(profile)
        assert here.is_profile_complete(profile) is False
