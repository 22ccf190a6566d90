"""Languages of the product and texts that a definition carries itself (names, labels, hints)."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator

LOCALES = ("ru", "en")
DEFAULT_LOCALE = "ru"


def _has_default(text: dict[str, str]) -> dict[str, str]:
    """Every text has its Russian wording; a missing translation falls back to it."""
    unknown = sorted(set(text) - set(LOCALES))
    if unknown:
        raise ValueError(f"unknown languages {unknown}, known: {list(LOCALES)}")
    if not text.get(DEFAULT_LOCALE, "").strip():
        raise ValueError(f"the wording in {DEFAULT_LOCALE!r} is missing or blank")
    return text


LocalText = Annotated[dict[str, str], AfterValidator(_has_default)]


def pick(text: dict[str, str], locale: str) -> str:
    """The wording in a language, or the Russian one."""
    return text.get(locale) or text[DEFAULT_LOCALE]


@lru_cache(maxsize=256)
def supported(locale: str | None) -> str:
    """``ru-RU`` and ``ru_RU`` are ``ru``; what we do not speak is the default language."""
    language = (locale or "").replace("_", "-").split("-")[0].lower()
    return language if language in LOCALES else DEFAULT_LOCALE
