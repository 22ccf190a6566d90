"""Looking up, changing and taking back what was filed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from tests.channels.dialogs.chatting import Chat
from tests.conftest import Api
from tests.core.looking import history

Open = Callable[..., Chat]
Rows = Callable[..., int]


@pytest.fixture
def filed(chat: Open) -> Chat:
    """The employee's application for Vladivostok, 15 January, and the proof of it on the screen."""
    return chat().write("/меню").press("Владивосток").press("15").press("Отправить")


def number_of(chat: Chat) -> str:
    return str(chat.state["screen"]["data"]["number"])


class TestList:
    def test_five_at_a_time_newest_first(self, chat: Open, api: Api) -> None:
        employee = api.as_("employee")
        for n in range(8):
            answers = {"document": "service", "copies": 1, "needed_by": f"2026-12-0{n + 1}", "delivery": "office"}
            assert employee.post(
                "/api/smartapp/submit", {"form": "certificate", "answers": answers}, key=f"certificate-{n}"
            ).status_code == 201  # fmt: skip
        anna = chat().write("/мои")
        assert anna.text.startswith("**Мои заявки**\n1. О стаже, 8 декабря · Отправлена\n2. О стаже, 7 декабря")
        assert len(anna.text.split("\n")) == 6
        assert anna.labels[5:] == [["›"], ["Меню"]]
        anna.press("›")
        assert anna.text.split("\n")[1] == "6. О стаже, 3 декабря · Отправлена"
        assert anna.labels[5:] == [["‹", "›"], ["Меню"]]
        anna.press("›")
        assert anna.labels[-2:] == [["‹"], ["Меню"]]
        anna.press("‹").press("‹")
        assert anna.text.split("\n")[1].startswith("1. ")

    def test_an_application_without_a_period_is_opened_and_changed(self, chat: Open, rows: Rows) -> None:
        anna = (
            chat().write("/меню").press("Заказать справку").press("О стаже").press("1").press("30").press("На бумаге")
        )
        anna.press("Отправить").press("Открыть заявку")
        assert anna.text.startswith("**О стаже, 30 ноября** · Отправлена")
        assert "до " not in anna.text
        anna.press("Изменить").press("Изменить количество").press("2").press("Сохранить")
        assert rows("applications", "answers ->> 'copies' = '2'") == 1

    def test_nothing_filed_yet_says_so(self, chat: Open) -> None:
        assert chat("newcomer").write("мои заявки").text == "**Мои заявки**\nЗаявок пока нет."

    def test_a_new_decision_is_marked_until_it_is_opened(self, chat: Open, filed: Chat, db: Any) -> None:
        number = number_of(filed)
        reason = {"ru": "Мест 3, заявок 5, вы были 4-й.", "en": "3 seats, 5 requests."}
        decision = {
            "outcome": "rejected",
            "reason_code": "capacity",
            "reason": reason,
            "decided_at": "2026-11-23T09:00Z",
        }
        db.execute(
            "update applications set status = 'rejected', decision = %s, seen_at = null where number = %s",
            (Jsonb(decision), number),
        )
        anna = chat().write("/меню")
        assert "Новых решений: 1. Смотрите «Мои заявки»." in anna.text
        anna.press("Мои заявки")
        assert "1. Владивосток, 15 января · Отклонена · новое решение" in anna.text
        anna.press("1. Владивосток, 15 января")
        assert anna.text.startswith(
            f"**Владивосток, 15 января** · Отклонена\n№\u00a0{number}\nМест 3, заявок 5, вы были 4-й.\n"
        )
        assert anna.labels == [["Спросить", "Открыть в приложении"], ["Назад", "Меню"]]
        assert "новое решение" not in anna.press("Назад").text
        assert db.execute("select seen_at from applications where number = %s", (number,)).fetchone()["seen_at"]

    def test_one_application_links_to_itself_in_the_app(self, filed: Chat) -> None:
        filed.press("Открыть заявку")
        [link] = [button.link for row in filed.view.rows for button in row if button.link]
        assert link is not None
        assert (link.target, link.route) == ("app", f"/r/{number_of(filed)}")
        assert "Табельный номер" not in filed.text


class TestEdit:
    def test_a_day_is_changed_in_four_presses(self, filed: Chat, db: Any) -> None:
        before, number = filed.presses, number_of(filed)
        filed.press("Изменить").press("Изменить дату").press("16").press("Сохранить")
        assert filed.presses - before == 4
        assert filed.text.startswith("Изменения сохранены.\n**Владивосток, 16 января** · Отправлена")
        assert history(db, number) == ["submitted", "edited"]

    def test_nothing_can_be_saved_before_something_differs(self, filed: Chat) -> None:
        filed.press("Изменить")
        assert filed.text.startswith("**Изменить заявку №")
        assert not [label for label in filed.flat if label.startswith("Сохранить")]
        filed.press("Изменить дату").press("16")
        assert "Сохранить" in filed.flat[0]
        filed.press("Изменить дату").press("15")
        assert not [label for label in filed.flat if label.startswith("Сохранить")]

    def test_put_off_edits_are_kept_and_the_application_stays(self, filed: Chat, rows: Rows) -> None:
        number = number_of(filed)
        filed.press("Изменить").press("Изменить дату").press("16").press("Отменить")
        assert filed.text == "Правки отложены, заявка осталась прежней."
        assert rows("applications", f"number = '{number}' and target_date = '2027-01-15'") == 1
        filed.press("Вернуть")
        assert filed.text.startswith("Взяли правки, которые вы не успели сохранить.\n**Изменить заявку")
        assert "16 января 2027" in filed.text

    def test_edits_survive_whatever_is_looked_at_meanwhile(self, filed: Chat) -> None:
        number = number_of(filed)
        filed.press("Изменить").press("Изменить дату").press("16").write("/правила").write("/мои")
        filed.press("1. Владивосток, 15 января").press("Изменить")
        assert "16 января 2027" in filed.text
        assert filed.state["edits"] == {number: {"date": "2027-01-16"}}
        filed.press("Сохранить")
        assert filed.state["edits"] == {}

    def test_what_another_door_changed_meanwhile_is_kept(self, filed: Chat, api: Api, db: Any) -> None:
        number = number_of(filed)
        filed.press("Изменить").press("Изменить дату").press("16")
        employee = api.as_("employee")
        one = employee.get(f"/api/smartapp/applications/{number}").json
        body = {"version": one["version"], "answers": one["answers"] | {"wishes": "Утром"}}
        assert employee.patch(f"/api/smartapp/applications/{number}", body, key="by-the-app").status_code == 200
        filed.press("Сохранить")
        assert filed.text.startswith("Эта заявка открыта и в другом окне. Взяли последнюю правку.\n")
        assert "Пожелания: Утром" in filed.text
        filed.press("Сохранить")
        row = db.execute("select answers from applications where number = %s", (number,)).fetchone()
        assert (row["answers"]["date"], row["answers"]["wishes"]) == ("2027-01-16", "Утром")

    def test_after_the_deadline_it_is_too_late_and_said_so(self, filed: Chat, travel: Any, rows: Rows) -> None:
        filed.press("Изменить").press("Изменить дату").press("16")
        travel("2026-12-05T18:00:00+03:00")
        filed.press("Сохранить")
        assert filed.text.startswith("Изменить уже нельзя, заявка осталась прежней.\n**Владивосток")
        assert rows("applications", "channel = 'express' and target_date = '2027-01-15'") == 1

    def test_a_button_that_comes_too_late_says_so(self, filed: Chat, travel: Any) -> None:
        travel("2026-12-05T18:00:00+03:00")
        filed.press("Изменить")
        assert filed.text.startswith("Изменить уже нельзя, заявка осталась прежней.\n**Владивосток")

    def test_wishes_can_be_taken_away(self, filed: Chat, rows: Rows) -> None:
        filed.press("Изменить").press("Пожелания").write("Утром").press("Сохранить")
        assert rows("applications", "answers->>'wishes' = 'Утром'") == 1
        filed.press("Изменить").press("Пожелания").press("Убрать ответ").press("Сохранить")
        assert rows("applications", "channel = 'express' and not answers ? 'wishes'") == 1

    def test_an_edit_is_no_draft(self, filed: Chat, rows: Rows) -> None:
        filed.press("Изменить").press("Изменить направление").press("Самара")
        assert rows("drafts") == 0


class TestWithdraw:
    def test_at_once_and_undone_in_one_press(self, filed: Chat, db: Any) -> None:
        number = number_of(filed)
        filed.press("Отозвать")
        assert filed.text.startswith("Заявка отозвана.\n**Владивосток, 15 января** · Отозвана")
        filed.press("Вернуть заявку")
        assert filed.text.startswith("Заявка возвращена.\n**Владивосток, 15 января** · Отправлена")
        assert history(db, number) == ["submitted", "withdrawn", "restored"]

    def test_an_approved_place_is_given_back_with_a_reason(self, filed: Chat, db: Any) -> None:
        number = number_of(filed)
        db.execute("update applications set status = 'approved' where number = %s", (number,))
        filed.press("Открыть заявку").press("Не смогу")
        assert filed.text.startswith("**Почему не сможете?**\n**Владивосток, 15 января** · Одобрена\n")
        assert filed.labels == [["Назад", "Отменить"]]
        filed.write("Отменили отпуск")
        assert filed.text.startswith("Вы отказались от места.\n**Владивосток, 15 января** · Отозвана")
        assert history(db, number) == ["submitted", "declined"]

    def test_the_reason_may_be_left_unsaid(self, filed: Chat, db: Any, rows: Rows) -> None:
        db.execute("update applications set status = 'approved' where number = %s", (number_of(filed),))
        filed.press("Отозвать").write("назад")
        assert filed.text.startswith("**Владивосток, 15 января** · Одобрена")
        assert rows("applications", "status = 'withdrawn'") == 0

    def test_withdrawn_already_is_said_in_the_cores_words(self, filed: Chat, api: Api) -> None:
        number = number_of(filed)
        employee = api.as_("employee")
        assert employee.post(f"/api/smartapp/applications/{number}/withdraw", {}, key="by-the-app").status_code == 200
        filed.press("Отозвать")
        assert filed.text.startswith("Эту заявку больше нельзя отозвать. Она осталась прежней.\n**Владивосток")
