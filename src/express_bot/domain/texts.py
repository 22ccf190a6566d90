"""Every sentence the server says, from ``defaults/texts/<catalog>.<locale>.yaml``; none stands in code.

A key is ``catalog.path.in.the.file``. An entry is a string with ``{placeholders}`` or a plural map
``{by: count, one: …, few: …, many: …, other: …}`` whose form is chosen by the number ``by`` names.
The same two shapes travel to the SPA in ``fields[].messages``, so both sides say the same words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import yaml
from babel.plural import PluralRule

from express_bot.domain.locales import DEFAULT_LOCALE, supported

Template: TypeAlias = str | dict[str, str]
DEFAULT_TIMEZONE = "Europe/Moscow"
_PLURALS = {
    "ru": PluralRule(
        {
            "one": "v = 0 and i mod 10 = 1 and i mod 100 != 11",
            "few": "v = 0 and i mod 10 = 2..4 and i mod 100 != 12..14",
            "many": "v = 0 and i mod 10 = 0 or v = 0 and i mod 10 = 5..9 or v = 0 and i mod 100 = 11..14",
        }
    ),
    "en": PluralRule({"one": "i = 1 and v = 0"}),
}
"""Of CLDR. The rules alone: the locale data they come with takes 7 MB of every process."""
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class UnknownText(KeyError):
    """The catalog has no such text. A mistake of ours, caught by the guard test, never of the caller."""


@cache
def catalog(name: str, locale: str) -> dict[str, Any]:
    """One catalog in one language, read once."""
    source = files("express_bot") / "defaults" / "texts" / f"{name}.{locale}.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content = yaml.load(source.read_text("utf-8"), Loader=loader)  # noqa: S506 (a safe loader either way)
    return dict(content)


@lru_cache(maxsize=4096)
def entry(key: str, locale: str) -> Any:
    """What the catalog holds under a key: a template or a branch of templates. Nobody may change what it returns."""
    name, _, path = key.partition(".")
    node: Any = catalog(name, supported(locale))
    for part in path.split("."):
        if not isinstance(node, Mapping) or part not in node:
            raise UnknownText(key)
        node = node[part]
    return node


def find(key: str, locale: str) -> Any | None:
    """Like ``entry``, but a missing text is ``None``."""
    try:
        return entry(key, locale)
    except UnknownText:
        return None


def text(key: str, locale: str = DEFAULT_LOCALE, **params: Any) -> str:
    """The sentence under a key with its figures filled in."""
    template = entry(key, locale)
    if not isinstance(template, str) and "other" not in template:
        raise UnknownText(key)
    return render(template, locale, params)


@lru_cache(maxsize=2048)
def plural_form(number: int, locale: str) -> str:
    """``one``, ``few``, ``many`` or ``other``."""
    return str(_PLURALS[supported(locale)](number))


def render(template: Template, locale: str, params: Mapping[str, Any]) -> str:
    """Choose the plural form, fill the placeholders; an unknown placeholder stays to be noticed."""
    if not isinstance(template, str):
        template = choose(template, locale, params)
    return fill(template, {name: humanise(value, locale, params) for name, value in params.items()})


def choose(forms: Mapping[str, str], locale: str, params: Mapping[str, Any]) -> str:
    """The form of a plural map for the number it names."""
    number = params.get(forms["by"])
    form = plural_form(number, locale) if isinstance(number, int) else "other"
    return forms.get(form) or forms["other"]


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Replace the placeholders we have values for; braces in the values themselves stay as they are."""
    if "{" not in template:
        return template
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), template)


@lru_cache(maxsize=4096)
def placeholders(template: str) -> frozenset[str]:
    """Names of the placeholders of a template."""
    return frozenset(_PLACEHOLDER.findall(template))


def humanise(value: Any, locale: str, params: Mapping[str, Any]) -> Any:
    """Moments and days become words; everything else is printed as it is."""
    if isinstance(value, datetime):
        return deadline(value, str(params.get("timezone") or DEFAULT_TIMEZONE), locale)
    return day_short(value, locale) if isinstance(value, date) else value


def problem(code: str, locale: str, params: Mapping[str, Any] | None = None) -> tuple[str, str]:
    """Title and detail of a problem document.

    ``detail_with`` is said when the error brought every figure it needs, ``detail`` otherwise: an error
    raised far from the facts still gives a whole sentence.
    """
    found = find(f"errors.{code}", locale) or entry("errors.internal_error", locale)
    known = {name: _moment(name, value) for name, value in (params or {}).items()}
    return found["title"], _fullest(found, "detail", locale, known)


def note(status: str, locale: str, **facts: Any) -> str:
    """The one sentence of a card that matters now: «Решение до 12 декабря»."""
    return _fullest(entry(f"status.{status}", locale), "note", locale, facts)


def _fullest(branch: Mapping[str, Any], name: str, locale: str, known: Mapping[str, Any]) -> str:
    """``<name>_with`` when every figure it needs is known, ``<name>`` otherwise."""
    longer = branch.get(f"{name}_with")
    template = longer if longer and is_complete(longer, known) else branch[name]
    return render(template, locale, known)


def is_complete(template: Template, params: Mapping[str, Any]) -> bool:
    """Whether the figures at hand fill every placeholder."""
    wordings = [template] if isinstance(template, str) else list(template.values())
    return all(params.get(name) is not None for wording in wordings for name in placeholders(wording))


def _moment(name: str, value: Any) -> Any:
    """Parameters named ``…_at`` travel as ISO text in problem documents; for a sentence they are moments."""
    if not (name.endswith("_at") and isinstance(value, str)):
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return value


def day_short(value: date, locale: str) -> str:
    """15 января."""
    month = entry("common.months.of", locale)[value.month - 1]
    return f"{value.day} {month}"


def day(value: date, locale: str) -> str:
    """15 января 2027, пятница."""
    weekday = entry("common.weekdays.long", locale)[value.weekday()]
    return f"{day_short(value, locale)} {value.year}, {weekday}"


def month(value: date, locale: str) -> str:
    """январь 2027: the title of a period."""
    return f"{entry('common.months.title', locale)[value.month - 1]} {value.year}"


def deadline(moment: datetime, zone: str, locale: str) -> str:
    """5 декабря, 18:00 (МСК): a deadline is the server's clock and always says whose."""
    local = moment.astimezone(_zone(zone))
    return f"{day_short(local, locale)}, {local:%H:%M} ({zone_label(local, zone, locale)})"


def zone_label(local: datetime, zone: str, locale: str) -> str:
    """МСК where the catalog has a name people use, UTC+7 elsewhere."""
    named = entry("common.zones", locale).get(zone)
    if named:
        return str(named)
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


@cache
def _zone(name: str) -> tzinfo:
    return ZoneInfo(name)
