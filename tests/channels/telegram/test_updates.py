"""What an update leads to, from the door to the conversation and back."""

from __future__ import annotations

import asyncio
import threading

import pytest
from structlog.testing import capture_logs

from express_bot.core_client import CoreError
from tests.channels.telegram.conftest import message
from tests.telegram_double.people import mention
from tests.waiting import until

STALE = "Эта кнопка устарела, вот актуальная"


@pytest.fixture
def brought(double, gateway, core, conversation):
    """Everything in its place, with updates brought to the door by Telegram itself."""
    door = gateway()
    until(lambda: double.webhook)
    inner = door.bring

    async def post(_session, update):
        return await asyncio.to_thread(lambda: inner(update).status_code)

    double._try = post
    return door


def test_what_somebody_writes_reaches_the_conversation(brought, anna, conversation, core):
    anna.write("Магадан")
    until(lambda: anna.last["text"] == "Магадан")
    (heard,) = conversation.heard
    assert (heard.channel, heard.chat, heard.kind, heard.text) == ("telegram", str(anna.id), "text", "Магадан")
    assert (heard.user.full_name, heard.user.locale, heard.is_personal) == ("Анна", "ru", True)
    assert core.people[str(anna.id)]["chat"] == str(anna.id)
    assert core.states() == ["done"]


@pytest.mark.parametrize(
    ("text", "kind"), [("/start", "command"), ("/start 123456", "command"), ("старт", "text"), (" /new ", "command")]
)
def test_commands_are_told_from_words(brought, anna, conversation, text, kind):
    anna.write(text)
    until(lambda: conversation.heard)
    assert (conversation.heard[0].kind, conversation.heard[0].text) == (kind, text.strip())


def test_a_file_is_a_file_with_its_caption(brought, anna, conversation):
    anna.send_file("справка")
    until(lambda: conversation.heard)
    assert (conversation.heard[0].kind, conversation.heard[0].text) == ("file", "справка")


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": {"file_id": "f", "file_unique_id": "u", "type": "regular", "width": 1, "height": 1,
                     "is_animated": False, "is_video": False}},
        {"location": {"longitude": 1.5, "latitude": 2.5}},
        {"new_chat_title": "x"},
        {"web_app_data": {"data": "x", "button_text": "y"}},
    ],
)  # fmt: skip
def test_what_asks_for_no_answer_gets_none(brought, double, anna, conversation, core, content):
    sent = message(chat=anna.id)["message"] | content
    del sent["text"]
    double.update(message=sent)
    until(lambda: core.states() == ["done"])
    assert (conversation.heard, anna.said) == ([], [])


def test_whoever_lets_the_bot_write_in_the_app_has_an_address_and_hears_nothing(
    brought, double, anna, conversation, core
):
    sent = message(chat=anna.id)["message"] | {"write_access_allowed": {"from_request": True}}
    del sent["text"]
    double.update(message=sent)
    until(lambda: core.states() == ["done"])
    assert core.people[str(sent["from"]["id"])]["chat"] == str(anna.id)
    assert conversation.heard == []


def test_bots_are_not_talked_to(brought, double, anna, conversation, core):
    sender = {"id": 5, "is_bot": True, "first_name": "Робот"}
    double.update(message=message(chat=anna.id)["message"] | {"from": sender})
    until(lambda: core.states() == ["done"])
    assert (conversation.heard, core.people) == ([], {})


def test_what_nobody_can_read_is_buried_and_the_next_one_comes_through(brought, double, anna, conversation, core):
    double.update(message={"chat": {"id": anna.id, "type": "private"}, "from": anna.user, "text": "/start"})
    anna.write("дальше")
    until(lambda: core.states() == ["dead", "done"])
    assert [incoming.text for incoming in conversation.heard] == ["дальше"]
    assert core.heard("event_failed")[0]["reason"] == "unreadable: KeyError"


class TestPresses:
    @pytest.fixture
    def shown(self, brought, anna):
        """A message with a button stands in Anna's chat."""
        anna.write("Магадан")
        until(lambda: anna.last["text"] == "Магадан")
        return anna.last

    def test_a_press_brings_its_token_and_its_message(self, shown, anna, conversation):
        query = anna.press("Сочи")
        until(lambda: len(conversation.heard) == 2 and anna.answered(query) is not None)
        heard = conversation.heard[1]
        assert (heard.kind, heard.token) == ("press", "v1.00000000.1.go:aer")
        assert heard.message_id == f"{anna.id}:{shown['message_id']}"
        assert anna.answered(query) == ""
        until(lambda: anna.last["text"] == "press")
        assert len(anna.said) == 1

    def test_what_the_conversation_says_of_the_press_stands_on_the_button(self, shown, anna, monkeypatch, conversation):
        async def handle(_self, _incoming):
            return STALE

        monkeypatch.setattr(conversation, "handle", handle)
        query = anna.press("Сочи")
        assert until(lambda: anna.answered(query)) == STALE

    def test_work_that_takes_long_does_not_keep_the_button_waiting(
        self, shown, anna, double, monkeypatch, conversation
    ):
        over = threading.Event()

        async def handle(_self, _incoming):
            await asyncio.to_thread(over.wait, 8)
            return STALE

        monkeypatch.setattr(conversation, "handle", handle)
        query = anna.press("Сочи")
        until(lambda: anna.answered(query) is not None)
        assert double.answered_at[query] - double.pressed_at[query] < 2  # a second, and what this machine adds
        assert anna.answered(query) == ""
        over.set()

    def test_a_press_whose_work_fails_is_answered_and_comes_again(self, shown, anna, core, conversation, monkeypatch):
        monkeypatch.setattr(conversation, "failure", CoreError(503, {"code": "database_unavailable"}))
        query = anna.press("Сочи")
        until(lambda: core.heard("event_failed"))
        assert until(lambda: anna.answered(query) == "")
        monkeypatch.setattr(conversation, "failure", None)
        until(lambda: core.states() == ["done", "done"])

    def test_a_caption_is_answered_with_nothing_and_reaches_nobody(self, shown, anna, core, conversation):
        query = anna.press_data("-", shown)
        until(lambda: core.states() == ["done", "done"] and anna.answered(query) == "")
        assert len(conversation.heard) == 1

    def test_why_a_day_cannot_be_chosen_must_be_read_and_closed(self, shown, anna, core, double, conversation):
        days = {"text": "Дни", "rows": [[{"label": "·", "token": "v1.00000000.2.-", "alert": "Отпуск до 24 января"}]]}
        core.want(str(anna.id), days, card_id=next(iter(core.cards)))
        until(lambda: anna.last["text"] == "Дни")
        query = anna.press("·")
        assert until(lambda: anna.answered(query)) == "Отпуск до 24 января"
        assert double.answers[query][0]["show_alert"] == "true"
        assert len(conversation.heard) == 1

    def test_a_reason_of_a_message_that_nobody_knows_is_none(self, shown, anna, core):
        query = anna.press_data("v1.00000000.2.-@0.0", shown | {"message_id": 77})
        until(lambda: anna.answered(query) == "" and core.states() == ["done", "done"])

    def test_an_answer_that_comes_too_late_costs_nothing(self, shown, anna, core, double, brought, conversation):
        double.fail("answerCallbackQuery", 400, "Bad Request: query is too old and response timeout expired")
        anna.press("Сочи")
        until(lambda: core.states() == ["done", "done"])
        until(lambda: 'express_bot_telegram_sends_total{outcome="answer_lost"} 1.0' in brought.metrics())
        assert len(conversation.heard) == 2


class TestGroups:
    @pytest.fixture
    def group(self, double):
        return double.chat(-1_001, "supergroup")

    @pytest.mark.parametrize("text", ["/start", mention("/start"), mention("/help").upper()])
    def test_a_command_is_heard_without_the_chat_becoming_the_persons(self, brought, anna, group, core, conversation,
                                                                     text):  # fmt: skip
        anna.write(text, chat=group)
        until(lambda: conversation.heard)
        assert (conversation.heard[0].is_personal, conversation.heard[0].chat) == (False, "-1001")
        assert core.people[str(anna.id)]["chat"] is None

    def test_other_words_and_other_bots_commands_make_nobody_known(self, brought, anna, group, core, conversation):
        for number, text in enumerate(("Магадан", "/start@some_other_bot"), 1):
            anna.write(text, chat=group)
            until(lambda number=number: core.states() == ["done"] * number)
        assert (core.people, conversation.heard) == ({}, [])


class TestBlocking:
    def test_a_blocked_bot_stops_the_address_and_says_nothing(self, brought, anna, core, conversation):
        anna.block()
        until(lambda: core.states() == ["done"])
        assert core.heard("stopped") == [{"chat": str(anna.id), "reason": "blocked"}]
        assert (core.people, conversation.heard) == ({}, [])

    def test_whoever_lets_the_bot_back_in_is_known_again(self, brought, anna, core, conversation):
        anna.unblock()
        until(lambda: core.states() == ["done"])
        assert core.people[str(anna.id)]["chat"] == str(anna.id)
        assert (core.heard("stopped"), conversation.heard) == ([], [])


def test_what_people_write_and_the_token_stand_in_no_line_of_the_log(brought, double, anna, core):
    double.fail("sendMessage", 500, "Internal Server Error")
    with capture_logs() as lines:
        anna.write("моя тайна")
        until(lambda: core.heard("card_failed"))
    assert any(line["event"] == "message not shown" for line in lines)
    assert "моя тайна" not in str(lines)
    assert double.token.partition(":")[2] not in str(lines)
