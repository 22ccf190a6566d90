"""SQL of dialogs and cards: one function per statement. Its clock is the database's real time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from express_bot.core.db.session import Connection, Row
from express_bot.core.dialogs.waiting import UNTOLD, WAITING


def find(db: Connection, channel: str, chat: str) -> Row | None:
    return db.execute("select * from dialogs where channel = %s and chat = %s", (channel, chat)).fetchone()


def insert(
    db: Connection, channel: str, chat: str, *, user_id: UUID, state: dict[str, Any], at: datetime
) -> int | None:
    """Begins a dialog; returns its version, ``None`` when there is one. Raises ``ForeignKeyViolation``."""
    row = db.execute(
        "insert into dialogs (channel, chat, user_id, state, version, at, updated_at)"
        " values (%s, %s, %s, %s, 1, %s, clock_timestamp()) on conflict do nothing returning version",
        (channel, chat, user_id, Jsonb(state), at),
    ).fetchone()
    return row["version"] if row else None


def update(
    db: Connection, channel: str, chat: str, *, version: int, user_id: UUID, state: dict[str, Any], at: datetime
) -> int | None:
    """The next step of a dialog that still stands at ``version``; returns the new one, else ``None``."""
    row = db.execute(
        "update dialogs set user_id = %s, state = %s, at = %s, updated_at = clock_timestamp(), version = version + 1"
        " where channel = %s and chat = %s and version = %s returning version",
        (user_id, Jsonb(state), at, channel, chat, version),
    ).fetchone()
    return row["version"] if row else None


def others_of(db: Connection, user_id: UUID, channel: str, chat: str, channels: Collection[str]) -> list[Row]:
    """This person's conversations in other chats of these channels that stand somewhere, latest first."""
    return db.execute(
        "select channel, chat, state, version, at from dialogs where user_id = %s and (channel, chat) <> (%s, %s)"
        " and channel = any(%s) and state <> '{}' and updated_at > clock_timestamp() - interval '14 days'"
        " order by updated_at desc limit 5",
        (user_id, channel, chat, list(channels)),
    ).fetchall()


def lock_dialogs(db: Connection, chats: list[tuple[str, str]]) -> None:
    """Those of these dialogs that there are; nobody else steps on there before the transaction ends."""
    db.execute(
        "select from dialogs where (channel, chat) in (select * from unnest(%s::text[], %s::text[]))"
        " order by channel, chat for update",
        ([channel for channel, _ in chats], [chat for _, chat in chats]),
    )


def step_beside(db: Connection, channel: str, chat: str, *, version: int, user_id: UUID, state: dict[str, Any]) -> bool:
    """A step that another chat of this person has caused: the moment of the last own one stays."""
    return bool(
        db.execute(
            "update dialogs set state = %s, version = version + 1, updated_at = clock_timestamp()"
            " where channel = %s and chat = %s and version = %s and user_id = %s",
            (Jsonb(state), channel, chat, version, user_id),
        ).rowcount
    )


def prune_dialogs(db: Connection, *, before: datetime) -> int:
    """Forgets dialogs untouched since a moment; returns how many."""
    return db.execute("delete from dialogs where updated_at < %s", (before,)).rowcount


def wish(
    db: Connection, channel: str, chat: str, card_id: UUID, view: dict[str, Any], *, awaited: bool = False
) -> int | None:
    """What a card should say from now on, and the revision that says it; ``None`` when another chat has this card.

    A card that still waits keeps its place and its pause: a messenger that is away is not asked more often for it.
    ``awaited``: somebody sits in front of this chat and waits for it.
    """
    waits = "cards.shown_rev < cards.wanted_rev and cards.failed_at is null"
    row = db.execute(
        f"""
        insert into cards (id, channel, chat, wanted, awaited, wanted_at, due_at, created_at)
        values (%s, %s, %s, %s, %s, clock_timestamp(), clock_timestamp(), clock_timestamp())
        on conflict (id) do update set wanted = excluded.wanted, wanted_rev = cards.wanted_rev + 1,
            awaited = excluded.awaited or (cards.awaited and {waits}),
            wanted_at = case when {waits} then cards.wanted_at else excluded.wanted_at end,
            due_at = case when {waits} then cards.due_at else excluded.due_at end,
            attempts = case when {waits} then cards.attempts else 0 end,
            losses = case when {waits} then cards.losses else 0 end, failed_at = null, reason = null
        where cards.channel = excluded.channel and cards.chat = excluded.chat
        returning wanted_rev
        """,
        (card_id, channel, chat, Jsonb(view), awaited),
    ).fetchone()
    return row["wanted_rev"] if row else None


def await_chat(db: Connection, channel: str, chat: str) -> None:
    """Whatever still waits in this chat stands before what is awaited now, and must not hold it up."""
    db.execute(
        f"update cards set awaited = true where channel = %s and chat = %s and {WAITING} and not awaited",
        (channel, chat),
    )


def next_rev(db: Connection, card_id: UUID) -> int:
    """The revision that the next wish of this card will have, if nobody else wishes before this transaction ends."""
    row = db.execute("select wanted_rev from cards where id = %s for update", (card_id,)).fetchone()
    return row["wanted_rev"] + 1 if row else 1


def existing(db: Connection, card_ids: list[UUID]) -> list[UUID]:
    """Those of these cards that there are, oldest first."""
    rows = db.execute("select id from cards where id = any(%s) order by created_at, id", (card_ids,))
    return [row["id"] for row in rows]


def take_back(db: Connection, card_id: UUID) -> bool:
    """Forgets a card that nobody has seen and nobody is sending; ``False`` when it may be on its way."""
    db.execute(
        "delete from cards where id = %s and shown_rev = 0 and external_id is null"
        " and (lease_until is null or lease_until <= clock_timestamp())",
        (card_id,),
    )
    return db.execute("select from cards where id = %s", (card_id,)).fetchone() is None


def cards_of(db: Connection, channel: str, chat: str) -> list[Row]:
    """The chat's cards of the last 14 days, newest first, at most 20."""
    return db.execute(
        "select id, external_id, wanted_rev, shown_rev from cards"
        " where channel = %s and chat = %s and wanted_at > clock_timestamp() - interval '14 days'"
        " order by created_at desc, id limit 20",
        (channel, chat),
    ).fetchall()


def find_by_external(db: Connection, channel: str, external_id: str) -> Row | None:
    """The card that stands under a messenger's id."""
    return db.execute(
        "select id, chat, external_id, wanted, wanted_rev, shown_rev from cards"
        " where channel = %s and external_id = %s order by shown_at desc limit 1",
        (channel, external_id),
    ).fetchone()


def lock(db: Connection, card_id: UUID) -> Row | None:
    """The card, which nobody else changes before the transaction ends."""
    return db.execute("select * from cards where id = %s for update", (card_id,)).fetchone()


def lock_by_external(db: Connection, channel: str, external_id: str) -> Row | None:
    """The same by a messenger's id, also by one whose message was lost."""
    return db.execute(
        "select * from cards where channel = %(channel)s and (external_id = %(id)s or lost_external_id = %(id)s)"
        " order by external_id = %(id)s desc nulls last, shown_at desc limit 1 for update",
        {"channel": channel, "id": external_id},
    ).fetchone()


def take_turn(db: Connection, channel: str) -> None:
    """Claims of one channel follow each other, so that each sees what the one before has taken."""
    db.execute("select pg_advisory_xact_lock(hashtextextended('card claims of ' || %s, 0))", (channel,))


def take_turn_of(db: Connection, card_id: UUID) -> None:
    """The same turn, for somebody who knows a card alone."""
    db.execute(
        "select pg_advisory_xact_lock(hashtextextended('card claims of ' || channel, 0)) from cards where id = %s",
        (card_id,),
    )


def claim(db: Connection, channel: str, *, limit: int, lease_seconds: int, new_every: float | None = None) -> list[Row]:
    """Leases the cards whose turn it is: of each chat the one wanted first, if nobody holds any of it.

    Whoever had a card before and told no end may have sent it: that is a doubt. Chats in which somebody waits go first:
    ten thousand notices must not stand before an answer. ``new_every``: a chat gets a new message only so many seconds
    after its last one; edits do not wait for that.
    """
    return db.execute(
        f"""
        with turn as (
            select c.id from cards c
            where c.channel = %(channel)s and {WAITING} and c.due_at <= clock_timestamp()
              and (c.lease_until is null or c.lease_until <= clock_timestamp())
              and not exists (
                  select from (select * from cards where {WAITING}) other
                  where other.channel = c.channel and other.chat = c.chat and other.id <> c.id
                    and ((other.wanted_at, other.id) < (c.wanted_at, c.id) or other.lease_until > clock_timestamp()))
              and (%(new_every)s::float8 is null or c.external_id is not null or not exists (
                  select from chat_paces p where p.channel = c.channel and p.chat = c.chat
                    and p.claimed_at > clock_timestamp() - make_interval(secs => %(new_every)s)))
            order by c.awaited desc, c.wanted_at, c.id limit %(limit)s for update of c skip locked
        ), leased as (
            update cards set lease_until = clock_timestamp() + make_interval(secs => %(lease)s),
                begun_at = case when external_id is null then clock_timestamp() else begun_at end,
                doubts = doubts + {UNTOLD}::int,
                doubt_from = case when doubts > 0 then doubt_from when {UNTOLD} then begun_at end
            from turn where cards.id = turn.id returning cards.*
        )
        select id, chat, external_id, wanted as view, wanted_rev as rev, attempts, doubts, lease_until from leased
        order by awaited desc, wanted_at, id
        """,
        {"channel": channel, "limit": limit, "lease": lease_seconds, "new_every": new_every},
    ).fetchall()


def extend(db: Connection, card_id: UUID, *, lease_until: datetime, seconds: int) -> bool:
    """Moves the end of the lease that ends then, or has been moved so already; ``False`` when there is none such."""
    return bool(
        db.execute(
            """
            update cards set lease_until = %(known)s + make_interval(secs => %(seconds)s)
            where id = %(id)s and lease_until in (%(known)s, %(known)s + make_interval(secs => %(seconds)s))
              and lease_until > clock_timestamp()
            """,
            {"id": card_id, "known": lease_until, "seconds": seconds},
        ).rowcount
    )


def mark_shown(db: Connection, card_id: UUID, *, rev: int, external_id: str) -> None:
    """The messenger has this revision; if a newer one is wanted, the card is free to be claimed again."""
    db.execute(
        "update cards set shown_rev = %(rev)s, shown_at = clock_timestamp(),"
        " delivered_at = case when external_id = %(external_id)s then delivered_at end,"
        " named_at = case when external_id = %(external_id)s then named_at else clock_timestamp() end,"
        " external_id = %(external_id)s,"
        " attempts = 0, lease_until = null, failed_at = null, reason = null where id = %(id)s",
        {"id": card_id, "rev": rev, "external_id": external_id},
    )


def postpone(db: Connection, card_id: UUID, *, attempts: int, seconds: float, reason: str) -> None:
    """Gives a card back to be sent after a pause."""
    db.execute(
        "update cards set attempts = %s, reason = %s, lease_until = null,"
        " due_at = clock_timestamp() + make_interval(secs => %s) where id = %s",
        (attempts, reason, seconds, card_id),
    )


def give_up(db: Connection, card_id: UUID, *, reason: str) -> None:
    """Nobody tries to send the card any more, until something new is wanted of it."""
    db.execute(
        "update cards set failed_at = clock_timestamp(), reason = %s, lease_until = null where id = %s",
        (reason, card_id),
    )


def mark_delivered(db: Connection, card_id: UUID) -> None:
    db.execute("update cards set delivered_at = clock_timestamp() where id = %s", (card_id,))


def lose(db: Connection, card_id: UUID, *, losses: int, seconds: float, reason: str) -> None:
    """Nobody got the message: nothing is shown, and it has to be sent as a new one after a pause."""
    db.execute(
        "update cards set losses = %s, reason = %s, shown_rev = 0, lost_external_id = external_id, external_id = null,"
        " lease_until = null, due_at = clock_timestamp() + make_interval(secs => %s) where id = %s",
        (losses, reason, seconds, card_id),
    )


def oldest_waiting(db: Connection) -> int:
    """For how many seconds the card wanted first has been waiting to be sent."""
    row = db.execute(
        "select coalesce(floor(extract(epoch from clock_timestamp() - min(wanted_at))), 0)::int as seconds"
        f" from cards where {WAITING}"
    ).fetchone()
    return int(row["seconds"]) if row else 0


def prune_cards(db: Connection, *, before: datetime) -> int:
    """Forgets cards last wanted before a moment; returns how many."""
    return db.execute("delete from cards where wanted_at < %s", (before,)).rowcount
