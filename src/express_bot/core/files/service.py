"""File Storage: how bytes become a file that may be attached.

The order is always the same. The row comes first, then the bytes, durable, then the row's word that they are there. So
a file that is ``ready`` has its bytes, whatever was killed when; and bytes without a row are nobody's.

Uploads hold no connection to the database while bytes flow: ``Desk.db`` gives one when it is needed, ``Desk.let_go``
gives it back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import orjson

from express_bot.contracts import errors
from express_bot.contracts.files import MAX_FILE_BYTES, PART_SIZE, NewUpload
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Connection, Row
from express_bot.core.files import access, kinds, repository
from express_bot.core.files.house import Files
from express_bot.core.files.judge import Hearing, Verdict
from express_bot.core.files.receiving import PATIENCE, Read, Received, receive
from express_bot.core.files.store import KEPT, PARTS, Work, random_name
from express_bot.core.sessions.principal import Principal

#: Refused and ended tries count, too, this much more generously.
TRIES = 5


@dataclass(frozen=True)
class Desk:
    """The circumstances of one upload."""

    caller: Principal
    files: Files
    db: Callable[[], Connection]
    let_go: Callable[[], None]
    key: str = ""


@dataclass(frozen=True)
class Announced:
    """What the headers of an upload in one go say of it."""

    name: str
    type: str
    size: int | None
    sha256: bytes | None


# ── In one go ────────────────────────────────────────────────────────────────────────────────────────────────────────


def upload(desk: Desk, told: Announced, read: Read) -> tuple[Row, bool]:
    """Takes a whole file in; returns its row and whether the same call had been answered before.

    Raises ``FileEmpty``, ``FileTooLarge``, ``QuotaExceeded``, ``TooManyFiles``, ``FileDamaged``, ``FileTypeRefused``,
    ``FileBomb``, ``FileInfected``, ``IdempotencyKeyReused``, ``StorageUnavailable``; then nothing of it stays.
    """
    _ensure_sane(told.size)
    row = _begin(desk, told, in_parts=False)
    if row["in_parts"]:
        raise errors.IdempotencyKeyReused
    desk.let_go()
    with desk.files.seat():
        if row["state"] != "uploading":
            return _same_again(row, told, read), True
        try:
            return _take_whole(desk, row, told, read), False
        except errors.UnknownFile as gone:  # an earlier try of this call has just given up, and its row went with it
            raise errors.StorageUnavailable from gone
        except errors.AppError:
            repository.forget_unfinished(desk.db(), row["id"])
            raise


def _same_again(row: Row, told: Announced, read: Read) -> Row:
    """The answer of before, if these are the bytes of before."""
    received = receive(read, None, announced=told.size, limit=MAX_FILE_BYTES)
    if received.sha256 != row["sha256"]:
        raise errors.IdempotencyKeyReused
    return row


def _take_whole(desk: Desk, row: Row, told: Announced, read: Read) -> Row:
    with (
        desk.files.store.work() as work,
        desk.files.store.work() as bare,
        desk.files.judge.hearing(work.file, bare.file, size=told.size) as hearing,
    ):
        received = receive(read, work, announced=told.size, limit=MAX_FILE_BYTES, arrived=hearing.arrived)
        if received.size and told.size is None and told.sha256 is None:
            # a body that broke off would look like a short whole one
            raise errors.InvalidBody(errors=[errors.FieldError("Content-Length", "required")])
        _ensure_honest(received, told.sha256)
        verdict = _judge(desk.files, hearing, work, received)
        if verdict is None:
            return _let_wait(desk, row, work, received)
        return _keep(desk, row, bare if verdict.stripped else work, received, verdict)


def _ensure_honest(received: Received, announced: bytes | None) -> None:
    if not received.whole:
        raise errors.FileDamaged
    if received.size == 0:
        raise errors.FileEmpty
    if announced is not None and announced != received.sha256:
        raise errors.FileDamaged


def _let_wait(desk: Desk, row: Row, work: Work, received: Received) -> Row:
    """The scanner is away: the bytes are safe, the answer comes later."""
    name = random_name(PARTS)
    desk.files.store.keep(work, name)
    db = desk.db()
    with db.transaction():
        waiting = repository.put_whole(db, row["id"], size=received.size, sha256=received.sha256, stored_as=name)
        if waiting is not None:
            audit.record(db, desk.caller, "file.upload", "file", str(row["id"]))
            return waiting
    return _present(db, row["id"])


def _keep(desk: Desk, row: Row, kept: Work, received: Received, verdict: Verdict) -> Row:
    values = _store(desk.files, kept, row, received, verdict)
    db = desk.db()
    with db.transaction():
        ready = repository.make_ready(db, row["id"], values, before="uploading")
        if ready is not None:
            audit.record(db, desk.caller, "file.upload", "file", str(row["id"]), {"type": verdict.kind})
            return ready
    desk.files.store.delete(values["object"])
    return _present(db, row["id"])


def _present(db: Connection, file_id: UUID) -> Row:
    """The row as another call has left it."""
    row = repository.find(db, file_id)
    if row is None:
        raise errors.UnknownFile
    return row


# ── In parts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def begin(desk: Desk, body: NewUpload) -> tuple[Row, bool]:
    """Announces an upload in parts; returns its row and whether it had been announced before with this key.

    Raises ``FileEmpty``, ``FileTooLarge``, ``QuotaExceeded``, ``TooManyFiles``, ``IdempotencyKeyReused``.
    """
    _ensure_sane(body.size)
    digest = hashlib.sha256(orjson.dumps(body.model_dump(), option=orjson.OPT_SORT_KEYS)).digest()
    announced = bytes.fromhex(body.sha256) if body.sha256 else None
    told = Announced(body.name, body.type, body.size, announced)
    row = _begin(desk, told, in_parts=True, digest=digest)
    if row["client_digest"] != digest:
        raise errors.IdempotencyKeyReused
    return row, row["received"] > 0 or row["state"] != "uploading"


def take_part(desk: Desk, file_id: UUID, offset: int, announced: int | None, read: Read) -> Row:
    """Takes the next part in, or as much of it as comes; the last one is followed by the verdict.

    Raises ``UnknownFile``, ``WrongOffset``, ``BodyTooLarge``, ``StorageUnavailable``.
    """
    row = own_upload(desk.db(), desk.caller, file_id)
    if row["state"] == "uploading":
        _ensure_place(row, offset)
        limit = min(PART_SIZE, row["size"] - offset)
        if announced is not None and announced > limit:
            raise errors.BodyTooLarge(limit=limit)
        desk.let_go()
        with desk.files.seat():
            row = _receive_part(desk, row, offset, announced, limit, read)
            if row["state"] == "checking":
                row = finish(desk.db, desk.files, row["id"], let_go=desk.let_go)
    elif offset != row["received"] or announced:
        raise errors.WrongOffset(offset=row["received"])
    return row


def _ensure_place(row: Row, offset: int) -> None:
    if offset != row["received"]:
        raise errors.WrongOffset(offset=row["received"])


def _receive_part(desk: Desk, row: Row, offset: int, announced: int | None, limit: int, read: Read) -> Row:
    with desk.files.store.work() as work:
        received = receive(read, work, announced=announced, limit=limit, patience=PATIENCE)
        if received.size == 0:
            return row
        name = random_name(PARTS)
        desk.files.store.keep(work, name)
    db = desk.db()
    with db.transaction():
        moved = repository.add_part(db, row["id"], start=offset, size=received.size, stored_as=name)
        if moved is not None:
            if moved["state"] == "checking":
                audit.record(db, desk.caller, "file.upload", "file", str(row["id"]))
            return moved
    desk.files.store.delete(name)
    raise errors.WrongOffset(offset=_present(db, row["id"])["received"])


def own_upload(db: Connection, caller: Principal, file_id: UUID) -> Row:
    """The caller's own upload in parts; raises ``UnknownFile``."""
    row = access.own(db, caller, file_id)
    if not row["in_parts"]:
        raise errors.UnknownFile
    return row


def finish(db: Callable[[], Connection], files: Files, file_id: UUID, *, let_go: Callable[[], None]) -> Row:
    """The verdict over a complete upload: ready, refused, or still waiting for the scanner. Safe to do again."""
    row, pieces = _present(db(), file_id), repository.parts(db(), file_id)
    let_go()
    try:
        with (
            files.store.work() as work,
            files.store.work() as bare,
            files.judge.hearing(work.file, bare.file, size=row["size"]) as hearing,
        ):
            received = _assemble(files, work, pieces)
            _ensure_honest(received, row["announced_sha256"])
            verdict = _judge(files, hearing, work, received)
            if verdict is None:
                return row
            values = _store(files, bare if verdict.stripped else work, row, received, verdict)
    except FileNotFoundError:  # somebody else has finished it and cleared the parts away
        return _present(db(), file_id)
    except errors.StorageUnavailable:
        return row
    except errors.AppError as refusal:
        return _refuse(db(), files, row, refusal.code)
    connection = db()
    with connection.transaction():  # together: a file that is ready needs no parts, whoever is killed now
        ready = repository.make_ready(connection, file_id, values, before="checking")
        parts = repository.drop_parts(connection, file_id) if ready is not None else []
    files.store.delete(*(parts if ready is not None else [values["object"]]))
    return _present(connection, file_id)


def _assemble(files: Files, work: Work, pieces: list[Row]) -> Received:
    """The parts in order in one file."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        for chunk in files.store.read(piece["object"], 0, piece["size"]):
            work.take(chunk, early=False)
            digest.update(chunk)
            size += len(chunk)
    return Received(size, digest.digest(), whole=True)


def _refuse(db: Connection, files: Files, row: Row, code: str) -> Row:
    with db.transaction():
        refused = repository.refuse(db, row["id"], code)
        parts = repository.drop_parts(db, row["id"]) if refused is not None else []
    files.store.delete(*parts)
    return _present(db, row["id"])


# ── Both ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _ensure_sane(size: int | None) -> None:
    if size == 0:
        raise errors.FileEmpty
    if size is not None and size > MAX_FILE_BYTES:
        raise errors.FileTooLarge(limit=MAX_FILE_BYTES, mb=MAX_FILE_BYTES >> 20)


def _begin(desk: Desk, told: Announced, *, in_parts: bool, digest: bytes | None = None) -> Row:
    """The row of a new upload, or the one that this key has begun before."""
    db, owner = desk.db(), desk.caller.user_id
    with db.transaction():
        # nobody has heard of it yet: a row that is lost with the database is one that its caller makes again
        repository.lock_owner(db, owner, durable=in_parts)
        known = repository.find_by_key(db, owner, desk.key)
        if known is not None:
            return known
        size = MAX_FILE_BYTES if told.size is None else told.size
        _ensure_room(desk, repository.used(db, owner), size)
        return repository.insert(
            db,
            {
                "id": uuid4(),
                "owner_id": owner,
                "name": kinds.plain_name(told.name),
                "type": told.type[:127],
                "size": size,
                "announced_sha256": told.sha256,
                "in_parts": in_parts,
                "channel": desk.caller.channel,
                "client_key": desk.key,
                "client_digest": digest,
            },
        )


def _ensure_room(desk: Desk, used: Row, size: int) -> None:
    if used["loose"] >= desk.files.loose or used["tried"] >= desk.files.loose * TRIES:
        raise errors.TooManyFiles(limit=desk.files.loose)
    if used["bytes"] + size > desk.files.quota:
        raise errors.QuotaExceeded(limit=desk.files.quota, mb=desk.files.quota >> 20)


def _judge(files: Files, hearing: Hearing, work: Work, received: Received) -> Verdict | None:
    """What a harmless file is, whatever is kept of it; ``None`` while the scanner is away. Raises the refusal."""
    verdict = hearing.verdict(received.size, meanwhile=work.settle)
    said = files.scanner.scan(work.file)
    if said == "infected":
        raise errors.FileInfected
    return verdict if said == "clean" else None


def _store(files: Files, kept: Work, row: Row, received: Received, verdict: Verdict) -> dict[str, Any]:
    """Keeps the bytes for good; returns what the row will say of them."""
    name = random_name(KEPT)
    size, digest = (kept.size(), _sum(kept)) if verdict.stripped else (received.size, received.sha256)
    files.store.keep(kept, name)
    return {
        "name": kinds.fitting_name(row["name"], verdict.kind),
        "type": verdict.kind,
        "size": size,
        "received": received.size,
        "sha256": received.sha256,
        "kept_sha256": digest,
        "object": name,
    }


def _sum(work: Work) -> bytes:
    work.file.seek(0)
    return hashlib.file_digest(work.file, "sha256").digest()  # type: ignore[arg-type]  # unbuffered, as it may be
