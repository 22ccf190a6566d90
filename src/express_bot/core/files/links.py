"""Links to a file that need no session: whose right it is and until when stands in them, under our seal."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from uuid import UUID

from express_bot.contracts import errors
from express_bot.core import sealed

_SHAPE = struct.Struct(">16s16sI")
_PURPOSE = "express-bot file link"


def make(file_id: UUID, reader: UUID, until: datetime, key: str) -> str:
    """The token of a link: the file, for whom, until when."""
    return sealed.token(_SHAPE.pack(file_id.bytes, reader.bytes, int(until.timestamp())), _PURPOSE, key)


def read(token: str, key: str) -> tuple[UUID, UUID]:
    """The file and its reader; raises ``UnknownFile`` for what we never made, ``LinkExpired`` when its time is over."""
    told = sealed.opened(token, _PURPOSE, key)
    if told is None or len(told) != _SHAPE.size:
        raise errors.UnknownFile
    file_id, reader, until = _SHAPE.unpack(told)
    if datetime.fromtimestamp(until, UTC) <= datetime.now(UTC):
        raise errors.LinkExpired
    return UUID(bytes=file_id), UUID(bytes=reader)
