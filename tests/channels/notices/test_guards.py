"""Notices: a text for every event, channel and language; true to the copy rules and to the messengers' limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

import express_bot.channels.notices as package
from express_bot.channels.dialogs import View, tokens
from express_bot.channels.dialogs.acts import ACTS
from express_bot.channels.notices import DISCREET, DRAWN, draw
from express_bot.channels.notices.samples import application, samples
from express_bot.channels.notices.words import catalog
from express_bot.contracts.messengers import Channel
from express_bot.contracts.notifications import Event, Notice
from express_bot.domain import texts
from express_bot.domain.locales import LOCALES
from tests.channels.dialogs.chatting import ensure_within_limits

CHANNELS: tuple[Channel, ...] = get_args(Channel)
FORMS_OF = {"ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}
SOURCES = "\n".join(file.read_text("utf-8") for file in Path(package.__file__).parent.rglob("*.py"))
#: ux.md 0.5.
LINES_BEFORE_THE_KEYBOARD = 6


def every(event: Event) -> Iterator[tuple[str, Notice, View]]:
    for channel in CHANNELS:
        for locale in LOCALES:
            for name, notice in samples(event, channel=channel, locale=locale):
                view = draw(notice)
                assert view is not None, (event, channel, locale, name)
                yield name, notice, view


def said(locale: str, channel: str | None = None) -> dict[str, Any]:
    branches = catalog(locale, channel).items()
    return {f"{branch}.{name}": words for branch, entries in branches for name, words in entries.items()}


def wordings(template: Any) -> list[str]:
    return [words for form, words in template.items() if form != "by"] if isinstance(template, dict) else [template]


def figures(template: Any) -> set[str]:
    return {figure for wording in wordings(template) for figure in texts.placeholders(wording)}


def test_every_event_is_drawn() -> None:
    assert set(DRAWN) == set(Event)


@pytest.mark.parametrize("event", list(Event))
def test_every_event_says_something_in_every_channel_and_language(event: Event) -> None:
    for name, notice, view in every(event):
        ensure_within_limits(view)
        assert "{" not in view.text, (name, notice.channel, notice.locale)
        assert view.text.startswith(("**", "⚠ **"))
        assert name == "several" or len(view.text.splitlines()) <= LINES_BEFORE_THE_KEYBOARD


@pytest.mark.parametrize("event", list(Event))
def test_a_button_asks_for_an_act_that_exists(event: Event) -> None:
    for _, _, view in every(event):
        for button in (button for row in view.rows for button in row if button.link is None):
            token = tokens.read(button.token)
            assert token is not None
            assert token.verb in ACTS, button
            assert token.rev == tokens.NOTICE_REV


@pytest.mark.parametrize("channel", [None, *sorted(DISCREET)])
def test_both_languages_say_the_same_with_the_same_figures(channel: str | None) -> None:
    russian, english = said("ru", channel), said("en", channel)
    assert list(russian) == list(english)
    for key, template in russian.items():
        assert figures(template) == figures(english[key]), key


def test_a_discreet_channel_overrides_only_what_exists() -> None:
    for channel in DISCREET:
        for locale in LOCALES:
            assert set(said(locale, channel)) <= set(said(locale))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_plural_has_its_forms_and_every_button_is_short(locale: str) -> None:
    for key, template in said(locale).items():
        if isinstance(template, dict) and "by" in template:
            assert set(template) == {"by", *FORMS_OF[locale]}, key
    labels = [words for form in catalog(locale)["forms"].values() for words in form.values()]
    assert all(len(label) <= 28 for label in labels)


def test_the_copy_rules_are_kept() -> None:
    for channel in (None, *DISCREET):
        for key, template in said("ru", channel).items():
            for wording in wordings(template):
                assert not re.search(r"!|Поздравля|Упс", wording), key
                assert not re.search("№ |[^\u00a0] —| —|\\d [а-яё]", wording), f"{key}: needs a non-breaking space"
        for key, template in said("en", channel).items():
            assert not any("А" <= letter <= "я" for wording in wordings(template) for letter in wording), key


def test_every_text_is_used() -> None:
    by_event = {event.value for event in Event}
    by_name = {"messenger", "forms"}
    for key in said("ru"):
        branch, name = key.split(".")
        ways = (f'"{key}"', f'"{name}"', f"{branch}.{{")
        assert branch in by_name or any(way in SOURCES for way in ways) or (branch in by_event and name in OUTCOMES), (
            key
        )


OUTCOMES = ("approved", "waitlisted", "rejected", "revoked", "completed")


class TestWhatTelegramMayCarry:
    """Number and status only, unless the organisation says otherwise (trust §4.5)."""

    DETAILS = (
        "Сочи",
        "Хабаровск",
        "Магадан",
        "Владивосток",
        "15 января",
        "20 января",
        "16 января",
        "октябр",
        "рейс отменён",
    )

    @pytest.mark.parametrize("event", list(Event))
    def test_no_direction_no_date_no_reason(self, event: Event) -> None:
        for _, notice in samples(event, channel="telegram", locale="ru"):
            view = draw(notice)
            assert view is not None
            shown = "\n".join([view.text, *(button.label for row in view.rows for button in row)])
            assert not [detail for detail in self.DETAILS if detail in shown]

    def test_details_are_told_where_they_may_be(self) -> None:
        [*_, (_, notice)] = samples(Event.DECIDED, channel="telegram", locale="ru")
        view = draw(notice, discreet=())
        assert view is not None
        assert "Мест 3, заявок 5, вы были 4-й: в октябре уже летали в Сочи." in view.text


class TestDecisions:
    def notice(self, *applications: dict[str, Any], event: Event = Event.DECIDED) -> Notice:
        [(_, first), *_] = samples(event, channel="express", locale="ru")
        return first.model_copy(update={"applications": list(applications), "application": applications[0]})

    def test_a_rejection_never_comes_without_a_sentence(self) -> None:
        bare = application("Сочи, 15 января", status="rejected", decision={"reason": ""})
        view = draw(self.notice(bare))
        assert view is not None
        assert view.text.splitlines()[1] == "Причину можно узнать у координатора."

    def test_foreign_words_are_only_words(self) -> None:
        nasty = "<embed_mention>all</embed_mention> **[x](http://evil.example)** @{mention:1}\n\nи ещё"
        one = application(nasty, status="rejected", decision={"reason": nasty})
        view = draw(self.notice(one))
        assert view is not None
        title, reason, number = view.text.splitlines()
        assert (title.count("**"), reason.count("**"), number) == (2, 0, "№\u00a02027-0142")
        assert not re.search(r"[<>\[\]{}]|//|@", view.text)

    def test_a_publication_of_many_is_one_message_within_the_limits(self) -> None:
        long = "очень длинная причина " * 40
        many = [application(long, status="rejected", decision={"reason": long}) for _ in range(30)]
        view = draw(self.notice(*many))
        assert view is not None
        ensure_within_limits(view)
        assert view.text.endswith("И ещё 24\u00a0решения: смотрите «Мои заявки».")

    def test_what_is_no_decision_is_not_announced(self) -> None:
        assert draw(self.notice(application("Сочи", status="submitted"))) is None


class TestNothingToSay:
    @pytest.mark.parametrize(
        "event", [Event.PERIOD_OPENED, Event.REMINDER, Event.DRAFT_LEFT, Event.SUBMITTED, Event.CHANGED]
    )
    def test_without_its_subject_a_notice_says_nothing(self, event: Event) -> None:
        [(_, notice), *_] = samples(event, channel="express", locale="ru")
        assert draw(notice.model_copy(update={"application": None, "period": None, "draft": None})) is None

    def test_a_reminder_after_the_end_says_nothing(self) -> None:
        [(_, notice), *_] = samples(Event.REMINDER, channel="express", locale="ru")
        after = notice.at.replace(month=12, day=6)
        assert draw(notice.model_copy(update={"at": after})) is None


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (120, "5\u00a0дней"),
        (48, "2\u00a0дня"),
        (47.98, "2\u00a0дня"),
        (24, "24\u00a0часа"),
        (6, "6\u00a0часов"),
        (5.99, "6\u00a0часов"),
        (0.2, "1\u00a0час"),
    ],
)
def test_the_time_left_is_said_as_it_was_meant(hours: float, words: str) -> None:
    [(_, notice), *_] = samples(Event.REMINDER, channel="express", locale="ru")
    assert notice.period is not None
    at = datetime.fromisoformat(notice.period["closes_at"]) - timedelta(hours=hours)
    view = draw(notice.model_copy(update={"at": at}))
    assert view is not None
    assert view.text.startswith(f"**До конца приёма {words}**")


@pytest.mark.parametrize(
    ("limit", "words"), [(1, "1\u00a0заявку"), (3, "3\u00a0заявки"), (5, "5\u00a0заявок"), (21, "21\u00a0заявку")]
)
def test_numbers_stand_in_their_russian_forms(limit: int, words: str) -> None:
    [(_, notice), *_] = samples(Event.PERIOD_OPENED, channel="express", locale="ru")
    view = draw(notice.model_copy(update={"period": {**(notice.period or {}), "limit": limit}}))
    assert view is not None
    assert view.text.endswith(f"Можно подать {words}.")
