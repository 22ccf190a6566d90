"""What the bot says and what it understands, from ``texts/<locale>.yaml``.

Everything that is filled into a sentence is made harmless on the way (``plain``): the templates alone may carry markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from express_bot.channels.dialogs.plain import plain
from express_bot.domain import texts
from express_bot.domain.locales import LOCALES, supported

#: Longest figure of a sentence: a long answer is named, not read out.
MAX_FIGURE = 300
#: What people and the desk write to each other is said whole.
MAX_WRITTEN = 1000
_NOISE = re.compile(r"[^\w/]+")


class Command(NamedTuple):
    """A command as the messenger lists it."""

    body: str
    description: str


@cache
def catalog(locale: str) -> dict[str, Any]:
    """All words in one language, read once."""
    source = files("express_bot.channels.dialogs") / "texts" / f"{locale}.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content = yaml.load(source.read_text("utf-8"), Loader=loader)  # noqa: S506 (a safe loader either way)
    return dict(content)


def say(key: str, locale: str, **figures: Any) -> str:
    """The sentence ``<branch>.<name>`` with its figures."""
    branch, _, name = key.partition(".")
    harmless = {
        figure: plain(value, MAX_FIGURE) if isinstance(value, str) else value for figure, value in figures.items()
    }
    return texts.render(catalog(supported(locale))[branch][name], locale, harmless)


def month_in(month: int, locale: str) -> str:
    """«ноябре», as in «как в ноябре»."""
    return str(catalog(supported(locale))["menu"]["months"][month - 1])


def meaning(text: str) -> str | None:
    """The command behind «/заявка», «назад» or «Мои заявки», in whichever language; ``None`` for anything else."""
    words = _simple(text)
    if words.startswith("/"):
        words = words.split(" ")[0]
    return _meanings().get(words)


def commands(locale: str) -> tuple[Command, ...]:
    """The commands to show in the messenger's own list, in the person's language."""
    words = catalog(supported(locale))
    return tuple(Command(words["words"][name][0], said) for name, said in words["commands"].items())


@cache
def _meanings() -> dict[str, str]:
    return dict(reversed(list(_all_meanings())))


def _all_meanings() -> Iterator[tuple[str, str]]:
    for locale in LOCALES:
        for name, said in catalog(locale)["words"].items():
            yield from ((_simple(word), name) for word in said)


def _simple(text: str) -> str:
    """Case, punctuation, «ё» and the name of the bot after «@» aside."""
    lower = text.strip().lower().replace("ё", "е")
    return _NOISE.sub(" ", lower.split("@")[0] if lower.startswith("/") else lower).strip()
