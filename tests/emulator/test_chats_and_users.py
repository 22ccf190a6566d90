"""Chats, the phone book, files and the rest of BotX by the unmodified library."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest
from aiofiles.tempfile import NamedTemporaryFile
from pybotx import (
    CantUpdatePersonalChatError,
    ChatNotFoundError,
    ChatTypes,
    FileMetadataNotFound,
    InvalidUsersListError,
    PermissionDeniedError,
    ThreadAlreadyExistsError,
    UserNotFoundError,
)

from tests.emulator.serving import Emulator
from tests.emulator.vendor_bot import VendorBot

pytestmark = pytest.mark.anyio
ANNA = UUID("7b0f6f5e-1f0a-5d7e-9a51-2c4f0b6d1a01")
ILYA = UUID("7b0f6f5e-1f0a-5d7e-9a51-2c4f0b6d1a02")


async def test_the_personal_chat_is_there_before_anybody_wrote(vendor: VendorBot) -> None:
    found = await vendor.bot.personal_chat(bot_id=vendor.id, user_huid=ANNA)
    made = await vendor.bot.create_chat(bot_id=vendor.id, name="x", chat_type=ChatTypes.PERSONAL_CHAT, huids=[ANNA])
    info = await vendor.bot.chat_info(bot_id=vendor.id, chat_id=made)
    assert (found.chat_id, info.chat_type, str(made)) == (made, ChatTypes.PERSONAL_CHAT, vendor.emulator.chat_of())
    with pytest.raises(ChatNotFoundError):
        await vendor.bot.personal_chat(bot_id=vendor.id, user_huid=uuid4())


async def test_a_group_is_made_and_managed(vendor: VendorBot) -> None:
    chat = await vendor.bot.create_chat(
        bot_id=vendor.id, name="Рейс 15 января", chat_type=ChatTypes.GROUP_CHAT, huids=[ANNA]
    )
    await vendor.bot.add_users_to_chat(bot_id=vendor.id, chat_id=chat, huids=[ILYA])
    await vendor.bot.promote_to_chat_admins(bot_id=vendor.id, chat_id=chat, huids=[ILYA])
    await vendor.bot.remove_users_from_chat(bot_id=vendor.id, chat_id=chat, huids=[ANNA])
    info = await vendor.bot.chat_info(bot_id=vendor.id, chat_id=chat)
    assert {member.huid: member.is_admin for member in info.members} == {ILYA: True, vendor.id: True}
    assert chat in [item.chat_id for item in await vendor.bot.list_chats(bot_id=vendor.id)]


async def test_what_a_bot_may_not_change(vendor: VendorBot) -> None:
    personal = UUID(vendor.emulator.chat_of())
    group = next(UUID(chat["id"]) for chat in vendor.emulator.state()["chats"] if chat["kind"] == "group_chat")
    with pytest.raises(PermissionDeniedError):
        await vendor.bot.add_users_to_chat(bot_id=vendor.id, chat_id=group, huids=[ILYA])
    with pytest.raises((CantUpdatePersonalChatError, PermissionDeniedError)):
        await vendor.bot.promote_to_chat_admins(bot_id=vendor.id, chat_id=personal, huids=[ANNA])
    made = await vendor.bot.create_chat(bot_id=vendor.id, name="Группа", chat_type=ChatTypes.GROUP_CHAT, huids=[ANNA])
    with pytest.raises(InvalidUsersListError):
        await vendor.bot.promote_to_chat_admins(bot_id=vendor.id, chat_id=made, huids=[ILYA])


async def test_pins_and_threads(vendor: VendorBot) -> None:
    chat = UUID(vendor.emulator.chat_of())
    sync_id = await vendor.bot.send_message(bot_id=vendor.id, chat_id=chat, body="важное")
    await vendor.bot.pin_message(bot_id=vendor.id, chat_id=chat, sync_id=sync_id)
    pinned = next(it for it in vendor.emulator.state()["chats"] if it["id"] == str(chat))["pinned"]
    await vendor.bot.unpin_message(bot_id=vendor.id, chat_id=chat)
    await vendor.bot.create_thread(bot_id=vendor.id, sync_id=sync_id)
    with pytest.raises(ThreadAlreadyExistsError):
        await vendor.bot.create_thread(bot_id=vendor.id, sync_id=sync_id)
    assert pinned == str(sync_id)


async def test_people_are_found_every_way(vendor: VendorBot) -> None:
    bot, me = vendor.bot, vendor.id
    found = [
        await bot.search_user_by_huid(bot_id=me, huid=ANNA),
        await bot.search_user_by_ad(bot_id=me, ad_login="vorontsova", ad_domain="corp"),
        await bot.search_user_by_other_id(bot_id=me, other_id="100234"),
        await bot.search_user_by_email_post(bot_id=me, email="vorontsova@airline.example"),
        *await bot.search_user_by_emails(bot_id=me, emails=["VORONTSOVA@airline.example", "nobody@x.example"]),
    ]
    assert {(user.huid, user.username) for user in found} == {(ANNA, "Воронцова Анна Сергеевна")}


async def test_nobody_is_found_where_there_is_nobody(vendor: VendorBot) -> None:
    bot, me = vendor.bot, vendor.id
    for search in (
        bot.search_user_by_huid(bot_id=me, huid=uuid4()),
        bot.search_user_by_ad(bot_id=me, ad_login="vorontsova", ad_domain="other"),
        bot.search_user_by_other_id(bot_id=me, other_id=""),
        bot.search_user_by_email_post(bot_id=me, email="nobody@x.example"),
    ):
        with pytest.raises(UserNotFoundError):
            await search


async def test_the_phone_book_as_a_table(vendor: VendorBot) -> None:
    async with vendor.bot.users_as_csv(bot_id=vendor.id, cts_user=True, unregistered=False, botx=True) as users:
        names = [user.username async for user in users]
    assert ("Лебедев Илья Андреевич" in names, len(names)) == (True, 6)


async def test_a_file_goes_up_and_comes_down(vendor: VendorBot) -> None:
    chat, content = UUID(vendor.emulator.chat_of()), bytes(range(256)) * 5_000 + b"\r\n--tail"
    async with NamedTemporaryFile("wb+") as up, NamedTemporaryFile("wb+") as down:
        await up.write(content)
        await up.seek(0)
        file = await vendor.bot.upload_file(bot_id=vendor.id, chat_id=chat, async_buffer=up, filename="план.pdf")
        await vendor.bot.download_file(bot_id=vendor.id, chat_id=chat, file_id=file._file_id, async_buffer=down)
        assert (file.filename, file.size, await down.read()) == ("план.pdf", len(content), content)
        with pytest.raises(FileMetadataNotFound):
            await vendor.bot.download_file(bot_id=vendor.id, chat_id=chat, file_id=uuid4(), async_buffer=down)
        with pytest.raises(ChatNotFoundError):
            await vendor.bot.download_file(bot_id=vendor.id, chat_id=uuid4(), file_id=file._file_id, async_buffer=down)


async def test_the_rest(vendor: VendorBot) -> None:
    chat = UUID(vendor.emulator.chat_of())
    bots, _ = await vendor.bot.get_bots_list(bot_id=vendor.id)
    await vendor.bot.collect_metric(bot_id=vendor.id, bot_function="submit", huids=[ANNA], chat_id=chat)
    await vendor.bot.enable_stealth(bot_id=vendor.id, chat_id=chat)
    await vendor.bot.send_message(bot_id=vendor.id, chat_id=chat, body="тайна", stealth_mode=True)
    await vendor.bot.disable_stealth(bot_id=vendor.id, chat_id=chat)
    assert [bot.id for bot in bots] == [vendor.id]
    assert vendor.emulator.call("GET", "/system/botx/version")[1].keys() >= {"reason"}


async def test_a_refreshed_token_brings_the_event_again(vendor: VendorBot) -> None:
    await asyncio.to_thread(vendor.emulator.do, "chat/text", text="раз")
    message = await vendor.until("message")
    await vendor.bot.refresh_access_token(bot_id=vendor.id, huid=ANNA, ref=message.sync_id)
    again = await vendor.until("message", 2)
    assert (again.sync_id, again.body) == (message.sync_id, "раз")


def test_the_version_needs_no_words(emulator: Emulator, headers_v2: dict[str, str]) -> None:
    status, document = emulator.call("GET", "/system/botx/version", **headers_v2)
    assert (status, list(document)) == (200, ["version"])
