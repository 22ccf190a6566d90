"""Proof that a call comes from our eXpress server: a strict reading of its token (trust §1.1, §4.3).

The library believes tokens without an end, from 1970, after any scheme word, and stumbles over odd types. This verifier
asks for every claim in its exact type, for a short life, and says nothing but no to everything else.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn
from urllib.parse import urlsplit

import jwt

from express_bot.settings import Settings, reveal

#: By which secret a call was proven.
Proof = Literal["new", "old"]
Claims = dict[str, Any]

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
    """Knows the one bot, the one server and their secret; while it is being changed, also the one before."""

    bot_id: str
    host: str
    secret: str = field(repr=False)
    lifetime: int
    clock: Callable[[], float] = time.time
    old_secret: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Verifier:
        """For the configured bot account."""
        return cls(
            settings.express_bot_id or "",
            urlsplit(settings.cts_url).hostname or "",
            reveal(settings.express_secret_key) or "",
            settings.express_proof_lifetime,
            old_secret=reveal(settings.express_secret_key_old),
        )

    def __post_init__(self) -> None:
        """An empty name or secret would be anybody's."""
        if not (self.bot_id and self.host and self.secret):
            raise ValueError("a verifier needs a bot, a host and a secret")

    def verify(self, authorization: Sequence[bytes]) -> Proof:
        """Raises ``Unverified`` unless exactly one header of this name proves our server; says by which secret."""
        try:
            claims, proof = self._claims(_token(authorization))
            self._judge(claims)
        except Unverified:
            raise
        except Exception as broken:  # whatever a stranger's token breaks, the answer is the same no
            raise Unverified("malformed") from broken
        return proof

    def _claims(self, token: str) -> tuple[Claims, Proof]:
        """What the token says, after its header and signature were found good.

        Every secret is tried, whichever fits: how long that takes does not tell.
        The library refuses critical extensions, detached payloads and second writings of the same bytes itself.
        """
        header = jwt.get_unverified_header(token)
        if header.get("alg") != "HS256" or header.get("typ", "JWT") != "JWT":
            _refuse("header")
        tried = [(_signed(token, secret), proof) for proof, secret in self._secrets.items()]
        return next(((claims, proof) for claims, proof in tried if claims is not None), None) or _refuse("signature")

    @property
    def _secrets(self) -> dict[Proof, str]:
        known: dict[Proof, str | None] = {"new": self.secret, "old": self.old_secret}
        return {proof: secret for proof, secret in known.items() if secret}

    def _judge(self, claims: Claims) -> None:
        self._ensure_in_time(claims)
        if not (self._is_first(claims) or self._is_second(claims)):
            _refuse("parties")
        if "jti" in claims and not isinstance(claims["jti"], str):
            _refuse("jti")

    def _ensure_in_time(self, claims: Claims) -> None:
        now, issued, ends = self.clock(), _moment(claims, "iat"), _moment(claims, "exp")
        if not issued < ends <= issued + self.lifetime:
            _refuse("lifetime")
        if not issued - LEEWAY <= now < ends + LEEWAY:
            _refuse("time")
        if "nbf" in claims and _moment(claims, "nbf") > now + LEEWAY:
            _refuse("time")

    def _is_first(self, claims: Claims) -> bool:
        """Version 1: the server speaks to the bot."""
        audience = claims.get("aud")
        return "version" not in claims and _is(claims.get("iss"), self.host) and audience == [self.bot_id]

    def _is_second(self, claims: Claims) -> bool:
        """Version 2: named by the bot, meant for the server's host."""
        version = claims.get("version", 2)
        parties = _is(claims.get("iss"), self.bot_id) and _is(claims.get("aud"), self.host)
        return parties and type(version) is int and version == 2


def _signed(token: str, secret: str) -> Claims | None:
    """What the token says if this secret has signed it; compared in constant time by the library."""
    try:
        claims: Claims = jwt.decode(token, secret, algorithms=["HS256"], options=_SIGNATURE_ONLY)
    except jwt.InvalidSignatureError:
        return None
    return claims


def _token(authorization: Sequence[bytes]) -> str:
    if len(authorization) != 1 or len(authorization[0]) > MAX_TOKEN:
        _refuse("no single header")
    found = _BEARER.fullmatch(authorization[0])
    if found is None:
        _refuse("no bearer token")
    return found[1].decode()


def _moment(claims: Claims, name: str) -> int:
    """A required moment in whole seconds; true, "5" and 5.0 are none."""
    moment = claims.get(name)
    if type(moment) is not int:
        _refuse(name)
    return moment


def _is(said: Any, wanted: str) -> bool:
    return isinstance(said, str) and said == wanted


def _refuse(reason: str) -> NoReturn:
    raise Unverified(reason)
