"""SQL of reminders: what people said about a period, which marks are worked off, and whom a mark tells."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from express_bot.core.applications.active import ACTIVE
from express_bot.core.db.session import Connection, Row
from express_bot.core.decisions import conflicts
from express_bot.core.notifications.people import BASE_ZONE

#: The advisory lock of whoever works the schedule off.
LEADER = 0x5C_4ED_01E

# ── What people said ─────────────────────────────────────────────────────────────────────────────────────────────────


def choices(db: Connection, user_id: UUID, period_ids: list[int]) -> dict[int, str]:
    """What a person said about these periods; those they said nothing about are missing."""
    rows = db.execute(
        "select period_id, choice from reminder_choices where user_id = %s and period_id = any(%s)",
        (user_id, period_ids),
    )
    return {row["period_id"]: row["choice"] for row in rows}


def choose(db: Connection, user_id: UUID, period_id: int, choice: str, at: datetime) -> None:
    db.execute(
        """
        insert into reminder_choices (user_id, period_id, choice, chosen_at) values (%s, %s, %s, %s)
        on conflict (user_id, period_id) do update set choice = excluded.choice, chosen_at = excluded.chosen_at
        """,
        (user_id, period_id, choice, at),
    )


def unchoose(db: Connection, user_id: UUID, period_id: int) -> None:
    db.execute("delete from reminder_choices where user_id = %s and period_id = %s", (user_id, period_id))


# ── Marks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def lead(db: Connection) -> bool:
    """Takes the lead until the end of this transaction; ``False`` when somebody else has it."""
    row = db.execute("select pg_try_advisory_xact_lock(%s) as ours", (LEADER,)).fetchone()
    assert row is not None, "a call has one row"
    return bool(row["ours"])


def unfinished(db: Connection, now: datetime, closed: str) -> list[Row]:
    """Periods that have opened and are not done with, and the names of their marks that were ``told``."""
    return db.execute(
        """
        select p.id, p.form_id, p.opens_at, p.closes_at,
            array(select m.mark from schedule_marks m where m.period_id = p.id) as told
        from periods p
        where p.opens_at <= %(now)s and (p.closes_at > %(now)s or not exists (
            select from schedule_marks m where m.period_id = p.id and m.mark = %(closed)s))
        order by p.opens_at, p.id
        """,
        {"now": now, "closed": closed},
    ).fetchall()


def all_periods(db: Connection) -> list[Row]:
    return db.execute("select id, form_id, opens_at, closes_at from periods order by id").fetchall()


def insert_mark(db: Connection, period_id: int, mark: str, at: datetime) -> bool:
    """Notes a mark as told; ``False`` when it is noted already."""
    return bool(
        db.execute(
            "insert into schedule_marks (period_id, mark, at) values (%s, %s, %s) on conflict do nothing",
            (period_id, mark, at),
        ).rowcount
    )


def save_people(db: Connection, period_id: int, mark: str, people: int) -> None:
    db.execute("update schedule_marks set people = %s where period_id = %s and mark = %s", (people, period_id, mark))


# ── Whom a mark tells ────────────────────────────────────────────────────────────────────────────────────────────────

#: Employees who have not said «Не в этом месяце» and have no application in the period.
_ELIGIBLE = f"""
    from users u
    join roles r on r.user_id = u.id and r.role = 'employee'
    left join reminder_choices c on c.user_id = u.id and c.period_id = %(period)s
    where u.active and not u.probe and c.choice is distinct from 'declined'
        and not exists (select from applications a
            where a.applicant_id = u.id and a.period_id = %(period)s and {ACTIVE})
"""
#: One promise for each of them; a name that was promised before is left out.
_PROMISE = """
    insert into outbox (event, user_id, details, created_at, once)
    select %(event)s, u.id, %(details)s::jsonb {more}, %(now)s, %(mark)s || ':' || %(period)s || ':' || u.id
"""
_ONCE = " on conflict (once) where once is not null do nothing"


def promise_opening(db: Connection, values: dict[str, Any]) -> int:
    """Everybody eligible; whoever has asked to be told is marked so."""
    wanted = "|| case when c.choice = 'wanted' then '{\"wanted\": true}'::jsonb else '{}' end"
    return _promise(db, _PROMISE.format(more=wanted) + _ELIGIBLE, values)


def promise_draft(db: Connection, values: dict[str, Any]) -> int:
    """Those who have begun an application of this form and not sent it."""
    begun = " and exists (select from drafts d where d.user_id = u.id and d.form_id = %(form)s and d.answers <> '{}')"
    return _promise(db, _PROMISE.format(more="") + _ELIGIBLE + begun, values)


def promise_reminder(db: Connection, values: dict[str, Any]) -> int:
    """Everybody eligible, but those who were told of their draft: one of the two is enough."""
    undrafted = " and not exists (select from outbox o where o.once = %(draft)s || ':' || %(period)s || ':' || u.id)"
    return _promise(db, _PROMISE.format(more="") + _ELIGIBLE + undrafted, values)


def _promise(db: Connection, statement: str, values: dict[str, Any]) -> int:
    return db.execute(statement + _ONCE, values | {"details": Jsonb(values["details"])}).rowcount


# ── The dispatchers' digest ──────────────────────────────────────────────────────────────────────────────────────────


def dispatchers(db: Connection) -> list[Row]:
    """Everybody whom the digest is for, with the zones they chose and work in."""
    return db.execute(
        f"""
        select u.id, u.preferences ->> 'timezone' as chosen_zone, {BASE_ZONE} as base_zone
        from users u join roles r on r.user_id = u.id and r.role = 'dispatcher'
        where u.active and not u.probe order by u.id
        """
    ).fetchall()


def already_promised(db: Connection, names: list[str]) -> set[str]:
    """Which of these promises were made."""
    return {row["once"] for row in db.execute("select once from outbox where once = any(%s)", (names,))}


#: Where the index by period and status leads to every application without a decision.
_OPEN = """
    applications a join users u on u.id = a.applicant_id and not u.probe
    left join periods p on p.id = a.period_id
    where (a.period_id = any(array(select id from periods)) or a.period_id is null)
        and a.status in ('submitted', 'in_review', 'needs_info')
"""


def figures(db: Connection, *, since: datetime, now: datetime) -> Row:
    """What is new since a moment and still stands, what people have said, what waits for a decision, how much of that
    with a conflict, and until when."""
    row = db.execute(
        f"""
        select
            (select count(*) from applications a join users u on u.id = a.applicant_id and not u.probe
                where (a.period_id is null or a.period_id = any(
                    array(select id from periods where opens_at < %(now)s and closes_at > %(since)s)))
                and a.status <> 'withdrawn' and a.filed_at >= %(since)s and a.filed_at < %(now)s) as new,
            (select count(*) from application_events e join applications a on a.id = e.application_id
                join users u on u.id = a.applicant_id and not u.probe
                where e.kind in ('question_answered', 'message_sent') and e.at >= %(since)s and e.at < %(now)s)
                as answers,
            (select count(*) from {_OPEN}) as left,
            (select count(*) from {_OPEN} and {conflicts.ANY}) as conflicts,
            (select count(*) from {_OPEN} and a.withdrawal_requested_at is not null) as withdrawals,
            (select min(due.decision_due_at) from periods due
                where exists (select from {_OPEN} and a.period_id = due.id)) as due_at
        """,
        {"since": since, "now": now},
    ).fetchone()
    assert row is not None, "a row of counts is always there"
    return row
