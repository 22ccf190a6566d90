"""SQL of periods and the rules that make them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb

from express_bot.core.db.session import Connection, Row
from express_bot.domain.fields import Excluded


@dataclass(frozen=True)
class StoredPeriod:
    """One period as it stands in the database: explicit dates, no formula (design §3)."""

    id: int
    form_id: str
    opens_at: datetime
    closes_at: datetime
    target_from: date
    target_to: date
    timezone: str
    application_limit: int
    excluded: tuple[Excluded, ...]
    decision_due_at: datetime | None

    @property
    def target(self) -> tuple[date, date]:
        return self.target_from, self.target_to


_COLUMNS = (
    "id, form_id, opens_at, closes_at, target_from, target_to, timezone, application_limit, excluded, decision_due_at"
)


def load_all(db: Connection) -> list[StoredPeriod]:
    """Every period, soonest first; there are a dozen a year."""
    rows = db.execute(f"select {_COLUMNS} from periods order by opens_at, id").fetchall()
    return [StoredPeriod(**row | {"excluded": tuple(map(Excluded.model_validate, row["excluded"]))}) for row in rows]


def insert(db: Connection, values: dict[str, Any]) -> int | None:
    """Adds a period; ``None`` when the form already has one that opens at that moment."""
    row = db.execute(
        """
        insert into periods (form_id, opens_at, closes_at, target_from, target_to, timezone, application_limit,
            excluded, decision_due_at, made_by)
        values (%(form_id)s, %(opens_at)s, %(closes_at)s, %(target_from)s, %(target_to)s, %(timezone)s,
            %(application_limit)s, %(excluded)s, %(decision_due_at)s, %(made_by)s)
        on conflict do nothing returning id
        """,
        values | {"excluded": Jsonb(values["excluded"])},
    ).fetchone()
    return row["id"] if row else None


def save_excluded(db: Connection, period_id: int, excluded: list[dict[str, Any]]) -> None:
    db.execute("update periods set excluded = %s where id = %s", (Jsonb(excluded), period_id))


def overlapping(db: Connection, form_id: str, opens_at: datetime, closes_at: datetime) -> list[Row]:
    """Periods of a form that are open at any moment of this span."""
    return db.execute(
        "select * from periods where form_id = %s and opens_at < %s and closes_at > %s order by opens_at",
        (form_id, closes_at, opens_at),
    ).fetchall()


def rules(db: Connection) -> dict[str, dict[str, Any]]:
    return {row["code"]: row["rule"] for row in db.execute("select code, rule from period_rules")}


def save_rule(db: Connection, code: str, rule: dict[str, Any]) -> None:
    db.execute(
        "insert into period_rules (code, rule) values (%s, %s) on conflict (code) do nothing", (code, Jsonb(rule))
    )
