"""Who is who: the bot before BotX in both versions, and the messenger before the bot."""

from __future__ import annotations

import asyncio

import pytest
from pybotx import BotXAuthVersion, InvalidBotAccountError

from tests.emulator.serving import BOT_ID, Emulator
from tests.emulator.vendor_bot import VendorBot

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("version", list(BotXAuthVersion))
async def test_the_bot_is_known_in_both_versions(emulator: Emulator, version: BotXAuthVersion) -> None:
    bot = VendorBot(emulator, version)
    chats = await bot.bot.list_chats(bot_id=bot.id)
    assert len(chats) == 6


@pytest.mark.parametrize("version", list(BotXAuthVersion))
async def test_a_wrong_secret_is_nobody(emulator: Emulator, version: BotXAuthVersion) -> None:
    bot = VendorBot(emulator, version, secret_key="another-secret-0123456789-abcdefghijklmn")
    with pytest.raises(InvalidBotAccountError):
        await bot.bot.list_chats(bot_id=bot.id)


async def test_revoked_tokens_are_worthless_and_a_new_one_is_given(emulator: Emulator) -> None:
    bot = VendorBot(emulator, BotXAuthVersion.V1)
    await bot.bot.list_chats(bot_id=bot.id)
    emulator.call("POST", "/emulator/tokens", {})
    with pytest.raises(InvalidBotAccountError):
        await bot.bot.list_chats(bot_id=bot.id)
    fresh = VendorBot(emulator, BotXAuthVersion.V1)
    assert await fresh.bot.get_token(bot_id=fresh.id)


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer"}, {"Authorization": "Bearer nonsense"}, {"Authorization": f"Basic {BOT_ID}"}],
)
def test_without_a_proof_nothing_is_answered(emulator: Emulator, headers: dict[str, str]) -> None:
    status, document = emulator.call("GET", "/api/v3/botx/chats/list", **headers)
    assert (status, document["status"]) == (401, "error")


@pytest.mark.parametrize("version", [1, 2])
async def test_the_library_accepts_the_messengers_proofs(vendor: VendorBot, version: int) -> None:
    vendor.emulator.broken(proof_version=version)
    await asyncio.to_thread(vendor.emulator.do, "chat/text", text="привет")
    message = await vendor.until("message")
    assert (message.body, vendor.refused) == ("привет", [])


@pytest.mark.parametrize(
    "fault",
    [{"proof": "expired"}, {"proof": "forged"}, {"proof": "missing"}, {"clock_skew": 600}, {"clock_skew": -600}],
)
@pytest.mark.parametrize("version", [1, 2])
async def test_a_broken_proof_reaches_nobody(vendor: VendorBot, fault: dict[str, object], version: int) -> None:
    await asyncio.to_thread(vendor.emulator.do, "chat/open")
    await vendor.until("chat_created")
    vendor.emulator.broken(proof_version=version, **fault)
    await asyncio.to_thread(vendor.emulator.do, "chat/text", text="привет")
    [message] = await asyncio.to_thread(_settled, vendor.emulator)
    assert (message["state"], len(vendor.refused), vendor.events("message")) == ("failed", 1, [])


def _settled(emulator: Emulator) -> list[dict[str, object]]:
    return emulator.wait(lambda: [it for it in emulator.messages() if it["state"] == "failed"])
