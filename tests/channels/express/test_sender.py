"""A view as a message of eXpress: what is sent, what is edited, and what a failure means."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web

from express_bot.channels.base import SENDERS, SendError
from express_bot.channels.dialogs import Button, Link, View
from express_bot.channels.express.bot import ExpressBot
from express_bot.channels.express.sender import ExpressSender
from express_bot.channels.notices import draw
from express_bot.channels.notices.samples import samples
from express_bot.contracts.notifications import Event
from tests.channels.express.events import CHAT
from tests.channels.express.tokens import BOT

GONE = "99999999-9999-5999-8999-999999999999"
VIEW = View(
    "**Сочи**. Выберите дату",
    (
        (Button("Отправить", token="v1.00000000.1.send", accent=True),),
        (Button("15", token="v1.00000000.1.d:15"), Button("·", token="v1.00000000.1.-", alert="Отпуск"), Button("Пн")),
        (Button("Открыть", link=Link("/r/2027-0142")), Button("Домой", link=Link())),
        (Button("В чат", link=Link(target="chat")),),
    ),
)


@pytest.fixture
def show(configured, cts):
    """Shows a view as the running product would; returns the id of the message."""
    heard = []

    def call(view=VIEW, *, external_id=None, **changes):
        async def run():
            bot = ExpressBot(configured(**changes))
            try:
                return await ExpressSender(configured(**changes), bot, heard.append).show(
                    CHAT, view, external_id=external_id
                )
            finally:
                await bot.close()

        return asyncio.run(run())

    call.heard = heard
    return call


def refused(show, cts, answer, **how) -> SendError:
    cts.fault = lambda path: answer
    with pytest.raises(SendError) as error:
        show(**how)
    return error.value


def test_the_digest_opens_the_desk(show, cts):
    [(_, notice), *_] = samples(Event.QUEUE_DIGEST, channel="express", locale="ru")
    [[desk]] = cts.messages[show(draw(notice))]["said"]["bubble"]
    assert desk["label"] == "Открыть пульт"
    assert desk["opts"]["link"] == f"https://links.example/open/smartapp/{BOT}?to=desk"


def test_a_view_becomes_a_message_with_silent_bubbles(show, cts):
    message = cts.messages[show()]
    assert (message["chat"], message["body"]) == (CHAT, "**Сочи**. Выберите дату")
    send, (day, closed, caption), (opens, home), (writes,) = message["said"]["bubble"]
    assert send[0]["data"] == {"token": "v1.00000000.1.send"}
    assert send[0]["opts"]["background_color"] == "#1A5DC8"
    assert (day["label"], day["command"], day["opts"]["silent"]) == ("15", "15", True)
    assert "background_color" not in day["opts"]
    assert closed["opts"] | {"alert_text": "Отпуск", "show_alert": True, "handler": "client"} == closed["opts"]
    assert (closed.get("data", {}), caption.get("data", {})) == ({}, {})
    assert opens["opts"]["link"] == f"https://links.example/open/smartapp/{BOT}?to=r&id=2027-0142"
    assert home["opts"]["link"] == f"https://links.example/open/smartapp/{BOT}"
    assert writes["opts"]["link"] == f"https://links.example/open/profile/{BOT}"
    assert opens["opts"]["handler"] == "client"
    assert "mentions" not in message["said"]


def test_a_known_message_is_edited_in_place_and_loses_its_buttons(show, cts):
    known = show()
    assert show(View("Готово"), external_id=known) == known
    assert (cts.messages[known]["body"], cts.messages[known]["said"]["bubble"]) == ("Готово", [])
    assert len(cts.messages) == 1


def test_a_message_that_was_deleted_is_replaced_by_a_new_one(show, cts):
    fresh = show(external_id=GONE)
    assert list(cts.messages) == [fresh]


def test_nothing_in_a_text_calls_anybody(show, cts):
    tags = "<embed_mention>ALL::</embed_mention> <EMBED_mention>USER:x:y</embed_mention> @{mention:1} ##{mention:2}"
    nested = "<embed_<embed_mention>mention>ALL::</embed_</embed_mention>mention>"
    for known in (None, show()):
        said = cts.messages[show(View(f"{tags} {nested}"), external_id=known)]
        assert "embed_mention" not in said["body"].lower()
        assert "{mention" not in said["body"]
        assert said["said"].get("mentions", []) == []


def test_no_text_is_longer_than_the_server_takes_new_or_edited(show, cts):
    known = show(View("я" * 5000))
    assert cts.messages[known]["body"] == "я" * 4095 + "…"
    show(View("ю" * 4097), external_id=known)
    assert (len(cts.messages[known]["body"]), cts.messages[known]["body"][-1]) == (4096, "…")
    show(View("ю" * 4096), external_id=known)
    assert cts.messages[known]["body"] == "ю" * 4096


def test_a_server_that_is_not_there_means_try_again(show, cts):
    cts.close()
    error = refused(show, cts, None)
    assert (error.permanent, error.retry_after, error.reason) == (False, None, "ConnectError")
    assert show.heard == [False]


def test_an_unknown_end_waits_longer_before_the_next_try(show, cts, monkeypatch):
    error = refused(show, cts, ConnectionResetError)
    assert (error.permanent, error.retry_after) == (False, 30)
    monkeypatch.setattr("express_bot.channels.express.bot.TIMEOUT", 0.2)
    error = refused(show, cts, 1.0)
    assert (error.permanent, error.retry_after, error.reason) == (False, 30, "ReadTimeout")


@pytest.mark.parametrize("status", [400, 403, 404, 413, 422])
def test_what_the_server_will_never_take_is_given_up(show, cts, status):
    error = refused(show, cts, web.json_response({"status": "error"}, status=status))
    assert (error.permanent, error.reason) == (True, f"status_{status}")
    assert refused(show, cts, web.json_response({}, status=status), external_id=GONE).permanent


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_work_later_is_tried_later(show, cts, status):
    error = refused(show, cts, web.json_response({"status": "error"}, status=status))
    assert (error.permanent, error.reason, error.retry_after) == (False, f"status_{status}", None)
    assert show.heard == [status < 500]


def test_the_server_says_how_long_to_wait(show, cts):
    def after(value):
        return refused(show, cts, web.Response(status=429, headers={"Retry-After": value})).retry_after

    assert (after("17"), after("0"), after("999999"), after("soon")) == (17, 1, 3600, None)
    moment = datetime.now(UTC) + timedelta(seconds=90)
    assert after(format_datetime(moment, usegmt=True)) in range(85, 91)


def test_a_wrong_secret_is_no_reason_to_lose_a_message(show, cts):
    error = refused(show, cts, None, express_secret_key="another-secret-0123456789-abcdefghijklmn")
    assert (error.permanent, error.reason, error.retry_after) == (False, "account_refused", 60)
    assert show.heard == [False]


def test_an_answer_in_other_words_is_an_unknown_end(show, cts):
    error = refused(show, cts, web.Response(text="<html>", status=200))
    assert (error.permanent, error.retry_after) == (False, 30)


def test_the_registry_knows_the_sender():
    module, _, name = SENDERS["express"].partition(":")
    assert (module, name) == (ExpressSender.__module__, ExpressSender.__name__)


# ── the account ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_with_version_one_a_token_is_traded_and_renewed_when_it_is_refused(configured, cts):
    cts.version = "v1"

    async def run():
        settings = configured(express_auth_version="v1")
        bot = ExpressBot(settings)
        sender = ExpressSender(settings, bot)
        known = await sender.show(CHAT, VIEW, external_id=None)
        cts.issued.append("the server has forgotten the old one")
        await sender.show(CHAT, View("позже"), external_id=known)
        await bot.close()

    asyncio.run(run())
    assert cts.bodies(CHAT) == ["позже"]
    assert len(cts.issued) == 3


def test_with_version_one_a_wrong_secret_ends_after_one_renewal(configured, cts):
    cts.version = "v1"
    cts.fault = lambda path: None if path.endswith("/token") else web.json_response({}, status=401)

    async def run():
        settings = configured(express_auth_version="v1")
        bot = ExpressBot(settings)
        with pytest.raises(SendError, match="account_refused"):
            await ExpressSender(settings, bot).show(CHAT, VIEW, external_id=None)
        await bot.close()

    asyncio.run(run())
    assert len(cts.issued) == 2


def test_many_messages_leave_nothing_behind_in_the_library(configured, cts):
    async def run():
        bot = ExpressBot(configured())
        sender = ExpressSender(configured(), bot)
        tasks = len(asyncio.all_tasks())
        for _ in range(50):
            await sender.show(CHAT, VIEW, external_id=None)
        await asyncio.sleep(0)
        kept = vars(bot._callbacks_manager)
        held = {name: len(value) for name, value in kept.items() if hasattr(value, "__len__")}
        await bot.close()
        return held, len(asyncio.all_tasks()) - tasks

    held, tasks = asyncio.run(run())
    assert set(held.values()) == {0}
    assert tasks <= 0
    assert len(cts.messages) == 50


def test_the_way_to_the_server_uses_no_proxy_of_the_environment(show, cts, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert show() in cts.messages


def test_the_seeds_address_with_a_path_works_too(show, cts):
    assert show(express_botx_url=f"{cts.url}/api/botx") in cts.messages


def test_a_lost_answer_is_never_sent_again_at_once(show, cts):
    began = time.monotonic()
    refused(show, cts, ConnectionResetError)
    assert len([call for call in cts.calls if call.path.endswith("/direct")]) == 1
    assert time.monotonic() - began < 5
