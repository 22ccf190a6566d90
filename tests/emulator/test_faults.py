"""«Сломать»: each switch breaks what it says, and nothing once it is back in its place."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from pybotx import InvalidBotAccountError, InvalidBotXStatusCodeError, RateLimitReachedError

from tests.emulator.serving import Emulator
from tests.emulator.vendor_bot import VendorBot

pytestmark = pytest.mark.anyio


def send(vendor: VendorBot, body: str = "текст", **more: Any) -> Any:
    chat = UUID(vendor.emulator.chat_of())
    return vendor.bot.send_message(bot_id=vendor.id, chat_id=chat, body=body, **more)


@pytest.mark.parametrize(
    ("botx", "error"),
    [
        ("401", InvalidBotAccountError),
        ("429", InvalidBotXStatusCodeError),
        ("500", InvalidBotXStatusCodeError),
        ("503", InvalidBotXStatusCodeError),
        ("drop", httpx.RemoteProtocolError),
    ],
)
async def test_botx_refuses_and_keeps_nothing(vendor: VendorBot, botx: str, error: type[Exception]) -> None:
    vendor.emulator.broken(botx=botx)
    with pytest.raises(error):
        await send(vendor)
    vendor.emulator.broken(botx="ok")
    await send(vendor, "потом")
    assert [message["body"] for message in vendor.emulator.messages()] == ["потом"]
    assert vendor.emulator.wire("direct")[-2]["fault"] == botx


async def test_a_rate_limit_says_when_to_come_back(vendor: VendorBot, headers_v2: dict[str, str]) -> None:
    vendor.emulator.broken(botx="429", retry_after=7)
    async with httpx.AsyncClient(base_url=vendor.emulator.url, headers=headers_v2) as client:
        answer = await client.get("/api/v3/botx/chats/list")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    with pytest.raises(RateLimitReachedError):
        await vendor.bot.send_internal_bot_notification(
            bot_id=vendor.id, chat_id=UUID(vendor.emulator.chat_of()), data={"a": 1}
        )


async def test_a_lost_answer_means_that_it_was_carried_out(vendor: VendorBot) -> None:
    vendor.emulator.broken(botx="lost_answer")
    with pytest.raises(httpx.RemoteProtocolError):
        await send(vendor)
    assert [message["body"] for message in vendor.emulator.messages()] == ["текст"]
    async with asyncio.timeout(5):
        while not vendor.callbacks:
            await asyncio.sleep(0.02)


async def test_late_callbacks_are_late(vendor: VendorBot) -> None:
    vendor.emulator.broken(callbacks="late", callback_delay=0.5)
    await send(vendor, wait_callback=False)
    await asyncio.sleep(0.2)
    assert vendor.callbacks == []
    async with asyncio.timeout(5):
        while not vendor.callbacks:
            await asyncio.sleep(0.02)


async def test_events_come_twice_with_one_id(vendor: VendorBot) -> None:
    vendor.emulator.broken(duplicate_events=True)
    await asyncio.to_thread(vendor.emulator.do, "chat/text", text="дважды")
    await vendor.until("message", 2)
    one, other = vendor.events("message")
    assert (one.sync_id, one.body) == (other.sync_id, other.body)
    assert len(vendor.emulator.messages()) == 1


async def test_an_unanswered_event_is_tried_again_with_its_id(vendor: VendorBot) -> None:
    await asyncio.to_thread(vendor.emulator.do, "chat/open")
    await vendor.until("chat_created")
    vendor.trouble = [500, 502]
    await asyncio.to_thread(vendor.emulator.do, "chat/text", text="ещё раз")
    await vendor.until("message")
    tries = [raw["sync_id"] for raw in vendor.raw if raw["command"]["body"] == "ещё раз"]
    assert (len(tries), len(set(tries)), len(vendor.events("message"))) == (3, 1, 1)


async def test_without_network_nothing_leaves_the_phone(vendor: VendorBot) -> None:
    await asyncio.to_thread(vendor.emulator.do, "chat/open")
    await vendor.until("chat_created")
    vendor.emulator.broken(network="none")
    body = {"persona": "employee", "text": "в пустоту"}
    status, document = vendor.emulator.call("POST", "/emulator/chat/text", body)
    vendor.emulator.broken(network="ok")
    await asyncio.to_thread(vendor.emulator.do, "chat/text", text="снова")
    await vendor.until("message")
    assert (status, document) == (503, {"code": "phone_offline"})
    assert [message.body for message in vendor.events("message")] == ["снова"]


def test_an_unknown_switch_changes_nothing(emulator: Emulator) -> None:
    before = emulator.state()["faults"]
    for body in ({"gravity": "off"}, {"botx": "418"}, {"clock_skew": "yesterday"}, []):
        assert emulator.call("POST", "/emulator/faults", body)[0] == 400
    assert emulator.state()["faults"] == before
