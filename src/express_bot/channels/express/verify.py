"""Proof that a call comes from our eXpress server: a strict reading of its token (trust §1.1, §4.3).

The library believes tokens without an end, from 1970, after any scheme word, and stumbles over odd types. This verifier
asks for every claim in its exact type, for a short life, and says nothing but no to everything else.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import urlsplit

import jwt

from express_bot.settings import Settings, reveal

LEEWAY = 5
MAX_TOKEN = 4096
_BEARER = re.compile(rb"Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)")
#: The library proves the signature alone; what the claims must be is said below, in exact types.
_SIGNATURE_ONLY: Any = {
    "verify_signature": True,
    **dict.fromkeys(("verify_exp", "verify_nbf", "verify_iat", "verify_aud", "verify_iss"), False),
    **dict.fromkeys(("verify_sub", "verify_jti"), False),
}


class Unverified(Exception):
    """Nothing proves that our server calls. The reason is for our log, never for the caller."""


@dataclass(frozen=True)
class Verifier:
    """Knows the one bot, the one server and their secret."""

    bot_id: str
    host: str
    secret: str = field(repr=False)
    lifetime: int
    clock: Callable[[], float] = time.time

    @classmethod
    def of(cls, settings: Settings) -> Verifier:
        """For the configured bot account."""
        bot_id, secret = settings.express_bot_id or "", reveal(settings.express_secret_key) or ""
        return cls(bot_id, urlsplit(settings.cts_url).hostname or "", secret, settings.express_proof_lifetime)

    def __post_init__(self) -> None:
        """An empty name or secret would be anybody's."""
        if not (self.bot_id and self.host and self.secret):
            raise ValueError("a verifier needs a bot, a host and a secret")

    def verify(self, authorization: Sequence[bytes]) -> None:
        """Raises ``Unverified`` unless exactly one header of this name proves our server."""
        try:
            self._judge(self._claims(_token(authorization)))
        except Unverified:
            raise
        except Exception as broken:  # whatever a stranger's token breaks, the answer is the same no
            raise Unverified("malformed") from broken

    def _claims(self, token: str) -> dict[str, Any]:
        """What the token says, after its header and signature were found good.

        The library refuses critical extensions, detached payloads and second writings of the same bytes itself.
        """
        header = jwt.get_unverified_header(token)
        if header.get("alg") != "HS256" or header.get("typ", "JWT") != "JWT":
            _refuse("header")
        claims: dict[str, Any] = jwt.decode(token, self.secret, algorithms=["HS256"], options=_SIGNATURE_ONLY)
        return claims

    def _judge(self, claims: dict[str, Any]) -> None:
        self._ensure_in_time(claims)
        if not (self._is_first(claims) or self._is_second(claims)):
            _refuse("parties")
        if "jti" in claims and not isinstance(claims["jti"], str):
            _refuse("jti")

    def _ensure_in_time(self, claims: dict[str, Any]) -> None:
        now, issued, ends = self.clock(), _moment(claims, "iat"), _moment(claims, "exp")
        if not issued < ends <= issued + self.lifetime:
            _refuse("lifetime")
        if not issued - LEEWAY <= now < ends + LEEWAY:
            _refuse("time")
        if "nbf" in claims and _moment(claims, "nbf") > now + LEEWAY:
            _refuse("time")

    def _is_first(self, claims: dict[str, Any]) -> bool:
        """Version 1: the server speaks to the bot."""
        audience = claims.get("aud")
        return "version" not in claims and _is(claims.get("iss"), self.host) and audience == [self.bot_id]

    def _is_second(self, claims: dict[str, Any]) -> bool:
        """Version 2: named by the bot, meant for the server's host."""
        version = claims.get("version", 2)
        parties = _is(claims.get("iss"), self.bot_id) and _is(claims.get("aud"), self.host)
        return parties and type(version) is int and version == 2


def _token(authorization: Sequence[bytes]) -> str:
    if len(authorization) != 1 or len(authorization[0]) > MAX_TOKEN:
        _refuse("no single header")
    found = _BEARER.fullmatch(authorization[0])
    if found is None:
        _refuse("no bearer token")
    return found[1].decode()


def _moment(claims: dict[str, Any], name: str) -> int:
    """A required moment in whole seconds; true, "5" and 5.0 are none."""
    moment = claims.get(name)
    if type(moment) is not int:
        _refuse(name)
    return moment


def _is(said: Any, wanted: str) -> bool:
    return isinstance(said, str) and said == wanted


def _refuse(reason: str) -> NoReturn:
    raise Unverified(reason)
