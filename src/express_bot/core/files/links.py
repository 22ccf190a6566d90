"""Links to a file that need no session: whose right it is and until when stands in them, under our seal."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from datetime import UTC, datetime
from uuid import UUID

from express_bot.contracts import errors

_SHAPE = struct.Struct(">16s16sI")
_SEAL = 24


def make(file_id: UUID, reader: UUID, until: datetime, key: str) -> str:
    """The token of a link: the file, for whom, until when."""
    told = _SHAPE.pack(file_id.bytes, reader.bytes, int(until.timestamp()))
    return base64.urlsafe_b64encode(told + _seal(told, key)).decode().rstrip("=")


def read(token: str, key: str) -> tuple[UUID, UUID]:
    """The file and its reader; raises ``UnknownFile`` for what we never made, ``LinkExpired`` when its time is over."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise errors.UnknownFile from None
    told, seal = raw[: _SHAPE.size], raw[_SHAPE.size :]
    if len(told) != _SHAPE.size or not hmac.compare_digest(seal, _seal(told, key)):
        raise errors.UnknownFile
    file_id, reader, until = _SHAPE.unpack(told)
    if datetime.fromtimestamp(until, UTC) <= datetime.now(UTC):
        raise errors.LinkExpired
    return UUID(bytes=file_id), UUID(bytes=reader)


def _seal(told: bytes, key: str) -> bytes:
    """A seal of its own purpose: no other signature of the same key fits here."""
    return hmac.digest(key.encode(), b"express-bot file link\0" + told, hashlib.sha256)[:_SEAL]
