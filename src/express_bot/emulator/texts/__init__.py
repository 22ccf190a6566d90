"""The few words of the local messenger itself, in two languages."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


def text(key: str, locale: str = "") -> str:
    """The sentence at a dotted key."""
    found: Any = _catalog(locale or speaking_locale())
    for part in key.split("."):
        found = found[part]
    return str(found)


def speaking_locale() -> str:
    """The operator's language: Russian unless ``EXPRESS_BOT_LOCALE`` or ``LANG`` asks for English."""
    wanted = os.environ.get("EXPRESS_BOT_LOCALE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or "ru"
    return "en" if wanted.lower().startswith("en") else "ru"


@lru_cache
def _catalog(locale: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / f"{locale}.yaml").read_text(encoding="utf-8"))
    return loaded
