"""What the core's submit is measured against (design §11): the same server, pool, tables and bodies, and less to do.

R1 ``POST /validate`` reads the body and judges the flight form, nothing is kept.
R2 ``POST /submit`` keeps an application row and its outbox line in one statement: no proof of the caller, no judging,
no history, no audit, no idempotency.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

import orjson
from flask import Flask, Response, request
from psycopg.types.json import Jsonb

from express_bot.core.db.session import connect, open_pool
from express_bot.core.reference import load
from express_bot.domain.parsing import read_json
from express_bot.settings import get_settings

settings = get_settings()
now = datetime.fromisoformat(os.environ["BENCH_NOW"])
with connect(settings.dsn()) as connection:
    reference = load(connection)
flight, period = reference.form("flight"), reference.open_period("flight", now)
assert period is not None, "the stage has opened one"
compiled = reference.compile(flight, period, "ru", now.date())
pool = open_pool(settings.dsn(), settings.database_pool)
app = Flask("bench.reference")

BARE = """
    with filed as (
        insert into applications (number, form_id, form_version, period_id, applicant_id, answers, location, unit,
            position, direction, target_date, target_month, limit_slot, status, channel, client_key, client_digest,
            filed_at, updated_at)
        values ('2027-' || nextval('application_number'), 'flight', %(form_version)s,
            %(period_id)s, %(user_id)s, %(answers)s, %(location)s, %(unit)s, %(position)s, %(direction)s,
            %(target_date)s, %(target_month)s, 1, 'submitted', 'browser', %(client_key)s, '', %(now)s, %(now)s)
        returning id, number
    ), promise as (
        insert into outbox (event, application_id, user_id, created_at)
        select 'application_submitted', id, %(user_id)s, %(now)s from filed
    )
    select number from filed
"""


@app.post("/validate")
def validate() -> Response:
    """R1."""
    answers = compiled.clean(read_json(request.get_data())["answers"])
    problems = compiled.validate(answers)
    return _json({"problems": len(problems)}, 422 if problems else 201)


@app.post("/submit")
def submit() -> Response:
    """R2."""
    answers = orjson.loads(request.get_data())["answers"]
    with pool.connection() as db:
        row = db.execute(BARE, bare_values(answers, request.headers["X-Person"])).fetchone()
    assert row is not None
    return _json({"number": row["number"], "status": "submitted"}, 201)


def bare_values(answers: dict[str, str], person: str) -> dict[str, object]:
    """The columns of R2's row."""
    target = date.fromisoformat(answers["date"])
    columns = {name: answers[name] for name in ("location", "unit", "position", "direction")}
    return columns | {
        "form_version": flight.version,
        "period_id": period.id,
        "user_id": person,
        "answers": Jsonb(answers),
        "target_date": target,
        "target_month": target.replace(day=1),
        "client_key": person,
        "now": datetime.now(UTC),
    }


def _json(document: dict[str, object], status: int) -> Response:
    return Response(orjson.dumps(document), status, content_type="application/json")
