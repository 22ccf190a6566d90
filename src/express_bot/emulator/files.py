"""The file service: what was sent through chats and the SmartApp, as long as there is room for it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID, uuid4

CHUNK = 2 << 20
MAX_FILE = 100 << 20
ROOM = 64 << 20
MAX_COUNT = 200
FileKind = Literal["image", "video", "document", "voice"]


@dataclass(frozen=True)
class StoredFile:
    """A file; one that was only made up to be big has a size and no content."""

    id: UUID
    chat_id: UUID
    name: str
    mime: str
    size: int
    content: bytes
    duration: int | None = None
    caption: str | None = None

    @property
    def kind(self) -> FileKind:
        return kind_of(self.mime)

    def chunks(self) -> Iterator[bytes]:
        """The content piece by piece; zeros where there is none."""
        for start in range(0, self.size, CHUNK):
            piece = min(CHUNK, self.size - start)
            yield self.content[start : start + piece] or bytes(piece)

    def view(self, origin: str = "") -> dict[str, Any]:
        """The asynchronous file object of the protocol."""
        return {
            "type": self.kind,
            "file": f"{origin}/emulator/files/{self.id}",
            "file_mime_type": self.mime,
            "file_id": str(self.id),
            "file_name": self.name,
            "file_size": self.size,
            "file_hash": base64.b64encode(hashlib.sha256(self.content).digest()).decode(),
            "file_preview": None,
            "file_preview_height": None,
            "file_preview_width": None,
            "file_encryption_algo": "stream",
            "chunk_size": CHUNK,
            "caption": self.caption,
            "duration": self.duration or (0 if self.kind in ("video", "voice") else None),
        }


class Files:
    """By id; the oldest go when there are too many or too much."""

    def __init__(self) -> None:
        self._files: dict[UUID, StoredFile] = {}

    def add(self, chat_id: UUID, name: str, content: bytes, mime: str = "", **more: Any) -> StoredFile:
        """Keep a file."""
        size = more.pop("size", len(content))
        file = StoredFile(uuid4(), chat_id, name or "file", mime or mime_of(name), size, content, **more)
        self._files[file.id] = file
        self._make_room()
        return file

    def add_data_url(self, chat_id: UUID, name: str, data: str) -> StoredFile:
        """Keep a file that came inside a message; raises ``ValueError``."""
        mime, content = parse_data_url(data)
        return self.add(chat_id, name, content, mime)

    def get(self, file_id: UUID) -> StoredFile | None:
        return self._files.get(file_id)

    def _make_room(self) -> None:
        while len(self._files) > MAX_COUNT or sum(len(file.content) for file in self._files.values()) > ROOM:
            if len(self._files) == 1:
                return
            self._files.pop(next(iter(self._files)))


def parse_data_url(data: str) -> tuple[str, bytes]:
    """Type and content of ``data:…;base64,…`` (RFC 2397); raises ``ValueError``."""
    head, comma, body = data.partition(",")
    if not comma or not head.startswith("data:"):
        raise ValueError(data[:20])
    mime, *options = head.removeprefix("data:").split(";")
    if "base64" not in options:
        raise ValueError(head)
    try:
        return mime or "text/plain", base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise ValueError(head) from error


def mime_of(name: str) -> str:
    return mimetypes.guess_type(name, strict=False)[0] or "application/octet-stream"


def kind_of(mime: str) -> FileKind:
    """How the messenger shows a type."""
    kinds: dict[str, FileKind] = {"image": "image", "video": "video", "audio": "voice"}
    return kinds.get(mime.partition("/")[0], "document")
