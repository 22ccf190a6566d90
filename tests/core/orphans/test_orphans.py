"""A message that nobody knew becomes its card's own or is noted to go, and never while somebody may tell."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from express_bot.core.db.session import Connection
from tests.core.dialogs.looking import CARD, let_leases_end, let_pauses_end
from tests.core.looking import digest
from tests.core.messenger import Messenger, card

NOTES = "select kind, payload from inbox where kind in ('orphan', 'doubt') order by id"


class Sending:
    """One card of ``chat-1`` that was handed out as a new message."""

    def __init__(self, messenger: Messenger, db: Connection) -> None:
        self.messenger, self.db = messenger, db
        self.card = card()
        messenger.step((self.card, "Принято"))
        self.hand_out()

    def hand_out(self) -> dict[str, Any]:
        (due,) = self.messenger.claim_cards()
        return due

    def die(self) -> None:
        """Whoever has it in hand tells nothing more."""
        let_leases_end(self.db)

    def shown(self, message: str, **more: Any) -> None:
        body = {"rev": 1, "external_id": message} | more
        assert self.messenger.post(f"cards/{self.card}/shown", body).status_code == 204

    def judge(self, message: str = "m-0", *, chat: str = "chat-1", heard_at: datetime | None = None) -> str:
        """The messenger speaks of a message, now unless the test says when."""
        moment = heard_at or self.now()
        body = {"channel": self.messenger.channel, "external_id": message, "chat": chat}
        return str(self.messenger.post("cards/unknown", body | {"heard_at": moment.isoformat()}).json["verdict"])

    def now(self) -> datetime:
        row = self.db.execute("select clock_timestamp() as now").fetchone()
        assert row is not None
        moment: datetime = row["now"]
        return moment

    def notes(self) -> list[tuple[str, Any]]:
        return [(row["kind"], row["payload"]) for row in self.db.execute(NOTES).fetchall()]


@pytest.fixture
def sending(express: Messenger, db: Connection) -> Sending:
    return Sending(express, db)


# ── when there is a doubt ──


def test_a_hand_that_told_nothing_leaves_a_doubt(sending: Sending) -> None:
    sending.die()
    assert sending.hand_out()["doubts"] == 1
    sending.die()
    assert sending.hand_out()["doubts"] == 2


def test_a_no_of_the_messenger_leaves_none(express: Messenger, sending: Sending) -> None:
    express.failed(sending.card, 1, retry_after=1)
    let_pauses_end(sending.db)
    assert sending.hand_out()["doubts"] == 0


def test_silence_of_the_messenger_leaves_one(express: Messenger, sending: Sending) -> None:
    express.failed(sending.card, 1, unknown=True)
    express.failed(sending.card, 1, unknown=True)  # told twice
    let_pauses_end(sending.db)
    assert sending.hand_out()["doubts"] == 1


def test_an_edit_that_nobody_told_of_leaves_none(express: Messenger, sending: Sending) -> None:
    sending.shown("m-1")
    express.step((sending.card, "Одобрено"))
    sending.hand_out()
    sending.die()
    assert (sending.hand_out()["doubts"], sending.notes()) == (0, [])


# ── whose it is ──


def test_while_its_sender_may_be_about_to_tell_nothing_is_done(sending: Sending) -> None:
    before = digest(sending.db)
    assert sending.judge() == "wait"
    assert digest(sending.db) == before
    sending.shown("m-0")
    assert (sending.judge(), sending.notes()) == ("known", [])


def test_a_message_of_a_dead_sender_becomes_the_cards_own_and_is_not_sent_again(sending: Sending, one: Any) -> None:
    sending.die()
    assert sending.judge() == "adopted"
    due = sending.hand_out()
    assert (due["external_id"], due["doubts"]) == ("m-0", 0)
    sending.shown("m-0")
    assert one(CARD, sending.card)["delivered_at"] is not None
    assert sending.notes() == []


def test_a_message_without_an_answer_becomes_the_cards_own_before_its_pause_is_over(sending: Sending) -> None:
    sending.messenger.failed(sending.card, 1, unknown=True, retry_after=30)
    assert sending.judge() == "adopted"
    assert sending.hand_out()["external_id"] == "m-0"


def test_after_it_was_sent_again_the_first_one_is_noted_to_go_once(sending: Sending) -> None:
    heard_at = sending.now()
    sending.die()
    sending.hand_out()
    assert sending.judge(heard_at=heard_at) == "wait", "it is being sent again at this moment"
    sending.shown("m-1")
    assert sending.judge(heard_at=heard_at) == "orphan"
    assert sending.judge(heard_at=heard_at) == "foreign", "there was one doubt, and it is settled"
    assert [note for note in sending.notes() if note[0] == "orphan"] == [
        ("orphan", {"chat": "chat-1", "external_id": "m-0"})
    ]


def test_what_was_heard_of_before_the_doubt_is_none_of_its(sending: Sending, express: Messenger) -> None:
    sending.shown("m-1")
    heard_at = sending.now()
    later = Sending(express, sending.db)
    later.die()
    assert later.judge("m-9", heard_at=heard_at) == "foreign"
    assert later.hand_out()["external_id"] is None


def test_a_message_of_another_chat_or_messenger_is_foreign(sending: Sending, app: Flask) -> None:
    sending.die()
    assert sending.judge(chat="chat-2") == "foreign"
    other = Sending.__new__(Sending)
    other.messenger, other.db = Messenger(app, "telegram"), sending.db
    assert other.judge() == "foreign"
    assert sending.notes() == []


def test_a_message_of_a_chat_without_doubts_is_left_alone(sending: Sending) -> None:
    sending.shown("m-1")
    before = digest(sending.db)
    assert sending.judge("m-9") == "foreign"
    assert digest(sending.db) == before


def test_a_doubt_is_over_after_an_hour(sending: Sending) -> None:
    sending.die()
    sending.hand_out()
    sending.shown("m-1")
    sending.db.execute("update cards set doubt_from = doubt_from - interval '61 minutes'")
    assert sending.judge() == "foreign"


# ── what stands beside a card ──


def test_who_tells_after_another_has_shown_it_has_sent_an_orphan(sending: Sending, one: Any) -> None:
    sending.die()
    sending.hand_out()
    sending.shown("m-2")
    sending.shown("m-1")
    assert ("orphan", {"chat": "chat-1", "external_id": "m-1"}) in sending.notes()
    sending.shown("m-2")
    assert one(CARD, sending.card)["external_id"] == "m-2"
    assert ("orphan", {"chat": "chat-1", "external_id": "m-2"}) not in sending.notes()


def test_a_message_that_another_one_replaces_must_not_stay_beside_it(sending: Sending) -> None:
    sending.shown("m-1")
    sending.messenger.step((sending.card, "Одобрено"))
    sending.hand_out()
    sending.messenger.shown(sending.card, 2, "m-2")
    assert sending.notes() == [("orphan", {"chat": "chat-1", "external_id": "m-1"})]


def test_beside_a_doubtful_card_that_was_sent_again_somebody_looks_a_moment_later(sending: Sending) -> None:
    sending.die()
    sending.hand_out()
    sending.shown("m-1")
    assert sending.notes() == [("doubt", {"card": sending.card})]
    assert sending.messenger.claimed_ids() == []
    sending.db.execute("update inbox set due_at = clock_timestamp()")
    assert sending.messenger.claimed_ids() == [f"doubt:{sending.card}:1"]


def test_what_was_found_before_leaves_nothing_to_look_for(sending: Sending) -> None:
    sending.die()
    sending.hand_out()
    sending.shown("m-0", adopted=True)
    assert sending.notes() == []


# ── what leads to it ──


def test_the_traces_of_a_doubt_are_all_that_came_to_be_known_around_it(app: Flask, db: Connection) -> None:
    telegram = Messenger(app, "telegram", chat="7")
    first, second, third = card(), card(), card()
    telegram.step((first, "1"), chat="5")
    telegram.claim_cards()
    telegram.shown(first, 1, "5:41")
    telegram.step((second, "2"))
    telegram.claim_cards()
    let_leases_end(db)
    telegram.tell("900", chat="6", kind="message", message={"message_id": 43})
    telegram.step((third, "3"), chat="5")
    db.execute("update chat_paces set claimed_at = claimed_at - interval '5 seconds'")
    telegram.claim_cards()
    telegram.shown(third, 1, "5:44")
    assert telegram.get(f"cards/{second}/traces").json == {
        "chat": "7", "external_id": None, "doubts": 1, "before": ["5:41"], "since": ["5:44"], "heard": ["6:43"],
        "unknown": [],
    }  # fmt: skip


def test_the_words_of_the_messenger_that_no_card_knows_are_among_them(sending: Sending) -> None:
    early, late, bad = (str(uuid4()) for _ in range(3))
    for word, status in ((late, "ok"), (bad, "error")):
        sending.messenger.tell(word, chat=None, kind="callback", sync_id=word, status=status)
    sending.messenger.tell(early, chat=None, kind="callback", sync_id=early, status="ok")
    sending.db.execute("update inbox set received_at = received_at - interval '1 hour' where event_id = %s", (early,))
    sending.die()
    sending.hand_out()
    assert sending.messenger.get(f"cards/{sending.card}/traces").json["unknown"] == [late]
    assert sending.messenger.get(f"cards/{uuid4()}/traces").status_code == 404


def test_looking_counts_to_the_messengers_pace(app: Flask, db: Connection) -> None:
    telegram, express = Messenger(app, "telegram"), Messenger(app)
    assert telegram.post("cards/pace", {"channel": "telegram"}).json == {"allowed": True}
    used = db.execute("update channel_paces set claimed = array_fill(claimed[1] + interval '1 minute', array[30])")
    assert used.rowcount == 1, "it was counted"
    assert telegram.post("cards/pace", {"channel": "telegram"}).json == {"allowed": False}
    assert express.post("cards/pace", {"channel": "express"}).json == {"allowed": True}
