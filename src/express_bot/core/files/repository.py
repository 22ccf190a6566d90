"""SQL of files: one function per statement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Connection, Row
from express_bot.core.sessions.principal import Principal
from express_bot.core.sessions.repository import UNCHANGED

#: A file that its owner's draft names is not loose, however old it is.
_LOOSE = """
    f.application_id is null and f.touched_at < clock_timestamp() - %(life)s::interval and not exists (
        select from drafts d where d.user_id = f.owner_id and strpos(d.answers::text, f.id::text) > 0)
"""

_INSERT = f"""
    insert into files (id, owner_id, name, type, size, received, announced_sha256, sha256, kept_sha256, object, state,
        in_parts, channel, client_key, client_digest)
    select %(id)s, %(owner_id)s, %(name)s, %(type)s, %(size)s, %(received)s, %(announced_sha256)s, %(sha256)s,
        %(kept_sha256)s, %(object)s, %(state)s, %(in_parts)s, %(channel)s, %(client_key)s, %(client_digest)s
    from files_kept_by(%(owner_id)s)
    where kept_bytes + %(size)s <= %(most_bytes)s and loose < %(most_loose)s and tried < %(most_tried)s
        and (%(token_hash)s::bytea is null or exists ({UNCHANGED}))
    on conflict (owner_id, client_key) do nothing
    returning *
"""
_INSERT_WHOLE = f"""
    with made as ({_INSERT}), trail as ({audit.ALONG.format("made")}), part as (
        insert into file_parts (file_id, start, size, object)
        select id, 0, size, %(stored_as)s from made where state = 'checking'
    )
    select * from made
"""


def find(db: Connection, file_id: UUID) -> Row | None:
    """One file, with whoever filed the application that it belongs to."""
    return db.execute(
        "select f.*, a.applicant_id, a.number from files f left join applications a on a.id = f.application_id"
        " where f.id = %s",
        (file_id,),
    ).fetchone()


def find_all(db: Connection, ids: Iterable[UUID]) -> list[Row]:
    """The files of these ids that there are."""
    return db.execute("select * from files where id = any(%s)", (list(ids),)).fetchall()


def find_by_key(db: Connection, caller: Principal, client_key: str) -> Row:
    """The file that a person began with this key, its members ``None`` if there is none.

    With what the person keeps: ``kept_bytes``, ``loose`` files that belong to no application, and all of those that
    were even refused (``tried``); and whether the caller is ``unchanged`` since they were proven.
    """
    row = db.execute(
        f"""
        select f.*, used.*, %(token_hash)s::bytea is null or exists ({UNCHANGED}) as unchanged
        from files_kept_by(%(owner)s) used left join files f on f.owner_id = %(owner)s and f.client_key = %(key)s
        """,
        {
            "owner": caller.user_id,
            "key": client_key,
            "token_hash": caller.token_hash,
            "user_version": caller.version,
        },
    ).fetchone()
    assert row is not None, "an aggregate has one row"
    return row


def insert(db: Connection, values: dict[str, Any]) -> Row | None:
    """A file of which nothing has arrived yet.

    ``None`` when its key is used, its owner keeps too much, or is not who they were when they were last proven.
    """
    return db.execute(_INSERT, values).fetchone()


def insert_whole(db: Connection, values: dict[str, Any], stored_as: str, trail: dict[str, Any]) -> Row | None:
    """A file all of which has arrived, ready or to be checked later, with its line of the audit; ``None`` as above."""
    return db.execute(_INSERT_WHOLE, values | trail | {"stored_as": stored_as}).fetchone()


def add_part(db: Connection, file_id: UUID, *, start: int, size: int, stored_as: str) -> Row | None:
    """Takes a stored part in and returns the file; ``None`` when the upload does not stand at ``start`` any more.

    The last part moves the file on to ``checking`` in the same statement: nothing that is complete waits for a client.
    """
    return db.execute(
        """
        with moved as (
            update files set received = received + %(size)s, touched_at = clock_timestamp(),
                state = case when received + %(size)s = size then 'checking' else state end
            where id = %(id)s and received = %(start)s and state = 'uploading' and received + %(size)s <= size
            returning *
        ), part as (
            insert into file_parts (file_id, start, size, object)
            select id, %(start)s, %(size)s, %(object)s from moved
        )
        select * from moved
        """,
        {"id": file_id, "start": start, "size": size, "object": stored_as},
    ).fetchone()


def parts(db: Connection, file_id: UUID) -> list[Row]:
    """The parts of a file in order."""
    return db.execute("select * from file_parts where file_id = %s order by start", (file_id,)).fetchall()


def drop_parts(db: Connection, file_id: UUID) -> list[str]:
    """Forgets the parts of a file; returns the objects they were."""
    rows = db.execute("delete from file_parts where file_id = %s returning object", (file_id,)).fetchall()
    return [row["object"] for row in rows]


def make_ready(db: Connection, file_id: UUID, values: dict[str, Any]) -> Row | None:
    """All is stored and judged: the file may be used. ``None`` when it is not being checked any more."""
    return db.execute(
        """
        update files set state = 'ready', name = %(name)s, type = %(type)s, size = %(size)s, received = %(received)s,
            sha256 = %(sha256)s, kept_sha256 = %(kept_sha256)s, object = %(object)s, touched_at = clock_timestamp()
        where id = %(id)s and state = 'checking' returning *
        """,
        values | {"id": file_id},
    ).fetchone()


def refuse(db: Connection, file_id: UUID, reason: str) -> Row | None:
    """The verdict over a file in parts; what it takes is given back."""
    return db.execute(
        "update files set state = 'refused', reason = %s, touched_at = clock_timestamp()"
        " where id = %s and state = 'checking' returning *",
        (reason, file_id),
    ).fetchone()


def delete_loose(db: Connection, file_id: UUID, owner: UUID) -> Row | None:
    """Forgets a file that belongs to no application; ``None`` when there is no such one."""
    return db.execute(
        "delete from files where id = %s and owner_id = %s and application_id is null returning *", (file_id, owner)
    ).fetchone()


def lock_checking(db: Connection, *, idle: timedelta, limit: int) -> list[UUID]:
    """Complete files whose check has not ended, those that nobody has touched for a while; touched now."""
    rows = db.execute(
        """
        update files set touched_at = clock_timestamp() where id in (
            select id from files where state = 'checking' and touched_at < clock_timestamp() - %s::interval
            order by touched_at limit %s for update skip locked)
        returning id
        """,
        (idle, limit),
    ).fetchall()
    return [row["id"] for row in rows]


def objects_of(db: Connection, file_id: UUID) -> list[str]:
    """Everything the store holds for a file."""
    rows = db.execute(
        "select object from files where id = %s and object is not null"
        " union all select object from file_parts where file_id = %s",
        (file_id, file_id),
    ).fetchall()
    return [row["object"] for row in rows]


def prune(db: Connection, *, life: timedelta) -> int:
    """Forgets files that nothing has named for that long; their objects become nobody's and are swept."""
    return db.execute(f"delete from files f where {_LOOSE}", {"life": life}).rowcount


def known_objects(db: Connection, names: list[str]) -> set[str]:
    """Which of these objects belong to a file."""
    rows = db.execute(
        "select object from files where object = any(%(names)s)"
        " union all select object from file_parts where object = any(%(names)s)",
        {"names": names},
    )
    return {row["object"] for row in rows}


def attach(db: Connection, application_id: int, owner: UUID, ids: list[UUID]) -> int:
    """Makes ready files of a person part of an application, and lets the others go; returns how many it now has."""
    db.execute(
        "update files set application_id = null, touched_at = clock_timestamp()"
        " where application_id = %s and id <> all(%s)",
        (application_id, ids),
    )
    return db.execute(
        "update files set application_id = %(application)s, touched_at = clock_timestamp() where id = any(%(ids)s)"
        " and owner_id = %(owner)s and state = 'ready' and coalesce(application_id, %(application)s) = %(application)s",
        {"application": application_id, "ids": ids, "owner": owner},
    ).rowcount
