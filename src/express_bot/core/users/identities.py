"""People as a messenger knows them: a proven id becomes a person, once."""

from __future__ import annotations

from collections.abc import Collection

import psycopg

from express_bot.contracts.messengers import PutIdentity
from express_bot.core.db.session import Connection, Row
from express_bot.core.users import repository


def meet(
    db: Connection,
    provider: str,
    subject: str,
    told: PutIdentity,
    *,
    locale: str,
    welcomed: Collection[str] = frozenset({"express"}),
) -> tuple[Row, bool]:
    """The person behind a proven id, and whether they are new (then with this ``locale``, unless one is told).

    An unknown id of a ``welcomed`` messenger is a new employee: it lets in nobody but the organisation's people. From
    anywhere else comes a guest, a person without roles, who may do nothing but link to who they are. Nobody is ever
    found by name or mail. Of a person who has left nothing is kept any more.
    """
    told = told.model_copy(update={"locale": told.locale or locale})
    role = "employee" if provider in welcomed else None
    created = repository.find_identity(db, provider, subject) is None and _create(db, provider, subject, told, role)
    person = repository.find_identity(db, provider, subject, lock=True)
    assert person is not None, "found or made a moment ago"
    if person["active"]:
        _remember(db, provider, subject, person, told)
    return person, created


def _create(db: Connection, provider: str, subject: str, told: PutIdentity, role: str | None) -> bool:
    """A new person; ``False`` when another call made this person in the same moment."""
    with db.transaction() as attempt:
        name, locale = _name(told) or "", str(told.locale)
        user_id = repository.insert(db, full_name=name, locale=locale, host_profile=told.host_profile)
        if not repository.insert_identity(db, user_id, provider, subject):
            raise psycopg.Rollback(attempt)
        if role is not None:
            repository.grant(db, user_id, role)
        return True
    return False


def _remember(db: Connection, provider: str, subject: str, person: Row, told: PutIdentity) -> None:
    """Keeps what is new; ``person`` then says it too."""
    if told.chat and told.chat != person["chat"]:
        repository.save_chat(db, provider, subject, told.chat)
        person["chat"] = told.chat
    host_profile = person["host_profile"] if told.host_profile is None else told.host_profile
    name = person["full_name"] or _name(told) or ""
    if (name, host_profile) != (person["full_name"], person["host_profile"]):
        repository.save_host_profile(db, person["id"], full_name=name, host_profile=host_profile)
        person |= {"full_name": name, "host_profile": host_profile}


def _name(told: PutIdentity) -> str | None:
    return told.full_name or (told.host_profile or {}).get("full_name")
