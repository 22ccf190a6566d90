"""Uploads in parts, which a broken connection does not lose: each is stored, the last is followed by the verdict."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from uuid import UUID

import orjson

from express_bot.contracts import errors
from express_bot.contracts.files import PART_SIZE, NewUpload
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Connection, Row
from express_bot.core.files import access, repository, service
from express_bot.core.files.hearing import Hearing
from express_bot.core.files.house import Files
from express_bot.core.files.receiving import PATIENCE, Read, receive
from express_bot.core.files.store import KEPT, PARTS, Spare, Work, random_name
from express_bot.core.sessions.principal import Principal


def _present(db: Connection, file_id: UUID) -> Row:
    """The row as another call has left it."""
    row = repository.find(db, file_id)
    if row is None:
        raise errors.UnknownFile
    return row


def begin(desk: service.Desk, body: NewUpload) -> tuple[Row, bool]:
    """Announces an upload in parts; returns its row and whether it had been announced before with this key.

    Raises ``FileEmpty``, ``FileTooLarge``, ``QuotaExceeded``, ``TooManyFiles``, ``IdempotencyKeyReused``.
    """
    service.ensure_sane(body.size)
    digest = hashlib.sha256(orjson.dumps(body.model_dump(), option=orjson.OPT_SORT_KEYS)).digest()
    announced = bytes.fromhex(body.sha256) if body.sha256 else None
    values = service.new_row(
        desk, service.Announced(body.name, body.type, body.size, announced), in_parts=True, digest=digest
    )
    row, _ = service.made_or_known(desk, values, lambda told: repository.insert(desk.db(), told))
    if row["client_digest"] != digest:
        raise errors.IdempotencyKeyReused
    return row, row["received"] > 0 or row["state"] != "uploading"


def take_part(desk: service.Desk, file_id: UUID, offset: int, announced: int | None, read: Read) -> Row:
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


def _receive_part(desk: service.Desk, row: Row, offset: int, announced: int | None, limit: int, read: Read) -> Row:
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
            Spare(files.store) as bare,
            Hearing(files.judge, work.file, bare.file, size=row["size"], owner=row["owner_id"]) as hearing,
        ):
            size, sha256 = _assemble(files, work, pieces)
            service.ensure_same(sha256, row["announced_sha256"])
            verdict = service.verdict_of(files, hearing, work, size)
            if verdict is None:
                return row
            kept = service.kept_of(verdict, work, bare)
            name = random_name(KEPT)
            files.store.keep(kept, name)
            values = service.once_judged(kept, name, row | {"received": size, "sha256": sha256}, verdict)
    except FileNotFoundError:  # somebody else has finished it and cleared the parts away
        return _present(db(), file_id)
    except errors.StorageUnavailable:
        return row
    except errors.AppError as refusal:
        return _refuse(db(), files, row, refusal.code)
    connection = db()
    with connection.transaction():  # together: a file that is ready needs no parts, whoever is killed now
        ready = repository.make_ready(connection, file_id, values)
        parts = repository.drop_parts(connection, file_id) if ready is not None else []
    files.store.delete(*(parts if ready is not None else [values["object"]]))
    return _present(connection, file_id)


def _assemble(files: Files, work: Work, pieces: list[Row]) -> tuple[int, bytes]:
    """The parts in order in one file: its length and its sum."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        for chunk in files.store.read(piece["object"], 0, piece["size"]):
            work.take(chunk)
            digest.update(chunk)
            size += len(chunk)
    return size, digest.digest()


def _refuse(db: Connection, files: Files, row: Row, code: str) -> Row:
    with db.transaction():
        refused = repository.refuse(db, row["id"], code)
        parts = repository.drop_parts(db, row["id"]) if refused is not None else []
    files.store.delete(*parts)
    return _present(db, row["id"])
