"""SQL of forms: definitions by version, and which version is published."""

from __future__ import annotations

from psycopg.types.json import Jsonb

from express_bot.core.db.session import Connection
from express_bot.domain.forms import FormDefinition


def load_versions(db: Connection) -> dict[tuple[str, int], FormDefinition]:
    """Every version ever published: an old application is shown by the form it was filed with."""
    rows = db.execute("select form_id, version, definition from form_versions")
    return {(row["form_id"], row["version"]): FormDefinition.model_validate(row["definition"]) for row in rows}


def load_published(db: Connection) -> list[tuple[str, int]]:
    """Form and published version, in the order people see."""
    return [(row["id"], row["current_version"]) for row in db.execute("select * from forms order by position, id")]


def publish(db: Connection, definition: FormDefinition, *, position: int) -> bool:
    """Publishes a new version; ``False`` when this version stands already (it never changes)."""
    added = db.execute(
        "insert into form_versions (form_id, version, definition) values (%s, %s, %s) on conflict do nothing",
        (definition.id, definition.version, Jsonb(definition.stored())),
    ).rowcount
    db.execute(
        "insert into forms (id, current_version, position) values (%s, %s, %s)"
        " on conflict (id) do update set current_version = greatest(forms.current_version, excluded.current_version)",
        (definition.id, definition.version, position),
    )
    return bool(added)
