"""«Напомнить» where nothing can be filed, «Не в этом месяце» on a reminder; both taken back as easily as said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from express_bot.channels.dialogs import View
from express_bot.contracts.notifications import Event
from tests.channels.dialogs.chatting import Chat
from tests.channels.dialogs.test_notices import send, shown

Open = Callable[..., Chat]
Rows = Callable[..., int]
CLOSED = "Сейчас приём закрыт. Следующий: с 20 декабря, 09:00 (МСК), на февраль 2027."


@pytest.fixture
def closed(chat: Open, travel: Any) -> Chat:
    travel("2026-12-06T10:00:00+03:00")
    return chat().wait(days=12)


class TestTheNextOpening:
    @pytest.mark.parametrize(("said", "title"), [("/меню", ""), ("/заявка", "**Приём закрыт**\n")])
    def test_one_press_asks_for_it_and_one_takes_it_back(self, closed: Chat, rows: Rows, said: str, title: str) -> None:
        closed.write(said)
        assert closed.text == f"{title}{CLOSED}"
        closed.press("Напомнить")
        assert (closed.text, closed.labels[0]) == (f"{title}{CLOSED}\nНапомним, когда откроется.", ["Не напоминать"])
        assert rows("reminder_choices", "choice = 'wanted'") == 1
        closed.press("Не напоминать")
        assert (closed.text, closed.labels[0]) == (f"Напоминание снято.\n{title}{CLOSED}", ["Напомнить"])
        assert (rows("reminder_choices"), len(closed.cards)) == (0, 1)

    def test_closed_meanwhile_offers_the_next_one(self, chat: Open, travel: Any, rows: Rows) -> None:
        anna = chat().write("/заявка").press("Хабаровск")
        travel("2026-12-05T18:00:00+03:00")
        anna.press("15").press("Напомнить о следующем")
        assert "Приём закрылся 5 декабря, 18:00 (МСК), заявка осталась в черновиках." in anna.text
        assert "Напомним, когда откроется." in anna.text
        assert (rows("reminder_choices", "choice = 'wanted'"), rows("drafts")) == (1, 1)

    def test_an_old_button_does_it_all_the_same(self, closed: Chat, rows: Rows) -> None:
        closed.write("/меню")
        old, token = closed.card, str(closed.button("Напомнить").token)
        closed.write("/мои").send_token(token, card=old)
        assert closed.text.endswith("Напомним, когда откроется.")
        assert rows("reminder_choices") == 1

    @pytest.mark.parametrize("period", ["999999", "x", "", "-1"])
    def test_a_period_that_is_none_is_refused_like_anything_else(self, closed: Chat, rows: Rows, period: str) -> None:
        closed.write("/меню")
        closed.send_token(f"v1.11111111.0.remind:{period}")
        assert closed.labels == [["Мои заявки", "Меню"]]
        assert rows("reminder_choices") == 0


class TestNotThisMonth:
    def test_it_is_said_and_taken_back_on_the_reminder(self, chat: Open, db: Any, rows: Rows) -> None:
        anna = chat()
        period = db.execute("select id from periods where form_id = 'flight' order by opens_at desc").fetchone()["id"]
        facts = {"id": period, "form": "flight", "title": "январь 2027", "timezone": "Europe/Moscow", "limit": 1}
        notice = send(anna, Event.REMINDER, period=facts | {"closes_at": "2026-12-05T18:00:00+03:00"})
        words = shown(notice).text
        anna.press("Не в этом месяце", card=notice)
        assert shown(notice).text == f"{words}\n✓ О конце этого приёма больше не напомним."
        assert _labels(shown(notice)) == ["Подать", "Вернуть напоминания"]
        assert rows("reminder_choices", "choice = 'declined'") == 1
        anna.press("Вернуть напоминания", card=notice)
        assert shown(notice).text == f"{words}\n✓ Напомним, пока идёт приём."
        assert _labels(shown(notice)) == ["Подать", "Не в этом месяце"]
        assert (rows("reminder_choices"), len(anna.cards)) == (0, 1)
        anna.press("Подать", card=notice)
        assert shown(notice) == View(f"{words}\n✓ Начата заявка")
        assert anna.text.startswith("**Куда хотите лететь**")

    def test_where_nobody_knows_the_message_it_is_answered_below(self, chat: Open, db: Any, rows: Rows) -> None:
        anna = chat()
        period = db.execute("select id from periods where form_id = 'flight' order by opens_at desc").fetchone()["id"]
        anna.happen(anna.event("press", token=f"v1.11111111.0.mute:{period}", message_id="m-unknown"))
        assert anna.text.startswith("✓ О конце этого приёма больше не напомним.\n**Приём на январь 2027**")
        assert rows("reminder_choices", "choice = 'declined'") == 1


def _labels(view: View) -> list[str]:
    return [button.label for row in view.rows for button in row]
