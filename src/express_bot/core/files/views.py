"""Files as the doors see them (``contracts.files``)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from express_bot.contracts.files import PART_SIZE
from express_bot.core.db.session import Row


def file(row: Row) -> dict[str, Any]:
    """One file."""
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "size": row["size"],
        "type": row["type"],
        "sha256": row["sha256"].hex() if row["sha256"] else "",
        "state": row["state"],
        "received": row["received"],
        "created_at": row["created_at"],
        "reason": row["reason"],
    }


def upload(row: Row) -> dict[str, Any]:
    """Where an upload in parts stands; with its file once nothing is missing."""
    return {
        "id": str(row["id"]),
        "offset": row["received"],
        "size": row["size"] if row["state"] == "uploading" else row["received"],
        "part_size": PART_SIZE,
        "state": row["state"],
        "file": None if row["state"] == "uploading" else file(row),
    }


def disposition(name: str) -> str:
    """«Save as», in words of any language (RFC 6266, RFC 8187)."""
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\%' else "_" for letter in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
