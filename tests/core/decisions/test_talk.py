"""What desk and owner say to each other: questions, answers, messages, replies, and requests to withdraw."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import NOW
from tests.core.decisions.conftest import LATER, Desk, Person

ASK = {"question": "Подойдёт ли 16 января?", "due_at": LATER, "proposal": {"date": "2027-01-16"}}


def asked(desk: Desk, anna: Person, **more: Any) -> dict[str, Any]:
    answer = desk.does("question", anna.number, ASK | more)
    assert answer.status_code == 200, answer.text
    return dict(anna.view()["question"] or {})


class TestAQuestion:
    def test_is_shown_with_what_a_yes_would_change(self, desk: Desk, anna: Person) -> None:
        question = asked(desk, anna)
        view = anna.view()
        assert (view["status"], view["can"]["answer"], view["can"]["withdraw"]) == ("needs_info", True, True)
        assert (question["text"], question["proposal"]["label"]) == ("Подойдёт ли 16 января?", "16 января")
        [change] = question["proposal"]["changes"]
        assert change["field"] == "date"
        assert [(entry["from"], entry["kind"], entry["name"]) for entry in view["thread"]] == [
            ("desk", "question", None)
        ]
        [told] = desk.promises("question_asked")
        assert told["details"] == {
            "question_id": question["id"],
            "question": "Подойдёт ли 16 января?",
            "due_at": LATER,
        }
        [card] = desk.queue(status="needs_info")["items"]
        assert card["open_question"]["id"] == question["id"]

    def test_is_one_at_a_time(self, desk: Desk, anna: Person) -> None:
        asked(desk, anna)
        refused = desk.does("question", anna.number, ASK)
        assert (refused.status_code, refused.json["code"]) == (409, "question_open")
        assert len(desk.promises("question_asked")) == 1

    def test_repeated_with_its_key_is_asked_once(self, desk: Desk, anna: Person) -> None:
        body = ASK | {"version": 1}
        first, again = (desk.does("question", anna.number, body, key="ask-once") for _ in range(2))
        assert (first.status_code, again.status_code, again.json) == (200, 200, first.json)
        assert desk.history(anna.number) == ["submitted", "question_asked"]
        assert len(desk.promises("question_asked")) == 1

    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"due_at": (NOW - timedelta(seconds=1)).isoformat()}, "moment_passed"),
            ({"proposal": {"date": "2027-02-16"}}, "invalid_answers"),
            ({"proposal": {"nonsense": 1}}, "invalid_answers"),
            ({"question": " "}, "invalid_body"),
            ({"question": "я" * 301}, "invalid_body"),
        ],
    )
    def test_that_makes_no_sense_is_not_asked(self, desk: Desk, anna: Person, more: dict[str, Any], code: str) -> None:
        refused = desk.does("question", anna.number, ASK | more)
        assert (refused.status_code, refused.json["code"]) == (422, code)
        assert desk.history(anna.number) == ["submitted"]

    def test_is_taken_back_by_a_review_and_its_message_says_so(self, desk: Desk, anna: Person) -> None:
        question = asked(desk, anna)
        assert desk.does("review", anna.number).status_code == 200
        assert anna.view()["status"] == "in_review"
        [told] = desk.promises("question_closed")
        assert told["details"] == {
            "question_id": question["id"],
            "question": question["text"],
            "how": "closed",
            "answer": "",
        }
        refused = anna.does("answer", {"question": question["id"], "answer": "yes"})
        assert (refused.status_code, refused.json["code"]) == (409, "question_closed")
        assert anna.view()["target_date"] == "2027-01-15"

    def test_waits_again_when_a_withdrawal_is_undone(self, desk: Desk, anna: Person) -> None:
        question = asked(desk, anna)
        anna.does("withdraw")
        assert anna.view()["question"] is None
        anna.does("restore")
        assert anna.view()["question"] == question
        assert anna.does("answer", {"question": question["id"], "answer": "no"}).status_code == 200


class TestAnAnswer:
    def test_of_yes_writes_what_was_proposed_in_the_same_step(self, desk: Desk, anna: Person) -> None:
        question = asked(desk, anna)
        answered = anna.does("answer", {"question": question["id"], "answer": "yes"})
        assert answered.status_code == 200, answered.text
        view = anna.view()
        assert (view["status"], view["target_date"], view["version"]) == ("in_review", "2027-01-16", 3)
        assert [change["field"] for change in view["timeline"][-1]["changes"]] == ["date"]
        assert view["thread"][-1]["text"] == "Да, 16 января"
        assert desk.sees(anna.number)["thread"][-1]["name"] == "Воронцова Анна Сергеевна"
        [told] = desk.promises("question_closed")
        assert (told["details"]["how"], told["details"]["answer"]) == ("answered", "Да, 16 января")
        assert desk.settled_audit(anna.number)[-1] == "application.question_answered"
        assert desk.sees(anna.number)["unread"] == 1

    def test_of_no_changes_nothing_else(self, desk: Desk, anna: Person) -> None:
        question = asked(desk, anna)
        anna.does("answer", {"question": question["id"], "answer": "no"})
        view = anna.view()
        assert (view["status"], view["target_date"], view["thread"][-1]["text"]) == ("in_review", "2027-01-15", "Нет")

    def test_in_words_needs_words(self, desk: Desk, anna: Person) -> None:
        question = asked(desk, anna)
        refused = anna.does("answer", {"question": question["id"], "answer": "text"})
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "text")
        anna.does("answer", {"question": question["id"], "answer": "text", "text": "Лучше 17-го"})
        assert anna.view()["thread"][-1]["text"] == "Лучше 17-го"

    def test_repeated_with_its_key_is_given_once_and_a_second_one_comes_too_late(
        self, desk: Desk, anna: Person
    ) -> None:
        body = {"question": asked(desk, anna)["id"], "answer": "yes"}
        first, again = (anna.does("answer", body, key="answer-once") for _ in range(2))
        assert (first.status_code, again.json) == (200, first.json)
        assert anna.does("answer", body).json["code"] == "question_closed"
        assert desk.history(anna.number) == ["submitted", "question_asked", "question_answered"]

    def test_of_yes_to_what_is_full_by_now_changes_nothing(self, desk: Desk, anna: Person, db: Any) -> None:
        question = asked(desk, anna)
        db.execute(
            """update periods set excluded = '[{"from": "2027-01-16", "to": "2027-01-16", "reason": "capacity_zero",
            "text": {"ru": "Занято"}}]' where target_from = '2027-01-01' and form_id = 'flight'"""
        )
        db.execute("update reference_version set version = version + 1")
        anna.api.app.extensions["house"].reference._current = None  # at once, not within a second
        refused = anna.does("answer", {"question": question["id"], "answer": "yes"})
        assert (refused.status_code, refused.json["code"]) == (422, "invalid_answers")
        assert (anna.view()["status"], anna.view()["target_date"]) == ("needs_info", "2027-01-15")

    def test_makes_a_draft_stale_until_the_desk_has_looked(self, desk: Desk, anna: Person) -> None:
        desk.drafts(anna.number, "approved")
        question = asked(desk, anna)
        assert desk.sees(anna.number)["draft_decision"]["stale"] is False
        anna.does("answer", {"question": question["id"], "answer": "yes"})
        assert desk.publishes().json["skipped"] == [{"number": anna.number, "code": "changed"}]
        assert anna.view()["status"] == "in_review"


class TestMessages:
    def test_go_to_the_desk_and_an_answer_comes_back(self, desk: Desk, anna: Person) -> None:
        desk.decides(anna.number, "rejected", reason_code="capacity")
        sent = anna.does("ask", {"text": "Почему не одобрили?"})
        assert (sent.status_code, sent.json["status"], sent.json["can"]["ask"]) == (200, "rejected", True)
        assert desk.sees(anna.number)["unread"] == 1
        assert desk.does("reply", anna.number, {"text": "Мест было три"}).status_code == 200
        [told] = desk.promises("desk_replied")
        assert told["details"] == {"text": "Мест было три", "question": "Почему не одобрили?"}
        assert [(entry["from"], entry["kind"], entry["text"]) for entry in anna.view()["thread"]] == [
            ("owner", "message", "Почему не одобрили?"),
            ("desk", "reply", "Мест было три"),
        ]
        assert (desk.sees(anna.number)["unread"], anna.view()["status"]) == (0, "rejected")
        assert [entry["title"] for entry in desk.sees(anna.number)["timeline"]][-2:] == [
            "Сообщение диспетчеру",
            "Диспетчер ответил",
        ]

    def test_are_ten_a_day(self, desk: Desk, anna: Person, travel: Any) -> None:
        for number in range(10):
            assert anna.does("ask", {"text": f"Вопрос {number}"}).status_code == 200
        refused = anna.does("ask", {"text": "Ещё один"})
        assert (refused.status_code, refused.json["code"], refused.json["limit"]) == (429, "too_many_messages", 10)
        assert 86_000 < int(refused.headers["Retry-After"]) <= 86_401
        assert len(anna.view()["thread"]) == 10
        travel((NOW + timedelta(days=1, minutes=1)).isoformat())
        assert anna.does("ask", {"text": "На другой день"}).status_code == 200

    def test_repeated_with_their_key_are_sent_once(self, desk: Desk, anna: Person) -> None:
        first, again = (anna.does("ask", {"text": "Когда?"}, key="ask-once") for _ in range(2))
        assert (first.status_code, again.json) == (200, first.json)
        replies = [desk.does("reply", anna.number, {"text": "Скоро"}, key="reply-once") for _ in range(2)]
        assert replies[0].json == replies[1].json
        assert desk.history(anna.number) == ["submitted", "message_sent", "desk_replied"]
        assert len(desk.promises("desk_replied")) == 1

    def test_about_what_was_taken_back_or_belongs_to_others_are_refused(
        self, desk: Desk, anna: Person, api: Any
    ) -> None:
        stranger = Person(api.as_("dispatcher"), anna.number)
        for act, body in (
            ("ask", {"text": "Чужое"}),
            ("answer", {"question": 1, "answer": "no"}),
            ("take", {"offer": 1}),
            ("decline-offer", {"offer": 1}),
        ):
            assert stranger.does(act, body).status_code == 404
        anna.does("withdraw")
        assert anna.view()["can"]["ask"] is False
        assert anna.does("ask", {"text": "Верните"}).json["code"] == "step_not_possible"
        assert desk.history(anna.number) == ["submitted", "withdrawn"]


class TestAReview:
    def test_takes_it_up_and_ends_the_editing(self, desk: Desk, anna: Person) -> None:
        assert desk.does("review", anna.number, key="review-once").status_code == 200
        view = anna.view()
        assert (view["status"], view["can"]["edit"], view["can"]["withdraw"]) == ("in_review", False, True)
        refused = desk.does("review", anna.number)
        assert (refused.status_code, refused.json["code"]) == (409, "step_not_possible")
        assert desk.history(anna.number) == ["submitted", "review_started"]


class TestARequestToWithdraw:
    @pytest.fixture
    def asking(self, anna: Person, travel: Any) -> Person:
        travel("2026-12-06T10:00:00+03:00")
        assert anna.does("withdraw", {"reason": "Заболела"}).status_code == 200
        return anna

    def test_is_granted_and_its_owner_hears_of_it(self, desk: Desk, asking: Person) -> None:
        assert desk.sees(asking.number)["desk"]["answer_withdrawal"] is True
        granted = desk.does("withdrawal", asking.number, {"accept": True})
        assert (granted.status_code, granted.json["status"]) == (200, "withdrawn")
        assert [line["event"] for line in desk.promises("desk_replied", "application_withdrawn")] == [
            "desk_replied",
            "application_withdrawn",
        ]
        [told, _] = desk.promises("desk_replied", "application_withdrawn")
        assert told["details"] == {"text": "Заявка отозвана, как вы просили.", "question": "Заболела"}
        assert desk.history(asking.number) == ["submitted", "withdrawal_requested", "withdrawn"]
        assert desk.does("withdrawal", asking.number, {"accept": True}).json["code"] == "no_withdrawal_request"

    def test_is_refused_only_with_a_reason(self, desk: Desk, asking: Person) -> None:
        assert desk.does("withdrawal", asking.number, {"accept": False}).json["code"] == "reason_required"
        refused = desk.does("withdrawal", asking.number, {"accept": False, "reason": "Билеты выкуплены"})
        assert (refused.status_code, refused.json["withdrawal_requested_at"]) == (200, None)
        assert asking.view()["timeline"][-1]["note"] == "Билеты выкуплены"
        [told] = desk.promises("desk_replied")
        assert told["details"]["text"] == "Билеты выкуплены"
        assert asking.view()["status"] == "submitted"
