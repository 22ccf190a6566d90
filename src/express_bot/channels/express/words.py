"""The sentences that only eXpress says, from ``texts/<locale>.yaml``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from express_bot.domain.locales import supported


@cache
def catalog(locale: str) -> dict[str, Any]:
    """The catalog in one of our languages, the nearest one when the asked one is none of them."""
    source = files(__package__) / "texts" / f"{supported(locale)}.yaml"
    return dict(yaml.safe_load(source.read_text("utf-8")))


def say(key: str, locale: str) -> str:
    """The sentence under ``branch.name``."""
    branch, _, name = key.partition(".")
    found = catalog(locale)[branch]
    return str(found[name] if name else found)
