"""``multipart/form-data`` as the bot's library sends it, without a library for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from express_bot.emulator.botx.door import Call, malformed


@dataclass(frozen=True)
class Part:
    """One part of a form."""

    name: str
    filename: str
    mime: str
    body: bytes


def parts(call: Call) -> dict[str, Part]:
    """The parts by name; raises ``BotxError``."""
    boundary = re.search(r'boundary="?([^";]+)"?', call.request.headers.get("content-type", ""))
    if boundary is None:
        raise malformed("multipart")
    pieces = call.body.split(b"--" + boundary[1].encode())[1:-1]
    return {part.name: part for part in map(_part, pieces)}


def _part(piece: bytes) -> Part:
    head, _, body = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    headers = head.decode("utf-8", "replace")
    return Part(
        name=_parameter(headers, "name"),
        filename=_parameter(headers, "filename"),
        mime=_found(r"(?im)^content-type:\s*([^\r\n;]+)", headers),
        body=body.removesuffix(b"\r\n"),
    )


def _parameter(headers: str, name: str) -> str:
    return _found(rf'(?i)[;\s]{name}="((?:[^"\\]|\\.)*)"', headers)


def _found(pattern: str, headers: str) -> str:
    found = re.search(pattern, headers)
    return found[1].strip() if found else ""
