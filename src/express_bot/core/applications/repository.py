"""SQL of applications: one function per statement.

Filing is one statement (design §2): session check, application, event, outbox line, audit line and idempotency key
are written together or not at all, in one round trip.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from express_bot.core.applications.active import ACTIVE
from express_bot.core.db.session import Connection, Row
from express_bot.core.sessions.repository import UNCHANGED

# Either a living session, or a person for whom one of our services acts.
_BY_SERVICE = "select u.id from users u where u.id = %(user_id)s and u.active and u.version = %(user_version)s"

# The usual limit of one needs no look: its only place is 1, and the unique index decides.
_FIRST_PLACE = "select %(limit)s::int::smallint as place"
_FREE_PLACE = f"""
    select min(n)::smallint as place from generate_series(1, %(limit)s::int) n where not exists (
        select from applications a where a.applicant_id = %(user_id)s and a.form_id = %(form_id)s
          and a.target_month = %(target_month)s and a.limit_slot = n and {ACTIVE})
"""


# Files come along whole or not at all: taken hold of before the application is written, its own after it.
_ATTACHABLE = """
    attachable as (
        select id from files where id = any(%(files)s) and owner_id = %(user_id)s and state = 'ready'
          and application_id is null for update
    ),
"""
_ALL_ATTACHABLE = "and (select count(*) from attachable) = cardinality(%(files)s)"
_ATTACHED = """, attached as (
        update files set application_id = filed.id, touched_at = clock_timestamp()
        from filed, attachable where files.id = attachable.id
    )
"""


def _filing(proof: str, place: str, *, files: bool) -> str:
    return f"""
    with caller as ({proof}), place as ({place}), {_ATTACHABLE if files else ""}
    filed as (
        insert into applications (number, form_id, form_version, period_id, applicant_id, answers, location, unit,
            position, direction, target_date, target_month, limit_slot, status, channel, client_key, client_digest,
            filed_at, updated_at)
        select %(year)s || '-' || lpad(n.next::text, greatest(4, length(n.next::text)), '0'), %(form_id)s,
            %(form_version)s, %(period_id)s, caller.id, %(answers)s, %(location)s, %(unit)s, %(position)s,
            %(direction)s, %(target_date)s, %(target_month)s, place.place, 'submitted', %(channel)s, %(client_key)s,
            %(client_digest)s, %(now)s, %(now)s
        from caller, place, lateral (select nextval('application_number') as next where caller.id is not null) n
        where (place.place is not null or %(limit)s::int is null) {_ALL_ATTACHABLE if files else ""}
        on conflict do nothing
        returning id, number
    ), event as (
        insert into application_events (application_id, kind, at, actor_id, actor_role, channel, version, details)
        select id, 'submitted', %(now)s, %(user_id)s, %(role)s, %(channel)s, 1, %(details)s from filed
    ), promise as (
        insert into outbox (event, application_id, user_id, created_at, details)
        select 'application_submitted', id, %(user_id)s, %(now)s, %(promise)s from filed
    ), trail as (
        insert into audit_log (actor_id, actor_role, channel, act, object_kind, object_id, request_id)
        select %(user_id)s, %(role)s, %(channel)s, 'application.submit', 'application', number, %(request_id)s
        from filed
    ), tidied as (
        delete from drafts using filed where drafts.user_id = %(user_id)s and drafts.form_id = %(form_id)s
    ){_ATTACHED if files else ""}
    select id, number from filed
    """


_FILING = {
    (by_session, single, files): _filing(
        UNCHANGED if by_session else _BY_SERVICE, _FIRST_PLACE if single else _FREE_PLACE, files=files
    )
    for by_session in (True, False)
    for single in (True, False)
    for files in (True, False)
}


def file(db: Connection, values: dict[str, Any]) -> Row | None:
    """Files an application with everything that belongs to it.

    ``values`` are the statement's parameters, ``limit`` being the number of active applications allowed per target
    month, or ``None``. Returns id and number; ``None`` when the session is void, the key is used, no place is left or a
    file is not there to be taken.
    """
    single = values["limit"] is None or values["limit"] == 1
    statement = _FILING[values["token_hash"] is not None, single, bool(values["files"])]
    values = values | {
        "answers": Jsonb(values["answers"]),
        "details": Jsonb({"answers": values["answers"]}),
        "promise": Jsonb(values["promise"]),
    }
    return db.execute(statement, values).fetchone()


def touch_by_key(db: Connection, applicant: UUID, client_key: str) -> Row | None:
    """The application that was filed with this key, with the answers it was filed with.

    It writes, so that a repeated submit waits for the replica exactly like the first one (trust §1.1, D7).
    """
    return db.execute(
        """
        update applications a set replayed_at = clock_timestamp() from application_events e
        where a.applicant_id = %s and a.client_key = %s and e.application_id = a.id and e.kind = 'submitted'
        returning a.*, e.details as filed_details
        """,
        (applicant, client_key),
    ).fetchone()


def find_active(db: Connection, applicant: UUID, form_id: str, target_month: date) -> list[Row]:
    """Active applications that hold a place in a target month, oldest first."""
    return db.execute(
        f"select * from applications where applicant_id = %s and form_id = %s and target_month = %s"
        f" and limit_slot is not null and {ACTIVE} order by id",
        (applicant, form_id, target_month),
    ).fetchall()


def free_place(db: Connection, application: Row, limit: int) -> int | None:
    """The first place that none of the person's active applications holds in the month of this one."""
    wanted = {name: application[name] for name in ("form_id", "target_month")}
    row = db.execute(_FREE_PLACE, wanted | {"user_id": application["applicant_id"], "limit": limit}).fetchone()
    return row["place"] if row else None


def count_active(db: Connection, applicant: UUID, period_ids: list[int]) -> dict[int, int]:
    """How many active applications a person has in each of these periods."""
    rows = db.execute(
        f"select period_id, count(*) as filed from applications"
        f" where applicant_id = %s and period_id = any(%s) and {ACTIVE} group by period_id",
        (applicant, period_ids),
    )
    return {row["period_id"]: row["filed"] for row in rows}


def find(db: Connection, number: str, *, lock: bool = False) -> Row | None:
    """One application by its number; with ``lock`` nobody else changes it before the transaction ends."""
    return db.execute(
        "select * from applications where number = %s" + (" for update" if lock else ""), (number,)
    ).fetchone()


def page(
    db: Connection, applicant: UUID, *, form: str | None, status: str | None, before: int | None, size: int
) -> list[Row]:
    """A person's applications, newest first, those before an id."""
    return db.execute(
        """
        select * from applications where applicant_id = %(applicant)s
          and (%(form)s::text is null or form_id = %(form)s) and (%(status)s::text is null or status = %(status)s)
          and (%(before)s::bigint is null or id < %(before)s)
        order by id desc limit %(size)s
        """,
        {"applicant": applicant, "form": form, "status": status, "before": before, "size": size},
    ).fetchall()


def events(db: Connection, application_id: int) -> list[Row]:
    """The history of an application, oldest first, with the names of those who acted."""
    return db.execute(
        "select e.*, u.full_name as actor_name from application_events e left join users u on u.id = e.actor_id"
        " where e.application_id = %s order by e.id",
        (application_id,),
    ).fetchall()


def find_event(db: Connection, application_id: int, client_key: str) -> Row | None:
    """The change that was made with this idempotency key."""
    return db.execute(
        "select * from application_events where application_id = %s and client_key = %s", (application_id, client_key)
    ).fetchone()


def last_event(db: Connection, application_id: int, kinds: tuple[str, ...]) -> Row | None:
    """The latest event of these kinds."""
    return db.execute(
        "select * from application_events where application_id = %s and kind = any(%s) order by id desc limit 1",
        (application_id, list(kinds)),
    ).fetchone()


def change(db: Connection, application_id: int, values: dict[str, Any]) -> Row:
    """Writes changed columns and the next version; returns the new row."""
    columns = ", ".join(f"{name} = %({name})s" for name in values)
    row = db.execute(
        f"update applications set {columns}, version = version + 1 where id = %(id)s returning *",
        {name: Jsonb(value) if isinstance(value, dict) else value for name, value in values.items()}
        | {"id": application_id},
    ).fetchone()
    assert row is not None, "the row was locked by this transaction"
    return row


def insert_event(
    db: Connection,
    application: Row,
    *,
    kind: str,
    at: datetime,
    actor_id: UUID | None,
    actor_role: str,
    channel: str,
    details: dict[str, Any],
    client_key: str | None = None,
    client_digest: bytes | None = None,
) -> int:
    """One line of history at the application's present version; returns its id."""
    row = db.execute(
        "insert into application_events (application_id, kind, at, actor_id, actor_role, channel, version, details,"
        " client_key, client_digest) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning id",
        (
            application["id"],
            kind,
            at,
            actor_id,
            actor_role,
            channel,
            application["version"],
            Jsonb(details),
            client_key,
            client_digest,
        ),
    ).fetchone()
    assert row is not None, "an insert returns its row"
    return int(row["id"])


def mark_seen(db: Connection, application_id: int, at: datetime) -> None:
    db.execute("update applications set seen_at = %s where id = %s", (at, application_id))


def count_unseen(db: Connection, applicant: UUID) -> int:
    """Decisions that their owner has not opened yet."""
    row = db.execute(
        "select count(*) as unseen from applications where applicant_id = %s and decision is not null"
        " and (seen_at is null or seen_at < (decision->>'decided_at')::timestamptz)",
        (applicant,),
    ).fetchone()
    return int(row["unseen"]) if row else 0
