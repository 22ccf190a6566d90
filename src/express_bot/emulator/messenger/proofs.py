"""How the messenger proves itself to the bot: a token per call, signed with the bot's secret (protocol §2.2)."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import jwt

from express_bot.emulator.faults import Faults
from express_bot.emulator.options import Options

LIFETIME = 60
FOREIGN_KEY = "a-key-that-no-bot-has-ever-been-given-0123456789"


def headers(options: Options, faults: Faults) -> dict[str, str]:
    """The header with the proof, or none when the proof is switched off."""
    if faults.proof == "missing":
        return {}
    key = FOREIGN_KEY if faults.proof == "forged" else options.secret_key
    return {"Authorization": f"Bearer {jwt.encode(claims(options, faults), key, 'HS256')}"}


def claims(options: Options, faults: Faults) -> dict[str, Any]:
    """Claims of version 1 or 2; ``nbf`` is ``iat``, so that equal clocks always agree."""
    now = int(time.time()) + faults.clock_skew
    if faults.proof == "expired":
        now -= LIFETIME * 10
    common = {"iat": now, "nbf": now, "exp": now + LIFETIME, "jti": uuid4().hex}
    if faults.proof_version == 2:
        return {"iss": str(options.bot_id), "aud": options.host, "version": 2, **common}
    return {"iss": options.host, "aud": [str(options.bot_id)], **common}
