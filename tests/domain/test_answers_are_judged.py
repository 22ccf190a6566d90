"""The validator: codes, words, order, and that nothing makes it fall over."""

from __future__ import annotations

import time
from random import Random
from typing import Any

import pytest
from form_generator import random_answers, random_form, right_answers
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import wrong
from shipped_forms import shipped

from express_bot.domain.compiled import CompiledForm

dice = st.randoms(use_true_random=True)


def judged(form: CompiledForm, answers: dict[str, Any]) -> list[tuple[str, str]]:
    return [(error.field, error.code) for error in form.validate(form.clean(answers))]


def message(form: CompiledForm, answers: dict[str, Any], field: str) -> str:
    return next(error.message for error in form.validate(form.clean(answers)) if error.field == field)


def test_right_answers_have_nothing_wrong(flight, certificate, answers, request_for_certificate):
    assert judged(flight, answers) == []
    assert judged(certificate, request_for_certificate) == []


def test_an_own_direction_is_right_even_where_the_base_has_no_list(flight, answers):
    own = answers | {"location": "aer", "unit": "aer-oke", "direction": {"other": "Сан-Паулу"}}
    assert judged(flight, own) == []


@pytest.mark.parametrize(
    ("given_answers", "code", "said"),
    [
        ({"direction": None}, "required", "Выберите направление или укажите своё"),
        ({"direction": {"other": " "}}, "required", "Выберите направление или укажите своё"),
        ({"direction": {"other": "я"}}, "too_short", "Напишите направление, хотя бы 2 буквы"),
        ({"direction": {"other": "я" * 61}}, "too_long", "Сократите направление на 1 символ"),
        ({"direction": "xxx"}, "unknown_option", "Такого направления нет в списке. Выберите другое или укажите своё"),
        (
            {"direction": "syx"},
            "wrong_parent",
            "С вашей базы этого направления нет в списке. Выберите другое или укажите своё",
        ),
        ({"direction": 7}, "wrong_type", "Не поняли ответ. Заполните ещё раз"),
        ({"unit": "spb-oke-4"}, "wrong_parent", "На этой базе нет такого подразделения. Выберите из списка"),
        ({"date": None}, "required", "Выберите дату вылета"),
        ({"date": "2027-02-01"}, "too_late", "Выберите дату не позже 31 января"),
        ({"date": "2026-12-31"}, "too_early", "Выберите дату не раньше 1 января"),
        ({"date": "2027-01-32"}, "not_a_date", "Не поняли дату. Напишите, например, 15.01"),
        ({"personnel_number": "12345"}, "too_short", "В табельном номере 6 цифр, сейчас 5"),
        ({"personnel_number": "1234567"}, "too_long", "В табельном номере 6 цифр, сейчас 7 знаков"),
        ({"personnel_number": "12345б"}, "bad_format", "В табельном номере только цифры"),
        ({"personnel_number": 100234}, "wrong_type", "Не поняли ответ. Заполните ещё раз"),
        ({"full_name": "Анна1"}, "bad_format", "В имени могут быть буквы"),
        ({"wishes": "я" * 324}, "too_long", "Сократите пожелания на 24 символа"),
        ({"wishes": "я" * 301}, "too_long", "Сократите пожелания на 1 символ"),
        ({"wishes": "😀" * 305}, "too_long", "Сократите пожелания на 5 символов"),
        ({"sex": "x"}, "unknown_field", "В форме нет такого пункта. Обновите страницу"),
    ],
)
def test_each_mistake_has_its_code_and_its_words(flight, answers, given_answers, code, said):
    field = next(iter(given_answers))
    assert judged(flight, answers | given_answers) == [(field, code)]
    assert message(flight, answers | given_answers, field) == said


def test_the_same_mistake_in_english(flight_en, answers):
    wishes = answers | {"wishes": "x" * 324, "personnel_number": "12345"}
    assert message(flight_en, wishes, "wishes") == "Shorten by 24 characters"
    assert message(flight_en, wishes, "personnel_number") == "The number has 6 digits, you entered 5"


def test_an_answer_to_a_question_that_is_not_asked_is_named(certificate, request_for_certificate):
    hidden = request_for_certificate | {"address": "101000, Москва, Мясницкая, 1"}
    assert judged(certificate, hidden) == [("address", "not_applicable")]
    assert judged(certificate, certificate.without_hidden(hidden)) == []


def test_a_question_that_is_asked_is_required(certificate, request_for_certificate):
    by_post = request_for_certificate | {"delivery": "post", "email": None}
    assert judged(certificate, by_post) == [("address", "required")]


@pytest.mark.parametrize(
    ("copies", "code"),
    [(0, "too_small"), (11, "too_large"), (1.5, "not_integer"), (True, "wrong_type"), ("много", "wrong_type")],
)
def test_copies_are_whole_and_few(certificate, request_for_certificate, copies, code):
    assert judged(certificate, request_for_certificate | {"copies": copies}) == [("copies", code)]


def test_the_days_of_a_certificate_are_counted_from_today(certificate, request_for_certificate):
    def codes(day: str) -> list[tuple[str, str]]:
        return judged(certificate, request_for_certificate | {"needed_by": day})

    assert codes("2026-11-23") == [("needed_by", "too_early")]
    assert codes("2026-11-24") == codes("2027-01-22") == []
    assert codes("2027-01-23") == [("needed_by", "too_late")]


def test_errors_come_in_the_order_of_the_form(flight):
    fields = [field for field, _ in judged(flight, {"date": 1, "zz": 1, "unit": 2, "aa": 3})]
    assert fields == ["location", "unit", "position", "full_name", "personnel_number", "direction", "date", "aa", "zz"]


def test_part_of_a_profile_can_be_judged_alone(flight):
    def codes(**profile: Any) -> list[tuple[str, str]]:
        return [(error.field, error.code) for error in flight.validate_profile(flight.clean(profile))]

    assert codes(position="bp") == []
    assert codes(location="msk", unit="spb-oke-4") == [("unit", "wrong_parent")]
    assert codes(date="2027-01-15", personnel_number="1") == [
        ("personnel_number", "too_short"),
        ("date", "unknown_field"),
    ]


def test_a_profile_is_complete_with_all_five_facts_right(flight, answers):
    assert flight.is_profile_complete(answers | {"direction": None, "date": None}) is False  # others than facts
    facts = {name: answers[name] for name in flight.definition.profile}
    assert flight.is_profile_complete(facts)
    assert not flight.is_profile_complete(facts | {"unit": "spb-oke-4"})
    assert not flight.is_profile_complete({**facts, "position": None})


@pytest.mark.parametrize("value", ["\ud800", float("nan"), float("inf"), object(), (1, 2), b"x", {1: 2}, 10**400])
@pytest.mark.parametrize("form", ["flight", "certificate"])
def test_what_is_no_json_is_wrong_but_breaks_nothing(form, value):
    compiled = shipped(form)
    answers = dict.fromkeys(compiled.by_name, value)
    assert {error.field for error in compiled.validate(compiled.clean(answers))} >= {"needed_by"} & set(
        compiled.by_name
    )
    assert compiled.display(answers)


def test_the_deepest_value_is_wrong_but_breaks_nothing(flight, answers):
    deep: Any = "x"
    for _ in range(3_000):
        deep = {"other": [deep]}
    assert judged(flight, answers | {"direction": deep}) == [("direction", "wrong_type")]


@settings(max_examples=300, deadline=None)
@given(dice)
def test_the_schema_says_what_the_definition_says(dice: Random):
    form = random_form(dice)
    for _ in range(50):
        cleaned = form.clean(random_answers(dice, form))
        assert [(error.field, error.code) for error in form.validate(cleaned)] == wrong(form, cleaned)


@settings(max_examples=100, deadline=None)
@given(dice)
def test_every_error_has_its_words(dice: Random):
    form = random_form(dice)
    for error in form.validate(form.clean(random_answers(dice, form))):
        assert error.message
        assert "{" not in error.message.replace("{unknown}", "").replace("{max}", "")


@settings(max_examples=100, deadline=None)
@given(dice)
def test_cleaning_twice_changes_nothing_more_and_showing_never_fails(dice: Random):
    form = random_form(dice)
    cleaned = form.clean(random_answers(dice, form))
    assert {row["field"] for row in form.display(cleaned)} == {field.name for field in form.visible(cleaned)}
    assert form.title(cleaned)
    right = form.clean(right_answers(dice, form))
    assert form.validate(form.without_hidden(right)) == form.validate(right) or form.without_hidden(right) != right


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=6), children, max_size=3),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_whatever_is_answered_the_form_only_says_no(data: st.DataObject):
    form = shipped(data.draw(st.sampled_from(["flight", "certificate"])))
    names = st.sampled_from([*form.by_name, "other"]) | st.text(max_size=5)
    raw = data.draw(st.dictionaries(names, json_values, max_size=10))
    cleaned = form.clean(raw)
    assert isinstance(form.validate(cleaned), list)
    assert form.title(cleaned)
    assert form.display(cleaned)


def test_judging_a_right_application_costs_next_to_nothing(flight, answers):
    """Hot path of submit: well under 50 µs; a loose bound, for a busy machine."""
    cleaned = flight.clean(answers)
    started = time.process_time()
    for _ in range(2_000):
        assert not flight.validate(cleaned)
    assert (time.process_time() - started) / 2_000 < 50e-6
