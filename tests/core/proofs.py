"""Proofs of who is calling, true and forged."""

from __future__ import annotations

import base64
import time
from typing import Any

import jwt
import orjson

#: The key of the core's own services in ``tests/conftest.py``.
SERVICE_KEY = "k" * 40


def claims(**other: Any) -> dict[str, Any]:
    """Claims that the core accepts, but for what the test says; ``None`` leaves one out."""
    now = int(time.time())
    usual = {"iss": "gateway", "sub": "gateway", "aud": "core", "iat": now, "exp": now + 120}
    return {name: value for name, value in (usual | other).items() if value is not None}


def service_token(*, key: str = SERVICE_KEY, **other: Any) -> str:
    """A service token signed by PyJWT, which itself refuses to sign some nonsense."""
    return jwt.encode(claims(**other), key, "HS256")


def raw_token(payload: Any, *, header: Any = None, key: str = SERVICE_KEY) -> str:
    """A token whose parts are exactly these, rightly signed: for claims that no library would write."""
    head = orjson.dumps(header or {"alg": "HS256", "typ": "JWT"})
    body = payload if isinstance(payload, bytes) else orjson.dumps(payload)
    signed = b".".join(map(_base64, (head, body)))
    signature = jwt.get_algorithm_by_name("HS256").sign(signed, key.encode())
    return (signed + b"." + _base64(signature)).decode()


def _base64(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")
