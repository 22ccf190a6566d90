"""Raw SQL: the rows of a submit (application, event, outbox, audit) in one statement, with no server in between.

``python submit_raw.py PLAN.json``: as many connections as the servers' pool may have, the same database, the same
durability. Prints its figures as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from psycopg.types.json import Jsonb

from express_bot.core.db.session import connect

ROWS = """
    with filed as (
        insert into applications (number, form_id, form_version, period_id, applicant_id, answers, location, unit,
            position, direction, target_date, target_month, limit_slot, status, channel, client_key, client_digest,
            filed_at, updated_at)
        values ('2027-' || nextval('application_number'), 'flight',
            (select max(version) from form_versions where form_id = 'flight'), %(period_id)s, %(user_id)s, %(answers)s,
            'msk', 'msk-oke-1', 'bp', 'vvo', %(day)s, %(month)s, 1, 'submitted', 'browser',
            %(client_key)s, %(digest)s, %(now)s, %(now)s)
        returning id, number
    ), event as (
        insert into application_events (application_id, kind, at, actor_id, actor_role, channel, version, details)
        select id, 'submitted', %(now)s, %(user_id)s, 'employee', 'browser', 1, %(details)s from filed
    ), promise as (
        insert into outbox (event, application_id, user_id, created_at)
        select 'application_submitted', id, %(user_id)s, %(now)s from filed
    ), trail as (
        insert into audit_log (actor_id, actor_role, channel, act, object_kind, object_id, request_id)
        select %(user_id)s, 'employee', 'browser', 'application.submit', 'application', number, %(client_key)s
        from filed
    )
    select id, number from filed
"""


def main(plan: dict[str, Any]) -> dict[str, Any]:
    """Writes one set of rows per person until people or time are used up."""
    writers = min(plan["clients"], plan["connections"])
    connections = [connect(plan["dsn"]) for _ in range(writers)]
    started = time.perf_counter()
    shares = [plan["people"][index::writers] for index in range(writers)]
    with ThreadPoolExecutor(writers) as pool:
        written = pool.map(lambda *share: _write(plan, started, *share), connections, shares)
        latencies = [latency for part in written for latency in part]
    return {"seconds": time.perf_counter() - started, "latencies": latencies, "others": []}


def _write(plan: dict[str, Any], started: float, connection: Any, people: list[dict[str, Any]]) -> list[float]:
    latencies: list[float] = []
    for person in people:
        began = time.perf_counter()
        if began - started > plan["seconds"]:
            break
        connection.execute(ROWS, _values(plan, person)).fetchone()
        latencies.append(time.perf_counter() - began)
    return latencies


def _values(plan: dict[str, Any], person: dict[str, Any]) -> dict[str, Any]:
    answers = person["answers"]
    return {
        "period_id": plan["period_id"],
        "user_id": person["id"],
        "answers": Jsonb(answers),
        "details": Jsonb({"answers": answers}),
        "day": date.fromisoformat(answers["date"]),
        "month": date.fromisoformat(answers["date"]).replace(day=1),
        "client_key": f"bench-{person['id']}",
        "digest": b"x" * 32,
        "now": datetime.now(UTC),
    }


if __name__ == "__main__":
    print(json.dumps(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
