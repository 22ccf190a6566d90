"""The rest of BotX: OpenID, metrics, the catalog of bots, calls and conferences, the version."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import JSONResponse, Response

from express_bot.emulator.botx.door import BotxError, Call, Methods, malformed, ok
from express_bot.emulator.botx.events import known_chat
from express_bot.emulator.chats import now
from express_bot.emulator.texts import text

VERSION = "3.62.0"


async def refresh_access_token(call: Call) -> Response:
    """``openid/refresh_access_token``: the event with this ref is delivered again."""
    if call.world.people.get(call.id("user_huid")) is None:
        raise BotxError(400, "error_from_messaging_service")
    if call.get("ref") is not None:
        await call.messenger.deliver_again(UUID(str(call.json["ref"])))
    return ok(True, 202)


async def bot_function(call: Call) -> Response:
    """``metrics/bot_function``."""
    known_chat(call, "group_chat_id")
    if not isinstance(call.get("bot_function"), str) or not call.ids("user_huids"):
        raise malformed("bot_function")
    return ok(True, 202)


async def catalog(call: Call) -> Response:
    """``bots/catalog``: the one bot."""
    bot = {
        "user_huid": str(call.world.bot_id),
        "name": text("bot"),
        "description": text("bot_description"),
        "avatar": None,
        "enabled": True,
    }
    return ok({"generated_at": now().isoformat(), "bots": [bot]})


async def call_not_found(_call: Call) -> Response:
    """Nobody calls anybody here."""
    raise BotxError(404, "call_not_found")


async def conference_not_found(_call: Call) -> Response:
    """Nor do they meet."""
    raise BotxError(404, "conference_not_found")


async def version(_call: Call) -> Response:
    """``/system/botx/version``: the one answer without an envelope."""
    return JSONResponse({"version": VERSION})


METHODS: Methods = (
    ("POST", "/api/v3/botx/openid/refresh_access_token", refresh_access_token),
    ("POST", "/api/v3/botx/metrics/bot_function", bot_function),
    ("GET", "/api/v1/botx/bots/catalog", catalog),
    ("GET", "/api/v3/botx/voex/calls/{call_id:uuid}", call_not_found),
    ("GET", "/api/v3/botx/voex/conferences/{call_id:uuid}", conference_not_found),
    ("GET", "/system/botx/version", version),
)
