"""SQL of people."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from express_bot.core.db.session import Connection, Row


def find(db: Connection, user_id: UUID) -> Row | None:
    return db.execute("select * from users where id = %s", (user_id,)).fetchone()


def find_by_identity(db: Connection, provider: str, subject: str) -> Row | None:
    """The active person behind a proven id, with the secret's hash where the provider has one."""
    return db.execute(
        "select u.*, i.secret_hash from identities i join users u on u.id = i.user_id"
        " where i.provider = %s and i.subject = %s and u.active",
        (provider, subject),
    ).fetchone()


def find_identity(db: Connection, provider: str, subject: str, *, lock: bool = False) -> Row | None:
    """The person behind a proven id, also one who has left, with the id's chat and the person's roles."""
    return db.execute(
        "select u.*, i.chat, array(select role from roles r where r.user_id = u.id order by role) as roles"
        " from identities i join users u on u.id = i.user_id where i.provider = %s and i.subject = %s"
        + (" for update of i" if lock else ""),
        (provider, subject),
    ).fetchone()


def insert(
    db: Connection,
    *,
    full_name: str,
    locale: str = "ru",
    profile: dict[str, Any] | None = None,
    host_profile: dict[str, Any] | None = None,
    user_id: UUID | None = None,
    probe: bool = False,
) -> UUID:
    """Adds a person; returns the id. A person with this id may be there already."""
    profile, user_id = profile or {}, user_id or uuid4()
    db.execute(
        "insert into users (id, full_name, locale, profile, host_profile, personnel_number, probe)"
        " values (%s, %s, %s, %s, %s, %s, %s) on conflict (id) do nothing",
        (user_id, full_name, locale, Jsonb(profile), Jsonb(host_profile or {}), profile.get("personnel_number"), probe),
    )
    return user_id


def insert_identity(db: Connection, user_id: UUID, provider: str, subject: str, secret_hash: str | None = None) -> bool:
    """Links a proven id to a person; ``False`` when the id belongs to somebody already."""
    return bool(
        db.execute(
            "insert into identities (provider, subject, user_id, secret_hash) values (%s, %s, %s, %s)"
            " on conflict do nothing",
            (provider, subject, user_id, secret_hash),
        ).rowcount
    )


def save_secret(db: Connection, provider: str, subject: str, secret_hash: str) -> None:
    db.execute(
        "update identities set secret_hash = %s where provider = %s and subject = %s", (secret_hash, provider, subject)
    )


def save_chat(db: Connection, provider: str, subject: str, chat: str) -> None:
    db.execute("update identities set chat = %s where provider = %s and subject = %s", (chat, provider, subject))


def save_host_profile(db: Connection, user_id: UUID, *, full_name: str | None, host_profile: dict[str, Any]) -> None:
    """Keeps what a messenger tells. A name that is known already stays: the person may have set it right."""
    db.execute(
        "update users set host_profile = %s, full_name = coalesce(nullif(full_name, ''), %s, '') where id = %s",
        (Jsonb(host_profile), full_name, user_id),
    )


def grant(db: Connection, user_id: UUID, role: str) -> None:
    db.execute("insert into roles (user_id, role) values (%s, %s) on conflict do nothing", (user_id, role))
    db.execute("update users set version = version + 1 where id = %s", (user_id,))


def grant_once(db: Connection, user_id: UUID, role: str) -> None:
    """Grants a role that may be held already, without ending sessions if it is."""
    db.execute("insert into roles (user_id, role) values (%s, %s) on conflict do nothing", (user_id, role))


def set_active(db: Connection, user_id: UUID, active: bool) -> None:
    db.execute("update users set active = %s, version = version + 1 where id = %s", (active, user_id))


def load_all(db: Connection) -> list[Row]:
    """Everybody but the system's own account, with roles and identities."""
    return db.execute(
        """
        select u.id, u.full_name, u.active, u.locale, u.created_at,
            array(select role from roles r where r.user_id = u.id order by role) as roles,
            array(select provider || ':' || subject from identities i where i.user_id = u.id order by 1) as identities
        from users u where not u.probe order by u.full_name, u.id
        """
    ).fetchall()


def save_profile(db: Connection, user_id: UUID, profile: dict[str, Any], *, locale: str | None = None) -> Row:
    """Replaces the profile and bumps the person's version; raises ``UniqueViolation`` for a taken number."""
    row = db.execute(
        """
        update users set profile = %(profile)s, personnel_number = %(number)s, version = version + 1,
            full_name = coalesce(%(full_name)s, full_name), locale = coalesce(%(locale)s, locale)
        where id = %(id)s returning *
        """,
        {
            "id": user_id,
            "profile": Jsonb(profile),
            "number": profile.get("personnel_number"),
            "full_name": profile.get("full_name"),
            "locale": locale,
        },
    ).fetchone()
    assert row is not None, "a caller exists"
    return row


def find_staff_of(db: Connection, user_id: UUID) -> Row | None:
    """The line of the staff list that vouches for one of the person's identities."""
    return db.execute(
        "select s.* from staff s join identities i on i.provider = s.provider and i.subject = s.subject"
        " where i.user_id = %s",
        (user_id,),
    ).fetchone()


def find_staff(db: Connection, personnel_number: str) -> Row | None:
    return db.execute("select * from staff where personnel_number = %s", (personnel_number,)).fetchone()


def insert_staff(
    db: Connection,
    personnel_number: str,
    full_name: str,
    profile: dict[str, Any],
    *,
    provider: str | None = None,
    subject: str | None = None,
) -> None:
    db.execute(
        "insert into staff (personnel_number, full_name, profile, provider, subject) values (%s, %s, %s, %s, %s)"
        " on conflict do nothing",
        (personnel_number, full_name, Jsonb(profile), provider, subject),
    )
