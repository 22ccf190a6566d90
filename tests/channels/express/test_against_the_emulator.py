"""The whole way with the vendor's library on it: messenger → gateway → inbox → conversation → cards → messenger."""

from __future__ import annotations

import pytest

from tests.conftest import NOW
from tests.stack import Chats, Stack
from tests.stack.chats import labels

pytestmark = pytest.mark.stack

KEY = "one-intent-of-the-app"
#: The greeting and the wizard's one message.
FEW = 2
ANSWERS = {"form": "flight", "answers": {"direction": "vvo", "date": "2027-01-15"}}


@pytest.fixture(scope="module")
def running():
    with Stack(express=True, now=NOW) as stack:
        yield Chats(stack)


@pytest.fixture
def house(running):
    """Nothing broken, every chat empty for the messenger; the product remembers."""
    running.emulator.reset()
    running.stack.sql("truncate inbox, cards, dialogs, drafts")
    # their histories may stay: nobody reads them again
    running.stack.sql("alter table applications disable trigger all")
    running.stack.sql("delete from applications where channel = 'express'")
    running.stack.sql("alter table applications enable trigger all")
    return running


def filed(house) -> int:
    return house.stack.count("applications where channel = 'express'")


@pytest.mark.parametrize("version", [1, 2])
def test_a_person_files_in_the_chat_by_pressing_and_one_message_carries_it_all(house, version):
    house.emulator.broken(proof_version=version)
    house.open()
    start = house.text("/заявка")
    assert "Шаг 1 из" in start["body"]
    date = house.press("Владивосток, как в декабре")
    check = house.press("15")
    sent = house.press("Отправить")
    assert {start["id"], date["id"], check["id"], sent["id"]} == {start["id"]}
    assert "отправлена" in sent["body"]
    assert (len(house.said()), filed(house)) == (FEW, 1)
    assert house.stack.count("cards where delivered_at is not null") == 2


def test_opening_the_chat_brings_the_menu_and_the_commands(house):
    opened = house.emulator.do("chat/open", "newcomer")
    assert "/заявка" in {command["body"] for command in opened["commands"]}
    house.wait(lambda: house.said("newcomer"))
    assert labels(house.settled("newcomer"))


def test_a_day_that_cannot_be_chosen_says_why_on_the_phone_and_changes_nothing(house):
    house.open()
    house.text("/заявка")
    calendar = house.press("Владивосток, как в декабре")
    row, column = next(
        (r, c) for r, buttons in enumerate(calendar["bubble"]) for c, b in enumerate(buttons) if b["label"] == "·"
    )
    pressed = house.emulator.do("chat/press", message=calendar["id"], row=row, column=column)
    assert len(pressed["alert"]) > 10
    house.emulator.do("chat/press", message=calendar["id"], row=1, column=0)  # a caption says nothing at all
    house.wait(lambda: house.stack.count("inbox") >= 4)
    assert house.settled()["body"] == calendar["body"]


@pytest.mark.parametrize("sync", [False, True])
def test_the_app_files_over_the_bridge_once_however_often_it_asks(house, sync):
    answers = [house.call("submit", client_key=f"{KEY}-{sync}", body=ANSWERS, sync=sync) for _ in range(2)]
    assert {answer["status"] for answer in answers} == {"ok"}
    [number] = {answer["result"]["body"]["number"] for answer in answers}
    listed = house.call("applications.list", limit=1, sync=sync)["result"]["body"]["items"]
    assert [card["number"] for card in listed] == [number]
    assert filed(house) == 1


def test_the_apps_short_session_opens_plain_http_for_the_same_person(house):
    session = house.call("auth.session", "matched")["result"]["body"]
    phone = house.stack.client(session["access_token"])
    said = phone.get("/smartapp_files/static/api/smartapp/me")
    assert (said.status, said.json["user"]["full_name"]) == (200, "Соколова Мария Павловна")
    assert phone.get("/smartapp_files/static/index.html").status in (200, 503)
    phone.close()


def test_a_refusal_reaches_the_app_with_the_cores_own_words(house):
    refused = house.call("submit", client_key="another-intent", body={"form": "flight", "answers": {}})
    assert refused["status"] == "error"
    assert refused["errors"][0]["id"] == "INVALID_ANSWERS"
    assert refused["errors"][0]["meta"]["errors"]


@pytest.mark.parametrize("fault", [{"duplicate_events": True}, {"callbacks": "early"}, {"callbacks": "shuffled"},
                                   {"callbacks": "duplicate"}, {"callbacks": "lost"}])  # fmt: skip
def test_a_messenger_with_bad_manners_changes_nothing(house, fault):
    house.emulator.broken(**fault)
    house.open()
    house.press("Подать заявку")
    house.press("Владивосток, как в декабре")
    house.press("15")
    assert "отправлена" in house.press("Отправить")["body"]
    house.settled(timeout=60)
    assert (len(house.said()), filed(house)) == (1, 1)


@pytest.mark.parametrize("fault", ["503", "500", "429", "drop", "401"])
def test_what_the_bot_owes_goes_out_once_when_the_messenger_is_back(house, fault):
    house.emulator.broken(botx=fault, retry_after=1)
    house.emulator.do("chat/open")
    house.emulator.do("chat/open", "newcomer")
    house.wait(lambda: house.stack.count("cards where attempts > 0") == 2)
    assert (house.said(), house.said("newcomer")) == ([], [])
    house.emulator.broken(botx="ok")
    house.stack.sql("update cards set due_at = now()")  # nobody wants to wait for the longest pause
    house.wait(lambda: house.said() and house.said("newcomer"))
    house.settled()
    assert (len(house.said()), len(house.said("newcomer"))) == (1, 1)


@pytest.mark.parametrize("proof", ["forged", "expired", "missing"])
def test_an_event_with_a_false_proof_is_not_taken(house, proof):
    house.emulator.broken(proof=proof)
    house.emulator.do("chat/text", text="/заявка")
    house.wait(lambda: house.emulator.wire("/command"))
    house.wait(lambda: any(message["state"] != "sending" for message in house.emulator.messages()))
    assert (house.stack.count("inbox"), house.said()) == (0, [])


def test_a_killed_gateway_loses_nothing_it_has_accepted(house):
    house.open("matched")
    house.emulator.broken(botx="503")
    for words in ("/мои", "/правила", "/помощь", "/заявка", "/профиль"):
        house.emulator.do("chat/text", "matched", text=words)
    house.wait(lambda: house.stack.count("inbox") == 6)
    house.stack.gateway.kill()
    house.emulator.broken(botx="ok")
    house.settled(timeout=90)
    assert house.stack.count("inbox where state = 'done'") == 6


def test_the_older_way_of_proving_the_bot_works_and_survives_forgotten_tokens():
    with Stack(express=True, now=NOW, environment={"EXPRESS_AUTH_VERSION": "v1"}) as stack:
        house = Chats(stack)
        house.open("dispatcher")
        assert house.emulator.call("POST", "/emulator/tokens", {})[0] == 200
        assert "Шаг 1" in house.text("/заявка", "dispatcher")["body"]
