"""Any sound form can be walked in a chat: asked question by question, checked, sent; nobody ever gets stuck."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from express_bot.channels.dialogs import Person
from express_bot.channels.dialogs.tokens import write
from express_bot.domain.compiled import CompiledForm, compile_form
from express_bot.domain.forms import load_form
from tests.channels.dialogs.chatting import Chat
from tests.channels.dialogs.sent_files import SentHere
from tests.channels.dialogs.small_core import SmallCore
from tests.conftest import NOW
from tests.domain.form_generator import odd_text, random_form, right_value

MOST_STEPS = 60


class Walker(Chat):
    """A person before a core with one form."""

    def make_door(self) -> Any:
        return self.core

    def token(self, choice: str) -> Chat:
        """Presses a button that may stand on another page."""
        return self.send_token(write(self.state["card"], self.state["rev"], choice))


def walker(form: CompiledForm) -> Walker:
    core: Any = SmallCore(form)
    return Walker(core, Person("7b0f6f5e-1f0a-5d7e-9a51-2c4f0b6d1a09", "Анна", form.locale), NOW)


def answer(chat: Walker, dice: Random, form: CompiledForm) -> bool:
    """Answers the present question rightly; ``False`` when the form itself leaves no right answer."""
    name = chat.state["screen"]["data"]["field"]
    field, given = form.by_name[name], form.clean((chat.core.draft or {"answers": {}})["answers"])
    value = next(
        (value for _ in range(20) if (value := right_value(dice, form, field, given)) is not None
         and not [e for e in form.validate(form.without_hidden(form.clean({**given, name: value}))) if e.field == name]
         and name in form.clean({name: value})),
        None,
    )  # fmt: skip
    if value is None:
        return False
    give(chat, field.kind, value)
    return True


def give(chat: Walker, kind: str, value: Any) -> None:
    """The answer in presses and words."""
    if isinstance(value, dict):
        if any(button.token and button.token.endswith(".other") for row in chat.view.rows for button in row):
            chat.token("other")
        chat.write(value["other"])
    elif kind == "choice":
        chat.token(f"go:{value}")
    elif kind == "multichoice":
        for code in value:
            chat.token(f"tick:{code}")
        chat.token("done")
    elif kind == "date":
        chat.token(f"go:{value}")
    elif kind == "file":
        chat.send(*[SentHere() for _ in value]).token("done")
    elif kind == "boolean":
        chat.token(f"go:{'yes' if value else 'no'}")
    else:
        chat.write(str(value))


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_right_answers_lead_to_a_sent_application(dice: Random) -> None:
    form = random_form(dice)
    chat = walker(form)
    chat.write("/заявка")
    for _ in range(MOST_STEPS):
        screen = chat.state["screen"]["name"]
        if screen == "check":
            break
        assert screen == "ask", chat.text
        if not answer(chat, dice, form):
            return
    assert chat.state["screen"]["name"] == "check", chat.text
    chat.token("send")
    assert chat.text.startswith("**"), chat.text
    [filed] = chat.core.filed
    assert form.validate(filed) == []


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 60), max_size=25))
def test_no_form_and_no_words_make_it_fall_over(dice: Random, presses: list[int]) -> None:
    chat = walker(random_form(dice))
    chat.write("/заявка")
    for place in presses:
        buttons = [button for row in chat.view.rows for button in row if button.token]
        if place % 3 == 0:
            chat.write(odd_text(dice).replace("\ud83d", "").replace("\ud800", ""))
        elif place % 7 == 0:
            chat.send(caption=odd_text(dice).replace("\ud83d", "").replace("\ud800", ""))
        elif buttons:
            chat.send_token(str(buttons[place % len(buttons)].token))
        assert any(button.token and not button.token.endswith(".-") for row in chat.view.rows for button in row)
    for filed in chat.core.filed:
        assert chat.core.form_.validate(filed) == []


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_the_shipped_forms_are_walked_by_the_same_code(chat: Any, locale: str, rows: Any) -> None:
    anna = chat().in_(locale).write("/new" if locale == "en" else "/заявка")
    anna.press("Хабаровск" if locale == "ru" else "Khabarovsk").press("15").press(
        "Отправить" if locale == "ru" else "Send"
    )
    assert rows("applications", "form_id = 'flight' and direction = 'khv' and channel = 'express'") == 1
    anna.write("/menu").press("Заказать справку" if locale == "ru" else "Order a certificate")
    words = {
        "ru": ["О доходах", "2", "1 декабря", "По электронной почте", "a_b@example.ru", "Отправить"],
        "en": ["Income", "2", "1 December", "By e-mail", "a_b@example.ru", "Send"],
    }[locale]
    for word in words:
        anna.write(word)
    assert anna.text.startswith("**Заявка №" if locale == "ru" else "**Request No. "), anna.text
    answers = "answers->>'document' = 'income' and answers->>'copies' = '2' and answers->>'email' = 'a_b@example.ru'"
    assert rows("applications", f"form_id = 'certificate' and {answers}") == 1


def test_the_longest_names_and_codes_keep_to_the_limits(chat: Any) -> None:
    """UX-206; the limits themselves are looked at after every event."""
    long, code = "Очень длинное название направления, каких не бывает", "x" * 39
    options = [{"code": f"{code}{letter}", "names": {"ru": f"{long} {letter}"}} for letter in "abcdefghijklmnopq"]
    fields = [
        {"name": f"f{'x' * 39}", "kind": "choice", "options": options, "allow_other": {"max_length": 4000}},
        {"name": f"g{'x' * 39}", "kind": "multichoice", "options": options},
        {"name": f"h{'x' * 39}", "kind": "date"},
        {"name": f"i{'x' * 39}", "kind": "text", "max_length": 20_000, "required": False, "multiline": True},
        {"name": f"j{'x' * 39}", "kind": "boolean"},
    ]
    whole = [
        {"label": {"ru": long}, "question": {"ru": long * 3}, "hint": {"ru": long * 9}, **field} for field in fields
    ]
    definition = load_form(
        {"id": "x" * 40, "version": 1, "title": {"ru": long}, "summary": [f"f{'x' * 39}"], "fields": whole}
    )
    form = compile_form(definition, {}, target=None, today=NOW.date(), locale="ru")
    person = walker(form)
    person.write("/заявка").press("›").press("‹").write("Ы" * 4000).press("Указать: Ы")
    for _ in range(3):
        person.token(f"tick:{code}{'abc'[_]}")
    person.press("›").press("Готово").press("›").write("15 января 2027").press("Да")
    person.press("Очень длинное").write("<b>**ы**</b>\n" * 1500)
    assert len(person.text) <= 4096
    person.press("Отправить").press("Открыть заявку")
    assert len(person.core.filed) == 1
    person.write("/мои").press("1. ")
