"""The negative control: a gateway that never sends a new message in the place of one it cannot edit.

It exists for the harness alone. The product has no such switch. This module, which only a harness starts, takes the
fallback from the sender before the app is made: a message that the messenger has forgotten is edited, or nothing.
"""

from __future__ import annotations

from typing import Any

from express_bot.channels.express.sender import ExpressSender

_show = ExpressSender.show


async def _edit_or_nothing(self: Any, chat: str, view: Any, *, external_id: str | None) -> str:
    if external_id is None:
        return await _show(self, chat, view, external_id=None)
    await self._edit(external_id, view)
    return external_id


ExpressSender.show = _edit_or_nothing

from express_bot.gateway.asgi import app  # noqa: E402 # after the patch

__all__ = ["app"]
