"""Login from a Telegram Mini App: the launch data that Telegram has signed with the bot's token, once and fresh.

Telegram's check (core.telegram.org/bots/webapps): every field but ``hash``, decoded and sorted, one ``key=value`` a
line; its HMAC-SHA256 under a key that is itself the HMAC of the bot's token under «WebAppData». The newer field
``signature`` is one of the signed ones. Beyond Telegram's check (trust A4): not older than an hour, not of the future,
accepted once, and nothing that two readers could understand in two ways.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import unquote_to_bytes

import orjson

from express_bot.contracts.messengers import PutIdentity
from express_bot.contracts.users import Locale
from express_bot.core.db.session import Connection, Row
from express_bot.core.sessions import repository
from express_bot.core.users import identities
from express_bot.domain.locales import LOCALES
from express_bot.settings import Settings, reveal

#: Launch data of the largest honest person is under 2 KB.
MAX_BYTES = 4096
MAX_FIELDS = 32
MAX_AGE = timedelta(hours=1)
#: Telegram's clock may run ahead of ours by this much.
MAX_AHEAD = timedelta(seconds=60)
#: Telegram's ids are positive and fit into 52 bits.
MAX_ID = 2**52
MAX_NAME = 200

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_VALUE = re.compile(r"(?:[!-$'-~]|%[0-9A-Fa-f]{2})*")
_HASH = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"[1-9][0-9]{0,11}")


class NotProven(Exception):
    """The data proves nobody; the text says why, for our own tests: callers are told nothing."""


@dataclass(frozen=True)
class Launch:
    """Who opened the app, as Telegram says it."""

    subject: str
    full_name: str | None
    locale: Locale | None
    digest: bytes
    """Names this launch: it is accepted once."""
    expires_at: datetime
    """From then on it is refused for its age."""


def meet(db: Connection, settings: Settings, init_data: str, *, now: datetime | None = None) -> tuple[Row, bool] | None:
    """The person who has opened the app, and whether they are new; ``None`` when nothing is proven.

    A new person is a guest or an employee, as everywhere (``identities.meet``); one who has left is nobody.
    """
    token = reveal(settings.telegram_bot_token)
    if not token:
        return None
    try:
        launch = read(init_data, token, now=now or datetime.now(UTC))
    except NotProven:
        return None
    if not repository.spend(db, launch.digest, expires_at=launch.expires_at):
        return None
    told = PutIdentity(full_name=launch.full_name, locale=launch.locale)
    person, created = identities.meet(
        db, "telegram", launch.subject, told, locale=settings.default_locale, welcomed=settings.welcomed
    )
    return (person, created) if person["active"] else None


def read(init_data: str, token: str, *, now: datetime) -> Launch:
    """The launch behind signed data; raises ``NotProven``."""
    fields = _fields(init_data)
    signed = _ensure_signed(fields, token)
    at = _ensure_fresh(fields, now)
    person = _person(fields)
    return Launch(
        subject=str(person["id"]),
        full_name=_name(person),
        locale=_locale(person),
        digest=hashlib.sha256(signed).digest(),
        expires_at=at + MAX_AGE + MAX_AHEAD,
    )


def _fields(init_data: str) -> dict[str, str]:
    """The fields of the query string, each once. A browser's own reading of a broken one is none of ours."""
    if not init_data.isascii() or not 0 < len(init_data) <= MAX_BYTES:
        raise NotProven("size")
    pairs = init_data.split("&")
    if len(pairs) > MAX_FIELDS:
        raise NotProven("too many fields")
    fields: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not _KEY.fullmatch(key) or not _VALUE.fullmatch(value):
            raise NotProven("malformed")
        if key in fields:
            raise NotProven("said twice")
        fields[key] = _decoded(value)
    return fields


def _decoded(value: str) -> str:
    """Percent-decoded UTF-8. A control sign could end a line of what is signed and begin another one."""
    try:
        words = unquote_to_bytes(value.replace("+", " ")).decode("utf-8")
    except UnicodeDecodeError:
        raise NotProven("no UTF-8") from None
    if any(unicodedata.category(sign) == "Cc" for sign in words):
        raise NotProven("control sign")
    return words


def _ensure_signed(fields: dict[str, str], token: str) -> bytes:
    """The bytes that were signed; compared in constant time."""
    told = fields.pop("hash", "")
    if not _HASH.fullmatch(told):
        raise NotProven("no hash")
    signed = "\n".join(f"{key}={fields[key]}" for key in sorted(fields)).encode()
    key = hmac.digest(b"WebAppData", token.encode(), "sha256")
    if not hmac.compare_digest(hmac.digest(key, signed, "sha256"), bytes.fromhex(told)):
        raise NotProven("wrong hash")
    return signed


def _ensure_fresh(fields: dict[str, str], now: datetime) -> datetime:
    told = fields.get("auth_date", "")
    if not _MOMENT.fullmatch(told):
        raise NotProven("no moment")
    age = now.timestamp() - int(told)
    if not -MAX_AHEAD.total_seconds() <= age <= MAX_AGE.total_seconds():
        raise NotProven("not fresh")
    return datetime.fromtimestamp(int(told), UTC)


def _person(fields: dict[str, str]) -> dict[str, Any]:
    try:
        person = orjson.loads(fields.get("user", ""))
    except orjson.JSONDecodeError:
        raise NotProven("no person") from None
    number = person.get("id") if isinstance(person, dict) else None
    if type(number) is not int or not 0 < number < MAX_ID:
        raise NotProven("no id")
    if person.get("is_bot", False) is not False:
        raise NotProven("a bot")
    return cast("dict[str, Any]", person)


def _name(person: dict[str, Any]) -> str | None:
    """«Анна Воронцова», cleaned of signs that no name has; ``None`` when nothing is left."""
    told = " ".join(part for name in ("first_name", "last_name") if isinstance(part := person.get(name), str))
    shown = "".join(sign for sign in told if unicodedata.category(sign)[0] != "C" or sign == " ")
    return " ".join(shown.split())[:MAX_NAME].strip() or None


def _locale(person: dict[str, Any]) -> Locale | None:
    """The language of Telegram, where it is one of ours."""
    told = person.get("language_code")
    language = told.lower()[:2] if isinstance(told, str) else ""
    return cast("Locale", language) if language in LOCALES else None
