"""SQL of messages that may stand twice: one function per statement. Its clock is the database's real time."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from express_bot.core.db.session import Connection, Row
from express_bot.core.dialogs.waiting import UNTOLD, WAITING

#: What comes to be known so long after a call without a known end has nothing to do with it any more.
DOUBT_LIFE = timedelta(hours=1)
#: Enough to know where a messenger's numbers stood, even if several senders tell theirs late.
BEFORE = 20
AT_MOST = 2000


def suspects(db: Connection, channel: str, chat: str, *, heard_at: datetime) -> list[Row]:
    """The cards of a chat, latest first, for which a message that was heard of at that moment may have been sent."""
    return db.execute(
        f"""
        select id, external_id, lease_until > clock_timestamp() as in_hand, {WAITING} as waits
        from cards where channel = %(channel)s and chat = %(chat)s
          and ({UNTOLD} and begun_at <= %(heard)s
               or doubts > 0 and doubt_from between %(heard)s - %(life)s and %(heard)s)
        order by begun_at desc for update
        """,
        {"channel": channel, "chat": chat, "heard": heard_at, "life": DOUBT_LIFE},
    ).fetchall()


def adopt(db: Connection, card_id: UUID, external_id: str) -> None:
    """That message is the card's; what it says is put right by an edit, at once."""
    db.execute(
        f"update cards set external_id = %s, named_at = clock_timestamp(), delivered_at = clock_timestamp(),"
        f" due_at = clock_timestamp(), doubts = case when {UNTOLD} then doubts else doubts - 1 end, lease_until = null"
        " where id = %s",
        (external_id, card_id),
    )


def doubt(db: Connection, card_id: UUID) -> None:
    """One more call for this card whose end nobody knows."""
    db.execute(
        "update cards set doubts = doubts + 1, doubt_from = case when doubts > 0 then doubt_from else begun_at end"
        " where id = %s and external_id is null",
        (card_id,),
    )


def settle_doubt(db: Connection, card_id: UUID) -> None:
    """What one such call has sent was found."""
    db.execute("update cards set doubts = greatest(doubts - 1, 0) where id = %s", (card_id,))


def named_before(db: Connection, channel: str, moment: datetime) -> list[Row]:
    """The last messages of ours whose ids came to be known before a moment."""
    return db.execute(
        "select external_id, named_at from cards where channel = %s and named_at < %s order by named_at desc limit %s",
        (channel, moment, BEFORE),
    ).fetchall()


def named_since(db: Connection, channel: str, moment: datetime) -> list[str]:
    rows = db.execute(
        "select external_id from cards where channel = %s and named_at >= %s and external_id is not null"
        " order by named_at limit %s",
        (channel, moment, AT_MOST),
    )
    return [row["external_id"] for row in rows]


def heard_since(db: Connection, channel: str, moment: datetime) -> list[str]:
    """What people have written, by chat and number, where their messenger numbers it like ours."""
    rows = db.execute(
        "select chat || ':' || (payload #>> '{message,message_id}') as id from inbox where channel = %s"
        " and kind = 'message' and received_at >= %s and payload #>> '{message,message_id}' is not null"
        " order by received_at limit %s",
        (channel, moment, AT_MOST),
    )
    return [row["id"] for row in rows]


def unknown_since(db: Connection, channel: str, moment: datetime) -> list[str]:
    """Messages that their messenger has taken, as it says, and that no card has claimed."""
    rows = db.execute(
        "select payload->>'sync_id' as id from inbox where channel = %s and kind = 'callback' and state = 'waiting'"
        " and received_at >= %s and payload->>'status' = 'ok' order by id limit %s",
        (channel, moment, BEFORE),
    )
    return [row["id"] for row in rows]
