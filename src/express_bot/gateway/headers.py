"""What of a call's headers travels on to the core, and what comes back (trust §2.3 A18).

Nobody outside can say who they are by a header: everything that claims an identity or an address is taken away, and
the true peer is added together with the gateway's token, so the core believes it only from us.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import lru_cache

from starlette.types import Scope

RawHeaders = Iterable[tuple[bytes, bytes]]

#: RFC 9110 §7.6.1: these speak about one connection, not about the call.
HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
#: Set anew by us: who asks whom, how long the body is, which call it is.
OURS = frozenset({b"host", b"content-length", b"expect", b"x-request-id"})
IDENTITY = frozenset({b"forwarded", b"via", b"x-real-ip", b"true-client-ip", b"x-client-ip", b"x-cluster-client-ip"})
IDENTITY_PREFIXES = (b"x-peer-", b"x-gateway-", b"x-acting-", b"x-forwarded-", b"x-original-", b"cf-", b"x-user-")
NOT_FOR_THE_CORE = HOP_BY_HOP | OURS | IDENTITY

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")


def request_id_of(scope: Scope) -> bytes:
    """The caller's own id of the call if it has an honest shape (it goes into logs), else a fresh one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return bytes(value)
    return os.urandom(12).hex().encode()


def header(scope: Scope, wanted: bytes) -> bytes | None:
    """The first value of a header."""
    for name, value in scope["headers"]:
        if name == wanted:
            return bytes(value)
    return None


def for_the_core(headers: RawHeaders) -> list[tuple[str, str]]:
    """The caller's headers that the core may read."""
    named = _named_by_connection(headers)
    return [
        (wanted, _as_text(value))
        for name, value in headers
        if (wanted := _name_for_the_core(name)) is not None and name not in named
    ]


def from_the_core(headers: RawHeaders, ours: frozenset[bytes]) -> list[tuple[bytes, bytes]]:
    """The core's headers that the caller may read, without those the gateway sets itself."""
    lowered = [(name.lower(), value) for name, value in headers]
    return [(name, value) for name, value in lowered if name not in HOP_BY_HOP and name not in ours]


@lru_cache(maxsize=512)
def _name_for_the_core(name: bytes) -> str | None:
    """The name as it travels on, or ``None``; callers use the same few, so the verdicts are remembered."""
    # An underscore becomes a dash's twin on its way into WSGI, so X_Peer_Address would pass for X-Peer-Address.
    if name in NOT_FOR_THE_CORE or name.startswith(IDENTITY_PREFIXES) or b"_" in name:
        return None
    return name.decode("latin-1")


def _named_by_connection(headers: RawHeaders) -> frozenset[bytes]:
    values = [value for name, value in headers if name == b"connection"]
    if not values:
        return frozenset()
    return frozenset(token.strip().lower() for value in values for token in value.split(b","))


def _as_text(value: bytes) -> str:
    """Text that the client library turns back into the same bytes; bytes that are no UTF-8 are read as Latin-1."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
