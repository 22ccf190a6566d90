"""Auth v1: a signature of the bot's id becomes a token."""

from __future__ import annotations

import base64
import hashlib
import hmac
from uuid import UUID

from starlette.responses import Response

from express_bot.emulator.botx.door import BotxError, Call, Methods, new_token, ok


async def token(call: Call) -> Response:
    """``GET /api/v2/botx/bots/{bot_id}/token``."""
    options = call.world.options
    if call.path["bot_id"] != options.bot_id:
        raise BotxError(401, "bot_not_found")
    given = call.request.query_params.get("signature", "")
    if not hmac.compare_digest(given.encode(), signature(options.bot_id, options.secret_key).encode()):
        raise BotxError(401, "invalid_signature")
    return ok(new_token(call.tokens))


def signature(bot_id: UUID, secret_key: str) -> str:
    """Upper-case hex of HMAC-SHA256 of the bot's id as lower-case text."""
    return base64.b16encode(hmac.new(secret_key.encode(), str(bot_id).encode(), hashlib.sha256).digest()).decode()


METHODS: Methods = (("GET", "/api/v2/botx/bots/{bot_id:uuid}/token", token),)
