"""Proofs of the eXpress server, and tokens of any parts whatever."""

from __future__ import annotations

import base64
import hmac
import json
import time
from typing import Any

BOT = "0b5c1f5e-93ab-5d0c-8a7e-6f1d2c3b4a50"
OTHER_BOT = "1c6d2060-a4bc-5e1d-9b8f-702e3d4c5b61"
SECRET = "s3cret-of-the-tests-0123456789-abcdefghijkl"
#: The one before, while the secret is being changed.
OLD_SECRET = "the-secret-before-0123456789-abcdefghijklmn"
HOST = "cts.example"
NOW = 1_795_000_000
LIFETIME = 120
HEADER: dict[str, Any] = {"alg": "HS256", "typ": "JWT"}


def claims(version: int = 2, /, **other: Any) -> dict[str, Any]:
    """Claims that prove the server now, but for what the test says; ``...`` leaves one out."""
    now = int(time.time())
    usual = {"iat": now, "nbf": now, "exp": now + 60, "jti": "24-hex"}
    parties = {"iss": BOT, "aud": HOST, "version": 2} if version == 2 else {"iss": HOST, "aud": [BOT]}
    return {name: value for name, value in (usual | parties | other).items() if value is not ...}


def proof(version: int = 2, /, **other: Any) -> bytes:
    """The value of an ``Authorization`` header."""
    return bearer(token(claims(version, **other)))


def true_proof(version: int = 2) -> bytes:
    """The proof of a server on this machine."""
    return proof(2, aud="localhost") if version == 2 else proof(1, iss="localhost")


def bearer(signed: bytes) -> bytes:
    return b"Bearer " + signed


def token(payload: Any, *, header: Any = HEADER, key: str = SECRET, algorithm: str = "sha256") -> bytes:
    """A token of exactly these parts, rightly signed; bytes are taken as they are."""
    head, body = (part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload))
    signed = b".".join(map(encoded, (head, body)))
    return signed + b"." + encoded(hmac.new(key.encode(), signed, algorithm).digest())


def encoded(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")
