"""Whose file it is, who may see it, and who may forget it."""

from __future__ import annotations

from uuid import UUID

from express_bot.contracts import errors
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Connection, Row
from express_bot.core.files import repository
from express_bot.core.sessions.principal import Principal
from express_bot.domain.roles import Permission, is_allowed


def own(db: Connection, caller: Principal, file_id: UUID) -> Row:
    """The caller's own file; what belongs to others does not exist."""
    row = repository.find(db, file_id)
    if row is None or row["owner_id"] != caller.user_id:
        raise errors.UnknownFile
    return row


def readable(db: Connection, caller: Principal, file_id: UUID) -> Row:
    """A file that the caller may see: their own, or one of an application that they may read.

    Asked anew each time: a right that is gone is gone for files, too (trust §4.1, B5).
    """
    row = repository.find(db, file_id)
    if row is not None and row["owner_id"] == caller.user_id:
        return row
    if row is None or row["application_id"] is None:
        raise errors.UnknownFile
    if row["applicant_id"] != caller.user_id and not is_allowed(caller.roles, Permission.APPLICATIONS_READ_ANY):
        raise errors.UnknownFile
    return row


def to_serve(db: Connection, caller: Principal, file_id: UUID) -> Row:
    """A file whose bytes the caller may have now. A look at somebody else's file leaves a line in the audit."""
    row = readable(db, caller, file_id)
    if row["state"] == "refused":
        raise errors.UnknownFile
    if row["state"] != "ready":
        raise errors.FileNotReady
    if row["owner_id"] != caller.user_id:
        audit.record(db, caller, "file.read", "file", str(file_id), {"application": row["number"]})
    return row


def delete(db: Connection, caller: Principal, file_id: UUID) -> list[str]:
    """Forgets a file that belongs to no application; returns the objects to remove once that is committed."""
    own(db, caller, file_id)
    names = repository.objects_of(db, file_id)
    if repository.delete_loose(db, file_id, caller.user_id) is None:
        raise errors.FileInUse
    audit.record(db, caller, "file.delete", "file", str(file_id))
    return names
