"""File Storage: how bytes become a file that may be attached.

The order is always the same: first the bytes, durable, then the row's word that they are there. So a file that is
``ready`` has its bytes, whatever was killed when; and bytes without a row are nobody's. An upload in parts has a row
from the beginning, one in one go when all of it has been judged.

Uploads hold no connection to the database while bytes flow: ``Desk.db`` gives one when it is needed, ``Desk.let_go``
gives it back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from express_bot.contracts import errors
from express_bot.contracts.files import MAX_FILE_BYTES
from express_bot.core.db.session import Connection, Row
from express_bot.core.files import kinds, repository
from express_bot.core.files.hearing import Hearing, Verdict
from express_bot.core.files.house import Files
from express_bot.core.files.store import Spare, Work
from express_bot.core.sessions.principal import Principal

#: Refused and ended tries count, too, this much more generously.
TRIES = 5
#: So often a row is written down anew when what stood against it has gone meanwhile.
ATTEMPTS = 3


@dataclass(frozen=True)
class Desk:
    """The circumstances of one upload."""

    principal: Callable[[], Principal]
    renew: Callable[[], Principal]
    """Proves the caller anew; raises when the session has ended, or the right is gone."""
    files: Files
    db: Callable[[], Connection]
    let_go: Callable[[], None]
    key: str = ""

    @property
    def caller(self) -> Principal:
        """Who uploads, as last proven."""
        return self.principal()


@dataclass(frozen=True)
class Announced:
    """What the headers of an upload in one go say of it."""

    name: str
    type: str
    size: int | None
    sha256: bytes | None


def ensure_sane(size: int | None) -> None:
    """Raises ``FileEmpty`` or ``FileTooLarge`` for what is announced, before anything has come."""
    if size == 0:
        raise errors.FileEmpty
    if size is not None and size > MAX_FILE_BYTES:
        raise errors.FileTooLarge(limit=MAX_FILE_BYTES, mb=MAX_FILE_BYTES >> 20)


def ensure_same(sha256: bytes, announced: bytes | None) -> None:
    """Raises ``FileDamaged`` for another sum than the one that was announced."""
    if announced is not None and announced != sha256:
        raise errors.FileDamaged


def new_row(desk: Desk, told: Announced, *, in_parts: bool, digest: bytes | None = None) -> dict[str, Any]:
    """What a new row says before anything has arrived."""
    return {
        "id": uuid4(),
        "owner_id": desk.caller.user_id,
        "name": kinds.plain_name(told.name),
        "type": told.type[:127],
        "size": told.size,
        "received": 0,
        "announced_sha256": told.sha256,
        "sha256": None,
        "kept_sha256": None,
        "object": None,
        "state": "uploading" if in_parts else "checking",
        "in_parts": in_parts,
        "channel": desk.caller.channel,
        "client_key": desk.key,
        "client_digest": digest,
    }


def made_or_known(
    desk: Desk, values: dict[str, Any], insert: Callable[[dict[str, Any]], Row | None]
) -> tuple[Row, bool]:
    """The new row, or the one that this key has made before, and which of them it is. Raises what stands against it."""
    limits = {"most_bytes": desk.files.quota, "most_loose": desk.files.loose, "most_tried": desk.files.loose * TRIES}
    for _ in range(ATTEMPTS):
        caller = desk.caller
        made = insert(values | limits | {"token_hash": caller.token_hash, "user_version": caller.version})
        if made is not None:
            return made, True
        found = repository.find_by_key(desk.db(), caller, desk.key)
        if not found["unchanged"]:
            desk.renew()
        elif found["id"] is not None:
            return found, False
        else:
            _ensure_room(desk, found, values["size"])
    raise errors.StorageUnavailable  # whatever stands against it has just gone each time


def _ensure_room(desk: Desk, used: Row, size: int) -> None:
    if used["loose"] >= desk.files.loose or used["tried"] >= desk.files.loose * TRIES:
        raise errors.TooManyFiles(limit=desk.files.loose)
    if used["kept_bytes"] + size > desk.files.quota:
        raise errors.QuotaExceeded(limit=desk.files.quota, mb=desk.files.quota >> 20)


def verdict_of(files: Files, hearing: Hearing, work: Work, size: int) -> Verdict | None:
    """What a harmless file is, whatever is kept of it; ``None`` while the scanner is away. Raises the refusal."""
    verdict = hearing.verdict(size)
    said = files.scanner.scan(work.file)
    if said == "infected":
        raise errors.FileInfected
    return verdict if said == "clean" else None


def kept_of(verdict: Verdict | None, work: Work, bare: Spare) -> Work:
    """Which bytes are kept: those that came, or of a picture those without notes."""
    return bare.work if verdict and verdict.stripped and bare.work is not None else work


def once_judged(kept: Work, stored_as: str, row: Row, verdict: Verdict) -> dict[str, Any]:
    """What the row says of bytes that are kept, and where they are."""
    size, digest = (kept.size(), _sum(kept)) if verdict.stripped else (row["received"], row["sha256"])
    return {
        "state": "ready",
        "name": kinds.fitting_name(row["name"], verdict.kind),
        "type": verdict.kind,
        "size": size,
        "received": row["received"],
        "sha256": row["sha256"],
        "kept_sha256": digest,
        "object": stored_as,
    }


def _sum(work: Work) -> bytes:
    work.file.seek(0)
    return hashlib.file_digest(work.file, "sha256").digest()  # type: ignore[arg-type]  # unbuffered, as it may be
