"""SQL of promises and their deliveries: one function per statement.

Delays and leases go by the database's real clock; only the end of quiet hours is a moment of the business clock.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from express_bot.core.db.session import Connection, Row

# ── The relay ────────────────────────────────────────────────────────────────────────────────────────────────────────

#: One statement marks the lines and puts their jobs into the queue, in the order of the promises. Relays take turns:
#: two at once could give a later promise of a person the earlier job. A statement that waited for nobody's turn sees
#: what the one before has marked, because rows are looked at again before they are taken.
_RELAY = """
    with alone as materialized (
        select pg_try_advisory_xact_lock(hashtextextended('relay of the outbox', 0)) as mine
    ), turn as (
        select id, user_id, held_until from outbox
        where relayed_at is null and (held_until is null or held_until <= %(now)s) and (select mine from alone)
        order by id limit %(limit)s for update skip locked
    ), marked as (
        update outbox set relayed_at = clock_timestamp(), held_until = null,
            due_at = case when turn.held_until is null then outbox.due_at else clock_timestamp() end
        from turn where outbox.id = turn.id
    ), deferred as (
        select procrastinate_defer_jobs_v1(array_agg(
            row(%(queue)s, %(task)s, 0, 'person:' || user_id, null, jsonb_build_object('outbox_id', id), null)
                ::procrastinate_job_to_defer_v1 order by id)) as ids
        from turn having count(*) > 0
    )
    select coalesce(cardinality(ids), 0) as relayed from deferred
"""


def relay(db: Connection, *, queue: str, task: str, now: datetime, limit: int) -> int:
    """Puts the oldest promises that are due into the queue; returns how many."""
    row = db.execute(_RELAY, {"queue": queue, "task": task, "now": now, "limit": limit}).fetchone()
    return int(row["relayed"]) if row else 0


def queue_again(db: Connection, outbox_id: int) -> None:
    """The relay takes this promise once more: another address has to keep it."""
    db.execute("update outbox set relayed_at = null, settled_at = null where id = %s", (outbox_id,))


def hold(db: Connection, outbox_id: int, until: datetime) -> None:
    """The relay takes this promise once more, but not before this moment of the business clock."""
    db.execute("update outbox set relayed_at = null, held_until = %s where id = %s", (until, outbox_id))


def settle(db: Connection, outbox_id: int) -> None:
    """Nothing more is to be done about this promise."""
    db.execute("update outbox set settled_at = clock_timestamp() where id = %s", (outbox_id,))


def settle_all(db: Connection, people: list[UUID]) -> None:
    """Nothing that was promised to these people so far is told."""
    db.execute(
        "update outbox set relayed_at = clock_timestamp(), settled_at = clock_timestamp() where user_id = any(%s)",
        (people,),
    )


# ── Promises ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def find(db: Connection, outbox_id: int, *, lock: bool = False) -> Row | None:
    """A promise; with ``lock`` nobody else keeps it before the transaction ends."""
    return db.execute("select * from outbox where id = %s" + (" for update" if lock else ""), (outbox_id,)).fetchone()


def named(db: Connection, once: str) -> Row | None:
    """The promise that was made under a name."""
    return db.execute("select * from outbox where once = %s", (once,)).fetchone()


def applications(db: Connection, ids: list[int]) -> list[Row]:
    """These applications, oldest first."""
    return db.execute("select * from applications where id = any(%s) order by id", (ids,)).fetchall()


def latest_applications(db: Connection, user_id: UUID, form_id: str, count: int) -> list[Row]:
    """The person's latest applications with this form, latest first."""
    return db.execute(
        "select * from applications where applicant_id = %s and form_id = %s order by id desc limit %s",
        (user_id, form_id, count),
    ).fetchall()


# ── Addresses ────────────────────────────────────────────────────────────────────────────────────────────────────────


def addresses(db: Connection, user_id: UUID, channels: Collection[str]) -> list[Row]:
    """Chats of a person in these messengers, the one last heard of first, also those that take nothing any more."""
    return db.execute(
        "select provider as channel, chat, stopped_at, stop_reason from identities"
        " where user_id = %s and provider = any(%s) and chat is not null"
        " order by last_seen_at desc nulls last, created_at, provider",
        (user_id, list(channels)),
    ).fetchall()


def stop_address(db: Connection, channel: str, chat: str, reason: str) -> int:
    """Nothing is sent to this chat on our own account any more; returns whether that is news."""
    return db.execute(
        "update identities set stopped_at = clock_timestamp(), stop_reason = %s"
        " where provider = %s and chat = %s and stopped_at is null",
        (reason, channel, chat),
    ).rowcount


def hear(db: Connection, channel: str, chat: str) -> None:
    """The chat said something: it takes messages again. Written at most once a minute."""
    db.execute(
        "update identities set last_seen_at = clock_timestamp(), stopped_at = null, stop_reason = null"
        " where provider = %s and chat = %s and (stopped_at is not null or last_seen_at is null"
        " or last_seen_at < clock_timestamp() - interval '1 minute')",
        (channel, chat),
    )


def try_addresses_again(db: Connection, user_id: UUID) -> None:
    """An administrator believes that this person can be reached."""
    db.execute("update identities set stopped_at = null, stop_reason = null where user_id = %s", (user_id,))


# ── Deliveries ───────────────────────────────────────────────────────────────────────────────────────────────────────


def tries(db: Connection, outbox_id: int) -> list[Row]:
    """The deliveries of a promise, first one first."""
    return db.execute("select * from deliveries where outbox_id = %s order by id", (outbox_id,)).fetchall()


def deliver(db: Connection, outbox_id: int, *, channel: str, chat: str, card_id: UUID, card_rev: int) -> None:
    """A card carries this promise over this channel from now on."""
    db.execute(
        """
        insert into deliveries (outbox_id, channel, chat, card_id, card_rev, state, waiting_since)
        values (%s, %s, %s, %s, %s, 'waiting', clock_timestamp())
        on conflict (outbox_id, channel) do update set chat = excluded.chat, card_id = excluded.card_id,
            card_rev = excluded.card_rev, state = 'waiting', reason = null, ended_at = null,
            waiting_since = excluded.waiting_since
        """,
        (outbox_id, channel, chat, card_id, card_rev),
    )


def note(db: Connection, outbox_id: int, state: str, reason: str | None = None) -> None:
    """A delivery without a channel: held, not wanted, or nowhere to go."""
    ended = "null" if state == "held" else "clock_timestamp()"
    db.execute(
        f"""
        insert into deliveries (outbox_id, state, reason, ended_at) values (%s, %s, %s, {ended})
        on conflict (outbox_id, channel) do update
        set state = excluded.state, reason = excluded.reason, ended_at = excluded.ended_at
        """,
        (outbox_id, state, reason),
    )


def forget_hold(db: Connection, outbox_id: int) -> None:
    """The waiting is over: what comes of it is told by another row."""
    db.execute("delete from deliveries where outbox_id = %s and channel is null and state = 'held'", (outbox_id,))


def end(db: Connection, delivery_id: int, state: str, reason: str) -> None:
    """How a delivery ended without being shown."""
    db.execute(
        "update deliveries set state = %s, reason = %s, ended_at = clock_timestamp() where id = %s",
        (state, reason, delivery_id),
    )


def mark_shown(db: Connection, card_id: UUID, rev: int) -> None:
    """Whatever this card carries, up to a revision, has arrived."""
    db.execute(
        """
        with arrived as (
            update deliveries set state = 'shown', reason = null, ended_at = clock_timestamp()
            where card_id = %s and card_rev <= %s and state = 'waiting' returning outbox_id
        )
        update outbox set settled_at = clock_timestamp() from arrived where outbox.id = arrived.outbox_id
        """,
        (card_id, rev),
    )


def count_failure(db: Connection, card_id: UUID, reason: str) -> None:
    """One more try of a card failed."""
    db.execute(
        "update deliveries set attempts = attempts + 1, reason = %s where card_id = %s and state = 'waiting'",
        (reason, card_id),
    )


def mark_lost(db: Connection, card_id: UUID, reason: str) -> None:
    """The messenger took the message and nobody got it: what it carries waits again."""
    db.execute(
        """
        with lost as (
            update deliveries set state = 'waiting', attempts = attempts + 1, reason = %s, ended_at = null,
                waiting_since = clock_timestamp()
            where card_id = %s and state = 'shown' returning outbox_id
        )
        update outbox set settled_at = null from lost where outbox.id = lost.outbox_id
        """,
        (reason, card_id),
    )


_CARRIED = """
    select d.*, o.event from deliveries d join outbox o on o.id = d.outbox_id
    where d.state = 'waiting' and {where} order by d.outbox_id for update of d
"""


def carried(db: Connection, card_id: UUID) -> list[Row]:
    """What a card carries and has not brought."""
    return db.execute(_CARRIED.format(where="d.card_id = %s"), (card_id,)).fetchall()


def carried_to(db: Connection, channel: str, chat: str) -> list[Row]:
    """What is on its way to a chat."""
    return db.execute(_CARRIED.format(where="d.channel = %s and d.chat = %s"), (channel, chat)).fetchall()


def overdue(db: Connection, *, seconds: float, channels: Collection[str], silent: Sequence[str]) -> list[Row]:
    """Deliveries that wait too long while their person has another address, never tried; nobody else gets them."""
    return db.execute(
        """
        select d.* from deliveries d join outbox o on o.id = d.outbox_id
        where d.state = 'waiting' and d.waiting_since < clock_timestamp() - make_interval(secs => %(seconds)s)
          and o.event <> all(%(silent)s)
          and exists (
              select from identities i
              where i.user_id = o.user_id and i.provider = any(%(channels)s) and i.chat is not null
                and i.stopped_at is null
                and not exists (select from deliveries t where t.outbox_id = o.id and t.channel = i.provider))
        order by d.outbox_id limit 100 for update of d skip locked
        """,
        {"seconds": seconds, "channels": list(channels), "silent": list(silent)},
    ).fetchall()


# ── Paces ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def used_pace(db: Connection, channel: str) -> Row | None:
    """How many cards were handed out in the last second, and whether the messenger is resting; ``None``: never any."""
    return db.execute(
        "select coalesce(paused_until > clock_timestamp(), false) as resting, (select count(*) from unnest(claimed) at"
        " where at > clock_timestamp() - interval '1 second') as claimed from channel_paces where channel = %s",
        (channel,),
    ).fetchone()


def use_pace(db: Connection, channel: str, *, count: int, keep: int) -> None:
    """So many cards are handed out now; only the latest ``keep`` moments matter."""
    db.execute(
        """
        insert into channel_paces (channel, claimed)
        values (%(channel)s, array_fill(clock_timestamp(), array[%(count)s]))
        on conflict (channel) do update
        set claimed = (excluded.claimed || channel_paces.claimed)[1:%(keep)s]
        """,
        {"channel": channel, "count": count, "keep": keep},
    )


def use_chat_paces(db: Connection, channel: str, chats: list[str]) -> None:
    """Each of these chats gets a new message now."""
    db.execute(
        "insert into chat_paces (channel, chat, claimed_at)"
        " select %s, chat, clock_timestamp() from unnest(%s::text[]) chat"
        " on conflict (channel, chat) do update set claimed_at = excluded.claimed_at",
        (channel, chats),
    )


def rest(db: Connection, channel: str, seconds: int) -> None:
    """Nothing is handed out for so many seconds; a longer rest that was asked for before stays."""
    db.execute(
        "insert into channel_paces (channel, paused_until) values (%s, clock_timestamp() + make_interval(secs => %s))"
        " on conflict (channel) do update"
        " set paused_until = greatest(channel_paces.paused_until, excluded.paused_until)",
        (channel, seconds),
    )


# ── For the one who runs it ──────────────────────────────────────────────────────────────────────────────────────────


def figures(db: Connection) -> Row:
    """How many promises are under way, for how many seconds the oldest is due, and how many nobody could keep."""
    row = db.execute(
        """
        select (select count(*) from outbox where settled_at is null and held_until is null) as waiting,
            (select coalesce(floor(extract(epoch from clock_timestamp() - min(due_at))), 0)::int from outbox
             where settled_at is null and held_until is null) as oldest_seconds,
            (select count(*) from deliveries where state = 'dead') as dead
        """
    ).fetchone()
    assert row is not None, "an aggregate has a row"
    return row


def lateness(db: Connection, *, ignored: str) -> Row:
    """Like ``figures``, without promises of one event: how many wait, since when, and which is the oldest."""
    row = db.execute(
        """
        select count(*) as waiting, min(due_at) as since, min(id) as oldest,
            coalesce(extract(epoch from clock_timestamp() - min(due_at)), 0)::float as seconds
        from outbox where settled_at is null and held_until is null and event <> %s
        """,
        (ignored,),
    ).fetchone()
    assert row is not None, "an aggregate has a row"
    return row


def is_told_since(db: Connection, event: str, *, code: str, age: timedelta) -> bool:
    """Whether such a promise was made within this time."""
    found = db.execute(
        "select from outbox where event = %s and details ->> 'code' = %s and due_at > clock_timestamp() - %s limit 1",
        (event, code, age),
    ).fetchone()
    return found is not None


def administrators(db: Connection) -> list[UUID]:
    """Those who run the house."""
    rows = db.execute(
        "select u.id from users u join roles r on r.user_id = u.id"
        " where r.role = 'admin' and u.active and not u.probe order by u.id"
    ).fetchall()
    return [row["id"] for row in rows]


_LISTED = """
    select d.id, d.outbox_id, o.event, o.user_id, a.number, d.channel, d.state, d.reason, d.attempts, d.created_at,
        d.ended_at
    from deliveries d join outbox o on o.id = d.outbox_id left join applications a on a.id = o.application_id
"""


def page(db: Connection, *, state: str | None, before: int | None, size: int) -> list[Row]:
    """Deliveries, newest first, those before an id."""
    return db.execute(
        f"""
        {_LISTED} where (%(state)s::text is null or d.state = %(state)s)
          and (%(before)s::bigint is null or d.id < %(before)s)
        order by d.id desc limit %(size)s
        """,
        {"state": state, "before": before, "size": size},
    ).fetchall()


def find_delivery(db: Connection, delivery_id: int) -> Row | None:
    return db.execute(f"{_LISTED} where d.id = %s", (delivery_id,)).fetchone()


def forget_tries(db: Connection, outbox_id: int) -> None:
    """A promise that begins anew has not been tried anywhere."""
    db.execute("delete from deliveries where outbox_id = %s", (outbox_id,))


def begin_anew(db: Connection, outbox_id: int) -> None:
    """The relay takes a promise as if it had just been made."""
    db.execute(
        "update outbox set relayed_at = null, settled_at = null, held_until = null, due_at = clock_timestamp()"
        " where id = %s",
        (outbox_id,),
    )


def prune(db: Connection, *, before: datetime, named_before: datetime) -> int:
    """Forgets promises settled before a moment, later those with a name, which must not be made again; how many."""
    return db.execute(
        "delete from outbox where settled_at < %s and (once is null or settled_at < %s)", (before, named_before)
    ).rowcount


def prune_paces(db: Connection) -> int:
    """Forgets chats that nobody has to wait for any more; returns how many."""
    return db.execute("delete from chat_paces where claimed_at < clock_timestamp() - interval '1 hour'").rowcount
