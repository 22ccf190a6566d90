"""Compares the files that were acknowledged with what there is: at the door, in the database, and in the store."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from express_bot.core.db.session import connect
from express_bot.core.files import tidying
from express_bot.core.files.house import open_files
from tests.faults.carrying import KIB, Book, Device, GaveUp, Half
from tests.faults.findings import MustBeNought
from tests.stack import Stack

ATTACHED = """
    select f.id, f.object, f.size, encode(f.kept_sha256, 'hex') as sha256, f.state, a.number
    from files f join applications a on a.id = f.application_id
"""
NAMED = """
    select a.number, file.id as named, f.application_id = a.id and f.state = 'ready' as bound
    from applications a cross join lateral jsonb_array_elements_text(a.answers->'files') file(id)
        left join files f on f.id::text = file.id
    where jsonb_typeof(a.answers->'files') = 'array'
"""


@dataclass(frozen=True)
class Findings(MustBeNought):
    """What must be nought, all of it."""

    lost: int
    """files that were called ready and are not given out"""
    altered: int
    """given out, and not what was sent"""
    hollow: int
    """rows of an application whose object is missing or damaged"""
    unbound: int
    """ids in an application's answers that are no file of it"""
    unfiled: int
    """applications that were acknowledged and do not have the files they were filed with"""
    stuck: int
    """uploads left half done that cannot be ended, or stand before what was acknowledged"""
    orphans: int
    """objects or rows that nobody needs, left after pruning"""
    pruned_too_much: int
    """files of an application that pruning has taken"""
    wronged: int
    unanswered: int
    internal_errors: int


def examine(stack: Stack, book: Book) -> Findings:
    """Looks at everything; ends the halves, and then prunes as if their day were over."""
    lost, altered = _given_out(stack, book)
    stuck = sum(not _can_be_ended(stack, half) for half in book.halves[1::2])
    hollow, attached = _hollow(stack), stack.count(f"({ATTACHED}) a")
    unbound, unfiled = _unbound(stack), _unfiled(stack, book)
    orphans = _left_after_pruning(stack)
    return Findings(
        lost=lost,
        altered=altered,
        hollow=hollow,
        unbound=unbound,
        unfiled=unfiled,
        stuck=stuck,
        orphans=orphans,
        pruned_too_much=attached - stack.count(f"({ATTACHED}) a") + _hollow(stack) - hollow,
        wronged=len(book.wronged),
        unanswered=len(book.unanswered),
        internal_errors=sum(count for what, count in book.setbacks.items() if what.startswith("500 ")),
    )


def _given_out(stack: Stack, book: Book) -> tuple[int, int]:
    lost = altered = 0
    for taken in book.taken:
        answer = Device(stack.settings.bot_port, taken.person, book).once("GET", f"/api/smartapp/files/{taken.id}")
        if answer is None or answer.status != 200:
            lost += 1
        elif hashlib.sha256(answer.body).hexdigest() != taken.parcel.sha256:
            altered += 1
    return lost, altered


def _can_be_ended(stack: Stack, half: Half) -> bool:
    """Whether the rest can be sent from where it was said to stand, or further on."""
    device = Device(stack.settings.bot_port, half.person, Book())
    try:
        told = device.expect(200, device.insist("GET", f"/api/smartapp/uploads/{half.id}"))
        if told["offset"] < half.told:
            return False
        device.upload_in_parts(half.parcel, 256 * KIB)
    except GaveUp:
        return False
    return True


def _store(stack: Stack) -> Path:
    return Path(stack.settings.files_url.removeprefix("file://"))


def _hollow(stack: Stack) -> int:
    return sum(not _is_whole(_store(stack) / row["object"], row["size"], row["sha256"]) for row in stack.sql(ATTACHED))


def _is_whole(path: Path, size: int, sha256: str) -> bool:
    if not path.is_file() or path.stat().st_size != size:
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _unbound(stack: Stack) -> int:
    return sum(not row["bound"] for row in stack.sql(NAMED))


def _unfiled(stack: Stack, book: Book) -> int:
    found: dict[str, set[UUID]] = {}
    for row in stack.sql(ATTACHED):
        found.setdefault(row["number"], set()).add(row["id"])
    return sum(found.get(filed.number, set()) != set(map(UUID, filed.files)) for filed in book.filed)


def _left_after_pruning(stack: Stack) -> int:
    """What lies there and belongs to no application, once everything's time is over."""
    files, ages = open_files(stack.settings), timedelta(seconds=-1)
    with connect(stack.settings.dsn()) as db:
        tidying.prune(db, life=ages)
        tidying.sweep(db, files, life=ages)
    owned = {row["object"] for row in stack.sql(ATTACHED)}
    lying = {str(path.relative_to(_store(stack))) for path in _store(stack).rglob("*") if path.is_file()}
    return len(lying - owned) + stack.count("files where application_id is null") + stack.count("file_parts")
