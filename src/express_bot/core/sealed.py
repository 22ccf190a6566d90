"""Tokens that carry what they are about under our seal: for addresses opened where no session can be sent along.

Whoever holds one may read it and can change nothing in it; ``purpose`` keeps a token of one door from fitting another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

_SEAL = 24


def token(told: bytes, purpose: str, key: str) -> str:
    """``told`` and its seal, as a part of an address."""
    return base64.urlsafe_b64encode(told + _seal(told, purpose, key)).decode().rstrip("=")


def opened(token: str, purpose: str, key: str) -> bytes | None:
    """What the token carries; none for what we never made."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    told, seal = raw[:-_SEAL], raw[-_SEAL:]
    return told if hmac.compare_digest(seal, _seal(told, purpose, key)) else None


def _seal(told: bytes, purpose: str, key: str) -> bytes:
    """A seal of its own purpose: no other signature of the same key fits here."""
    return hmac.digest(key.encode(), purpose.encode() + b"\0" + told, hashlib.sha256)[:_SEAL]
