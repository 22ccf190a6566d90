"""The bot's texts: complete in both languages, short enough for buttons, true to the copy rules (ux.md 0.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import express_bot.channels as package
from express_bot.channels.dialogs.words import catalog, commands, month_in, say
from express_bot.domain import texts
from express_bot.domain.defaults import FORMS, default_form
from express_bot.domain.locales import LOCALES

FORMS_OF = {"ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}
SOURCES = "\n".join(file.read_text("utf-8") for file in Path(package.__file__).parent.rglob("*.py"))


def said(locale: str) -> Iterator[tuple[str, Any]]:
    """Every template with its key; words that people type aside."""
    for branch, entries in catalog(locale).items():
        if branch != "words":
            yield from ((f"{branch}.{name}", template) for name, template in entries.items())


def wordings(template: Any) -> list[str]:
    if isinstance(template, dict):
        return [wording for form, wording in template.items() if form != "by"]
    return template if isinstance(template, list) else [template]


def test_both_languages_say_the_same_with_the_same_figures() -> None:
    russian, english = dict(said("ru")), dict(said("en"))
    assert list(russian) == list(english)
    for key, template in russian.items():
        figures = [
            {p for wording in wordings(found) for p in texts.placeholders(wording)}
            for found in (template, english[key])
        ]
        assert figures[0] == figures[1], key


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_says_something_and_every_plural_has_its_forms(locale: str) -> None:
    for key, template in said(locale):
        assert all(isinstance(wording, str) and wording.strip() for wording in wordings(template)), key
        if isinstance(template, dict):
            assert set(template) == {"by", *FORMS_OF[locale]}, key


@pytest.mark.parametrize("locale", LOCALES)
def test_a_line_on_a_button_is_short(locale: str) -> None:
    for name, label in catalog(locale)["button"].items():
        assert len(label) <= 28, name
    for form in map(default_form, FORMS):
        labels = [form.texts.get("file"), *(f.texts.get("change") for f in form.fields)]
        labels += [f.texts.get("chat_other") for f in form.fields]
        assert all(len(label[locale]) <= 28 for label in labels if label)


def test_the_copy_rules_are_kept() -> None:
    for key, template in said("ru"):
        for wording in wordings(template):
            assert not re.search(r"!|Поздравля|Упс", wording), key
            assert not re.search("№ |[^\u00a0] —| —", wording), f"{key}: needs a non-breaking space"
    for key, template in said("en"):
        for wording in wordings(template):
            assert key == "button.language" or not any("А" <= letter <= "я" for letter in wording), key


def test_every_text_is_used() -> None:
    for key, _ in said("ru"):
        branch, name = key.split(".")
        if branch in ("commands",):
            continue
        ways = (f'"{key}"', f"'{key}'", f'"{name}"', f"{branch}.{{")
        assert any(way in SOURCES for way in ways), f"{key} is said nowhere"


def test_figures_are_made_harmless_and_templates_keep_their_markup() -> None:
    told = say("one.title", "ru", title="<embed_mention>all</embed_mention> **x**", status="[ok](http://x)")
    assert told == "**‹embed＿mention›all‹/embed＿mention› ∗∗x∗∗** · ［ok］(http/x)"


def test_months_stand_in_the_case_of_their_sentence() -> None:
    assert [month_in(month, "ru") for month in (1, 11)] == ["январе", "ноябре"]
    assert month_in(11, "en") == "November"


def test_the_shown_commands_have_a_word_in_the_persons_language() -> None:
    assert [command.body for command in commands("ru")][:3] == ["/start", "/заявка", "/мои"]
    assert [command.body for command in commands("en")][:3] == ["/start", "/new", "/my"]
    for locale in LOCALES:
        assert all(command.body.startswith("/") and command.description for command in commands(locale))
