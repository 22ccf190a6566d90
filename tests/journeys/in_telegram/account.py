"""Somebody's account at Telegram, and what Telegram signs about it when they open the app."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tests.core.sessions.launches import signed
from tests.telegram_double import TOKEN

_ids = itertools.count(620_000_001)

DAY = {
    "bg_color": "#ffffff",
    "secondary_bg_color": "#efeff4",
    "section_bg_color": "#ffffff",
    "text_color": "#000000",
    "hint_color": "#8e8e93",
    "link_color": "#007aff",
    "button_color": "#007aff",
    "button_text_color": "#ffffff",
}
NIGHT = {
    "bg_color": "#17212b",
    "secondary_bg_color": "#232e3c",
    "section_bg_color": "#17212b",
    "text_color": "#f5f5f5",
    "hint_color": "#708499",
    "link_color": "#6ab3f3",
    "accent_text_color": "#6ab2f2",
    "button_color": "#5288c1",
    "button_text_color": "#ffffff",
}


class Account:
    """One person in Telegram."""

    def __init__(self, first_name: str, *, language: str = "ru") -> None:
        self.id = next(_ids)
        self.user = {"id": self.id, "first_name": first_name, "language_code": language}
        self._openings = itertools.count(1)

    @property
    def subject(self) -> str:
        """The id as the product keeps it."""
        return str(self.id)

    def init_data(self, *, age: timedelta = timedelta(0), token: str = TOKEN, **more: str) -> str:
        """What one opening of the app is signed with; no two are the same."""
        opening = f"AAF{self.id}{next(self._openings)}"
        return signed(datetime.now(UTC) - age, token=token, user=self.user, query_id=opening, **more)

    def launch(
        self,
        init_data: str,
        *,
        theme: dict[str, str] = DAY,
        platform: str = "weba",
        version: str = "9.1",
        start: str | None = None,
    ) -> str:
        """The launch parameters, as they stand after ``#``."""
        told: dict[str, Any] = {
            "tgWebAppData": init_data,
            "tgWebAppVersion": version,
            "tgWebAppPlatform": platform,
            "tgWebAppThemeParams": json.dumps(theme),
        }
        return urlencode(told | ({"tgWebAppStartParam": start} if start else {}))
