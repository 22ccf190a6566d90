"""The negative control: a core that forgets every idempotency key. It exists for the harness alone.

The product has no such switch. This module, which only a harness starts, gives each call a key of its own before the
app is made; whatever then protects against doubles is not the idempotency check.
"""

from __future__ import annotations

from uuid import uuid4

from express_bot.core.applications import api

api.idempotency_key = lambda: f"forgotten-{uuid4()}"

from express_bot.core.wsgi import app  # noqa: E402 # after the patch

__all__ = ["app"]
