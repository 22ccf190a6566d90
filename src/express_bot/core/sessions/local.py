"""Local login: argon2, and a brake per account and per source (trust A20)."""

from __future__ import annotations

import math
import time
from functools import cache
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from express_bot.contracts import errors
from express_bot.contracts.users import LocalLogin
from express_bot.core.db.session import Connection, Row
from express_bot.core.users import repository as users

#: Wrong tries per account, and per source address, in five minutes.
PER_ACCOUNT: RateLimitItem = RateLimitItemPerMinute(10, 5, namespace="account")
PER_SOURCE: RateLimitItem = RateLimitItemPerMinute(30, 5, namespace="source")

_hasher = PasswordHasher()


class Attempts:
    """Counts the logins of this process that prove nothing."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._lock = Lock()

    def begin(self, login: str, peer: str) -> None:
        """Counts a try for the account before its password is looked at, so that none slips by beside another one.

        Raises ``TooManyAttempts`` with the seconds to wait.
        """
        with self._lock:
            self._ensure(self._limiter.test(PER_SOURCE, peer), PER_SOURCE, peer)
            self._ensure(self._limiter.hit(PER_ACCOUNT, login), PER_ACCOUNT, login)

    def begin_from(self, peer: str) -> None:
        """The same for a proof that names no account: only its source counts. Raises ``TooManyAttempts``."""
        with self._lock:
            self._ensure(self._limiter.test(PER_SOURCE, peer), PER_SOURCE, peer)

    def _ensure(self, has_room: bool, limit: RateLimitItem, whose: str) -> None:
        if not has_room:
            reset, _ = self._limiter.get_window_stats(limit, whose)
            raise errors.TooManyAttempts(retry_after=max(1, math.ceil(reset - time.time())))

    def fail(self, peer: str) -> None:
        """The try was wrong. People behind one address who sign in rightly do not stop each other."""
        with self._lock:
            self._limiter.hit(PER_SOURCE, peer)

    def succeed(self, login: str) -> None:
        """The right password makes the mistakes before it forgotten."""
        with self._lock:
            self._limiter.clear(PER_ACCOUNT, login)


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher.hash(password)


def normalised(login: str) -> str:
    """Logins differ by letters, not by case or blanks."""
    return login.strip().casefold()


def prove(db: Connection, attempts: Attempts, proof: LocalLogin, *, peer: str) -> Row | None:
    """The person behind login and password, or ``None``; an unknown login takes as long as a wrong password."""
    login = normalised(proof.login)
    attempts.begin(login, peer)
    user = users.find_by_identity(db, "local", login)
    if not _matches(user["secret_hash"] if user else None, proof.password):
        attempts.fail(peer)
        return None
    attempts.succeed(login)
    return user


def _matches(secret_hash: str | None, password: str) -> bool:
    try:
        return _hasher.verify(secret_hash or _nobodys_hash(), password) and secret_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("a password that nobody has")
