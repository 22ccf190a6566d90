"""What the bot says by itself, from ``texts/notices.<locale>.yaml``.

``texts/notices.<channel>.<locale>.yaml`` says the same with fewer facts, for a messenger that may carry number and
status only (trust §4.5); what it leaves out is said as everywhere. Figures are made harmless on the way (``plain``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from express_bot.channels.dialogs.plain import plain
from express_bot.channels.dialogs.words import MAX_FIGURE, MAX_WRITTEN
from express_bot.domain import texts
from express_bot.domain.locales import supported

#: Messengers that carry no details unless the organisation says so.
DISCREET = frozenset({"telegram"})


@cache
def catalog(locale: str, channel: str | None = None) -> dict[str, Any]:
    """All words in one language, or what a channel says otherwise; empty where it says nothing otherwise."""
    name = ".".join(part for part in ("notices", channel, supported(locale), "yaml") if part)
    source = files(__package__) / "texts" / name
    if not source.is_file():
        return {}
    return dict(yaml.safe_load(source.read_text("utf-8")))


@dataclass(frozen=True)
class Voice:
    """The language of one message, and how much may be told in it."""

    locale: str
    discreet: str | None = None
    """The channel whose shorter words count; ``None``: everything may be told."""

    def template(self, branch: str, name: str) -> texts.Template | None:
        """The words under a key; ``None`` where there are none."""
        shorter = catalog(self.locale, self.discreet).get(branch, {}) if self.discreet else {}
        found: texts.Template | None = shorter.get(name, catalog(self.locale).get(branch, {}).get(name))
        return found

    def say(self, key: str, **figures: Any) -> str:
        """The sentence ``<branch>.<name>`` with its figures; empty where this channel says nothing of it."""
        return self._said(key, figures, MAX_FIGURE)

    def say_whole(self, key: str, **figures: Any) -> str:
        """The same with words as long as the desk may write them."""
        return self._said(key, figures, MAX_WRITTEN)

    def _said(self, key: str, figures: dict[str, Any], longest: int) -> str:
        branch, _, name = key.partition(".")
        template = self.template(branch, name)
        if template is None:
            raise texts.UnknownText(key)
        return texts.render(template, self.locale, {name: _harmless(value, longest) for name, value in figures.items()})


def _harmless(value: Any, longest: int) -> Any:
    return plain(value, longest) if isinstance(value, str) else value
