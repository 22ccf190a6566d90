"""A worker's share of the work, done by hand: relay, jobs, keeping; and the messenger's side of the cards."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from express_bot.channels import notices
from express_bot.core.demo.people import PERSONAS
from express_bot.core.notifications import keeping, repository
from express_bot.core.notifications.keeping import Circumstances
from express_bot.core.reference import load
from express_bot.core.users import repository as users
from express_bot.domain.notices import Now
from tests.conftest import NOW
from tests.core.messenger import Messenger

CHATS = {"express": "chat-1", "telegram": "1001"}


class Desk:
    """Whoever keeps promises; ``judge`` and ``channels`` may be changed by a test."""

    def __init__(self, db: Any) -> None:
        self.db = db
        self.now: datetime = NOW
        self.channels = frozenset({"express", "telegram"})
        self.judge: Any = lambda _db, _line, channels: Now(tuple(channels))

    def relay(self, limit: int = 500) -> int:
        return repository.relay(self.db, queue="notifications", task="notify", now=self.now, limit=limit)

    def queued(self) -> list[int]:
        """The promises in the queue, in its order; they are taken out of it."""
        rows = self.db.execute(
            "select id, args from procrastinate_jobs where task_name = 'notify' order by id"
        ).fetchall()
        self.db.execute("delete from procrastinate_jobs where task_name = 'notify'")
        return [row["args"]["outbox_id"] for row in rows]

    def keep(self, outbox_id: int) -> set[str]:
        with self.db.transaction():
            return keeping.keep(self.db, outbox_id, self.here())

    def work(self) -> list[int]:
        """One pass of relay and queue; returns what was worked off, in order."""
        self.relay()
        queued = self.queued()
        for outbox_id in queued:
            self.keep(outbox_id)
        return queued

    def here(self) -> Circumstances:
        return Circumstances(
            reference=load(self.db),
            now=self.now,
            channels=self.channels,
            judge=self.judge,
            draw=lambda notice: (view := notices.draw(notice)) and view.to_json(),
            draw_settled=lambda notice: notices.draw_settled(notice).to_json(),
        )

    def states(self, outbox_id: int | None = None) -> list[tuple[str | None, str, str | None]]:
        """Channel, state and reason of deliveries, first one first."""
        rows = self.db.execute(
            "select channel, state, reason from deliveries where coalesce(outbox_id = %s, true) order by id",
            (outbox_id,),
        )
        return [(row["channel"], row["state"], row["reason"]) for row in rows]

    def is_settled(self, outbox_id: int) -> bool:
        return repository.find(self.db, outbox_id)["settled_at"] is not None


@pytest.fixture
def desk(db) -> Desk:
    db.execute("update outbox set relayed_at = clock_timestamp(), settled_at = clock_timestamp()")  # of the seed
    return Desk(db)


@pytest.fixture
def me(db) -> UUID:
    return users.find_by_identity(db, "demo", PERSONAS["employee"])["id"]


@pytest.fixture
def telegram(app) -> Messenger:
    return Messenger(app, "telegram", CHATS["telegram"])


@pytest.fixture
def reachable(db, me):
    """Gives the person chats: ``reachable("express", "telegram")``, the one last heard of first."""

    def link(*channels: str, person: UUID = me) -> None:
        for place, channel in enumerate(channels):
            db.execute(
                "insert into identities (provider, subject, user_id, chat, last_seen_at) values (%s, %s, %s, %s,"
                " clock_timestamp() - make_interval(mins => %s)) on conflict (provider, subject) do update"
                " set chat = excluded.chat, last_seen_at = excluded.last_seen_at",
                (channel, f"{channel}-{person}", person, CHATS[channel], place),
            )

    return link


def latest(db) -> int:
    return db.execute("select max(id) as id from outbox").fetchone()["id"]
