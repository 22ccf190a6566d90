"""The bot's side of the SmartApp: answers and pushes into the frame, notifications, the number on the icon."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from express_bot.emulator.botx.door import BotxError, Call, Methods, malformed, ok
from express_bot.emulator.botx.events import known_chat
from express_bot.emulator.botx.multipart import parts
from express_bot.emulator.botx.notifications import accepted, refusal
from express_bot.emulator.chats import Chat
from express_bot.emulator.files import mime_of
from express_bot.emulator.texts import text

IMAGES = frozenset({".jpg", ".jpeg", ".gif", ".png", ".svg", ".tiff"})
KEPT_STATICS = 50
MANIFEST: dict[str, Any] = {
    "ios": {"fullscreen_layout": False},
    "android": {"fullscreen_layout": False},
    "aurora": {"fullscreen_layout": False},
    "web": {"default_layout": "minimal", "expanded_layout": "half", "allowed_layouts": None, "always_pinned": False},
    "unread_counter_link": {"user_huid": [], "group_chat_id": [], "app_id": []},
    "store_on_close": False,
    "preload_in_background": False,
    "link_regex": None,
}


async def event(call: Call) -> Response:
    """``smartapps/event``: with a ref the answer to one call, without it news for the open SmartApp."""
    if call.id("smartapp_id") != call.world.bot_id or not isinstance(call.get("data"), dict):
        raise malformed("smartapp_id" if isinstance(call.get("data"), dict) else "data")
    chat = known_chat(call, "group_chat_id")
    files = call.get("async_files") or []
    if call.get("ref") is None:
        call.messenger.app_news(chat, call.json["data"], files)
    else:
        call.messenger.app_answer(call.id("ref"), call.json["data"], files)
    return ok("smartapp_event_pushed", 202)


async def notification(call: Call) -> Response:
    """``v3 smartapps/notification``: a push and the number on the icon."""
    chat, counter = known_chat(call, "group_chat_id"), call.get("smartapp_counter")
    if not isinstance(counter, int):
        raise malformed("smartapp_counter")
    _count(call, chat, counter)
    if call.get("body"):
        call.messenger.push(chat, text("bot"), call.json["body"], call.get("meta") or {})
    return ok("smartapp_notification_pushed", 202)


async def custom_notification(call: Call) -> Response:
    """``v4 smartapps/notification``: a push in the bot's own words; its fate comes as a callback."""
    payload = call.get("payload")
    if not isinstance(payload, dict) or not all(isinstance(payload.get(name), str) for name in ("title", "body")):
        raise malformed("payload")
    chat_id = call.id("group_chat_id")
    reason, data = refusal(call.world, chat_id)
    if reason is None:
        call.messenger.push(call.world.chats[chat_id], payload["title"], payload["body"], call.get("meta") or {})
    return await accepted(call, uuid4(), reason, **data)


async def unread_counter(call: Call) -> Response:
    """``v4 smartapps/unread_counter``."""
    chat_id, counter = call.id("group_chat_id"), call.get("counter")
    if not isinstance(counter, int):
        raise malformed("counter")
    reason, data = refusal(call.world, chat_id)
    if reason is None:
        _count(call, call.world.chats[chat_id], counter)
    return await accepted(call, uuid4(), reason, **data)


def _count(call: Call, chat: Chat, counter: int) -> None:
    chat.counter = max(0, counter)
    call.world.publish_chat(chat)
    call.world.feed.publish("app", "counter", chat=str(chat.id), counter=chat.counter)


async def listing(call: Call) -> Response:
    """``smartapps/list``: there is one."""
    bot_id = str(call.world.bot_id)
    app = {"app_id": bot_id, "id": bot_id, "enabled": True, "name": text("bot"), "avatar": None, "avatar_preview": None}
    return ok({"phonebook_version": 1, "smartapps": [app]})


async def manifest(call: Call) -> Response:
    """``smartapps/manifest``: what was set stays set."""
    given = call.get("manifest")
    if not isinstance(given, dict):
        raise malformed("manifest")
    for name, value in given.items():
        known = (call.world.manifest or MANIFEST).get(name)
        value = {**known, **value} if isinstance(known, dict) and isinstance(value, dict) else value
        call.world.manifest = {**(call.world.manifest or MANIFEST), name: value}
    call.world.feed.publish("house", "manifest", manifest=call.world.manifest or MANIFEST)
    return ok(call.world.manifest or MANIFEST, 202)


async def upload_static(call: Call) -> Response:
    """``smartapps/upload_file``: pictures only, for everybody to see."""
    content = parts(call).get("content")
    if content is None:
        raise malformed("content")
    if PurePath(content.filename).suffix.lower() not in IMAGES:
        raise BotxError(400, "invalid_extension")
    name = f"{uuid4().hex}{PurePath(content.filename).suffix.lower()}"
    statics = call.world.statics
    statics[name] = (mime_of(name), content.body)
    if len(statics) > KEPT_STATICS:
        statics.pop(next(iter(statics)))
    return ok({"link": f"{call.world.options.url}/static/{name}"})


_BASE = "/api/v3/botx/smartapps"
METHODS: Methods = (
    ("POST", f"{_BASE}/event", event),
    ("POST", f"{_BASE}/notification", notification),
    ("POST", "/api/v4/botx/smartapps/notification", custom_notification),
    ("POST", "/api/v4/botx/smartapps/unread_counter", unread_counter),
    ("GET", f"{_BASE}/list", listing),
    ("POST", "/api/v1/botx/smartapps/manifest", manifest),
    ("POST", f"{_BASE}/upload_file", upload_static),
)
