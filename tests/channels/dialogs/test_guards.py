"""Every «no» of a chat has a reason and a next step (ux.md A2), and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from express_bot.channels.dialogs import sending
from express_bot.core_client import CoreError, CoreGone
from tests.channels.dialogs.chatting import Chat
from tests.core.looking import history

Open = Callable[..., Chat]
Rows = Callable[..., int]
CLOSED = "2026-12-05T18:00:00+03:00"


@pytest.fixture
def at_check(chat: Open) -> Chat:
    return chat().write("/меню").press("Владивосток").press("15")


class TestClosed:
    def test_no_period_says_when_the_next_one_is(self, chat: Open, travel: Any) -> None:
        travel("2026-12-06T10:00:00+03:00")
        anna = chat().write("/меню")
        assert anna.text == "Сейчас приём закрыт. Следующий: с 20 декабря, 09:00 (МСК), на февраль 2027."
        assert anna.labels == [["Напомнить"], ["Заказать справку"], ["Мои заявки", "Ещё"]]
        anna.write("/заявка")
        assert anna.text.startswith("**Приём закрыт**\nСейчас приём закрыт. Следующий: с 20 декабря")
        assert anna.labels == [["Напомнить"], ["Мои заявки", "Меню"]]

    def test_closed_meanwhile_at_a_question_keeps_the_draft(self, chat: Open, travel: Any, rows: Rows) -> None:
        anna = chat().write("/заявка").press("Хабаровск")
        travel(CLOSED)
        anna.press("15")
        assert "Приём закрылся 5 декабря, 18:00 (МСК), заявка осталась в черновиках." in anna.text
        assert rows("drafts", "answers->>'direction' = 'khv'") == 1

    def test_closed_meanwhile_at_sending_files_nothing(self, at_check: Chat, travel: Any, rows: Rows) -> None:
        travel(CLOSED)
        at_check.press("Отправить")
        assert "Приём закрылся 5 декабря, 18:00 (МСК), заявка осталась в черновиках." in at_check.text
        assert (rows("applications", "channel = 'express'"), rows("drafts")) == (0, 1)

    def test_the_next_period_takes_the_kept_draft_up(self, at_check: Chat, travel: Any) -> None:
        travel(CLOSED)
        at_check.press("Отправить")
        travel("2026-12-20T09:00:00+03:00")
        at_check.wait(days=13).write("/заявка").press("Продолжить")
        # the day was one of January; February has no such day
        assert at_check.text.startswith("Выберите дату не раньше 1 февраля\n**Владивосток. Когда хотите лететь**")


class TestLimit:
    @pytest.fixture
    def filed(self, at_check: Chat) -> Chat:
        return at_check.press("Отправить").write("/меню")

    def test_the_menu_names_the_application_and_what_can_be_done(self, filed: Chat) -> None:
        assert filed.text.startswith("На январь 2027 у вас уже есть заявка: Владивосток, 15 января (№\u00a02027-")
        assert filed.labels[:2] == [["Изменить"], ["Отозвать и подать другую"]]

    def test_a_new_application_is_refused_with_the_same_words(self, filed: Chat) -> None:
        filed.write("/заявка")
        assert filed.text.startswith("На январь 2027 у вас уже есть заявка: Владивосток, 15 января")
        assert filed.labels == [["Изменить"], ["Отозвать и подать другую"], ["Мои заявки", "Меню"]]

    def test_withdraw_and_file_another(self, filed: Chat, rows: Rows) -> None:
        filed.press("Отозвать и подать другую")
        assert filed.text.startswith("Заявка №\u00a02027-")
        assert "отозвана.\n**Куда хотите лететь**" in filed.text
        filed.press("Хабаровск").press("20").press("Отправить")
        assert rows("applications", "channel = 'express' and status = 'withdrawn'") == 1
        assert rows("applications", "channel = 'express' and status = 'submitted'") == 1

    def test_the_withdrawn_one_can_be_taken_back_instead(self, filed: Chat, rows: Rows) -> None:
        filed.press("Отозвать и подать другую").press("Вернуть заявку")
        assert filed.text.startswith("Заявка возвращена.\n**Владивосток, 15 января** · Отправлена")
        assert rows("applications", "channel = 'express' and status = 'submitted'") == 1

    def test_filed_by_another_door_meanwhile(self, at_check: Chat, api: Any, rows: Rows) -> None:
        assert api.as_("employee").submit(key="by-the-app", direction="khv").status_code == 201
        at_check.press("Отправить")
        assert at_check.text.startswith("На январь 2027 у вас уже есть заявка: Хабаровск, 15 января")
        assert rows("applications", "channel = 'express'") == 0

    def test_a_period_that_takes_two_says_so(self, chat: Open, db: Any, api: Any) -> None:
        db.execute("update periods set application_limit = 2; update reference_version set version = version + 1")
        employee = api.as_("employee")
        assert [employee.submit(key=f"number-{n}", date=f"2027-01-1{n}").status_code for n in (5, 6)] == [201, 201]
        assert "На январь 2027 можно подать 2\u00a0заявки, они уже поданы." in chat().write("/меню").text


class TestSending:
    def test_the_same_draft_sent_by_the_app_is_the_same_application(self, at_check: Chat, api: Any, rows: Rows) -> None:
        employee = api.as_("employee")
        draft = employee.get("/api/smartapp/draft?form=flight").json["draft"]
        body = {"form": "flight", "answers": draft["answers"], "period": at_check.state["flow"]["period"]}
        sent = employee.post("/api/smartapp/submit", body, key=draft["client_key"])
        at_check.press("Отправить")
        assert at_check.text.startswith(f"**Заявка №\u00a0{sent.json['number']} отправлена**")
        assert rows("applications", "date_trunc('month', target_date) = '2027-01-01' and applicant_id in "
                    f"(select id from users where id = '{at_check.user.id}')") == 1  # fmt: skip

    def test_the_same_draft_sent_with_other_words_is_a_duplicate(self, at_check: Chat, api: Any) -> None:
        employee = api.as_("employee")
        draft = employee.get("/api/smartapp/draft?form=flight").json["draft"]
        body = {"form": "flight", "answers": draft["answers"] | {"wishes": "Днём"}}
        sent = employee.post("/api/smartapp/submit", body, key=draft["client_key"])
        at_check.press("Отправить")
        number = sent.json["number"]
        assert at_check.text == f"Такая заявка уже отправлена: №\u00a0{number}."
        assert at_check.press("Открыть").text.startswith("**Владивосток, 15 января** · Отправлена")

    def test_a_spent_key_is_never_used_again(self, chat: Open, api: Any, rows: Rows) -> None:
        """A form without a limit: what is left of a draft that another door has sent is a new application."""
        anna = chat().write("/меню").press("Заказать справку").press("О стаже").press("1")
        employee = api.as_("employee")
        draft = employee.get("/api/smartapp/draft?form=certificate").json["draft"]
        answers = draft["answers"] | {"needed_by": "2026-12-01", "delivery": "office"}
        sent = employee.post(
            "/api/smartapp/submit", {"form": "certificate", "answers": answers}, key=draft["client_key"]
        )
        assert sent.status_code == 201
        # the app's late copy comes back as a draft of the same key
        late = {"form": "certificate", "answers": answers | {"copies": 2}, "client_key": draft["client_key"]}
        assert employee.put("/api/smartapp/draft", late).status_code == 200
        anna.write("/меню").press("Продолжить").press("Отправить")
        assert anna.text == f"Такая заявка уже отправлена: №\u00a0{sent.json['number']}."
        anna.press("Меню").press("Продолжить").press("Отправить")
        assert anna.text.startswith("**Заявка №")
        assert rows("applications", "form_id = 'certificate' and answers->>'document' = 'service'") == 2

    @pytest.mark.parametrize(
        "refusal", [CoreGone("ServerDisconnectedError"), CoreError(503, {"code": "database_unavailable"})]
    )
    def test_a_failed_send_is_repeated_with_the_same_key(self, at_check: Chat, refusal: CoreError, rows: Rows) -> None:
        core, keys = at_check.core, []

        def fail(when: str, _method: str, path: str) -> None:
            if when == "after" and path.endswith("/submit") and not keys:
                keys.append(path)
                raise refusal

        core.interrupt = fail
        at_check.press("Отправить")
        assert at_check.text == "Не получилось отправить, ответы сохранены."
        assert at_check.labels == [["Повторить", "Отложить"]]
        at_check.press("Повторить")
        assert at_check.text.startswith("**Заявка №")
        assert rows("applications", "channel = 'express'") == 1  # the first try had been carried out

    def test_a_failed_send_may_be_put_off(self, at_check: Chat) -> None:
        def fail(when: str, _method: str, path: str) -> None:
            if when == "before" and path.endswith("/submit"):
                raise CoreGone("TimeoutError")

        at_check.core.interrupt = fail
        at_check.press("Отправить").press("Отложить")
        assert at_check.text == "Заявка отложена в черновики."
        at_check.core.interrupt = lambda *_: None
        assert at_check.press("Вернуть").text.startswith("**Проверьте и отправьте**")

    def test_a_slow_send_is_told_about_meanwhile(self, at_check: Chat, monkeypatch: Any) -> None:
        monkeypatch.setattr(sending, "SLOW", 0.05)
        at_check.core.slow["/api/smartapp/submit"] = 0.3
        views = wanted_of(at_check, monkeypatch)
        at_check.press("Отправить")
        assert views[0]["text"] == "Отправляем… Можно закрыть чат, результат придёт сюда."
        assert (views[1]["text"].startswith("**Заявка №"), len(views), len(at_check.cards)) == (True, 2, 1)

    def test_a_slow_press_is_acknowledged_on_its_own_message(self, chat: Open, monkeypatch: Any) -> None:
        """C1.5: whatever the core has to do for it."""
        anna = chat(moment=0.05).write("/заявка")
        anna.core.slow["/api/smartapp/draft"] = 0.3
        views = wanted_of(anna, monkeypatch)
        anna.press("Хабаровск")
        assert views[0] == {"text": "Секунду…", "rows": []}
        assert (views[1]["text"].startswith("**Хабаровск. Когда"), len(views), len(anna.cards)) == (True, 2, 1)

    def test_nobody_is_told_to_wait_where_nothing_comes(self, chat: Open, monkeypatch: Any) -> None:
        anna = chat().write("/заявка").press("Хабаровск")
        old = str(anna.button("15").token)
        anna.moment = 0
        views = wanted_of(anna, monkeypatch)
        anna.press("Пн").write("15 января").send_token(old)
        assert "Секунду…" not in [view["text"] for view in views]

    def test_an_answer_that_the_core_refuses_is_asked_again(self, at_check: Chat, db: Any, rows: Rows) -> None:
        """The list has changed between the check and the press."""
        db.execute("update directory_items set retired_at = now() where code = 'vvo'")
        db.execute("update reference_version set version = version + 1")
        at_check.core.app.extensions["house"].reference._current = None
        at_check.press("Отправить")
        assert at_check.text.startswith("Такого направления нет в списке. Выберите другое или укажите своё\n")
        assert "**15 января. Куда хотите лететь**" in at_check.text
        assert rows("applications", "channel = 'express'") == 0
        at_check.press("Хабаровск").press("Отправить")
        assert rows("applications", "channel = 'express'") == 1


def wanted_of(chat: Chat, monkeypatch: Any) -> list[dict[str, Any]]:
    """Everything that the cards of the chat are to say from now on."""
    views: list[dict[str, Any]] = []
    want = chat.core.memory._want

    def look(name: str, wanted: dict[str, Any]) -> None:
        views.append(wanted["view"])
        want(name, wanted)

    monkeypatch.setattr(chat.core.memory, "_want", look)
    return views


def test_a_closed_period_offers_a_withdrawal_by_request(at_check: Chat, travel: Any, db: Any) -> None:
    at_check.press("Отправить").press("Открыть заявку")
    number = at_check.state["screen"]["data"]["number"]
    travel((datetime.fromisoformat(CLOSED) + timedelta(hours=1)).isoformat())
    at_check.press("Назад").press("1. Владивосток, 15 января").press("Попросить отозвать")
    assert at_check.text.startswith("**Почему отзываете?**\n")
    at_check.write("ы" * 301)
    assert at_check.text.startswith("Сократите причину на 1\u00a0символ.\n")
    at_check.write("Заболела")
    assert at_check.text.startswith("Просьба отозвать отправлена диспетчеру.\n**Владивосток, 15 января** · Отправлена")
    assert history(db, number) == ["submitted", "withdrawal_requested"]
    at_check.press("Не отзывать")
    assert history(db, number)[-1] == "withdrawal_request_cancelled"
