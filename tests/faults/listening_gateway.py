"""A gateway that hears and never sends, for a harness in which only those may send who are killed.

The product has no such switch. Callbacks and notes of the inbox are its work as ever; cards are left to the workers.
"""

from __future__ import annotations

from typing import Any

from express_bot.channels.cards import CardPump


async def _nothing(_self: Any, _limit: int) -> tuple[()]:
    return ()


CardPump._owed = _nothing

from express_bot.gateway.asgi import app  # noqa: E402 # after the patch

__all__ = ["app"]
