"""A stored update as the library reads it."""

from __future__ import annotations

from typing import Any

from telegram import Update

from express_bot.channels.base import Hopeless


def read(payload: dict[str, Any]) -> Update:
    """The update; raises ``Hopeless``."""
    try:
        return Update.de_json(payload, None)
    except Exception as broken:  # its readers raise whatever a missing or odd member leads them to
        raise Hopeless(f"unreadable: {type(broken).__name__}") from broken
