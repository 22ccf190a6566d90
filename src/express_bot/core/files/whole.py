"""Uploads in one go: the row is written when all of the file has come and been judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from express_bot.contracts import errors
from express_bot.contracts.files import MAX_FILE_BYTES
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Row
from express_bot.core.files import repository, service
from express_bot.core.files.hearing import Hearing
from express_bot.core.files.receiving import Read, Received, Sum, receive
from express_bot.core.files.store import KEPT, Spare, Store, Work, random_name


def upload(desk: service.Desk, told: service.Announced, read: Read) -> tuple[Row, bool]:
    """Takes a whole file in; returns its row and whether the same call had been answered before.

    Raises ``FileEmpty``, ``FileTooLarge``, ``QuotaExceeded``, ``TooManyFiles``, ``FileDamaged``, ``FileTypeRefused``,
    ``FileBomb``, ``FileInfected``, ``IdempotencyKeyReused``, ``StorageUnavailable``; then nothing of it stays.
    """
    service.ensure_sane(told.size)
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


def _take_whole(desk: service.Desk, told: service.Announced, read: Read) -> tuple[Row, bool]:
    with (
        Sum() as total,
        desk.files.store.work() as work,
        Spare(desk.files.store) as bare,
        Hearing(desk.files.judge, work.file, bare.file, size=told.size, owner=desk.caller.user_id) as hearing,
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


def _keep(desk: service.Desk, told: service.Announced, content: _Bytes, hearing: Hearing) -> tuple[Row, bool]:
    """Keeps what the judge lets pass and writes it down; nothing stays of what is refused."""
    try:
        if content.store.is_quick and not content.work.is_picture:
            content.keep(content.work)  # while the judge and the sum come to their end
        sha256 = content.total.whole()
        service.ensure_same(sha256, told.sha256)
        verdict = service.verdict_of(desk.files, hearing, content.work, content.size)
        kept = service.kept_of(verdict, content.work, content.bare)
        content.keep(kept)
        values = service.new_row(desk, told, in_parts=False) | {"received": content.size, "sha256": sha256}
        if verdict is None:  # the scanner is away: the bytes are safe, the answer comes later
            return _write_down(desk, values | {"size": content.size}, content)
        return _write_down(desk, values | service.once_judged(kept, content.name, values, verdict), content)
    except errors.AppError:
        content.forget()
        raise


def _write_down(desk: service.Desk, values: dict[str, Any], content: _Bytes) -> tuple[Row, bool]:
    """The row of what is kept. A call with the same key may have been faster: then its row is the answer."""
    trail = _trail(desk, values)
    row, made = service.made_or_known(
        desk, values, lambda told: repository.insert_whole(desk.db(), told, content.name, trail)
    )
    if made:
        return row, False
    content.forget()
    if row["in_parts"]:
        raise errors.IdempotencyKeyReused
    return _same_again(row, values["sha256"]), True


def _trail(desk: service.Desk, values: dict[str, Any]) -> dict[str, Any]:
    details = {"type": values["type"]} if values["state"] == "ready" else None
    return audit.line(desk.caller, "file.upload", "file", str(values["id"]), details)


def _ensure_whole(received: Received) -> None:
    if not received.whole:
        raise errors.FileDamaged
    if received.size == 0:
        raise errors.FileEmpty
