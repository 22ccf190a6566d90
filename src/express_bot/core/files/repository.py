"""SQL of files: one function per statement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from express_bot.core.db.session import Connection, Row

#: A file that its owner's draft names is not loose, however old it is.
_LOOSE = """
    f.application_id is null and f.touched_at < clock_timestamp() - %(life)s::interval and not exists (
        select from drafts d where d.user_id = f.owner_id and strpos(d.answers::text, f.id::text) > 0)
"""


def find(db: Connection, file_id: UUID) -> Row | None:
    """One file, with whoever filed the application that it belongs to."""
    return db.execute(
        "select f.*, a.applicant_id, a.number from files f left join applications a on a.id = f.application_id"
        " where f.id = %s",
        (file_id,),
    ).fetchone()


def find_by_key(db: Connection, owner: UUID, client_key: str) -> Row | None:
    """The file that a person began with this key."""
    return db.execute("select * from files where owner_id = %s and client_key = %s", (owner, client_key)).fetchone()


def find_all(db: Connection, ids: Iterable[UUID]) -> list[Row]:
    """The files of these ids that there are."""
    return db.execute("select * from files where id = any(%s)", (list(ids),)).fetchall()


def lock_owner(db: Connection, owner: UUID, *, durable: bool) -> None:
    """From here to the end of the transaction nobody else begins a file of this person: sums stay true.

    Without ``durable`` the transaction does not wait for the disk.
    """
    db.execute(
        "select pg_advisory_xact_lock(hashtextextended('files ' || %s, 0)),"
        " case when not %s then set_config('synchronous_commit', 'off', true) end",
        (str(owner), durable),
    )


def used(db: Connection, owner: UUID) -> Row:
    """What a person keeps: bytes, files that belong to no application, and all of those that were even refused."""
    row = db.execute(
        """
        select coalesce(sum(size) filter (where state <> 'refused'), 0)::bigint as bytes,
            count(*) filter (where application_id is null and state <> 'refused') as loose,
            count(*) filter (where application_id is null) as tried
        from files where owner_id = %s
        """,
        (owner,),
    ).fetchone()
    assert row is not None, "an aggregate has one row"
    return row


def insert(db: Connection, values: dict[str, Any]) -> Row:
    """A file of which nothing has arrived yet."""
    row = db.execute(
        """
        insert into files (id, owner_id, name, type, size, announced_sha256, state, in_parts, channel, client_key,
            client_digest)
        values (%(id)s, %(owner_id)s, %(name)s, %(type)s, %(size)s, %(announced_sha256)s, 'uploading', %(in_parts)s,
            %(channel)s, %(client_key)s, %(client_digest)s)
        returning *
        """,
        values,
    ).fetchone()
    assert row is not None, "the owner is locked, the key was looked for"
    return row


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


def put_whole(db: Connection, file_id: UUID, *, size: int, sha256: bytes, stored_as: str) -> Row | None:
    """Takes in all the bytes of a file whose check has to wait; ``None`` when another call was faster."""
    return db.execute(
        """
        with moved as (
            update files set received = %(size)s, size = %(size)s, sha256 = %(sha256)s, state = 'checking',
                touched_at = clock_timestamp()
            where id = %(id)s and state = 'uploading' and received = 0 returning *
        ), part as (
            insert into file_parts (file_id, start, size, object) select id, 0, %(size)s, %(object)s from moved
        )
        select * from moved
        """,
        {"id": file_id, "size": size, "sha256": sha256, "object": stored_as},
    ).fetchone()


def parts(db: Connection, file_id: UUID) -> list[Row]:
    """The parts of a file in order."""
    return db.execute("select * from file_parts where file_id = %s order by start", (file_id,)).fetchall()


def drop_parts(db: Connection, file_id: UUID) -> list[str]:
    """Forgets the parts of a file; returns the objects they were."""
    rows = db.execute("delete from file_parts where file_id = %s returning object", (file_id,)).fetchall()
    return [row["object"] for row in rows]


def make_ready(db: Connection, file_id: UUID, values: dict[str, Any], *, before: str) -> Row | None:
    """All is stored and judged: the file may be used. ``None`` when it is not in the state ``before`` any more."""
    return db.execute(
        """
        update files set state = 'ready', name = %(name)s, type = %(type)s, size = %(size)s, received = %(received)s,
            sha256 = %(sha256)s, kept_sha256 = %(kept_sha256)s, object = %(object)s, touched_at = clock_timestamp()
        where id = %(id)s and state = %(before)s returning *
        """,
        values | {"id": file_id, "before": before},
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


def forget_unfinished(db: Connection, file_id: UUID) -> None:
    """Forgets a file sent in one go of which nothing was kept."""
    db.execute("delete from files where id = %s and state = 'uploading' and received = 0", (file_id,))


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
