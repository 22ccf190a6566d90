"""What the bot does with messages that are there: edit, reply, delete, ask who has read them; and typing."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from express_bot.emulator.botx.door import BotxError, Call, Methods, malformed, ok
from express_bot.emulator.botx.notifications import LONGEST_BODY, message_content, rows, stored_file
from express_bot.emulator.chats import Chat, Message


async def edit(call: Call) -> Response:
    """``edit_event``: what is absent stays, what is empty is cleared; only the bot's own messages."""
    message = own_message(call, "sync_id")
    payload = call.get("payload")
    if not isinstance(payload, dict):
        raise malformed("payload")
    changes = _changes(payload)
    if "file" in call.json:
        changes["file"] = stored_file(call, message.chat_id)
    message.begin_edit()
    for name, value in changes.items():
        setattr(message, name, value)
    call.world.changed(message)
    return ok("bot_command_result_pushed", 202)


def _changes(payload: dict[str, Any]) -> dict[str, Any]:
    """The named members, judged before any of them is taken; raises ``BotxError``."""
    found = {name: payload[name] for name in ("metadata", "mentions") if payload.get(name) is not None}
    if "body" in payload:
        if not isinstance(payload["body"], str) or len(payload["body"]) > LONGEST_BODY:
            raise malformed("body")
        found["body"] = payload["body"]
    return found | {name: rows(payload, name) for name in ("bubble", "keyboard") if name in payload}


async def reply(call: Call) -> Response:
    """``reply_event``: a message that quotes another one; its own id is not told."""
    source = known_message(call, "source_sync_id", "event_not_found")
    notification = call.get("reply")
    if not isinstance(notification, dict):
        raise malformed("reply")
    message = Message(source.chat_id, call.world.bot_id, reply_to=source.sync_id, **message_content(notification))
    message.file = stored_file(call, source.chat_id)
    call.messenger.stop_typing(call.world.chat_of(source))
    call.world.say(message)
    return ok("bot_reply_pushed", 202)


async def delete(call: Call) -> Response:
    """``delete_event``."""
    message = own_message(call, "sync_id", "sync_id_not_found")
    message.deleted, message.bubble, message.keyboard, message.file = True, [], [], None
    call.world.changed(message, "deleted")
    return ok("event_deleted", 202)


async def status(call: Call) -> Response:
    """``GET …/events/{sync_id}/status``: who was sent it, who has it, who has read it."""
    message = call.world.message(call.path["sync_id"])
    if message is None:
        raise BotxError(404, "event_not_found", sync_id=str(call.path["sync_id"]))
    members = [huid for huid in call.world.chat_of(message).members if huid != message.author]
    return ok(
        {
            "group_chat_id": str(message.chat_id),
            "sent_to": [str(huid) for huid in members if message.is_seen_by(huid)],
            "read_by": [{"user_huid": str(huid), "read_at": at.isoformat()} for huid, at in message.read_by.items()],
            "received_by": [
                {"user_huid": str(huid), "received_at": at.isoformat()} for huid, at in message.delivered_to.items()
            ],
        }
    )


async def typing(call: Call) -> Response:
    """``typing``: shown until it is stopped, until a message comes, or for a few seconds."""
    call.messenger.start_typing(known_chat(call, "group_chat_id"))
    return ok("typing_event_pushed", 202)


async def stop_typing(call: Call) -> Response:
    """``stop_typing``."""
    call.messenger.stop_typing(known_chat(call, "group_chat_id"))
    return ok("stop_typing_event_pushed", 202)


def known_message(call: Call, name: str, reason: str) -> Message:
    sync_id = call.id(name)
    message = call.world.message(sync_id)
    if message is None or message.deleted:
        raise BotxError(404, reason, sync_id=str(sync_id))
    return message


def own_message(call: Call, name: str, reason: str = "event_not_found") -> Message:
    message = known_message(call, name, reason)
    if message.author != call.world.bot_id:
        raise BotxError(403, "no_permission_for_operation", sync_id=str(message.sync_id))
    return message


def known_chat(call: Call, name: str) -> Chat:
    """The chat that the bot is in; raises ``BotxError``."""
    chat_id = call.id(name)
    chat = call.world.chats.get(chat_id)
    if chat is None:
        raise BotxError(404, "chat_not_found", group_chat_id=str(chat_id))
    return chat


METHODS: Methods = (
    ("POST", "/api/v3/botx/events/edit_event", edit),
    ("POST", "/api/v3/botx/events/reply_event", reply),
    ("POST", "/api/v3/botx/events/delete_event", delete),
    ("GET", "/api/v3/botx/events/{sync_id:uuid}/status", status),
    ("POST", "/api/v3/botx/events/typing", typing),
    ("POST", "/api/v3/botx/events/stop_typing", stop_typing),
)
