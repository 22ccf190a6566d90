"""What is really in the database."""

from __future__ import annotations

from express_bot.core.db.session import Connection
from express_bot.core.db.tables import metadata

#: Sessions slide while they are used; everything else of them counts.
_ROW = {"sessions": "md5((t.id, t.user_id, t.revoked_at)::text)"}
_DIGESTS = " union all ".join(
    f"select '{name}' as name, count(*) as rows, md5(string_agg({row}, '' order by {row})) as content from {name} t"
    for name, row in ((table.name, _ROW.get(table.name, "md5(t::text)")) for table in metadata.sorted_tables)
)


def digest(db: Connection) -> dict[str, tuple[int, str]]:
    """Row count and content of every table of the product."""
    return {row["name"]: (row["rows"], row["content"]) for row in db.execute(_DIGESTS)}


def history(db: Connection, number: str) -> list[str]:
    """The kinds of an application's events, oldest first."""
    rows = db.execute(
        "select e.kind from application_events e join applications a on a.id = e.application_id"
        " where a.number = %s order by e.id",
        (number,),
    )
    return [row["kind"] for row in rows]


def trail(db: Connection, object_id: str) -> list[str]:
    """What the audit says was done to an object, oldest first."""
    return [
        row["act"] for row in db.execute("select act from audit_log where object_id = %s order by id", (object_id,))
    ]
