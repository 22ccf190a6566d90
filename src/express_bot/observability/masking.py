"""Keeps people and secrets out of the logs (trust A23): by the name of a fact first, by its looks as the last net."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

MASK = "•••"

#: Facts whose values never reach a log, whatever they hold. Settings and new columns are held to this by a guard.
_SECRET = ("password", "secret", "token", "authorization", "cookie", "service_key", "dsn", "database_url", "credential")
_PERSONAL = (
    *("full_name", "short_name", "surname", "patronymic", "host_profile", "profile", "personnel_number", "phone"),
    *("email", "login", "subject", "answers", "wishes", "comment", "display", "birth_date", "address", "suggestion"),
)
_HIDDEN_NAME = re.compile("|".join((*_SECRET, *(f"^{name}$" for name in _PERSONAL))), re.IGNORECASE)

#: What gives itself away inside a sentence, a traceback, or a database's complaint.
_LOOKS = re.compile(
    r"""
      (?P<bearer>\bBearer\s+)[\w.~+/=-]+                                        # Authorization: Bearer …
    | \beyJ[\w-]{5,}\.[\w-]+\.[\w-]*                                            # a JWT anywhere
    | (?<!\d)\d{6,20}:[\w-]{30,}                                                     # a Telegram bot's token
    | (?P<scheme>\b[a-z][a-z0-9+]*://[^\s:/@]*:)[^\s/@]+(?=@)                   # user:password@host
    | (?P<named>\b(?:password|secret|token|service_key)['"]?\s*[=:]\s*['"]?)[^\s'",;&)}]+
    | (?P<key>\bKey\ \([^)]*\)=)\(.*\)                                           # PostgreSQL: Key (number)=(123456)
    | (?P<row>\bFailing\ row\ contains\ )\(.*\)                                 # PostgreSQL: the whole row
    | (?P<input>\binput_value=).*?(?=,\ input_type=)                            # pydantic
    | [\w.+-]+@[\w-]+\.[\w.-]+                                                  # e-mail
    | \+?[78][\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}(?!\d)               # telephone
    | \b[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?\s[А-ЯЁ][а-яё]+\s[А-ЯЁ][а-яё]+(?:ич|вна|чна|шна)\b
    | (?<![\w.:/-])\d{6}(?![\w.:/-])                                            # a personnel number
    """,
    re.VERBOSE,
)

_known: set[str] = set()


def remember_secret(value: str) -> None:
    """Hide this very value wherever it turns up from now on."""
    if len(value) >= 8:
        _known.add(value)


def mask_text(text: str) -> str:
    """The text without what looks like a person or a secret."""
    for secret in _known:
        if secret in text:
            text = text.replace(secret, MASK)
    return _LOOKS.sub(_keep_the_lead, text)


def _keep_the_lead(match: re.Match[str]) -> str:
    lead = next((part for part in match.groupdict().values() if part), "")
    return lead + MASK


@lru_cache(maxsize=1024)
def _is_hidden(name: str) -> bool:
    """Names of facts are few and come with every line."""
    return _HIDDEN_NAME.search(name) is not None


def mask(name: str, value: Any) -> Any:
    """One fact as it may be logged."""
    if _is_hidden(name):
        return MASK if value not in (None, "", [], {}) else value
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, dict):
        return {key: mask(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [mask("", inner) for inner in value]
    return value if isinstance(value, bool | int | float | None) else mask_text(str(value))
