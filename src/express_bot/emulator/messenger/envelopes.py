"""Events as the bot gets them: every key is always there, null where nothing is known (protocol §2.3, 2.4)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from express_bot.emulator.chats import Chat
from express_bot.emulator.messenger.phone import Seat
from express_bot.emulator.people import CTS_ID, DOMAIN, Person
from express_bot.emulator.world import World

PROTO_VERSION = 4


def envelope(world: World, command: dict[str, Any], sender: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The common envelope."""
    return {
        "sync_id": str(more.pop("sync_id", None) or uuid4()),
        "source_sync_id": None,
        "bot_id": str(world.bot_id),
        "proto_version": PROTO_VERSION,
        "command": {"metadata": {}, **command},
        "attachments": [],
        "entities": [],
        "async_files": [],
        "from": {**_nobody(), "host": world.options.host, **sender},
        **more,
    }


def _nobody() -> dict[str, Any]:
    names = (
        "user_huid", "user_udid", "group_chat_id", "chat_type", "ad_login", "ad_domain", "username", "is_admin",
        "is_creator", "manufacturer", "device", "device_software", "device_meta", "platform", "platform_package_id",
        "app_version", "locale",
    )  # fmt: skip
    return dict.fromkeys(names)


def in_chat(chat: Chat) -> dict[str, Any]:
    """The sender of an event of a chat itself."""
    return {"group_chat_id": str(chat.id), "chat_type": chat.kind}


def at(seat: Seat) -> dict[str, Any]:
    """The sender of what a person does."""
    person, chat = seat.person, seat.chat
    return {
        **in_chat(chat),
        "user_huid": str(person.huid),
        "ad_login": person.ad_login,
        "ad_domain": DOMAIN,
        "username": person.full_name,
        "is_admin": person.huid in chat.admins or chat.kind == "chat",
        "is_creator": person.huid == chat.creator,
        "device_meta": {"pushes": True, "timezone": "Europe/Moscow", "permissions": {}},
        "platform": seat.phone.platform,
        "platform_package_id": "ru.unlimitedtech.express",
        "app_version": "3.32.0",
        "locale": seat.phone.locale,
    }


def user_command(
    world: World,
    seat: Seat,
    body: str,
    *,
    data: Any = None,
    metadata: Any = None,
    **more: Any,
) -> dict[str, Any]:
    """A message, a command, or a press."""
    command = {"body": body, "command_type": "user", "data": data or {}, "metadata": metadata or {}}
    return envelope(world, command, at(seat), **more)


def _system(body: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"body": f"system:{body}", "command_type": "system", "data": data}


def chat_created(world: World, chat: Chat) -> dict[str, Any]:
    """The bot hears of a chat for the first time."""
    data = {
        "group_chat_id": str(chat.id),
        "chat_type": chat.kind,
        "name": chat.name,
        "creator": str(chat.creator),
        "members": [_member(world, chat, huid) for huid in chat.members],
    }
    return envelope(world, _system("chat_created", data), in_chat(chat))


def _member(world: World, chat: Chat, huid: UUID) -> dict[str, Any]:
    person = world.people.get(huid)
    name = person.full_name if person else None
    return {"huid": str(huid), "name": name, "user_kind": world.kinds.get(huid, "botx"), "admin": huid in chat.admins}


def members_changed(world: World, chat: Chat, event: str, huids: list[UUID]) -> dict[str, Any]:
    """``added_to_chat``, ``user_joined_to_chat``, ``deleted_from_chat`` or ``left_from_chat``."""
    names = {"deleted_from_chat": "deleted_members", "left_from_chat": "left_members"}
    return envelope(
        world, _system(event, {names.get(event, "added_members"): [str(huid) for huid in huids]}), in_chat(chat)
    )


def cts_session(world: World, person: Person, event: str) -> dict[str, Any]:
    """``cts_login`` or ``cts_logout``."""
    data = {"user_huid": str(person.huid), "cts_id": str(CTS_ID)}
    return envelope(world, _system(event, data), {"user_huid": str(person.huid)})


def event_edit(world: World, seat: Seat, sync_id: UUID, body: str) -> dict[str, Any]:
    """Somebody has changed a message; the envelope's own id is the message's."""
    return envelope(world, _system("event_edit", {"body": body}), at(seat), sync_id=str(sync_id))


def unknown(world: World, seat: Seat) -> dict[str, Any]:
    """An event that the bot's library has never heard of: a call has begun."""
    data = {"call_id": str(uuid4()), "call_type": "audio"}
    return envelope(world, _system("call_started", data), at(seat))


def smartapp_event(world: World, seat: Seat, ref: UUID, data: dict[str, Any], files: list[Any]) -> dict[str, Any]:
    """A call of the SmartApp that is answered later."""
    payload = {
        "ref": str(ref),
        "smartapp_id": str(world.bot_id),
        "data": data,
        "opts": {},
        "smartapp_api_version": 1,
    }
    return envelope(world, _system("smartapp_event", payload), at(seat), async_files=files)


def smartapp_request(
    world: World,
    seat: Seat,
    ref: UUID,
    method: str,
    params: dict[str, Any],
    files: list[Any],
) -> dict[str, Any]:
    """A call of the SmartApp that is answered at once; it names the person by huid alone (protocol §2.7)."""
    return {
        "bot_id": str(world.bot_id),
        "group_chat_id": str(seat.chat.id),
        "sender_info": {"user_huid": str(seat.person.huid), "udid": None, "platform": seat.phone.platform},
        "method": method,
        "payload": {"ref": str(ref), "data": params, "files": files},
    }
