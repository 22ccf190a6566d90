"""Local login: argon2, and a brake per account and per source (trust A20)."""

from __future__ import annotations

import math
import time
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from express_bot.contracts import errors
from express_bot.contracts.users import LocalLogin
from express_bot.core.db.session import Connection, Row
from express_bot.core.users import repository as users

#: Ten wrong tries per account, and per source address, in five minutes.
PER_ACCOUNT: RateLimitItem = RateLimitItemPerMinute(10, 5)
PER_SOURCE: RateLimitItem = RateLimitItemPerMinute(30, 5)

_hasher = PasswordHasher()


class Attempts:
    """Counts wrong logins of this process."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def ensure_allowed(self, login: str, peer: str) -> None:
        """Raises ``TooManyAttempts`` with the seconds to wait."""
        for limit, key in self._keys(login, peer):
            if not self._limiter.test(limit, key):
                reset, _ = self._limiter.get_window_stats(limit, key)
                raise errors.TooManyAttempts(retry_after=max(1, math.ceil(reset - time.time())))

    def count_failure(self, login: str, peer: str) -> None:
        for limit, key in self._keys(login, peer):
            self._limiter.hit(limit, key)

    @staticmethod
    def _keys(login: str, peer: str) -> tuple[tuple[RateLimitItem, str], ...]:
        return (PER_ACCOUNT, f"account:{login}"), (PER_SOURCE, f"source:{peer}")


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher.hash(password)


def normalised(login: str) -> str:
    """Logins differ by letters, not by case or blanks."""
    return login.strip().casefold()


def prove(db: Connection, attempts: Attempts, proof: LocalLogin, *, peer: str) -> Row | None:
    """The person behind login and password, or ``None``; an unknown login takes as long as a wrong password."""
    login = normalised(proof.login)
    attempts.ensure_allowed(login, peer)
    user = users.find_by_identity(db, "local", login)
    if not _matches(user["secret_hash"] if user else None, proof.password):
        attempts.count_failure(login, peer)
        return None
    return user


def _matches(secret_hash: str | None, password: str) -> bool:
    try:
        return _hasher.verify(secret_hash or _nobodys_hash(), password) and secret_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("a password that nobody has")
