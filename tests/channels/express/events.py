"""Events as the eXpress server sends them: every key is there, null where nothing is known."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.channels.express.tokens import BOT

HUID = "7b0f6f5e-1f0a-5d7e-9a51-2c4f0b6d1a01"
CHAT = "22222222-2222-5222-8222-222222222222"
GROUP = "33333333-3333-5333-8333-333333333333"
Document = dict[str, Any]


def envelope(command: Document, **more: Any) -> Document:
    """The common envelope; ``sender`` changes members of ``from``."""
    sender = more.pop("sender", {})
    return {
        "sync_id": str(uuid4()), "source_sync_id": None, "bot_id": BOT, "proto_version": 4, "command": command,
        "attachments": [], "entities": [], "async_files": [], "from": {**FROM, **sender}, **more,
    }  # fmt: skip


FROM: Document = {
    "user_huid": HUID, "user_udid": None, "group_chat_id": CHAT, "chat_type": "chat", "ad_login": "vorontsova",
    "ad_domain": "corp", "username": "Воронцова Анна Сергеевна", "is_admin": True, "is_creator": True,
    "manufacturer": None, "device": None, "device_software": None, "device_meta": {}, "platform": "web",
    "platform_package_id": None, "app_version": None, "locale": "ru", "host": "localhost",
}  # fmt: skip
NOBODY: Document = {"user_huid": None, "username": None, "ad_login": None, "ad_domain": None, "platform": None}


def said(text: str, **more: Any) -> Document:
    """A message, or a command."""
    return envelope({"body": text, "command_type": "user", "data": {}, "metadata": {}}, **more)


def pressed(token: str | None, *, message: str, label: str = "Сочи", **more: Any) -> Document:
    """A press of a button of a message."""
    data = {} if token is None else {"token": token}
    command = {"body": label, "command_type": "user", "data": data, "metadata": {}}
    return envelope(command, source_sync_id=message, **more)


def system(name: str, data: Document, **more: Any) -> Document:
    """An event of the server itself."""
    command = {"body": f"system:{name}", "command_type": "system", "data": data, "metadata": {}}
    return envelope(command, sender=NOBODY | more.pop("sender", {}), **more)


def chat_created(*, chat: str = CHAT, kind: str = "chat") -> Document:
    """The bot hears of a chat for the first time."""
    members = [
        {"huid": BOT, "name": "Бот", "user_kind": "botx", "admin": False},
        {"huid": HUID, "name": "Воронцова Анна Сергеевна", "user_kind": "cts_user", "admin": True},
    ]
    data = {"group_chat_id": chat, "chat_type": kind, "name": "Чат", "creator": HUID, "members": members}
    return system("chat_created", data, sender={"group_chat_id": chat, "chat_type": kind})


def app_event(method: str, params: Document | None = None, **more: Any) -> Document:
    """An asynchronous call of the app."""
    data = {
        "ref": str(uuid4()), "smartapp_id": BOT, "smartapp_api_version": 1, "opts": {},
        "data": more.pop("data", {"type": "smartapp_rpc", "method": method, "params": params or {}}),
    }  # fmt: skip
    command = {"body": "system:smartapp_event", "command_type": "system", "data": data, "metadata": {}}
    return envelope(command, **more)


def app_request(method: str, params: Document | None = None) -> Document:
    """A synchronous call of the app."""
    return {
        "bot_id": BOT, "group_chat_id": CHAT, "method": method,
        "sender_info": {"user_huid": HUID, "udid": None, "platform": "web"},
        "payload": {"data": params or {}, "files": []},
    }  # fmt: skip


def callback(sync_id: str, reason: str | None = None) -> Document:
    """What became of a message."""
    if reason is None:
        return {"sync_id": sync_id, "status": "ok", "result": {}}
    return {"sync_id": sync_id, "status": "error", "reason": reason, "errors": [], "error_data": {}}
