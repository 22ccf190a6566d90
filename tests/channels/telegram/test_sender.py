"""A view as a message of Telegram: what is sent, what is edited, and what a failure means."""

from __future__ import annotations

import asyncio
import json
import traceback

import pytest

from express_bot.channels.base import SENDERS, SendError
from express_bot.channels.dialogs import Button, Link, View
from express_bot.channels.notices import draw
from express_bot.channels.notices.samples import samples
from express_bot.channels.telegram.account import Account
from express_bot.channels.telegram.sender import TelegramSender
from express_bot.contracts.notifications import Event
from tests.channels.telegram.conftest import SITE
from tests.telegram_double import BOT_NAME, TOKEN
from tests.telegram_double.people import keyboard, labels

VIEW = View(
    "**Сочи** 🙂 **15 января**. Выберите <дату>",
    (
        (Button("Отправить", token="v1.00000000.1.send", accent=True),),
        (Button("15", token="v1.00000000.1.d:15"), Button("·", token="v1.00000000.1.-", alert="Отпуск"), Button("Пн")),
        (Button("Открыть", link=Link("/r/2027-0142")), Button("Домой", link=Link())),
    ),
)
POINTER = View("Заявки подают в личном чате", ((Button("Личный чат", link=Link(target="chat")),),))


@pytest.fixture
def show(configured, anna):
    """Shows a view as the running product would; returns the id of the message."""
    heard = []

    def call(view=VIEW, *, chat=None, external_id=None, **changes):
        async def run():
            settings = configured(**changes)
            account = Account(settings)
            try:
                sender = TelegramSender(settings, account, heard.append)
                return await sender.show(chat or str(anna.id), view, external_id=external_id)
            finally:
                await account.close()

        return asyncio.run(run())

    call.heard = heard
    return call


def refused(show, **how) -> SendError:
    with pytest.raises(SendError) as error:
        show(**how)
    assert TOKEN.partition(":")[2] not in "".join(traceback.format_exception(error.value))
    return error.value


def test_a_view_becomes_a_message_with_an_inline_keyboard(show, anna):
    assert show() == f"{anna.id}:1"
    message = anna.last
    assert message["text"] == "Сочи 🙂 15 января. Выберите <дату>"
    assert message["entities"] == [
        {"type": "bold", "offset": 0, "length": 4},
        {"type": "bold", "offset": 8, "length": 9},
    ]
    send, (day, dot, caption), (app, home) = keyboard(message)
    assert send == [{"text": "Отправить", "callback_data": "v1.00000000.1.send", "style": "primary"}]
    assert (day["callback_data"], dot["callback_data"]) == ("v1.00000000.1.d:15", "v1.00000000.1.-@1.1")
    assert caption == {"text": "Пн", "callback_data": "-"}
    assert (app["web_app"], home["web_app"]) == ({"url": f"{SITE}/?to=r&id=2027-0142"}, {"url": f"{SITE}/"})
    assert show.heard == [True]


def test_links_are_never_previewed(show, double):
    show()
    assert json.loads(double.called("sendMessage")[0]["link_preview_options"]) == {"is_disabled": True}


def test_an_address_without_https_is_a_plain_link(show, anna):
    show(public_url="http://bot.example.test")
    assert keyboard(anna.last)[2][0] == {"text": "Открыть", "url": "http://bot.example.test/?to=r&id=2027-0142"}


@pytest.mark.parametrize("address", ["http://localhost:5006", "http://127.0.0.1:5006", "http://bot:5006"])
def test_an_address_that_only_this_machine_knows_is_no_link(show, anna, address):
    show(public_url=address)
    assert labels(anna.last) == ["Отправить", "15", "·", "Пн"]


def test_the_digest_opens_the_desk_where_there_is_a_public_address(show, anna):
    [(_, notice), *_] = samples(Event.QUEUE_DIGEST, channel="telegram", locale="ru")
    show(draw(notice))
    assert keyboard(anna.last) == [[{"text": "Открыть пульт", "web_app": {"url": f"{SITE}/?to=desk"}}]]
    show(draw(notice), public_url="http://localhost:5006")
    assert labels(anna.last) == []


def test_in_a_group_a_link_leads_to_the_persons_own_chat_or_into_the_app(show, double):
    group = double.chat(-1_001, "supergroup")
    show(POINTER, chat="-1001")
    show(View("x", ((Button("Открыть", link=Link("/r/2027-0142")),),)), chat="-1001", telegram_mini_app="app")
    links = [keyboard(message)[0][0]["url"] for message in group.messages]
    assert links == [f"https://t.me/{BOT_NAME}?start=group", f"https://t.me/{BOT_NAME}/app?startapp=r_2027-0142"]


def test_a_known_message_is_edited_in_place_and_loses_its_buttons(show, anna):
    known = show()
    assert show(View("Готово"), external_id=known) == known
    assert (len(anna.said), anna.last["text"], labels(anna.last)) == (1, "Готово", [])


def test_saying_the_same_again_is_done_already(show, anna, double):
    known = show()
    assert show(external_id=known) == known
    assert len(anna.said) == 1
    assert len(double.called("editMessageText")) == 1


@pytest.mark.parametrize("sentence", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"])
def test_in_the_place_of_a_message_that_is_gone_comes_a_new_one(show, anna, double, sentence):
    known = show()
    double.fail("editMessageText", 400, f"Bad Request: {sentence}")
    assert show(View("Новое"), external_id=known) == f"{anna.id}:2"
    assert [message["text"] for message in anna.said][1:] == ["Новое"]


@pytest.mark.parametrize(
    ("status", "sentence", "reason"),
    [
        (403, "Forbidden: bot was blocked by the user", "blocked"),
        (403, "Forbidden: user is deactivated", "deactivated"),
        (403, "Forbidden: bot was kicked from the supergroup chat", "kicked"),
        (403, "Forbidden: bot can't initiate conversation with a user", "never_started"),
        (403, "Forbidden: something new", "forbidden"),
        (400, "Bad Request: chat not found", "chat_not_found"),
        (400, "Bad Request: PEER_ID_INVALID", "chat_not_found"),
        (400, "Bad Request: have no rights to send a message", "no_rights"),
    ],
)
@pytest.mark.parametrize("known", [None, "1"])
def test_a_chat_that_takes_nothing_is_given_up_with_its_reason(show, anna, double, status, sentence, reason, known):
    double.fail("editMessageText" if known else "sendMessage", status, sentence)
    error = refused(show, external_id=known and f"{anna.id}:{known}")
    assert (error.reason, error.permanent, error.no_address) == (reason, True, True)
    assert (show.heard, anna.said) == ([True], [])


def test_a_message_that_will_never_be_taken_stops_no_address(show, double):
    double.fail("sendMessage", 400, "Bad Request: BUTTON_DATA_INVALID")
    error = refused(show)
    assert (error.reason, error.permanent, error.no_address) == ("refused", True, False)


def test_a_group_that_has_moved_is_given_up(show, double):
    double.fail("sendMessage", 400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1002)
    assert (refused(show).reason, show.heard) == ("migrated", [True])


@pytest.mark.parametrize(("told", "waits"), [(7, 7), (100_000, 3600)])
def test_too_many_requests_are_everybodys_pause(show, double, told, waits):
    double.flood("sendMessage", told)
    error = refused(show)
    assert (error.permanent, error.retry_after, error.whole_channel) == (False, waits, True)
    assert show.heard == [True]


@pytest.mark.parametrize(("status", "sentence"), [(401, "Unauthorized"), (404, "Not Found")])
def test_a_refused_token_waits_for_the_operator(show, double, status, sentence):
    double.fail("sendMessage", status, sentence)
    error = refused(show)
    assert (error.reason, error.permanent, error.whole_channel) == ("account_refused", False, True)
    assert show.heard == [False]


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_server_that_does_not_serve_is_tried_again(show, double, status):
    double.fail("sendMessage", status)
    error = refused(show)
    assert (error.reason, error.permanent, error.retry_after) == ("server_error", False, None)
    assert show.heard == [False]


def test_a_message_whose_end_nobody_knows_waits_and_an_edit_does_not(show, double, monkeypatch):
    known = show()
    double.disturb("sendMessage", drop=True, after=True)
    double.disturb("editMessageText", drop=True)
    assert refused(show).retry_after == 30
    assert refused(show, view=View("x"), external_id=known).retry_after is None
    monkeypatch.setattr("express_bot.channels.telegram.account.READ", 0.2)
    double.disturb("sendMessage", hang=1)
    assert (refused(show).reason, refused(show, chat="9").reason) == ("ReadTimeout", "chat_not_found")


def test_a_server_that_is_not_there_has_taken_nothing(show, double):
    double.close()
    error = refused(show)
    assert (error.reason, error.permanent, error.retry_after) == ("ConnectError", False, None)
    assert show.heard == [False]


def test_an_address_of_another_messenger_is_no_address(show, double):
    error = refused(show, chat="7c9e6679-7425-40de-944b-e07fc1f90ae7")
    assert (error.permanent, error.no_address, double.calls) == (True, True, [])


def test_the_registry_leads_here():
    assert SENDERS["telegram"] == f"{TelegramSender.__module__}:TelegramSender"
