"""Messages of the bot: direct (with a callback later, or at once) and internal ones."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from starlette.responses import JSONResponse, Response

from express_bot.emulator.botx.door import Call, Methods, error, malformed, ok
from express_bot.emulator.chats import Chat, Message
from express_bot.emulator.world import World

LONGEST_BODY = 4096


async def direct(call: Call) -> Response:
    """``POST …/notifications/direct``: taken at once, its fate comes as a callback."""
    sync_id, reason, data = send(call)
    return await accepted(call, sync_id, reason, **data)


async def direct_sync(call: Call) -> Response:
    """``POST …/notifications/direct/sync``: the same, told at once; a refusal is an answer with status 200."""
    sync_id, reason, data = send(call)
    if reason:
        return JSONResponse(error(reason, **data))
    return ok({"sync_id": str(sync_id)})


async def internal(call: Call) -> Response:
    """``POST …/notifications/internal``: for other bots of the chat, of which there are none."""
    if not isinstance(call.get("data"), dict):
        raise malformed("data")
    reason, data = refusal(call.world, call.id("group_chat_id"), call.get("recipients"))
    return await accepted(call, uuid4(), reason, **data)


async def accepted(call: Call, sync_id: UUID, reason: str | None = None, **data: Any) -> Response:
    """202 with a sync_id, and the callback that tells how it ended."""
    await call.messenger.callbacks.promise(sync_id, reason, **data)
    return ok({"sync_id": str(sync_id)}, 202)


def send(call: Call) -> tuple[UUID, str | None, dict[str, Any]]:
    """Put the message into its chat; the reason if it cannot be there."""
    notification = call.get("notification")
    if not isinstance(notification, dict) or notification.get("status") != "ok":
        raise malformed("notification")
    chat_id, content = call.id("group_chat_id"), message_content(notification)
    opts = call.get("opts") or {}
    reason, data = refusal(call.world, chat_id, call.get("recipients"), stealth=bool(opts.get("stealth_mode")))
    if reason:
        return uuid4(), reason, data
    content["opts"] = {**(notification.get("opts") or {}), "notification": opts.get("notification_opts") or {}}
    recipients = call.ids("recipients") if call.get("recipients") is not None else None
    message = Message(chat_id, call.world.bot_id, recipients=recipients, **content)
    message.file = stored_file(call, chat_id)
    call.messenger.stop_typing(call.world.chats[chat_id])
    call.world.say(message)
    return message.sync_id, None, {}


def message_content(notification: dict[str, Any]) -> dict[str, Any]:
    """Text, buttons and mentions; raises ``BotxError`` for what BotX would not take."""
    body = notification.get("body")
    if not isinstance(body, str) or len(body) > LONGEST_BODY:
        raise malformed("body")
    return {
        "body": body,
        "metadata": notification.get("metadata") or {},
        "bubble": rows(notification, "bubble"),
        "keyboard": rows(notification, "keyboard"),
        "mentions": notification.get("mentions") or [],
    }


def rows(notification: dict[str, Any], name: str) -> list[list[dict[str, Any]]]:
    """Rows of buttons: each with a label, and a command or a link."""
    given = notification.get(name) or []
    if not isinstance(given, list) or not all(isinstance(row, list) for row in given):
        raise malformed(name)
    for button in (button for row in given for button in row):
        if not isinstance(button, dict) or not isinstance(button.get("label"), str):
            raise malformed(f"{name}.label")
        if not button.get("command") and not (button.get("opts") or {}).get("link"):
            raise malformed(f"{name}.command")
    return given


def stored_file(call: Call, chat_id: UUID) -> dict[str, Any] | None:
    """The file that came with a message."""
    file = call.get("file")
    if file is None:
        return None
    try:
        kept = call.world.files.add_data_url(chat_id, file["file_name"], file["data"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise malformed("file") from None
    return kept.view()


def refusal(
    world: World, chat_id: UUID, recipients: list[str] | None = None, *, stealth: bool = False
) -> tuple[str | None, dict[str, Any]]:
    """Why a message cannot reach a chat, with the data of the refusal."""
    chat = world.chats.get(chat_id)
    reason = _reason(world, chat, recipients, stealth=stealth)
    data = {"group_chat_id": str(chat_id), "bot_id": str(world.bot_id), "error_description": reason}
    return reason, data if reason else {}


def _reason(world: World, chat: Chat | None, recipients: list[str] | None, *, stealth: bool) -> str | None:
    if chat is None:
        return "chat_not_found"
    if world.bot_id not in chat.members:
        return "bot_is_not_a_chat_member"
    if recipients is not None and not {str(huid) for huid in chat.members} & set(recipients):
        return "event_recipients_list_is_empty"
    if stealth and chat.stealth is None:
        return "stealth_mode_disabled"
    return None


METHODS: Methods = (
    ("POST", "/api/v4/botx/notifications/direct", direct),
    ("POST", "/api/v4/botx/notifications/direct/sync", direct_sync),
    ("POST", "/api/v4/botx/notifications/internal", internal),
)
