"""The file service as the bot uses it."""

from __future__ import annotations

import orjson
from starlette.responses import Response, StreamingResponse

from express_bot.emulator.botx.door import BotxError, Call, Methods, malformed, ok
from express_bot.emulator.botx.multipart import parts


async def upload(call: Call) -> Response:
    """``files/upload``: a form of the file, its chat, and facts about it."""
    form = parts(call)
    if "content" not in form or "group_chat_id" not in form:
        raise malformed("content" if "group_chat_id" in form else "group_chat_id")
    chat_id = form["group_chat_id"].body.decode("utf-8", "replace")
    chat = next((chat for chat in call.world.chats.values() if str(chat.id) == chat_id), None)
    if chat is None:
        raise BotxError(404, "chat_not_found", group_chat_id=chat_id)
    meta, content = _meta(form["meta"].body if "meta" in form else b"{}"), form["content"]
    file = call.world.files.add(
        chat.id,
        content.filename,
        content.body,
        content.mime,
        duration=meta.get("duration"),
        caption=meta.get("caption"),
    )
    return ok(file.view())


def _meta(text: bytes) -> dict[str, object]:
    try:
        meta = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise malformed("meta") from None
    return meta if isinstance(meta, dict) else {}


async def download(call: Call) -> Response:
    """``files/download``."""
    chat_id, file_id = call.id("group_chat_id"), call.id("file_id")
    if chat_id not in call.world.chats:
        raise BotxError(404, "chat_not_found", group_chat_id=str(chat_id))
    file = call.world.files.get(file_id)
    if file is None or file.chat_id != chat_id:
        raise BotxError(404, "file_metadata_not_found", file_id=str(file_id), group_chat_id=str(chat_id))
    if call.flag("is_preview"):
        raise BotxError(400, "file_without_preview", file_id=str(file_id))
    return StreamingResponse(file.chunks(), media_type=file.mime, headers={"Content-Length": str(file.size)})


METHODS: Methods = (
    ("POST", "/api/v3/botx/files/upload", upload),
    ("GET", "/api/v3/botx/files/download", download),
)
