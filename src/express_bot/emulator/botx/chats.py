"""Chats as the bot manages them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from starlette.responses import Response

from express_bot.emulator.botx.door import BotxError, Call, Methods, malformed, ok
from express_bot.emulator.botx.events import known_chat
from express_bot.emulator.chats import Chat, now

KINDS = ("chat", "group_chat", "channel")


async def create(call: Call) -> Response:
    """``create``: a personal chat that exists is given back."""
    name, kind, members = call.get("name"), call.get("chat_type"), call.ids("members")
    if not isinstance(name, str) or not name.strip() or kind not in KINDS:
        raise malformed("name" if kind in KINDS else "chat_type")
    if any(huid not in call.world.kinds for huid in members):
        raise BotxError(422, "unknown_members")
    if kind == "chat":
        return ok({"chat_id": str(_personal(call, members).id)})
    everybody = [*dict.fromkeys([*members, call.world.bot_id])]
    chat = call.world.add_chat(
        kind=kind,
        name=name,
        description=call.get("description"),
        members=everybody,
        shared_history=bool(call.get("shared_history")),
        is_opened=True,
    )
    return ok({"chat_id": str(chat.id)})


def _personal(call: Call, members: list[Any]) -> Chat:
    others = [person for huid in members if (person := call.world.people.get(huid))]
    if len(others) != 1:
        raise BotxError(422, "wrong_members_count")
    return call.world.personal_chat(others[0])


async def personal(call: Call) -> Response:
    """``GET /api/v1/botx/chats/personal``."""
    person = call.world.people.get(call.id("user_huid"))
    if person is None:
        raise BotxError(404, "chat_not_found")
    return ok(call.world.personal_chat(person).info(call.world.kinds))


async def info(call: Call) -> Response:
    """``info``."""
    return ok(known_chat(call, "group_chat_id").info(call.world.kinds))


async def listing(call: Call) -> Response:
    """``list``: the chats that the bot is in; here members are bare ids."""
    mine = [chat for chat in call.world.chats.values() if call.world.bot_id in chat.members]
    return ok(
        [{**chat.info(call.world.kinds), "members": [str(huid) for huid in chat.members]} for chat in mine],
    )


async def add_user(call: Call) -> Response:
    """``add_user``."""
    chat, huids = _managed(call), call.ids("user_huids")
    chat.members += [huid for huid in huids if huid in call.world.kinds and huid not in chat.members]
    return _changed(call, chat)


async def remove_user(call: Call) -> Response:
    """``remove_user``."""
    chat, huids = _managed(call), set(call.ids("user_huids"))
    chat.members = [huid for huid in chat.members if huid not in huids]
    chat.admins -= huids
    return _changed(call, chat)


async def add_admin(call: Call) -> Response:
    """``add_admin``: only members can be promoted, and only from somewhere."""
    chat, huids = _managed(call, 400), set(call.ids("user_huids"))
    if not huids <= set(chat.members) or huids <= chat.admins:
        raise BotxError(400, "admins_not_changed")
    chat.admins |= huids
    return _changed(call, chat)


def _managed(call: Call, status: int = 403) -> Chat:
    """A chat whose members the bot may change."""
    chat = known_chat(call, "group_chat_id")
    if chat.kind == "chat":
        raise BotxError(status, "chat_members_not_modifiable", group_chat_id=str(chat.id))
    if call.world.bot_id not in chat.admins:
        raise BotxError(403, "no_permission_for_operation", group_chat_id=str(chat.id))
    return chat


def _changed(call: Call, chat: Chat, result: Any = True) -> Response:
    chat.updated_at = now()
    call.world.publish_chat(chat)
    return ok(result)


async def pin(call: Call) -> Response:
    """``pin_message``; this method says ``chat_id``."""
    chat = known_chat(call, "chat_id")
    if chat.kind != "chat" and call.world.bot_id not in chat.admins:
        raise BotxError(403, "no_permission_for_operation", group_chat_id=str(chat.id))
    chat.pinned = call.id("sync_id")
    return _changed(call, chat, "message_pinned")


async def unpin(call: Call) -> Response:
    """``unpin_message``."""
    chat = known_chat(call, "chat_id")
    chat.pinned = None
    return _changed(call, chat, "message_unpinned")


async def stealth_set(call: Call) -> Response:
    """``stealth_set``."""
    chat = known_chat(call, "group_chat_id")
    chat.stealth = {name: call.get(name) for name in ("disable_web", "burn_in", "expire_in")}
    return _changed(call, chat)


async def stealth_disable(call: Call) -> Response:
    """``stealth_disable``."""
    chat = known_chat(call, "group_chat_id")
    chat.stealth = None
    return _changed(call, chat)


async def create_thread(call: Call) -> Response:
    """``create_thread``: one per message."""
    message = call.world.message(call.id("sync_id"))
    if message is None:
        raise BotxError(404, "event_not_found")
    threads = call.world.chat_of(message).threads
    if message.sync_id in threads:
        raise BotxError(409, "thread_already_created")
    threads[message.sync_id] = uuid4()
    return ok({"thread_id": str(threads[message.sync_id])})


async def create_link(call: Call) -> Response:
    """``create_link``; this method says ``chat_id`` too."""
    chat, link = known_chat(call, "chat_id"), call.get("link") or {}
    return ok(
        {
            "url": f"{call.world.options.url}/join/{chat.id}",
            "link_type": link.get("link_type", "public"),
            "access_code": link.get("access_code"),
            "link_ttl": link.get("link_ttl"),
        }
    )


_BASE = "/api/v3/botx/chats"
METHODS: Methods = (
    ("POST", f"{_BASE}/create", create),
    ("GET", "/api/v1/botx/chats/personal", personal),
    ("GET", f"{_BASE}/info", info),
    ("GET", f"{_BASE}/list", listing),
    ("POST", f"{_BASE}/add_user", add_user),
    ("POST", f"{_BASE}/remove_user", remove_user),
    ("POST", f"{_BASE}/add_admin", add_admin),
    ("POST", f"{_BASE}/pin_message", pin),
    ("POST", f"{_BASE}/unpin_message", unpin),
    ("POST", f"{_BASE}/stealth_set", stealth_set),
    ("POST", f"{_BASE}/stealth_disable", stealth_disable),
    ("POST", f"{_BASE}/create_thread", create_thread),
    ("POST", f"{_BASE}/create_link", create_link),
)
