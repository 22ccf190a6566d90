"""The negative control: a core that gives a message up when it could not be sent. It exists for the harness alone.

The product has no such switch. This module, which only a harness starts, takes every failure to send for a final one
before the app is made; whatever then still arrives after an outage was not wanted during it.
"""

from __future__ import annotations

from typing import Any

from express_bot.core.dialogs import service

_failed = service.failed


def _failed_for_good(db: Any, card_id: Any, said: Any, **more: Any) -> None:
    _failed(db, card_id, said.model_copy(update={"permanent": True}), **more)


service.failed = _failed_for_good

from express_bot.core.wsgi import app  # noqa: E402 # after the patch

__all__ = ["app"]
