"""What the SPA gets, and how answers are read out."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import pytest
from form_generator import random_form
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped_forms import TODAY, shipped

from express_bot.domain.calendar import holidays_between
from express_bot.domain.compiled import compile_form
from express_bot.domain.defaults import default_directories, default_form
from express_bot.domain.fields import Excluded

FEBRUARY = (date(2027, 2, 1), date(2027, 2, 28))
STUDY = Excluded.model_validate({"from": "2027-01-30", "to": "2027-02-03", "text": {"ru": "Учёба", "en": "Studies"}})


def test_the_compiled_form_is_plain_json(flight, certificate):
    for form in (flight, certificate):
        assert json.loads(json.dumps(form.as_json)) == form.as_json


def test_it_speaks_one_language(flight, flight_en):
    assert (flight.as_json["title"], flight_en.as_json["title"]) == ("Заявка на рейс", "Flight request")
    russian = [text for text in json.dumps(flight_en.as_json, ensure_ascii=False).split('"') if "А" <= text[:1] <= "я"]
    assert {text for text in russian if text not in str(flight_en.sent["direction"]["options"])} <= {
        text
        for name in ("location", "position")
        for option in flight_en.sent[name]["options"]
        for text in option["synonyms"]
    }


def test_the_judge_is_the_same_in_both_languages(flight, flight_en):
    assert flight.schema == flight_en.schema
    assert flight._validator is flight_en._validator


def test_excluded_days_are_cut_to_the_target_and_worded(answers):
    form = compile_form(
        default_form("flight"), default_directories(), target=FEBRUARY, excluded=[STUDY], today=TODAY, locale="ru"
    )
    span = {"from": "2027-02-01", "to": "2027-02-03", "reason": "closed", "text": "Учёба"}
    assert form.sent["date"]["excluded"] == [span]
    (error,) = form.validate(answers | {"date": "2027-02-02"})
    assert (error.code, error.message) == ("excluded_date", "Учёба. Выберите другую дату")
    assert form.validate(answers | {"date": "2027-02-04"}) == []


def test_the_calendar_knows_the_holidays(flight):
    assert flight.sent["date"]["holidays"][:8] == [f"2027-01-0{day}" for day in range(1, 9)]
    assert date(2027, 2, 23) in holidays_between(date(2027, 2, 20), date(2027, 2, 28))
    assert holidays_between(date(2020, 1, 1), date(2030, 1, 1)) == []


def test_one_calendar_does_not_load_those_of_all_countries():
    """They would take 5 MB of each process and a third of a second of its first answer."""
    script = (
        "import sys; from datetime import date; from express_bot.domain.calendar import holidays_between as between;"
        "assert date(2027, 5, 9) in between(date(2027, 5, 1), date(2027, 5, 31));"
        "print(sum(name.startswith('holidays.countries') for name in sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(found.stdout) == 2


def test_a_form_without_a_period_has_no_bounds_of_one(answers):
    form = compile_form(default_form("flight"), default_directories(), target=None, today=TODAY, locale="ru")
    assert (form.sent["date"]["min"], form.sent["date"]["max"], form.sent["date"]["holidays"]) == (None, None, [])
    assert form.validate(answers | {"date": "2031-12-31"}) == []


def test_the_spa_gets_only_messages_that_can_be_needed(flight, certificate):
    assert set(flight.sent["date"]["messages"]) == {"required", "wrong_type", "not_a_date", "too_early", "too_late"}
    assert set(flight.sent["wishes"]["messages"]) == {"wrong_type", "too_short", "too_long"}
    assert "not_applicable" in certificate.sent["address"]["messages"]
    assert flight.sent["date"]["messages"]["too_late"] == "Выберите дату не позже 31 января"


def test_answers_are_read_out_in_words(flight, answers):
    rows = {row["label"]: row["value"] for row in flight.display(answers)}
    assert rows == {
        "База": "МСК",
        "Подразделение": "ОКЭ 2",
        "Должность": "БП",
        "Фамилия, имя, отчество": "Воронцова Анна Сергеевна",
        "Табельный номер": "100234",
        "Направление": "Владивосток",
        "Дата вылета": "15 января 2027, пятница",
        "Пожелания": "Не указано",
        "Файлы": "Не указано",
    }


def test_questions_that_were_not_asked_are_not_read_out(certificate, request_for_certificate):
    fields = [row["field"] for row in certificate.display(request_for_certificate)]
    assert "email" in fields
    assert "address" not in fields


@pytest.mark.parametrize(
    ("form", "locale", "given_answers", "title"),
    [
        ("flight", "ru", {"direction": "vvo", "date": "2027-01-15"}, "Владивосток, 15 января"),
        ("flight", "en", {"direction": "vvo", "date": "2027-01-15"}, "Vladivostok, 15 January"),
        ("flight", "ru", {"direction": {"other": "сан-Паулу"}}, "Сан-Паулу"),
        ("flight", "ru", {"date": "2027-01-15"}, "15 января"),
        ("flight", "ru", {}, "Заявка на рейс"),
        ("certificate", "ru", {"document": "income", "needed_by": "2026-12-01"}, "О доходах, 1 декабря"),
    ],
)
def test_the_title_says_what_it_is_about(form, locale, given_answers, title):
    assert shipped(form, locale).title(given_answers) == title


def test_the_target_date_is_the_forms_date_field(flight, certificate):
    assert flight.target_date({"date": "2027-01-15"}) == date(2027, 1, 15)
    assert certificate.target_date({"needed_by": "2026-12-01"}) == date(2026, 12, 1)
    assert flight.target_date({}) is None


KEYWORDS = {
    *("type", "additionalProperties", "properties", "required", "allOf", "anyOf", "not", "if", "then", "else"),
    *("enum", "const", "contains", "items", "minItems", "maxItems", "uniqueItems", "minLength", "maxLength"),
    *("pattern", "minimum", "maximum", "format", "formatMinimum", "formatMaximum"),
}
"""What ``validation/schema.ts`` understands."""


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=True))
def test_schemas_use_only_keywords_the_spa_understands(dice):
    def keywords(schema: object) -> set[str]:
        if not isinstance(schema, dict):
            return set()
        inner = [*schema.get("properties", {}).values(), *schema.get("allOf", []), *schema.get("anyOf", [])]
        inner += [schema.get(word) for word in ("if", "then", "else", "not", "items", "contains")]
        return set(schema) | {word for part in inner for word in keywords(part)}

    assert keywords(random_form(dice).schema) <= KEYWORDS
