"""SQL of directories."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb

from express_bot.core.db.session import Connection
from express_bot.domain.directories import Directory, directories


def load_all(db: Connection) -> dict[str, Directory]:
    """Directories by code, retired items included: old applications still show their names."""
    items: dict[str, list[dict[str, Any]]] = {}
    for row in db.execute("select * from directory_items order by directory, position, code"):
        item = {name: row[name] for name in ("code", "names", "hint", "parents", "synonyms", "timezone")}
        items.setdefault(row["directory"], []).append(item | {"retired": row["retired_at"] is not None})
    return directories(
        {
            "code": row["code"],
            "title": row["title"],
            "order": row["item_order"],
            "parent": row["parent"],
            "items": items.get(row["code"], []),
        }
        for row in db.execute("select * from directories order by code")
    )


def add(db: Connection, directory: Directory) -> None:
    """Adds a directory and those of its items that are not there yet; what stands is left alone."""
    db.execute(
        "insert into directories (code, title, item_order, parent) values (%s, %s, %s, %s) on conflict do nothing",
        (directory.code, Jsonb(directory.title), directory.order, directory.parent),
    )
    for position, item in enumerate(directory.items):
        db.execute(
            "insert into directory_items (directory, code, names, hint, parents, synonyms, timezone, position)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            (
                directory.code,
                item.code,
                Jsonb(item.names),
                Jsonb(item.hint) if item.hint else None,
                list(item.parents),
                list(item.synonyms),
                item.timezone,
                position,
            ),
        )
