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
from dataclasses import dataclass, field
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
from express_bot.core.files.receiving import PATIENCE, Read, Received, Sum, receive
from express_bot.core.files.store import KEPT, PARTS, Spare, Store, Work, random_name
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


# ── In one go ────────────────────────────────────────────────────────────────────────────────────────────────────────


def upload(desk: Desk, told: Announced, read: Read) -> tuple[Row, bool]:
    """Takes a whole file in; returns its row and whether the same call had been answered before.

    Raises ``FileEmpty``, ``FileTooLarge``, ``QuotaExceeded``, ``TooManyFiles``, ``FileDamaged``, ``FileTypeRefused``,
    ``FileBomb``, ``FileInfected``, ``IdempotencyKeyReused``, ``StorageUnavailable``; then nothing of it stays.
    """
    _ensure_sane(told.size)
    desk.let_go()
    with desk.files.seat():
        try:
            return _take_whole(desk, told, read)
        except errors.AppError:
            desk.renew()  # the caller may be remembered from moments ago: proven before a word is said
            raise


def _same_again(row: Row, sha256: bytes) -> Row:
    """The answer of before, if these are the bytes of before."""
    if sha256 != row["sha256"]:
        raise errors.IdempotencyKeyReused
    return row


def _take_whole(desk: Desk, told: Announced, read: Read) -> tuple[Row, bool]:
    with (
        Sum() as total,
        desk.files.store.work() as work,
        Spare(desk.files.store) as bare,
        desk.files.judge.hearing(work.file, bare.file, size=told.size, owner=desk.caller.user_id) as hearing,
    ):

        def arrived(piece: bytes, there: int) -> None:
            total.add(piece)
            hearing.arrived(there)

        received = receive(read, work, announced=told.size, limit=MAX_FILE_BYTES, arrived=arrived)
        if received.size and told.size is None and told.sha256 is None:
            # a body that broke off would look like a short whole one
            raise errors.InvalidBody(errors=[errors.FieldError("Content-Length", "required")])
        _ensure_whole(received)
        hearing.conclude(received.size)
        return _keep(desk, told, _Bytes(desk.files.store, work, bare, received.size, total), hearing)


@dataclass
class _Bytes:
    """Where the bytes of an upload are, and under which name they are kept, if they are."""

    store: Store
    work: Work
    bare: Spare
    size: int
    total: Sum
    name: str = field(default_factory=lambda: random_name(KEPT))
    kept: bool = False

    def keep(self, work: Work) -> None:
        """Stores them for good."""
        if not self.kept:
            self.store.keep(work, self.name)
            self.kept = True

    def forget(self) -> None:
        """Nobody wants them."""
        if self.kept:
            self.store.delete(self.name)


def _keep(desk: Desk, told: Announced, content: _Bytes, hearing: Hearing) -> tuple[Row, bool]:
    """Keeps what the judge lets pass and writes it down; nothing stays of what is refused."""
    try:
        if content.store.is_quick and not content.work.is_picture:
            content.keep(content.work)  # while the judge and the sum come to their end
        sha256 = content.total.whole()
        _ensure_same(sha256, told.sha256)
        verdict = _judge(desk.files, hearing, content.work, content.size)
        kept = _kept(verdict, content.work, content.bare)
        content.keep(kept)
        values = _row(desk, told, in_parts=False) | {"received": content.size, "sha256": sha256}
        if verdict is None:  # the scanner is away: the bytes are safe, the answer comes later
            return _write_down(desk, values | {"size": content.size}, content)
        return _write_down(desk, values | _judged(kept, content.name, values, verdict), content)
    except errors.AppError:
        content.forget()
        raise


def _write_down(desk: Desk, values: dict[str, Any], content: _Bytes) -> tuple[Row, bool]:
    """The row of what is kept. A call with the same key may have been faster: then its row is the answer."""
    trail = _trail(desk, values)
    row, made = _made_or_known(desk, values, lambda told: repository.insert_whole(desk.db(), told, content.name, trail))
    if made:
        return row, False
    content.forget()
    if row["in_parts"]:
        raise errors.IdempotencyKeyReused
    return _same_again(row, values["sha256"]), True


def _trail(desk: Desk, values: dict[str, Any]) -> dict[str, Any]:
    details = {"type": values["type"]} if values["state"] == "ready" else None
    return audit.line(desk.caller, "file.upload", "file", str(values["id"]), details)


def _ensure_whole(received: Received) -> None:
    if not received.whole:
        raise errors.FileDamaged
    if received.size == 0:
        raise errors.FileEmpty


def _ensure_same(sha256: bytes, announced: bytes | None) -> None:
    if announced is not None and announced != sha256:
        raise errors.FileDamaged


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
    values = _row(desk, Announced(body.name, body.type, body.size, announced), in_parts=True, digest=digest)
    row, _ = _made_or_known(desk, values, lambda told: repository.insert(desk.db(), told))
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
            Spare(files.store) as bare,
            files.judge.hearing(work.file, bare.file, size=row["size"], owner=row["owner_id"]) as hearing,
        ):
            size, sha256 = _assemble(files, work, pieces)
            _ensure_same(sha256, row["announced_sha256"])
            verdict = _judge(files, hearing, work, size)
            if verdict is None:
                return row
            kept = _kept(verdict, work, bare)
            name = random_name(KEPT)
            files.store.keep(kept, name)
            values = _judged(kept, name, row | {"received": size, "sha256": sha256}, verdict)
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


# ── Both ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _ensure_sane(size: int | None) -> None:
    if size == 0:
        raise errors.FileEmpty
    if size is not None and size > MAX_FILE_BYTES:
        raise errors.FileTooLarge(limit=MAX_FILE_BYTES, mb=MAX_FILE_BYTES >> 20)


def _row(desk: Desk, told: Announced, *, in_parts: bool, digest: bytes | None = None) -> dict[str, Any]:
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


def _made_or_known(
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


def _judge(files: Files, hearing: Hearing, work: Work, size: int) -> Verdict | None:
    """What a harmless file is, whatever is kept of it; ``None`` while the scanner is away. Raises the refusal."""
    verdict = hearing.verdict(size)
    said = files.scanner.scan(work.file)
    if said == "infected":
        raise errors.FileInfected
    return verdict if said == "clean" else None


def _kept(verdict: Verdict | None, work: Work, bare: Spare) -> Work:
    """Which bytes are kept: those that came, or of a picture those without notes."""
    return bare.work if verdict and verdict.stripped and bare.work is not None else work


def _judged(kept: Work, stored_as: str, row: Row, verdict: Verdict) -> dict[str, Any]:
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
