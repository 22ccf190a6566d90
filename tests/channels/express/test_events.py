"""From an event of the server to a message of the bot, through inbox, conversation and cards."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from express_bot.core_client import CoreError, CoreGone
from tests.channels.express.events import (
    CHAT,
    GROUP,
    HUID,
    app_event,
    callback,
    chat_created,
    pressed,
    said,
    system,
)
from tests.channels.express.fake_cts import profile
from tests.channels.express.tokens import BOT
from tests.waiting import until


def settled(core, count=1):
    """Waits until so many events came to an end."""
    until(lambda: sum(state in ("done", "dead") for state in core.states()) >= count)


def test_a_message_reaches_the_conversation_and_its_answer_reaches_the_chat(conversation, door, core, cts):
    event = said("Сочи")
    door.command(event)
    until(lambda: cts.bodies(CHAT) == ["**Сочи**"])
    [incoming] = conversation.heard
    assert (incoming.kind, incoming.text, incoming.chat, incoming.is_personal) == ("text", "Сочи", CHAT, True)
    assert (incoming.event_id, incoming.user.id) == (event["sync_id"], core.people[HUID]["user_id"])
    assert core.people[HUID]["full_name"] == "Воронцова Анна Сергеевна"
    assert core.people[HUID]["chat"] == CHAT
    assert core.states() == ["done"]


def test_a_press_edits_the_message_that_was_pressed(conversation, door, core, cts):
    door.command(said("/start"))
    [message] = until(lambda: list(cts.messages))
    until(lambda: next(iter(core.cards.values())).facts["external_id"] == message)
    door.command(pressed("v1.00000000.1.go:aer", message=message))
    until(lambda: cts.bodies(CHAT) == ["**press**"])
    press = conversation.heard[1]
    assert (press.kind, press.token, press.message_id) == ("press", "v1.00000000.1.go:aer", message)
    assert cts.order == [("sent", message), ("edited", message)]


@pytest.mark.parametrize(
    ("event", "kind", "text"),
    [
        (said("/заявка"), "command", "/заявка"),
        (said("  15 января \n"), "text", "15 января"),
        (said("", attachments=[{"type": "image", "data": {"file_name": "a", "content": ""}}]), "file", ""),
        (chat_created(), "hello", ""),
        (said("@{mention:1} /старт", sender={"group_chat_id": GROUP, "chat_type": "group_chat"}), "command", "/старт"),
    ],
)
def test_kinds_of_what_people_do(conversation, door, core, event, kind, text):
    door.command(event)
    settled(core)
    [incoming] = conversation.heard
    assert (incoming.kind, incoming.text) == (kind, text)


@pytest.mark.parametrize(
    "event",
    [
        said("привет всем", sender={"group_chat_id": GROUP, "chat_type": "group_chat"}),
        pressed("v1.x.1.y", message=str(uuid4()), sender={"group_chat_id": GROUP, "chat_type": "channel"}),
        pressed(None, message=str(uuid4()), label="·"),
        said("   "),
        said("", attachments=[{"type": "sticker", "data": {}}]),
        chat_created(chat=GROUP, kind="group_chat"),
        system("added_to_chat", {"added_members": [BOT]}, sender={"group_chat_id": GROUP, "chat_type": "group_chat"}),
        system("left_from_chat", {"left_members": [HUID]}, sender={"group_chat_id": GROUP, "chat_type": "group_chat"}),
        system("deleted_from_chat", {"deleted_members": [BOT]}, sender={"group_chat_id": GROUP, "chat_type": "chat"}),
        system("user_joined_to_chat", {"added_members": [HUID]}, sender={"group_chat_id": GROUP, "chat_type": "chat"}),
        system("cts_login", {"user_huid": HUID, "cts_id": BOT}, sender={"user_huid": HUID}),
        system("cts_logout", {"user_huid": HUID, "cts_id": BOT}, sender={"user_huid": HUID}),
        system("chat_deleted_by_user", {"user_huid": HUID, "group_chat_id": CHAT}),
        system("internal_bot_notification", {"data": {"message": "x"}, "opts": {}}, sender={"user_huid": BOT}),
        system("event_edit", {"body": "Сочи!"}, sender={"user_huid": HUID}),
    ],
)
def test_what_asks_for_no_answer_gets_none(conversation, door, core, cts, event):
    assert door.command(event).status_code == 202
    settled(core)
    assert (core.states(), conversation.heard, core.cards) == (["done"], [], {})


@pytest.mark.parametrize(
    "change",
    [
        {"attachments": None, "entities": None},
        {"async_files": ...},
        {"from": {"platform": "tizen", "device_meta": "x"}},
        {"entities": [{"type": "riddle", "data": {}}]},
        {"from": {"chat_type": "chat", "app_version": None, "extra": 1}, "more": {}},
    ],
)
def test_what_servers_leave_out_or_write_oddly_does_not_lose_a_message(conversation, door, core, change):
    event = said("Сочи")
    event["from"] |= change.pop("from", {})
    event = {name: value for name, value in (event | change).items() if value is not ...}
    event["command"]["data"] = []
    door.command(event)
    settled(core)
    assert [incoming.text for incoming in conversation.heard] == ["Сочи"]


def test_a_hopeless_event_is_buried_at_once_and_others_flow(conversation, door, core):
    door.command(chat_created() | {"command": {"body": "system:chat_created", "command_type": "system", "data": {}}})
    door.command(said("Сочи", sender={"group_chat_id": GROUP}))
    settled(core, 2)
    assert core.states() == ["dead", "done"]
    assert core.heard("event_failed")[0]["permanent"] is True
    assert "Воронцова" not in core.heard("event_failed")[0]["reason"]


def test_an_event_that_fails_is_tried_again_in_its_place(conversation, door, core, cts):
    conversation.failure = CoreError(409, {"code": "version_conflict"})
    first, second = said("первое"), said("второе")
    door.command(first)
    door.command(second)
    until(lambda: core.heard("event_failed"))
    conversation.failure = None
    until(lambda: cts.bodies(CHAT) == ["**первое**", "**второе**"])
    assert {incoming.event_id for incoming in conversation.heard[:-1]} == {first["sync_id"]}


def test_a_defect_is_not_told_by_its_message(conversation, door, core):
    conversation.failure = RuntimeError("Воронцова Анна Сергеевна")
    door.command(said("Сочи"))
    [told] = until(lambda: core.heard("event_failed"))[:1]
    assert told == {"reason": "RuntimeError", "permanent": False}


def test_a_newcomer_is_looked_up_in_the_phone_book_once(conversation, door, core, cts):
    cts.profiles[HUID] = profile(HUID, company_position="Бортпроводник", other_id="100234", department="ОКЭ 2")
    door.command(said("раз", sender={"username": None}))
    settled(core)
    door.command(said("два", sender={"username": None}))
    settled(core, 2)
    person = core.people[HUID]
    assert person["full_name"] == "Воронцова Анна Сергеевна"
    assert person["host_profile"]["position"] == "Бортпроводник"
    assert person["host_profile"]["personnel_number"] == "100234"
    assert [call.path for call in cts.calls].count("/api/v3/botx/users/by_huid") == 1


def test_a_person_without_a_page_in_the_phone_book_is_served_too(conversation, door, core, cts):
    door.command(said("раз", sender={"username": None, "locale": "en"}))
    settled(core)
    assert conversation.heard[0].user.locale == "en"
    assert core.people[HUID]["full_name"] == ""


def test_a_group_is_never_taken_for_a_persons_own_chat(conversation, door, core):
    door.command(said("/start", sender={"group_chat_id": GROUP, "chat_type": "group_chat"}))
    settled(core)
    assert (core.people[HUID]["chat"], conversation.heard[0].is_personal) == (None, False)


def test_events_stored_before_the_start_are_handled_after_it(conversation, core, gateway, cts):
    event = said("раньше")
    body = {"kind": "message", "chat": CHAT, "payload": event}
    core._store(event["sync_id"], body)
    gateway()
    until(lambda: cts.bodies(CHAT) == ["**раньше**"])


@pytest.mark.parametrize("away", [True, 503])
def test_an_event_whose_core_went_away_does_not_wait_for_its_lease(monkeypatch, conversation, door, core, away):
    async def dies(self, incoming):
        core.away = away
        raise CoreGone("it went away")

    monkeypatch.setattr(conversation, "handle", dies)
    door.command(said("раз"))
    until(lambda: core.away)
    time.sleep(0.5)
    core.away = False
    until(lambda: core.heard("event_failed"))
    assert core.heard("event_failed")[0]["permanent"] is False


# ── callbacks ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_callback_marks_its_card_signed_or_not(conversation, door, core, cts):
    door.command(said("/start"))
    [message] = until(lambda: list(cts.messages))
    until(lambda: next(iter(core.cards.values())).facts["external_id"] == message)
    answers = [
        door.post("/notification/callback", callback(message)),
        door.post("/notification/callback", callback(message, "chat_not_found"), proof_=None),
        door.post("/webhook/notification/callback", callback(message), proof_=None),
    ]
    assert [answer.status_code for answer in answers] == [202, 202, 202]
    assert [told["reason"] for told in core.heard("callback")] == [None, "chat_not_found", None]
    assert all(told["known"] for told in core.heard("callback"))
    assert len(core.inbox) == 1


def test_a_callback_that_comes_before_our_own_note_waits_for_it(conversation, door, core):
    early = str(uuid4())
    assert door.post("/notification/callback", callback(early, "chat_not_found"), proof_=None).status_code == 202
    assert door.post("/notification/callback", callback(early, "chat_not_found")).status_code == 202
    assert list(core.inbox) == [f"callback:{early}:error"]
    until(lambda: core.heard("event_failed"))
    core.cards["x"] = core.inbox[f"callback:{early}:error"].__class__(
        "x", {"external_id": early, "rev": 1}, CHAT, "done"
    )
    settled(core)
    assert core.heard("callback")[-1]["known"] is True
    assert (core.states(), len(core.inbox)) == (["done"], 1)


def test_a_callback_of_nothing_is_forgotten_in_the_end(door, core):
    old = str(uuid4())
    core._store(f"callback:{old}:ok", {"kind": "callback", "chat": None, "payload": callback(old) | {"reason": None}})
    row = core.inbox[f"callback:{old}:ok"]
    row.facts["received_at"] = (datetime.now(UTC) - timedelta(minutes=16)).isoformat()
    settled(core)
    assert core.states() == ["done"]


def test_unproven_callbacks_of_nothing_do_not_fill_the_inbox(door, core):
    for _ in range(130):
        assert door.post("/notification/callback", callback(str(uuid4())), proof_=None).status_code == 202
    assert len(core.inbox) == 120
    assert door.post("/notification/callback", callback(str(uuid4()))).status_code == 202
    assert len(core.inbox) == 121


def test_a_callback_without_the_core_is_asked_for_again(door, core):
    core.away = True
    assert door.post("/notification/callback", callback(str(uuid4()))).status_code == 503


def test_the_app_is_answered_in_its_chat_and_under_its_ref(door, core, cts):
    core.answers["GET /api/smartapp/info"] = (200, {"now": 1})
    event = app_event("info")
    door.command(event)
    [answer] = until(lambda: cts.events)
    assert (answer["ref"], answer["group_chat_id"]) == (event["command"]["data"]["ref"], CHAT)
    assert answer["data"] == {"status": "ok", "type": "smartapp_rpc", "result": {"status": 200, "body": {"now": 1}}}
    settled(core)
