"""The sentences that only Telegram says, from ``texts/<locale>.yaml``, and the commands it lists."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from express_bot.channels.dialogs import words
from express_bot.domain.locales import supported

#: Telegram lists commands in Latin alone; what is typed in Russian is understood all the same.
_LISTED = re.compile(r"/([a-z0-9_]{1,32})")
#: In a group the bot says nothing personal, and lists only what leads to the person's own chat.
IN_GROUPS = frozenset({"start", "help"})


@cache
def catalog(locale: str) -> dict[str, Any]:
    """The catalog in one of our languages, the nearest one when the asked one is none of them."""
    source = files(__package__) / "texts" / f"{supported(locale)}.yaml"
    return dict(yaml.safe_load(source.read_text("utf-8")))


def say(key: str, locale: str) -> str:
    """The sentence under ``branch.name``."""
    branch, _, name = key.partition(".")
    return str(catalog(locale)[branch][name])


def commands(locale: str, *, in_groups: bool = False) -> list[tuple[str, str]]:
    """Name and description of each command, in the order of the catalog."""
    spoken = words.catalog(supported(locale))
    found = [(_latin(spoken["words"][name]), about) for name, about in spoken["commands"].items()]
    return [(name, about) for name, about in found if not in_groups or words.meaning(f"/{name}") in IN_GROUPS]


def _latin(ways: list[str]) -> str:
    return next(found[1] for way in ways if (found := _LISTED.fullmatch(way)))
