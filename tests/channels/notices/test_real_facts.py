"""What has really happened, said in the messages that people get: from the core's own facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from express_bot.channels.dialogs import View, tokens
from express_bot.contracts.notifications import Event
from tests.channels.dialogs.chatting import Chat
from tests.conftest import NOW, Api

Drawn = Callable[..., View]
Promised = Callable[..., None]
Rows = Callable[..., int]


def acts(view: View) -> list[list[str]]:
    """What the buttons ask for, row by row."""
    return [[_act(button.token) for button in row if button.link is None] for row in view.rows]


def _act(text: str | None) -> str:
    token = tokens.read(text)
    assert token is not None
    return token.verb


@pytest.fixture
def opening(db: Any) -> int:
    """The period that takes applications now."""
    query = "select id from periods where form_id = 'flight' and opens_at <= %s and closes_at > %s"
    return int(db.execute(query, (NOW, NOW)).fetchone()["id"])


class TestPublication:
    """UX-208."""

    @pytest.fixture
    def ids(self, db: Any, me: UUID) -> list[int]:
        mine = db.execute("select id from applications where applicant_id = %s order by id", (me,)).fetchall()
        return [row["id"] for row in mine]

    def test_all_decisions_of_a_person_come_in_one_message_with_their_reasons(
        self, ids: list[int], promised: Promised, drawn: Drawn
    ) -> None:
        promised(Event.DECIDED, applications=ids)
        view = drawn()
        lines = view.text.splitlines()
        assert lines[0] == "**Решения по 3\u00a0заявкам**"
        assert [line for line in lines if line[:3] in ("1. ", "2. ", "3. ")] == [
            "1. **Не одобрено: Магадан, 20 октября**",
            "2. **Вы в резерве: Хабаровск, 3 ноября**",
            "3. **Одобрено: Владивосток, 14 декабря**",
        ]
        assert "На 20-е число 3 места и 5 заявок, вы были 4-й: летали в Магадан месяцем раньше." in lines
        assert "2-я в очереди. Напишем, если место освободится." in lines
        assert acts(view)[-1] == ["mine"]
        assert [row[0] for row in acts(view)[:3]] == ["app", "app", "app"]
        # a place that was given can be given back, of a rejection one may ask why
        assert acts(view)[0] == ["app", "ask"]
        assert acts(view)[2] == ["app", "drop"]

    def test_a_rejection_alone_says_why(self, ids: list[int], promised: Promised, drawn: Drawn) -> None:
        promised(Event.DECIDED, applications=ids[:1])
        first, reason, number = drawn().text.splitlines()
        assert first == "**Не одобрено: Магадан, 20 октября**"
        assert reason.endswith("летали в Магадан месяцем раньше.")
        assert number.startswith("№\u00a0")
        assert "Магадан" not in drawn("telegram").text


class TestReceipts:
    def test_an_application_says_how_it_stands(self, api: Api, drawn: Drawn) -> None:
        employee = api.as_("employee")
        number = employee.submit().json["number"]
        title = drawn().text.splitlines()[0]
        assert title == f"**Заявка №\u00a0{number} отправлена**"
        assert acts(drawn()) == [["app", "edit", "drop"]]
        about = f"/api/smartapp/applications/{number}"
        employee.post(f"{about}/withdraw", {"version": 1}, key="taken-back")
        assert drawn().text.splitlines()[0] == f"**Заявка №\u00a0{number} отозвана**"
        assert acts(drawn()) == [["app", "undo"]]
        employee.post(f"{about}/restore", key="and-restored")
        assert drawn().text.splitlines()[0] == f"**Заявка №\u00a0{number} возвращена**"

    def test_a_place_given_back_says_so(self, api: Api, db: Any, me: UUID, drawn: Drawn) -> None:
        row = db.execute("select number from applications where applicant_id = %s and status = 'approved'", (me,))
        number = row.fetchone()["number"]
        answer = api.as_("employee").post(
            f"/api/smartapp/applications/{number}/withdraw", {"reason": "Заболела"}, key="cannot-make-it"
        )
        assert answer.status_code == 200, answer.text
        assert drawn().text.splitlines()[0] == "**Вы отказались от места: Владивосток, 14 декабря**"


class TestOpening:
    def test_three_presses_from_the_real_notice_to_sent(
        self, chat: Chat, promised: Promised, drawn: Drawn, opening: int, rows: Rows
    ) -> None:
        """UX-201, with the chips that the core finds in the person's history."""
        promised(Event.PERIOD_OPENED, period=opening)
        card = uuid4()
        view = drawn(card=card)
        assert view.rows[0][0].label == "Владивосток, как в декабре"
        chat.core.memory._want(chat.name, {"id": str(card), "view": view.to_json()})
        notice = chat.core.memory.cards[str(card)]
        chat.press("Владивосток, как в декабре", card=notice).press("15").press("Отправить")
        assert chat.text.startswith("**Заявка №")
        assert (chat.presses, len(chat.cards), chat.card.edits) == (3, 2, 2)
        assert rows("applications", "channel = 'express' and answers->>'direction' = 'vvo'") == 1

    def test_a_reminder_and_a_draft_left_know_the_draft(
        self, api: Api, promised: Promised, drawn: Drawn, opening: int
    ) -> None:
        draft = {"form": "flight", "answers": {"direction": "khv"}, "client_key": "a-draft-of-hers"}
        assert api.as_("employee").put("/api/smartapp/draft", draft).status_code == 200
        before = {"period": opening, "form": "flight"}
        promised(Event.REMINDER, at=NOW + timedelta(days=9), **before)
        assert acts(drawn()) == [["on", "mute"]]
        promised(Event.DRAFT_LEFT, **before)
        assert drawn().text.splitlines()[0] == "**Черновик «Хабаровск» ждёт ответа: дата вылета**"
        assert acts(drawn()) == [["on", "scrap"]]
