"""Messages of the bot as the unmodified library sends, edits, answers and takes them back."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from pybotx import (
    BotIsNotChatMemberError,
    BubbleMarkup,
    ChatNotFoundError,
    EditMessage,
    EventNotFoundError,
    FinalRecipientsListEmptyError,
    InvalidBotXStatusCodeError,
    KeyboardMarkup,
    MessageNotFoundError,
    OutgoingAttachment,
    StealthModeDisabledError,
)
from pybotx import BotXMethodFailedCallbackReceivedError as FailedCallback
from pybotx import CallbackNotReceivedError as NoCallback

from tests.emulator.serving import Emulator
from tests.emulator.vendor_bot import VendorBot

pytestmark = pytest.mark.anyio


@pytest.fixture
def chat(emulator: Emulator) -> UUID:
    return UUID(emulator.chat_of())


def buttons() -> BubbleMarkup:
    bubbles = BubbleMarkup()
    bubbles.add_button("Сочи", "/pick", data={"token": "v1.a.1.aer"})
    bubbles.add_button("Открыть", link="https://example.org/", new_row=False)
    bubbles.add_button("15", "/pick", alert="Занято")
    return bubbles


def one(label: str) -> BubbleMarkup:
    bubbles = BubbleMarkup()
    bubbles.add_button(label, f"/{label}")
    return bubbles


async def test_a_message_with_buttons_and_a_file_arrives_whole(vendor: VendorBot, chat: UUID) -> None:
    keyboard = KeyboardMarkup()
    keyboard.add_button("Меню", "/menu")
    sync_id = await vendor.bot.send_message(
        bot_id=vendor.id,
        chat_id=chat,
        body="**Сочи.** Выберите дату",
        metadata={"card": "c1"},
        bubbles=buttons(),
        keyboard=keyboard,
        file=OutgoingAttachment(b"%PDF-1.4", "plan.pdf"),
    )
    [message] = vendor.emulator.messages()
    assert (message["id"], message["body"]) == (str(sync_id), "**Сочи.** Выберите дату")
    assert [[button["label"] for button in row] for row in message["bubble"]] == [["Сочи", "Открыть"], ["15"]]
    assert message["keyboard"][0][0]["command"] == "/menu"
    assert (message["file"]["file_name"], message["file"]["file_size"]) == ("plan.pdf", 8)
    assert vendor.callbacks == [{"sync_id": str(sync_id), "status": "ok", "result": {}}]


async def test_the_synchronous_way_has_no_callback(vendor: VendorBot, chat: UUID) -> None:
    sync_id = await vendor.bot.send_message_sync(bot_id=vendor.id, chat_id=chat, body="сразу")
    assert vendor.emulator.messages()[0]["id"] == str(sync_id)
    with pytest.raises(ChatNotFoundError):
        await vendor.bot.send_message_sync(bot_id=vendor.id, chat_id=uuid4(), body="никуда")
    assert vendor.callbacks == []


async def test_an_edit_changes_what_it_names_and_nothing_else(vendor: VendorBot, chat: UUID) -> None:
    send: dict[str, Any] = {"bot_id": vendor.id, "chat_id": chat, "bubbles": buttons(), "metadata": {"card": "c1"}}
    sync_id = await vendor.bot.send_message(body="раз", **send)
    await vendor.bot.edit_message(bot_id=vendor.id, sync_id=sync_id, body="два")
    [message] = vendor.emulator.messages()
    assert (message["body"], len(message["bubble"]), message["edits"]) == ("два", 2, 1)
    await vendor.bot.edit(message=EditMessage(bot_id=vendor.id, sync_id=sync_id, bubbles=BubbleMarkup()))
    [message] = vendor.emulator.messages()
    assert (message["body"], message["bubble"], message["edits"]) == ("два", [], 2)


async def test_an_edit_that_is_partly_wrong_changes_nothing(
    vendor: VendorBot, chat: UUID, headers_v2: dict[str, str]
) -> None:
    sync_id = await vendor.bot.send_message(bot_id=vendor.id, chat_id=chat, body="раз", bubbles=buttons())
    wrong = {"body": "два", "bubble": [[{"label": 7}]]}
    async with httpx.AsyncClient(base_url=vendor.emulator.url, headers=headers_v2) as client:
        edit = {"sync_id": str(sync_id), "payload": wrong}
        assert (await client.post("/api/v3/botx/events/edit_event", json=edit)).status_code == 400
    [message] = vendor.emulator.messages()
    assert (message["body"], len(message["bubble"]), message["edits"]) == ("раз", 2, 0)


async def test_a_phone_that_lags_behind_presses_what_it_shows(vendor: VendorBot, chat: UUID) -> None:
    sync_id = await vendor.bot.send_message(bot_id=vendor.id, chat_id=chat, body="раз", bubbles=one("Старая"))
    await vendor.bot.edit_message(bot_id=vendor.id, sync_id=sync_id, body="два", bubbles=one("Новая"))
    await vendor.bot.edit_message(bot_id=vendor.id, sync_id=sync_id, body="три", bubbles=BubbleMarkup())
    press = {"persona": "employee", "message": str(sync_id), "row": 0, "column": 0}
    for edits in (0, 1):
        await asyncio.to_thread(vendor.emulator.do, "chat/press", **press, edits=edits)
    await vendor.until("message", 2)
    assert [message.body for message in vendor.events("message")] == ["/Старая", "/Новая"]
    for edits in ({}, {"edits": 2}, {"edits": 9}):
        assert vendor.emulator.call("POST", "/emulator/chat/press", press | edits) == (409, {"code": "no_button"})


async def test_what_is_not_there_cannot_be_changed(vendor: VendorBot) -> None:
    with pytest.raises(InvalidBotXStatusCodeError):
        await vendor.bot.edit_message(bot_id=vendor.id, sync_id=uuid4(), body="два")
    with pytest.raises(MessageNotFoundError):
        await vendor.bot.delete_message(bot_id=vendor.id, sync_id=uuid4())
    with pytest.raises(EventNotFoundError):
        await vendor.bot.get_message_status(bot_id=vendor.id, sync_id=uuid4())


async def test_words_of_people_are_theirs(vendor: VendorBot) -> None:
    await asyncio.to_thread(vendor.emulator.do, "chat/text", text="моё")
    message = await vendor.until("message")
    with pytest.raises(InvalidBotXStatusCodeError):
        await vendor.bot.edit_message(bot_id=vendor.id, sync_id=message.sync_id, body="не моё")
    assert vendor.emulator.messages()[0]["body"] == "моё"


async def test_a_reply_quotes_and_a_deleted_message_is_gone(vendor: VendorBot, chat: UUID) -> None:
    sync_id = await vendor.bot.send_message(bot_id=vendor.id, chat_id=chat, body="вопрос")
    await vendor.bot.reply_message(bot_id=vendor.id, sync_id=sync_id, body="ответ")
    await vendor.bot.delete_message(bot_id=vendor.id, sync_id=sync_id)
    first, second = vendor.emulator.messages()
    assert (first["deleted"], second["body"], second["replyTo"]) == (True, "ответ", str(sync_id))


async def test_who_has_read_it_is_told(vendor: VendorBot, chat: UUID) -> None:
    sync_id = await vendor.bot.send_message(bot_id=vendor.id, chat_id=chat, body="прочтите")
    before = await vendor.bot.get_message_status(bot_id=vendor.id, sync_id=sync_id)
    vendor.emulator.do("chat/read")
    after = await vendor.bot.get_message_status(bot_id=vendor.id, sync_id=sync_id)
    assert (len(before.sent_to), before.read_by) == (1, {})
    assert set(after.read_by) == set(before.sent_to)


async def test_typing_is_shown_until_a_message_comes(vendor: VendorBot, chat: UUID) -> None:
    await vendor.bot.start_typing(bot_id=vendor.id, chat_id=chat)
    await vendor.bot.stop_typing(bot_id=vendor.id, chat_id=chat)
    assert [line["status"] for line in vendor.emulator.wire("typing")] == [202, 202]


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("chat_not_found", ChatNotFoundError),
        ("bot_is_not_a_chat_member", BotIsNotChatMemberError),
        ("event_recipients_list_is_empty", FinalRecipientsListEmptyError),
        ("stealth_mode_disabled", StealthModeDisabledError),
        ("error_from_messaging_service", FailedCallback),
        ("flow_processing_error", FailedCallback),
        ("unexpected_error", FailedCallback),
    ],
)
async def test_every_reason_of_a_failed_callback(
    vendor: VendorBot, chat: UUID, reason: str, error: type[Exception]
) -> None:
    vendor.emulator.broken(callbacks="error", callback_reason=reason)
    with pytest.raises(error):
        await vendor.bot.send_message(bot_id=vendor.id, chat_id=chat, body="текст")


async def test_real_reasons_come_by_themselves(vendor: VendorBot, chat: UUID) -> None:
    send: dict[str, Any] = {"bot_id": vendor.id, "body": "текст"}
    with pytest.raises(ChatNotFoundError):
        await vendor.bot.send_message(chat_id=uuid4(), **send)
    with pytest.raises(FinalRecipientsListEmptyError):
        await vendor.bot.send_message(chat_id=chat, recipients=[uuid4()], **send)
    with pytest.raises(StealthModeDisabledError):
        await vendor.bot.send_message(chat_id=chat, stealth_mode=True, **send)
    assert vendor.emulator.messages() == []


async def test_a_callback_that_never_comes_is_waited_for_in_vain(vendor: VendorBot, chat: UUID) -> None:
    vendor.emulator.broken(callbacks="lost")
    with pytest.raises(NoCallback):
        await vendor.bot.send_message(bot_id=vendor.id, chat_id=chat, body="текст", callback_timeout=0.3)
    assert [message["body"] for message in vendor.emulator.messages()] == ["текст"]


@pytest.mark.parametrize(("mode", "count"), [("early", 1), ("duplicate", 2)])
async def test_callbacks_early_or_twice_still_end_the_call(
    vendor: VendorBot, chat: UUID, mode: str, count: int
) -> None:
    vendor.emulator.broken(callbacks=mode)
    await vendor.bot.send_message(bot_id=vendor.id, chat_id=chat, body="текст")
    async with asyncio.timeout(5):
        while len(vendor.callbacks) < count:
            await asyncio.sleep(0.02)


async def test_shuffled_callbacks_come_in_the_wrong_order(vendor: VendorBot, chat: UUID) -> None:
    vendor.emulator.broken(callbacks="shuffled")
    sends = [vendor.bot.send_message(bot_id=vendor.id, chat_id=chat, body=str(number)) for number in range(3)]
    sent = [str(sync_id) for sync_id in await asyncio.gather(*sends)]
    assert sorted(sent) == sorted(callback["sync_id"] for callback in vendor.callbacks)
    order = [message["id"] for message in vendor.emulator.messages()]
    assert [callback["sync_id"] for callback in vendor.callbacks] == order[::-1]


async def test_an_internal_notification_is_taken(vendor: VendorBot, chat: UUID) -> None:
    await vendor.bot.send_internal_bot_notification(bot_id=vendor.id, chat_id=chat, data={"a": 1})
    assert (vendor.callbacks[0]["status"], vendor.emulator.messages()) == ("ok", [])


@pytest.mark.parametrize(
    "notification",
    [
        {"status": "ok", "body": "x" * 4097},
        {"status": "ok"},
        {"status": "ok", "body": "x", "bubble": [{}]},
        {"status": "ok", "body": "x", "bubble": [[{"label": "без команды"}]]},
        {"body": "x"},
    ],
)
def test_what_botx_would_not_take_is_refused(
    emulator: Emulator, chat: UUID, notification: dict[str, Any], headers_v2: dict[str, str]
) -> None:
    body = {"group_chat_id": str(chat), "notification": notification}
    status, document = emulator.call("POST", "/api/v4/botx/notifications/direct", body, **headers_v2)
    assert (status, document["reason"], emulator.messages()) == (400, "malformed_request", [])
