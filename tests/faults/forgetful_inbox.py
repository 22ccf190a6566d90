"""The negative control: a core whose inbox forgets that it has seen an event. It exists for the harness alone.

The product has no such switch. This module, which only a harness starts, gives each stored event an id of its own
before the app is made; whatever then protects against doubles is not the inbox's unique key.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from express_bot.core.inbox import service

_store = service.store


def _store_anew(db: Any, channel: str, event_id: str, event: Any) -> bool:
    return _store(db, channel, f"{event_id[:100]}:{uuid4()}", event)


service.store = _store_anew

from express_bot.core.wsgi import app  # noqa: E402 # after the patch

__all__ = ["app"]
