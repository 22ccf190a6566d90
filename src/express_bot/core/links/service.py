"""Linking: a messenger in which nobody knows the person becomes another way to the one they are.

One side shows a code, the other enters it; either may begin. Nobody is ever linked by name, phone or mail (trust A8).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from express_bot.contracts import errors
from express_bot.contracts.links import MESSENGER_NAMES
from express_bot.contracts.notifications import Event
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Connection, Row
from express_bot.core.links import repository
from express_bot.core.notifications import keeping, outbox
from express_bot.core.sessions.principal import Principal

CODE_LIFE = timedelta(minutes=10)
#: What is over is kept so long, for «expired» instead of «wrong», for repeated calls and for counting.
TRACE = timedelta(days=1)
#: Codes one person may ask for, and wrong tries of one person (trust §4.3).
CODES = (5, timedelta(minutes=10))
TRIES = ((5, timedelta(minutes=10)), (20, timedelta(days=1)))
#: Wrong tries of all guests together: anybody can make new accounts of a messenger, so counting each is not enough.
GUESTS_TRIES = ((60, timedelta(minutes=10)), (300, timedelta(days=1)))


@dataclass(frozen=True)
class Call:
    """The circumstances of a change of links."""

    caller: Principal
    key: str
    secret: str
    now: datetime
    """The business time, for the promise."""


# ── showing a code ───────────────────────────────────────────────────────────────────────────────────────────────────


def show_code(db: Connection, call: Call) -> dict[str, Any]:
    """A fresh code instead of the one before, as ``contracts.links.LinkCode``; the same again for a repeated call.

    Raises ``TooManyAttempts``.
    """
    repository.take_turn(db)
    if not repository.lock_people(db, [call.caller.user_id]):  # a guest who has become somebody meanwhile
        raise errors.Unauthenticated
    made = repository.find_made(db, call.caller.user_id, call.key) or _make_code(db, call)
    return {"code": _code(call, made["salt"]), "expires_at": made["expires_at"]}


def _make_code(db: Connection, call: Call) -> Row:
    caller, (most, within) = call.caller, CODES
    made = repository.count_made(db, caller.user_id, within=within)
    if made["count"] >= most:
        raise errors.TooManyAttempts(retry_after=max(1, made["left"]))
    repository.end_codes(db, caller.user_id)
    salt = next(salt for salt in count() if not repository.is_known(db, _hash(call.secret, _code(call, salt))))
    row = repository.insert(
        db,
        user_id=caller.user_id,
        code_hash=_hash(call.secret, _code(call, salt)),
        client_key=call.key,
        salt=salt,
        channel=caller.channel,
        life=CODE_LIFE,
    )
    audit.record(db, caller, "link.code", "user", str(caller.user_id))
    return row


def _code(call: Call, salt: int) -> str:
    """Six digits that nobody can foretell without the house's secret; the same for the same call."""
    told = f"link code/{call.caller.user_id}/{call.key}/{salt}"
    return f"{int.from_bytes(_keyed(call.secret, told)) % 10**6:06}"


def _hash(secret: str, code: str) -> bytes:
    """What is stored of a code; keyed, because six digits are soon tried out."""
    return _keyed(secret, f"link code hash/{code}")


def _keyed(secret: str, told: str) -> bytes:
    return hmac.digest(secret.encode(), told.encode(), hashlib.sha256)


# ── entering it ──────────────────────────────────────────────────────────────────────────────────────────────────────


def begin_try(db: Connection, caller: Principal) -> int:
    """Counts a try before the code is looked at; returns its id. Raises ``TooManyAttempts``.

    In a transaction of its own: a refused try counts, whatever becomes of the rest.
    """
    repository.take_turn(db)
    is_guest = not caller.roles
    _ensure_room(db, TRIES, caller.user_id)
    if is_guest:
        _ensure_room(db, GUESTS_TRIES)
    return repository.insert_try(db, caller.user_id, by_guest=is_guest)


def _ensure_room(db: Connection, limits: tuple[tuple[int, timedelta], ...], user_id: UUID | None = None) -> None:
    for most, within in limits:
        tries = repository.count_tries(db, within=within, user_id=user_id)
        if tries["count"] >= most:
            raise errors.TooManyAttempts(retry_after=max(1, tries["left"]))


def was_redeemed(db: Connection, call: Call, code: str) -> bool:
    """Whether this very call has been here before with success. Raises ``IdempotencyKeyReused`` for another code."""
    used = repository.find_used(db, call.caller.user_id, call.key)
    if used is not None and used["code_hash"] != _hash(call.secret, code):
        raise errors.IdempotencyKeyReused
    return used is not None


def redeem(db: Connection, call: Call, code: str, *, try_id: int) -> UUID:
    """Takes a code: one of its two sides becomes a way to the other. Returns the person they both are now.

    Raises ``CodeWrong``, ``CodeExpired``, ``CodeOwn``, ``NobodyToLink`` and ``AlreadyLinked``.
    """
    repository.take_turn(db)
    found = repository.lock_code(db, _hash(call.secret, code))
    if found is None and was_redeemed(db, call, code):  # by the same call, sent twice at once
        return call.caller.user_id
    if found is None:
        raise errors.CodeWrong
    if not found["lives"]:
        raise errors.CodeExpired
    mover, person = _sides(db, call.caller.user_id, found["user_id"])
    _join(db, call, found, mover, person)
    repository.forget_try(db, try_id)
    person_id: UUID = person["id"]
    return person_id


def _sides(db: Connection, here: UUID, there: UUID) -> tuple[Row, Row]:
    """Who is only a way to somebody, and who that is."""
    if here == there:
        raise errors.CodeOwn
    people = repository.lock_people(db, {here, there})
    if len(people) < 2:  # linked by another code, or left, a moment ago
        raise errors.CodeWrong
    if not people[here]["roles"] and not people[there]["roles"]:
        raise errors.NobodyToLink
    pairs = (people[here], people[there]), (people[there], people[here])
    guest_first = sorted(pairs, key=lambda pair: bool(pair[0]["roles"]))
    pair = next((pair for pair in guest_first if _is_nobody_yet(pair[0])), None)
    if pair is None:
        raise errors.AlreadyLinked
    twice = set(pair[0]["providers"]) & set(pair[1]["providers"])
    if twice:
        raise errors.AlreadyLinked(messenger=MESSENGER_NAMES[min(twice)])
    return pair


def _is_nobody_yet(person: Row) -> bool:
    """Nothing would be lost: no data, no rights beyond everybody's, known by messengers alone."""
    is_plain = set(person["roles"]) <= {"employee"} and set(person["providers"]) <= set(MESSENGER_NAMES)
    return is_plain and not person["has_data"]


def _join(db: Connection, call: Call, code: Row, mover: Row, person: Row) -> None:
    repository.use(db, code["id"], user_id=person["id"], key=call.key)
    repository.move(db, source=mover["id"], target=person["id"])
    repository.delete_person(db, mover["id"])
    repository.bump(db, person["id"])
    audit.record(db, call.caller, "link.add", "user", str(person["id"]), {"providers": mover["providers"]})
    # whoever entered the code sees that it worked; the side that showed it hears of it
    told = {"provider": mover["providers"][0], "channel": _other_side(code, person)}
    outbox.promise(db, Event.LINKED, user_id=person["id"], at=call.now, details=told, once=f"linked/{code['id']}")


def _other_side(code: Row, person: Row) -> str | None:
    """The messenger in which the code was shown; for one shown in the app, where the person has been known."""
    known = [code["channel"], *person["providers"]]
    return next((channel for channel in known if channel in MESSENGER_NAMES), None)


# ── what is linked ───────────────────────────────────────────────────────────────────────────────────────────────────


def links(db: Connection, user_id: UUID, messengers: Collection[str]) -> dict[str, Any]:
    """The person's ways in, as ``contracts.links.LinkList``; ``messengers`` are those of this house."""
    found = repository.links_of(db, user_id)
    ways = [
        {
            "provider": link["provider"],
            "linked_at": link["linked_at"],
            "reachable": link["reachable"],
            "removable": len(found) > 1 and link["provider"] in MESSENGER_NAMES,
        }
        for link in found
    ]
    return {"links": ways, "messengers": sorted(messengers)}


def unlink(db: Connection, caller: Principal, provider: str) -> None:
    """Takes a messenger away from the caller; whoever writes from there is unknown again. Raises ``LastLink``.

    Safe to repeat: what is not linked stays so.
    """
    repository.take_turn(db)
    providers = [link["provider"] for link in repository.links_of(db, caller.user_id)]
    if provider not in providers:
        return
    if len(providers) == 1:
        raise errors.LastLink
    for chat in repository.chats_of(db, caller.user_id, provider):
        keeping.leave(db, provider, chat)
    repository.leave_chats(db, caller.user_id, provider)
    repository.unlink(db, caller.user_id, provider)
    repository.end_sessions(db, caller.user_id, provider)
    repository.bump(db, caller.user_id)
    audit.record(db, caller, "link.remove", "user", str(caller.user_id), {"provider": provider})
