"""Invented applications by the million, made by the database itself: people, months, decisions, as in life.

So many people file once a month for five years. Days, units and directions are the same however many people there are:
that is what the rollups grow with, and what they must not grow with.
"""

from __future__ import annotations

from express_bot.core.db.session import Connection
from express_bot.core.periods import service as periods
from express_bot.core.reference import load
from express_bot.core.setup import install_defaults
from submit_stage import NOW

MONTHS = 60
MEMORY = "set maintenance_work_mem = '512MB'; set work_mem = '64MB'; set statement_timeout = 0"

#: A base, a unit and a position for everybody, more of them where more people work.
_PEOPLE = """
    insert into users (id, full_name, profile, personnel_number)
    select md5('invented-' || n)::uuid, 'Проба Скорости', '{}'::jsonb, 'b' || n from generate_series(1, %(people)s) n
"""
_PLACES = """
    create temporary table place as
    select row_number() over (order by location, unit) - 1 as n, location, unit,
        (select array_agg(d.code order by d.code) from unnest(%(directions)s::text[], %(bases)s::text[]) d(code, base)
         where d.base = location) as directions
    from unnest(%(locations)s::text[], %(units)s::text[]) as p(location, unit)
"""
_MONTHS = """
    create temporary table month as
    select row_number() over (order by target_from) - 1 as n, id, opens_at, closes_at, target_from, target_to,
        closes_at > %(now)s as is_open
    from (select * from periods where form_id = 'flight' and opens_at <= %(now)s
          order by target_from desc limit %(months)s) latest
"""
#: One month of everybody. What is random in a row is drawn first, and said afterwards.
_APPLICATIONS = """
    insert into applications (number, form_id, form_version, period_id, applicant_id, answers, location, unit, position,
        direction, target_date, target_month, limit_slot, status, decision, channel, client_key, client_digest,
        filed_at, updated_at)
    select to_char(target_from, 'YYYY') || '-' || lpad((%(first)s + n)::text, 9, '0'), 'flight', %(version)s, period_id,
        md5('invented-' || n)::uuid,
        jsonb_build_object('location', location, 'unit', unit, 'position', position, 'full_name', 'Проба Скорости',
            'personnel_number', lpad((n %% 1000000)::text, 6, '0'), 'date', target_date,
            'direction', coalesce(to_jsonb(direction), '{"other": "Сан-Паулу"}'::jsonb)),
        location, unit, position, direction, target_date, date_trunc('month', target_date)::date, 1, status,
        case when status in ('approved', 'waitlisted', 'rejected', 'revoked', 'completed') then jsonb_build_object(
            'outcome', case status when 'completed' then 'approved' else status end, 'reason_code', 'capacity',
            'reason', '{"ru": "На это число 3 места.", "en": "3 seats for this day."}'::jsonb,
            'decided_at', to_char(closes_at + random() * interval '9 days', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')) end,
        channel, 'key-' || (%(first)s + n), '\\x00'::bytea, filed_at, filed_at
    from (
        select n, period_id, target_from, closes_at, location, unit, filed_at, target_date,
            (array['bp', 'bp', 'bp', 'sbe', 'bp-bs', 'ipb'])[1 + (n %% 6)] as position,
            case when own_words >= 0.02 then directions[1 + floor(array_length(directions, 1) * where_to ^ 2)::int]
            end as direction,
            (array['express', 'express', 'express', 'telegram', 'browser'])[1 + floor(by * 5)::int] as channel,
            case when is_open then (array['submitted', 'submitted', 'submitted', 'in_review', 'needs_info', 'withdrawn']
                )[1 + floor(fate * 6)::int]
            else (array['approved', 'approved', 'completed', 'completed', 'completed', 'rejected', 'rejected',
                'waitlisted', 'withdrawn', 'revoked'])[1 + floor(fate * 10)::int] end as status
        from (
            select each.n, m.id as period_id, m.is_open, m.target_from, m.closes_at, p.location, p.unit, p.directions,
                least(m.opens_at + random() * (m.closes_at - m.opens_at), %(now)s) as filed_at,
                m.target_from + floor(random() * (m.target_to - m.target_from + 1))::int as target_date,
                random() as own_words, random() as where_to, random() as by, random() as fate
            from generate_series(1, %(people)s) each(n)
            join place p on p.n = each.n %% (select count(*) from place)
            join month m on m.n = %(month)s
        ) drawn
    ) said
"""
_INDEXES = """
    select indexname as name, indexdef as definition from pg_indexes i where tablename = 'applications'
      and not exists (select from pg_constraint c where c.conname = i.indexname)
"""


def prepare(db: Connection) -> None:
    """The house of the bench: shipped forms and directories, and five years of periods."""
    install_defaults(db, NOW)
    periods.make_past(db, NOW, count=MONTHS)


def fill(db: Connection, rows: int) -> None:
    """Makes so many applications in an empty house, nearly all of them in the past."""
    reference, people = load(db), rows // MONTHS
    units, directions = reference.directories["unit"].items, reference.directories["direction"].items
    db.execute(MEMORY)
    # Only for what is invented here: neither foreign keys nor triggers look at it.
    db.execute("set session_replication_role = replica")
    with db.transaction():
        indexes = db.execute(_INDEXES).fetchall()
        for index in indexes:
            db.execute(f"drop index {index['name']}")
        db.execute(_PEOPLE, {"people": people})
        place = {
            "locations": [unit.parents[0] for unit in units],
            "units": [unit.code for unit in units],
            "directions": [item.code for item in directions for _ in item.parents],
            "bases": [base for item in directions for base in item.parents],
        }
        db.execute(_PLACES, place)
        db.execute(_MONTHS, {"now": NOW, "months": MONTHS})
        shared = {"now": NOW, "people": people, "version": reference.form("flight").version}
        for month in range(MONTHS):
            db.execute(_APPLICATIONS, shared | {"month": month, "first": month * people})
        for index in indexes:
            db.execute(index["definition"])
    db.execute("set session_replication_role = origin")
    db.execute("vacuum analyze applications, users")
