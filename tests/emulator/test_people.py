"""What people do on the page, as the bot hears it: every key of the envelope, in order, once."""

from __future__ import annotations

import asyncio
import base64
from typing import Any
from uuid import UUID

import pytest
from pybotx import BubbleMarkup, ChatTypes

from tests.emulator.serving import BOT_ID, Emulator
from tests.emulator.vendor_bot import VendorBot

pytestmark = pytest.mark.anyio
KEYS = {
    "user_huid", "user_udid", "group_chat_id", "chat_type", "ad_login", "ad_domain", "username", "is_admin",
    "is_creator", "manufacturer", "device", "device_software", "device_meta", "platform", "platform_package_id",
    "app_version", "locale", "host",
}  # fmt: skip


async def do(vendor: VendorBot, action: str, persona: str = "employee", **more: Any) -> Any:
    return await asyncio.to_thread(lambda: vendor.emulator.do(action, persona, **more))


async def test_the_first_opening_tells_the_bot_of_the_chat_and_the_second_does_not(vendor: VendorBot) -> None:
    menu = await do(vendor, "chat/open", "newcomer")
    created = await vendor.until("chat_created")
    await do(vendor, "chat/open", "newcomer")
    assert menu["commands"] == [{"body": "/echo", "name": "/echo", "description": "Says it again"}]
    assert (created.chat.type, len(created.members)) == (ChatTypes.PERSONAL_CHAT, 2)
    assert len(vendor.events("chat_created")) == 1


async def test_a_message_carries_every_key(vendor: VendorBot) -> None:
    await do(vendor, "chat/text", text="привет", phone={"platform": "ios", "locale": "en"})
    message = await vendor.until("message")
    raw = vendor.raw[-1]
    assert set(raw) == {
        "sync_id", "source_sync_id", "bot_id", "proto_version", "command", "attachments", "entities", "async_files",
        "from",
    }  # fmt: skip
    assert (set(raw["from"]), raw["from"]["host"], raw["bot_id"]) == (KEYS, "localhost", BOT_ID)
    assert (message.sender.username, message.sender.device.locale) == ("Воронцова Анна Сергеевна", "en")


async def test_messages_of_a_chat_keep_their_order(vendor: VendorBot) -> None:
    vendor.pauses = [0.4, 0.3, 0.2, 0.1]
    for number in range(12):
        await do(vendor, "chat/text", text=str(number))
    await vendor.until("message", 12)
    # as they came in: the library works on all of them at once
    said = [raw["command"]["body"] for raw in vendor.raw if raw["command"]["command_type"] == "user"]
    assert said == [str(number) for number in range(12)]


async def with_buttons(vendor: VendorBot) -> str:
    bubbles = BubbleMarkup()
    bubbles.add_button("Сочи", "/pick", data={"token": "t1"})
    bubbles.add_button("Громко", "/loud", silent=False)
    bubbles.add_button("·", "/no", alert="Занято", new_row=False)
    bubbles.add_button("Открыть", link="https://example.org/")
    chat = UUID(vendor.emulator.chat_of())
    return str(
        await vendor.bot.send_message(
            bot_id=vendor.id, chat_id=chat, body="Куда?", bubbles=bubbles, metadata={"card": "c1"}
        )
    )


async def test_a_silent_press_names_its_message_and_leaves_no_echo(vendor: VendorBot) -> None:
    sync_id = await with_buttons(vendor)
    await do(vendor, "chat/press", message=sync_id, row=0, column=0)
    press = await vendor.until("message")
    assert (press.body, press.data, press.metadata) == ("/pick", {"token": "t1"}, {"card": "c1"})
    assert (str(press.source_sync_id), len(vendor.emulator.messages())) == (sync_id, 1)


async def test_an_ordinary_press_leaves_its_words_in_the_chat(vendor: VendorBot) -> None:
    sync_id = await with_buttons(vendor)
    await do(vendor, "chat/press", message=sync_id, row=1, column=0)
    press = await vendor.until("message")
    echo = vendor.emulator.messages()[-1]
    assert (press.body, echo["body"], echo["id"]) == ("/loud", "Громко", str(press.sync_id))


async def test_links_and_alerts_are_the_clients_own_business(vendor: VendorBot) -> None:
    sync_id = await with_buttons(vendor)
    alert = await do(vendor, "chat/press", message=sync_id, row=1, column=1)
    link = await do(vendor, "chat/press", message=sync_id, row=2, column=0)
    await vendor.until("message")
    assert (alert["alert"], link["link"]) == ("Занято", "https://example.org/")
    assert [message.body for message in vendor.events("message")] == ["/no"]


def test_a_button_that_is_not_there_cannot_be_pressed(emulator: Emulator) -> None:
    body = {"persona": "employee", "message": BOT_ID, "row": 0, "column": 0}
    assert emulator.call("POST", "/emulator/chat/press", body)[1] == {"code": "unknown_message"}


async def test_in_a_group_the_bot_hears_only_what_is_meant_for_it(vendor: VendorBot) -> None:
    group = next(chat["id"] for chat in vendor.emulator.state()["chats"] if chat["kind"] == "group_chat")
    await do(vendor, "chat/text", chat=group, text="обед?")
    await do(vendor, "chat/text", "newcomer", chat=group, text="/помощь")
    message = await vendor.until("message")
    assert (message.body, message.chat.type, len(vendor.events("message"))) == ("/помощь", ChatTypes.GROUP_CHAT, 1)


async def test_an_own_message_can_be_changed(vendor: VendorBot) -> None:
    await do(vendor, "chat/text", text="Сичи")
    message = await vendor.until("message")
    await do(vendor, "chat/edit", message=str(message.sync_id), text="Сочи")
    edit = await vendor.until("event_edit")
    assert (edit.body, edit.sync_id) == ("Сочи", message.sync_id)
    assert (vendor.emulator.messages()[0]["body"], vendor.emulator.messages()[0]["edits"]) == ("Сочи", 1)


@pytest.mark.parametrize(
    "event",
    [
        "cts_login", "cts_logout", "chat_created", "added_to_chat", "user_joined_to_chat", "deleted_from_chat",
        "left_from_chat",
    ],
)  # fmt: skip
async def test_events_of_the_server_are_understood_by_the_library(vendor: VendorBot, event: str) -> None:
    await do(vendor, "system", event=event)
    await vendor.until(event)


async def test_a_file_arrives_with_its_content(vendor: VendorBot) -> None:
    content = b"%PDF" + bytes(range(256)) * 40
    await asyncio.to_thread(vendor.emulator.send_file, content, name="справка.pdf", caption="вот")
    message = await vendor.until("message")
    assert (message.file.filename, message.file.content, message.body) == ("справка.pdf", content, "вот")
    assert vendor.emulator.messages()[0]["file"]["file_size"] == len(content)


async def test_a_made_up_file_of_any_size_is_streamed(vendor: VendorBot) -> None:
    size = 20 << 20
    await asyncio.to_thread(vendor.emulator.send_file, b"", name="фильм.bin", size=size)
    await vendor.until("message")
    content = vendor.raw[-1]["attachments"][0]["data"]["content"].partition(",")[2]
    assert len(base64.b64decode(content)) == size


async def test_a_refused_message_can_be_sent_again(vendor: VendorBot) -> None:
    await do(vendor, "chat/open")
    await vendor.until("chat_created")
    vendor.emulator.broken(proof="forged")
    await do(vendor, "chat/text", text="дважды")
    await asyncio.to_thread(vendor.emulator.wait, lambda: vendor.emulator.messages()[0]["state"] == "failed")
    vendor.emulator.broken(proof="ok")
    [refused] = vendor.emulator.messages()
    await do(vendor, "chat/again", message=refused["id"])
    message = await vendor.until("message")
    assert (str(message.sync_id), refused["refusal"]) == (refused["id"], "?")
