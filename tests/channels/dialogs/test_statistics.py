"""«/статистика»: three numbers and the directions, in one message (ux.md E11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from express_bot.channels.core_door import HttpCoreDoor
from tests.channels.dialogs.chatting import Chat

Open = Callable[..., Chat]
VVO = {"code": "vvo", "label": "Владивосток", "filed": 5, "approved": 1, "last_date": "2026-12-14"}
GDX = {"code": "gdx", "label": "Магадан", "filed": 1, "approved": 0, "last_date": None}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """What the core will say of a person's applications; returns the forms that were asked for."""

    def say(**figures: Any) -> list[str]:
        asked: list[str] = []
        usual = {
            "filed": 6,
            "approved": 1,
            "decision_days": 3.0,
            "label": "Направление",
            "directions": [VVO, GDX],
            "raises": [],
        }

        async def answer(_door: HttpCoreDoor, _who: Any, form: str) -> dict[str, Any]:
            asked.append(form)
            return {"form": form, **usual, **figures}

        monkeypatch.setattr(HttpCoreDoor, "statistics", answer)
        return asked

    return say


def test_one_message_has_the_three_numbers_and_the_directions(chat: Open, told: Any) -> None:
    asked = told()
    anna = chat().write("/статистика")
    assert anna.text.split("\n") == [
        "**Моя статистика: Заявка на рейс**",
        "Подано: 6",
        "Одобрено: 1",
        "До решения: в среднем 3\u00a0дня",
        "**Направление**",
        "Владивосток: подано 5, одобрено 1, последний раз 14 декабря",
        "Магадан: подано 1, одобрено 0",
    ]
    assert anna.labels == [["Заявка на справку"], ["Открыть в приложении", "Мои заявки"], ["Меню"]]
    assert (asked, len(anna.cards)) == (["flight"], 1)


def test_it_is_said_in_english_too(chat: Open, told: Any) -> None:
    told(decision_days=2.5, label="Direction", directions=[VVO | {"label": "Vladivostok"}])
    anna = chat().in_("en").write("/stats")
    assert anna.text.split("\n") == [
        "**My statistics: Flight request**",
        "Filed: 6",
        "Approved: 1",
        "Time to a decision: 2.5\u00a0days on average",
        "**Direction**",
        "Vladivostok: 5 filed, 1 approved, last time 14 December",
    ]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (None, "решений пока не было"),
        (0.2, "в среднем меньше дня"),
        (1.0, "в среднем 1\u00a0день"),
        (1.04, "в среднем 1\u00a0день"),
        (2.46, "в среднем 2,5\u00a0дня"),
        (9.99, "в среднем 10\u00a0дней"),
        (21.4, "в среднем 21\u00a0день"),
        (12, "в среднем 12\u00a0дней"),
    ],
)
def test_the_time_to_a_decision_is_said_as_people_say_it(chat: Open, told: Any, days: Any, said: str) -> None:
    told(decision_days=days)
    assert chat().write("/stats").text.split("\n")[3] == f"До решения: {said}"


def test_whoever_has_filed_nothing_is_told_so_and_led_on(chat: Open, told: Any) -> None:
    told(filed=0, approved=0, decision_days=None, directions=[])
    ilya = chat("newcomer").write("статистика")
    assert ilya.text.split("\n") == ["**Моя статистика: Заявка на рейс**", "Заявок пока не было."]
    assert ilya.press("Меню").text.startswith("**Приём на январь")


def test_many_directions_are_cut_short_and_what_they_are_called_is_only_words(chat: Open, told: Any) -> None:
    told(directions=[GDX | {"label": f"**Город {n}** <embed_mention>"} for n in range(14)])
    lines = chat().write("/stats").text.split("\n")[5:]
    assert len(lines) == 9
    assert lines[0] == "∗∗Город 0∗∗ ‹embed＿mention›: подано 1, одобрено 0"
    assert lines[-1] == "И ещё 6\u00a0направлений."


def test_one_more_line_than_fits_is_a_line_not_a_remark(chat: Open, told: Any) -> None:
    told(directions=[GDX] * 9)
    assert "ещё" not in chat().write("/stats").text


def test_another_form_is_a_press_away_and_has_no_directions(chat: Open, told: Any) -> None:
    asked = told(directions=[])
    anna = chat().write("/меню").press("Ещё").press("Моя статистика").press("Заявка на справку")
    assert anna.text.split("\n")[0] == "**Моя статистика: Заявка на справку**"
    assert "Направление" not in anna.text
    assert (asked, len(anna.cards)) == (["flight", "certificate"], 1)
    assert anna.press("Мои заявки").text.startswith("**Мои заявки**")


def test_questions_that_were_begun_are_kept(chat: Open, told: Any) -> None:
    told()
    anna = chat().write("/заявка").press("Хабаровск").write("/статистика")
    assert anna.press("Меню").press("Продолжить: Хабаровск").text.startswith("**Хабаровск. Когда")


def test_a_guest_is_led_to_where_a_code_is_entered(chat: Open, told: Any) -> None:
    asked = told()
    guest = chat()
    guest.user = replace(guest.user, roles=())
    assert "Моя статистика" not in guest.write("/статистика").text
    assert asked == []
