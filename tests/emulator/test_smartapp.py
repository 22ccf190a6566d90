"""Calls of the SmartApp through the vendor's RPC library, and what the bot sends into the frame by itself."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiofiles.tempfile import NamedTemporaryFile
from pybotx.client.exceptions.files import FileTypeNotAllowed
from pybotx.client.smartapps_api.smartapp_manifest import SmartappManifestWebParams
from pybotx.models.enums import SmartappManifestWebLayoutChoices

from tests.emulator.listening import Listener
from tests.emulator.serving import Emulator
from tests.emulator.vendor_bot import VendorBot

pytestmark = pytest.mark.anyio
ANNA = "7b0f6f5e-1f0a-5d7e-9a51-2c4f0b6d1a01"


def event(method: str, **payload: Any) -> dict[str, Any]:
    """What the bridge posts into the host."""
    return {"ref": str(uuid4()), "type": "smartapp_rpc", "method": method, "handler": "botx", "payload": payload}


async def call(emulator: Emulator, posted: dict[str, Any]) -> dict[str, Any]:
    """The answer that reaches the frame."""

    def work() -> dict[str, Any]:
        with Listener(emulator) as listener:
            emulator.do("app/event", event=posted)
            return listener.until(lambda it: it["kind"] == "answer" and it["ref"] == posted["ref"])

    return await asyncio.to_thread(work)


@pytest.mark.parametrize("at_once", [False, True])
async def test_both_ways_of_a_call_look_alike_in_the_frame(vendor: VendorBot, at_once: bool) -> None:
    answer = await call(vendor.emulator, event("add", one=2, other=3) | {"sync_request": at_once})
    assert answer["data"] == {"type": "smartapp_rpc", "status": "ok", "result": {"sum": 5}}
    assert answer["huids"] == [ANNA]


@pytest.mark.parametrize("at_once", [False, True])
async def test_a_refusal_is_an_answer(vendor: VendorBot, at_once: bool) -> None:
    answer = await call(vendor.emulator, event("refuse") | {"sync_request": at_once})
    assert (answer["data"]["status"], answer["data"]["errors"][0]["id"]) == ("error", "NO")
    unknown = await call(vendor.emulator, event("nothing") | {"sync_request": at_once})
    assert unknown["data"]["errors"][0]["id"] == "METHOD_NOT_FOUND"


async def test_the_bot_knows_who_calls(vendor: VendorBot) -> None:
    await call(vendor.emulator, event("add", one=1, other=1))
    await call(vendor.emulator, event("add", one=1, other=1) | {"sync_request": True})
    [later] = vendor.events("smartapp_event")
    [at_once] = vendor.events("sync_smartapp_event")
    assert (str(later.sender.huid), later.sender.ad_login) == (ANNA, "vorontsova")
    assert (str(at_once.sender.huid), at_once.sender.ad_login) == (ANNA, None)
    assert str(later.chat.id) == str(at_once.chat.id) == vendor.emulator.chat_of()


async def test_a_picked_file_travels_to_the_bot_and_back(vendor: VendorBot) -> None:
    record = vendor.emulator.send_file(b"scan", to="app", name="scan.png")["record"]
    answer = await call(vendor.emulator, event("add", one=1, other=1) | {"files": [record]})
    assert answer["files"][0]["file_id"] == record["file_id"]
    async with NamedTemporaryFile("wb+") as down:
        await vendor.bot.download_file(
            bot_id=vendor.id,
            chat_id=UUID(vendor.emulator.chat_of()),
            file_id=UUID(record["file_id"]),
            async_buffer=down,
        )
        assert await down.read() == b"scan"


async def test_a_lost_answer_reaches_nobody(vendor: VendorBot) -> None:
    vendor.emulator.broken(lost_app_answers=True)
    await asyncio.to_thread(vendor.emulator.do, "app/event", event=event("add", one=1, other=1))
    await vendor.until("smartapp_event")
    lost = await asyncio.to_thread(vendor.emulator.wait, lambda: _lines(vendor.emulator, "app_lost"))
    assert lost[0]["fault"] == "lost_app_answers"


def _lines(emulator: Emulator, kind: str) -> list[dict[str, Any]]:
    return [line for line in emulator.state()["wire"] if line["kind"] == kind]


async def test_news_pushes_and_the_number_on_the_icon(vendor: VendorBot) -> None:
    chat, bot = UUID(vendor.emulator.chat_of()), vendor.bot
    with Listener(vendor.emulator) as listener:
        await call(vendor.emulator, event("news"))
        await bot.send_smartapp_notification(
            bot_id=vendor.id, chat_id=chat, smartapp_counter=2, body="Есть решение", meta={"route": "/1"}
        )
        await bot.send_smartapp_unread_counter(bot_id=vendor.id, group_chat_id=chat, counter=3)
        await bot.send_smartapp_custom_notification(
            bot_id=vendor.id, group_chat_id=chat, title="Рейс", body="Завтра", meta={"route": "/2"}
        )
        kinds = [listener.until(lambda it: it["topic"] == "app" and it["kind"] != "answer") for _ in range(5)]
    assert [it["kind"] for it in kinds] == ["news", "counter", "push", "counter", "push"]
    assert kinds[0]["data"] == {"type": "smartapp_rpc", "status": "ok", "result": {"type": "news", "count": 1}}
    assert (kinds[2]["body"], kinds[2]["meta"], kinds[3]["counter"]) == ("Есть решение", {"route": "/1"}, 3)
    assert (kinds[4]["title"], kinds[4]["huids"]) == ("Рейс", [ANNA])


async def test_the_manifest_and_pictures(vendor: VendorBot) -> None:
    web = SmartappManifestWebParams(default_layout=SmartappManifestWebLayoutChoices.full)
    manifest = await vendor.bot.send_smartapp_manifest(bot_id=vendor.id, web_layout=web)
    apps, _ = await vendor.bot.get_smartapps_list(bot_id=vendor.id)
    assert (manifest.web.default_layout, [app.id for app in apps]) == (web.default_layout, [vendor.id])
    async with NamedTemporaryFile("wb+") as picture:
        await picture.write(b"\x89PNG")
        await picture.seek(0)
        link = await vendor.bot.upload_static_file(bot_id=vendor.id, async_buffer=picture, filename="a.png")
        with pytest.raises(FileTypeNotAllowed):
            await vendor.bot.upload_static_file(bot_id=vendor.id, async_buffer=picture, filename="a.exe")
    assert vendor.emulator.call("GET", link.removeprefix(vendor.emulator.url)) == (200, b"\x89PNG")
