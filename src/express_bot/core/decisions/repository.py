"""SQL of the desk: one function per statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from express_bot.core.applications.talk import SAID_BY_OWNER
from express_bot.core.db.session import Connection, Row
from express_bot.core.decisions.conflicts import FOUND

# ── Drafts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def draft(db: Connection, application_id: int) -> Row | None:
    """The last word about a draft of this application; without an ``outcome`` it was forgotten."""
    return db.execute(
        "select * from draft_decisions where application_id = %s order by rev desc limit 1", (application_id,)
    ).fetchone()


def draft_by_key(db: Connection, application_id: int, client_key: str) -> Row | None:
    """The draft that was kept with this idempotency key, whatever became of it."""
    return db.execute(
        "select * from draft_decisions where application_id = %s and client_key = %s", (application_id, client_key)
    ).fetchone()


def end_draft(db: Connection, application_id: int, at: datetime) -> None:
    db.execute(
        "update draft_decisions set ended_at = %s where application_id = %s and ended_at is null", (at, application_id)
    )


def insert_draft(db: Connection, values: dict[str, Any]) -> None:
    """The next draft of an application whose row is locked."""
    db.execute(
        """
        insert into draft_decisions (application_id, rev, outcome, reason_code, reason, place, version, author_id, at,
            ended_at, client_key, client_digest)
        select %(application_id)s, coalesce(max(rev), 0) + 1, %(outcome)s, %(reason_code)s, %(reason)s, %(place)s,
            %(version)s, %(author_id)s, %(at)s, %(ended_at)s, %(client_key)s, %(client_digest)s
        from draft_decisions where application_id = %(application_id)s
        """,
        values | {"reason": values["reason"] and Jsonb(values["reason"])},
    )


def carry_draft(db: Connection, application_id: int, *, before: int, after: int) -> None:
    """The desk has changed the application itself: its draft is about what is there now."""
    db.execute(
        "update draft_decisions set version = %s where application_id = %s and ended_at is null and version = %s",
        (after, application_id, before),
    )


def last_change(db: Connection, application_id: int) -> Row | None:
    """Who has changed the application or its draft last: ``name``, ``at`` and ``change``."""
    return db.execute(
        """
        select u.full_name as name, c.at, c.change from (
            select actor_id, at, kind as change, 0 as later from application_events where application_id = %(id)s
            union all
            select author_id, at, case when outcome is null then 'forgotten' else 'draft_' || outcome end, 1
            from draft_decisions where application_id = %(id)s
        ) c left join users u on u.id = c.actor_id order by c.at desc, c.later desc limit 1
        """,
        {"id": application_id},
    ).fetchone()


# ── Publications ─────────────────────────────────────────────────────────────────────────────────────────────────────


def insert_publication(db: Connection, values: dict[str, Any]) -> int | None:
    """Its id; ``None`` when the same key has made one already."""
    row = db.execute(
        """
        insert into publications (form_id, period_id, author_id, at, client_key, client_digest)
        values (%(form)s, %(period)s, %(author)s, %(at)s, %(key)s, %(digest)s)
        on conflict (author_id, client_key) do nothing returning id
        """,
        values,
    ).fetchone()
    return row["id"] if row else None


def publication_by_key(db: Connection, author: UUID, client_key: str) -> Row | None:
    return db.execute(
        "select * from publications where author_id = %s and client_key = %s", (author, client_key)
    ).fetchone()


def finish_publication(db: Connection, publication_id: int, *, published: int, people: int, skipped: list[Any]) -> None:
    db.execute(
        "update publications set published = %s, people = %s, skipped = %s where id = %s",
        (published, people, Jsonb(skipped), publication_id),
    )


def take_time(db: Connection) -> None:
    """A month of decisions at once may take longer than a person's call usually may; for this transaction."""
    db.execute("set local statement_timeout = '60s'")


def lock_scope(db: Connection, *, form: str, period: int | None, numbers: list[str] | None) -> list[int]:
    """Locks the applications that a publication is about, in one order for everybody; returns their ids."""
    drafted = "exists (select from draft_decisions d where d.application_id = a.id and d.ended_at is null)"
    rows = db.execute(
        f"""
        select a.id from applications a where a.form_id = %(form)s
          and (%(period)s::bigint is null or a.period_id = %(period)s)
          and {"a.number = any(%(numbers)s)" if numbers is not None else drafted}
        order by a.id for update of a
        """,
        {"form": form, "period": period, "numbers": numbers},
    )
    return [row["id"] for row in rows]


def drafted(db: Connection, ids: list[int]) -> list[Row]:
    """Locked applications with their drafts (``drafted_…``), in order; asked anew, because the locks took time."""
    return db.execute(
        """
        select a.*, d.outcome as drafted_outcome, d.reason_code as drafted_code, d.reason as drafted_reason,
            d.place as drafted_place, d.version as drafted_version
        from applications a left join draft_decisions d on d.application_id = a.id and d.ended_at is null
        where a.id = any(%s) order by a.id
        """,
        (ids,),
    ).fetchall()


_PUBLISH = """
    with news as (
        select * from jsonb_to_recordset(%(rows)s) as news(id bigint, version int, status text, decision jsonb)
    ), changed as (
        update applications a set status = news.status, decision = news.decision, offer_until = null,
            updated_at = %(now)s, version = news.version
        from news where a.id = news.id returning a.id, a.number, a.version, a.status, news.decision
    ), history as (
        insert into application_events (application_id, kind, at, actor_id, actor_role, channel, version, details)
        select id, status, %(now)s, %(actor)s, %(role)s, %(channel)s, version,
            jsonb_build_object('decision', decision, 'publication', %(publication)s::bigint)
        from changed
    ), trail as (
        insert into audit_log (actor_id, actor_role, channel, act, object_kind, object_id, details, request_id)
        select %(actor)s, %(role)s, %(channel)s, 'application.' || status, 'application', number,
            jsonb_build_object('publication', %(publication)s::bigint, 'reason_code', decision -> 'reason_code'),
            %(request_id)s
        from changed
    )
    update draft_decisions d set ended_at = %(now)s from changed
    where d.application_id = changed.id and d.ended_at is null
"""


def publish(db: Connection, rows: list[dict[str, Any]], values: dict[str, Any]) -> None:
    """Makes decisions of drafts, with their history and audit, in one statement.

    A row is ``{id, version, status, decision}``; ``values`` say who publishes, when, and in which publication.
    """
    db.execute(_PUBLISH, values | {"rows": Jsonb(rows)})


def latest(db: Connection, ids: list[int], kind: str) -> dict[int, Row]:
    """The last event of a kind in the history of each of these applications."""
    rows = db.execute(
        "select distinct on (application_id) * from application_events"
        " where application_id = any(%s) and kind = %s order by application_id, id desc",
        (ids, kind),
    )
    return {row["application_id"]: row for row in rows}


# ── What people say ──────────────────────────────────────────────────────────────────────────────────────────────────


def messages_since(db: Connection, application_id: int, since: datetime) -> Row:
    """How many messages its owner has ``sent`` since a moment, and when the ``first`` of them was."""
    row = db.execute(
        "select count(*)::int as sent, min(at) as first from application_events"
        " where application_id = %s and kind = 'message_sent' and at > %s",
        (application_id, since),
    ).fetchone()
    assert row is not None, "an aggregate has a row"
    return row


def last_said(db: Connection, application_id: int) -> Row | None:
    """The owner's last message that the desk has done nothing about yet."""
    return db.execute(
        """
        select * from application_events e where e.application_id = %(id)s and e.kind = 'message_sent'
          and not exists (select from application_events r where r.application_id = %(id)s and r.id > e.id
              and r.actor_role in ('dispatcher', 'admin'))
        order by e.id desc limit 1
        """,
        {"id": application_id},
    ).fetchone()


def overdue_offers(db: Connection, now: datetime, limit: int) -> list[Row]:
    """Applications whose offer is over, taken hold of; those that somebody works on now come later."""
    return db.execute(
        "select * from applications where offer_until <= %s order by offer_until limit %s for update skip locked",
        (now, limit),
    ).fetchall()


# ── The queue ────────────────────────────────────────────────────────────────────────────────────────────────────────

#: Where the index by period and status leads straight to what is looked for.
_ANY_PERIOD = "(a.period_id = any(array(select id from periods)) or a.period_id is null)"
_DRAFTED = "join draft_decisions d on d.application_id = a.id and d.ended_at is null"
_UNDRAFTED = "not exists (select from draft_decisions d where d.application_id = a.id and d.ended_at is null)"
_PEOPLE = "join users u on u.id = a.applicant_id and not u.probe"


def page(
    db: Connection,
    *,
    form: str | None,
    period: int | None,
    status: str | None,
    draft: str | None,
    before: int | None,
    size: int,
) -> list[Row]:
    """Applications for the desk, newest first, those before an id; the self-check's are nobody's work."""
    conditions = [
        *_scope(form, period),
        *([f"a.status = %(status)s and {_ANY_PERIOD}"] if status else []),
        *(["a.id < %(before)s"] if before is not None else []),
        *([_UNDRAFTED] if draft == "none" else []),
        *(["d.outcome = %(draft)s"] if draft not in (None, "none", "any") else []),
    ]
    drafted_only = "" if draft in (None, "none") else _DRAFTED
    return db.execute(
        f"select a.* from applications a {_PEOPLE} {drafted_only} where {' and '.join(['true', *conditions])}"
        " order by a.id desc limit %(size)s",
        {"form": form, "period": period, "status": status, "draft": draft, "before": before, "size": size},
    ).fetchall()


def _scope(form: str | None, period: int | None) -> list[str]:
    return [
        *(["a.form_id = %(form)s"] if form else []),
        *(["a.period_id = %(period)s"] if period is not None else []),
    ]


def counts(db: Connection, *, form: str | None, period: int | None) -> Row:
    """How much is left: ``undecided`` without a draft, and ``drafts`` that wait for their publication."""
    scope = " and ".join(["true", *_scope(form, period)])
    row = db.execute(
        f"""
        select (select count(*)::int from applications a {_PEOPLE} where {scope} and {_ANY_PERIOD}
                and a.status in ('submitted', 'in_review', 'needs_info') and {_UNDRAFTED}) as undecided,
            (select count(*)::int from applications a {_PEOPLE} {_DRAFTED} where {scope}) as drafts
        """,
        {"form": form, "period": period},
    ).fetchone()
    assert row is not None, "a row of counts is always there"
    return row


def desk_facts(db: Connection, ids: list[int]) -> dict[int, Row]:
    """What the desk sees of these applications beside themselves, by id."""
    rows = db.execute(
        f"""
        select a.id, u.full_name as applicant_name, u.profile ->> 'personnel_number' as personnel_number,
            coalesce((select max(rev) from draft_decisions r where r.application_id = a.id), 0) as drafts,
            d.outcome, d.reason_code, d.reason, d.place, d.at as drafted_at, d.version as drafted_version,
            author.full_name as author, {FOUND} as conflicts,
            (select count(*) from application_events e where e.application_id = a.id and e.kind = any(%(said)s)
                and e.id > coalesce((select max(r.id) from application_events r where r.application_id = a.id
                    and r.actor_role in ('dispatcher', 'admin')), 0)) as unread
        from applications a join users u on u.id = a.applicant_id left join periods p on p.id = a.period_id
        left join draft_decisions d on d.application_id = a.id and d.ended_at is null
        left join users author on author.id = d.author_id
        where a.id = any(%(ids)s)
        """,
        {"ids": ids, "said": list(SAID_BY_OWNER)},
    )
    return {row["id"]: row for row in rows}
