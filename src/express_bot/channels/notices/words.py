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
from express_bot.channels.dialogs.words import MAX_FIGURE
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
        branch, _, name = key.partition(".")
        template = self.template(branch, name)
        if template is None:
            raise texts.UnknownText(key)
        harmless = {figure: _harmless(value) for figure, value in figures.items()}
        return texts.render(template, self.locale, harmless)


def _harmless(value: Any) -> Any:
    return plain(value, MAX_FIGURE) if isinstance(value, str) else value
