"""Notification System: which promises there are, how each is kept, and what became of it."""

from __future__ import annotations

from express_bot.core.notifications.facts import facts

__all__ = ["facts"]
