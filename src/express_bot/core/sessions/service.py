"""Session Manager: who is calling, proven by a session token or by one of our own services.

A session token is 256 random bits, shown once and stored as a hash; it slides by ``SESSION_TIMEOUT`` and ends for good
after twelve hours (trust §4.3). A service token is a JWT of at most five minutes for audience ``core``; it may act for
a person whom the service has proven.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, get_args
from uuid import UUID

import jwt
from cachetools import LRUCache, TTLCache

from express_bot.contracts import errors
from express_bot.contracts.messengers import Channel
from express_bot.core.db.session import Connection, Row
from express_bot.core.sessions import repository
from express_bot.core.sessions.principal import Principal

ABSOLUTE_END = timedelta(hours=12)
#: A session is moved on at most this often, so that reading does not write each time.
SLIDE_STEP = timedelta(seconds=60)
SERVICE_TOKEN_LIFE = 300
MESSENGERS = frozenset(get_args(Channel))
REMEMBERED = 30

_KEY = re.compile(r"[A-Za-z0-9._:-]{8,128}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_CHANNEL = re.compile(r"[a-z]{2,20}")

GetConnection = Callable[[], Connection]


@dataclass
class Doors:
    """What proves callers in this process: the key of our services, the session's length, and a short memory.

    The memory only spares the hot path a question; whoever uses it proves the session again in its own statement.
    """

    service_key: str
    timeout: timedelta
    remembered: TTLCache[bytes, Principal] = field(default_factory=lambda: TTLCache(2_000, REMEMBERED))
    lock: Lock = field(default_factory=Lock)
    services: LRUCache[str, float] = field(default_factory=lambda: LRUCache(64))

    def recall(self, token_hash: bytes) -> Principal | None:
        with self.lock:
            found: Principal | None = self.remembered.get(token_hash)
        return found

    def remember(self, token_hash: bytes, caller: Principal) -> None:
        with self.lock:
            self.remembered[token_hash] = caller

    def forget(self, token_hash: bytes | None) -> None:
        if token_hash is not None:
            with self.lock:
                self.remembered.pop(token_hash, None)


def is_well_formed_key(key: str) -> bool:
    """Whether an idempotency key is 8 to 128 characters of the allowed alphabet."""
    return _KEY.fullmatch(key) is not None


def authenticate(authorization: str, db: GetConnection, doors: Doors, *, late: bool = False) -> Principal:
    """The caller behind an ``Authorization`` header.

    Raises ``Unauthenticated`` or ``TokenExpired``. With ``late`` a principal remembered from moments ago will do.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise errors.Unauthenticated
    if _TOKEN.fullmatch(token):
        return _by_session(hash_token(token), db, doors, late=late)
    return _by_service_token(token, db, doors)


def open_session(
    db: Connection, user_id: UUID, provider: str, *, timeout: timedelta, longest: timedelta = ABSOLUTE_END
) -> str:
    """A new session of a proven person; returns its token, which exists nowhere else.

    It slides by ``timeout`` while it is used, and ends for good after the ``longest`` time (never before ``timeout``).
    """
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    repository.insert(
        db,
        token_hash=hash_token(token),
        user_id=user_id,
        provider=provider,
        expires_at=now + timeout,
        ends_at=now + max(longest, timeout),
    )
    return token


def close_session(db: Connection, caller: Principal, doors: Doors) -> None:
    """Ends the caller's session at once, everywhere."""
    if caller.token_hash:
        repository.revoke(db, caller.token_hash)
        doors.forget(caller.token_hash)


def hash_token(token: str) -> bytes:
    """What is stored of a token; 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode("ascii", "replace")).digest()


def _by_session(token_hash: bytes, db: GetConnection, doors: Doors, *, late: bool) -> Principal:
    if late and (known := doors.recall(token_hash)):
        return known
    row = repository.find(db(), token_hash)
    if row is None:
        raise errors.Unauthenticated
    if not row["alive"]:
        doors.forget(token_hash)
        raise errors.TokenExpired
    _slide(db(), token_hash, row, doors.timeout)
    caller = _principal(row, channel=_channel(row), token_hash=token_hash, expires_at=row["expires_at"])
    doors.remember(token_hash, caller)
    return caller


def _channel(row: Row) -> str:
    """Where the person is: in the messenger that has proven them, else in a browser."""
    return row["provider"] if row["provider"] in MESSENGERS else "browser"


def _slide(db: Connection, token_hash: bytes, row: Row, timeout: timedelta) -> None:
    fresh_end = min(datetime.now(UTC) + timeout, row["ends_at"])
    if fresh_end - row["expires_at"] > SLIDE_STEP:
        repository.slide(db, token_hash, fresh_end)


def _by_service_token(token: str, db: GetConnection, doors: Doors) -> Principal:
    claims = read_service_token(token, doors.service_key)
    if "act" not in claims:
        return Principal(
            UUID(int=0), claims["iss"], "ru", frozenset({"service"}), {}, {}, 1, "service", service=claims["iss"]
        )
    try:
        row = repository.find_person(db(), UUID(claims["act"]))
    except ValueError:
        row = None
    if row is None:
        raise errors.Unauthenticated
    return _principal(row, channel=claims.get("channel", "browser"), service=claims["iss"])


def read_service_token(token: str, key: str) -> dict[str, Any]:
    """The claims of a token of our own services; raises ``Unauthenticated`` for anything else."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            audience="core",
            leeway=5,
            options={"require": ["exp", "iat", "aud", "iss", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as broken:
        raise errors.Unauthenticated from broken
    if not _is_sound(claims):
        raise errors.Unauthenticated
    return claims


def _is_sound(claims: dict[str, Any]) -> bool:
    """Exact types and a short life: the library is content with the text "5" where a number is due."""
    if not all(type(claims[name]) in (int, float) for name in ("iat", "exp")):
        return False
    optional = [claims[name] for name in ("act", "channel") if name in claims]
    if not all(isinstance(said, str) and said for said in (claims["iss"], claims["sub"], *optional)):
        return False
    if not _CHANNEL.fullmatch(claims.get("channel", "browser")):
        return False
    return bool(claims["exp"] - claims["iat"] <= SERVICE_TOKEN_LIFE)


def is_own_service(token: str, doors: Doors) -> bool:
    """Whether a call comes through one of our own services; a token once read is trusted until it ends."""
    known = doors.services.get(token)
    if known is None or known < time.time():
        try:
            known = doors.services[token] = float(read_service_token(token, doors.service_key)["exp"])
        except errors.Unauthenticated:
            return False
    return True


def person(db: Connection, user_id: UUID) -> Principal:
    """An active person for whom the house itself acts (seeding, upkeep); raises ``Unauthenticated`` if unknown."""
    row = repository.find_person(db, user_id)
    if row is None:
        raise errors.Unauthenticated
    return _principal(row, channel="service", service="core")


def _principal(row: Row, **proof: Any) -> Principal:
    return Principal(
        user_id=row["user_id"],
        full_name=row["full_name"],
        locale=row["locale"],
        roles=frozenset(row["roles"]),
        profile=row["profile"],
        host_profile=row["host_profile"],
        version=row["version"],
        **proof,
    )
