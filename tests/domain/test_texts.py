"""Texts: complete in both languages, correct in their plurals, true to the copy rules (ux.md 0.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

import pytest
from babel import Locale

from express_bot.contracts import errors
from express_bot.domain import texts
from express_bot.domain.fields import CODES, COMMON_CODES
from express_bot.domain.locales import LOCALES, supported
from express_bot.domain.workflow import Status

FOLDER = files("express_bot") / "defaults" / "texts"
CATALOGS = sorted({path.name.split(".")[0] for path in FOLDER.iterdir() if path.name.endswith(".yaml")})
OWN = ["common", "errors", "forms", "status", "timeline"]
FORMS_OF = {"ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every template of a catalog with its key."""
    if isinstance(node, dict) and "by" not in node:
        for name, child in node.items():
            yield from leaves(child, f"{path}.{name}" if path else name)
    else:
        yield path, node


def catalog(name: str, locale: str) -> dict[str, Any]:
    return dict(leaves(texts.catalog(name, locale)))


def wordings(template: Any) -> list[str]:
    if isinstance(template, dict):
        return [said for form, said in template.items() if form != "by"]
    return template if isinstance(template, list) else [template]


@pytest.mark.parametrize("name", CATALOGS)
def test_both_languages_have_the_same_texts_with_the_same_figures(name):
    russian, english = (catalog(name, locale) for locale in LOCALES)
    assert russian.keys() == english.keys()
    for key, template in russian.items():
        figures = [
            {p for said in wordings(found) for p in texts.placeholders(said)} for found in (template, english[key])
        ]
        assert figures[0] == figures[1], key


@pytest.mark.parametrize("name", CATALOGS)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_says_something_and_every_plural_has_its_forms(name, locale):
    for key, template in catalog(name, locale).items():
        assert all(isinstance(said, str) and said.strip() for said in wordings(template)), key
        if isinstance(template, dict):
            assert set(template) == {"by", *FORMS_OF[locale]}, key


@pytest.mark.parametrize("name", OWN)
def test_the_copy_rules_are_kept(name):
    for key, template in catalog(name, "ru").items():
        for said in wordings(template):
            assert not re.search(r"!|Поздравля|Упс|\bВы\b(?!.*[.])", said) or said.startswith("Вы"), (key, said)
            assert not re.search("№ |[^\u00a0] —| —", said), f"{key}: needs a non-breaking space"
    for key, template in catalog(name, "en").items():
        assert not any("А" <= letter <= "я" for said in wordings(template) for letter in said), key


def codes() -> set[str]:
    """Codes of every refusal the product knows."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.AppError)]
    return {kind.code for kind in kinds}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_refusal_has_a_title_and_a_sentence(locale):
    assert codes() == set(texts.catalog("errors", locale))
    for code in codes():
        title, detail = texts.problem(code, locale)
        assert title
        assert detail.endswith(".")
        assert "{" not in detail


@pytest.mark.parametrize("locale", LOCALES)
def test_every_code_of_an_answer_and_every_status_has_words(locale):
    for code in {*COMMON_CODES, *(code for codes in CODES.values() for code in codes), "unknown_field"}:
        assert texts.entry(f"forms.field.{code}.default", locale)
    for status in [*(status.value for status in Status), "draft", "queued"]:
        assert texts.text(f"status.{status}.label", locale)
        assert texts.note(status, locale)


def test_a_refusal_says_its_figures_when_it_has_them():
    moment = {"closes_at": "2026-12-05T15:00:00+00:00", "timezone": "Europe/Moscow"}
    said = "Приём закрылся 5 декабря, 18:00 (МСК). Черновик сохранён, его можно подать в следующий приём."
    assert texts.problem("period_closed", "ru", moment) == ("Приём закрыт", said)
    assert texts.problem("period_closed", "ru", {"closes_at": "when?"})[1].startswith("Приём закрылся when?")
    assert "№\u00a02027-0142" in texts.problem("limit_reached", "ru", {"number": "2027-0142"})[1]
    assert "No. 2027-0142" in texts.problem("limit_reached", "en", {"number": "2027-0142"})[1]


def test_an_unknown_refusal_still_says_a_whole_sentence():
    assert texts.problem("no_such_code", "ru") == texts.problem("internal_error", "ru")


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1 файл"), (2, "2 файла"), (5, "5 файлов"), (11, "11 файлов"), (21, "21 файл"), (104, "104 файла")],
)
def test_russian_has_three_plurals(count, said):
    assert texts.text("common.files", "ru", count=count) == said


@pytest.mark.parametrize("locale", LOCALES)
def test_plural_rules_are_those_of_cldr(locale):
    cldr = Locale.parse(locale).plural_form
    assert [texts.plural_form(number, locale) for number in range(1_200)] == [cldr(number) for number in range(1_200)]


def test_days_months_and_deadlines_in_words():
    day = date(2027, 1, 15)
    assert texts.day(day, "ru") == "15 января 2027, пятница"
    assert texts.day(day, "en") == "15 January 2027, Friday"
    assert (texts.day_short(day, "ru"), texts.month(day, "ru")) == ("15 января", "январь 2027")
    moment = datetime(2026, 12, 5, 15, tzinfo=UTC)
    assert texts.deadline(moment, "Europe/Moscow", "ru") == "5 декабря, 18:00 (МСК)"
    assert texts.deadline(moment, "Asia/Krasnoyarsk", "ru") == "5 декабря, 22:00 (UTC+7)"
    assert texts.deadline(moment, "Asia/Kolkata", "en") == "5 December, 20:30 (UTC+5:30)"
    assert texts.deadline(moment, "America/New_York", "en") == "5 December, 10:00 (UTC-5)"


def test_a_card_says_what_matters_now():
    assert texts.note("submitted", "ru", decision_due=date(2026, 12, 12)) == "Решение до 12 декабря"
    assert texts.note("submitted", "ru") == "Ждёт решения центра планирования"


def test_figures_are_filled_once_and_unknown_ones_stay():
    assert texts.fill("{a} и {b}", {"a": "{b}"}) == "{b} и {b}"
    with pytest.raises(texts.UnknownText):
        texts.text("status.nowhere.label")
    with pytest.raises(texts.UnknownText):
        texts.text("status.submitted")


@pytest.mark.parametrize(
    ("asked", "spoken"), [("ru-RU", "ru"), ("en_GB", "en"), ("EN", "en"), ("de", "ru"), ("", "ru"), (None, "ru")]
)
def test_the_nearest_language_is_spoken(asked, spoken):
    assert supported(asked) == spoken
