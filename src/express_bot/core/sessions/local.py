"""Local login: argon2, and a brake per account and per source (trust A20)."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from express_bot.contracts import errors
from express_bot.contracts.users import LocalLogin
from express_bot.core.db.session import Connection, Row
from express_bot.core.rates import Rates
from express_bot.core.users import repository as users

_hasher = PasswordHasher()


class Attempts:
    """Counts the logins that prove nothing, per account and per source address."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates

    def begin(self, login: str, peer: str) -> None:
        """Counts a try for the account before its password is looked at, so that none slips by beside another one.

        Raises ``TooManyAttempts`` with the seconds to wait.
        """
        self.begin_from(peer)
        self._rates.ensure("account", login, errors.TooManyAttempts)

    def begin_from(self, peer: str) -> None:
        """The same for a proof that names no account: only its source counts. Raises ``TooManyAttempts``."""
        self._rates.ensure_room("source", peer, errors.TooManyAttempts)

    def fail(self, peer: str) -> None:
        """The try was wrong. People behind one address who sign in rightly do not stop each other."""
        self._rates.count("source", peer)

    def succeed(self, login: str) -> None:
        """The right password makes the mistakes before it forgotten."""
        self._rates.forget("account", login)


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
