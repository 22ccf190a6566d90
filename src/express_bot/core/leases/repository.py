"""SQL of leases. Its clock is the database's real time."""

from __future__ import annotations

from express_bot.core.db.session import Connection


def take(db: Connection, name: str, holder: str, *, seconds: int) -> bool:
    """Takes a lease that is free, or renews one's own; ``False`` while somebody else holds it."""
    return bool(
        db.execute(
            """
            insert into leases (name, holder, until)
            values (%(name)s, %(holder)s, clock_timestamp() + make_interval(secs => %(seconds)s))
            on conflict (name) do update set holder = excluded.holder, until = excluded.until
            where leases.holder = excluded.holder or leases.until <= clock_timestamp()
            """,
            {"name": name, "holder": holder, "seconds": seconds},
        ).rowcount
    )


def give_back(db: Connection, name: str, holder: str) -> None:
    """Frees a lease; somebody else's stays theirs."""
    db.execute("delete from leases where name = %s and holder = %s", (name, holder))


def is_held(db: Connection, name: str) -> bool:
    """Whether somebody holds it now."""
    return (
        db.execute("select from leases where name = %s and until > clock_timestamp()", (name,)).fetchone() is not None
    )
