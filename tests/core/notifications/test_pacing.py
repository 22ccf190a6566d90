"""The pace of a messenger: exact over all processes, and never in the way of one without limits."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from tests.core.messenger import card


def owed(messenger, chats, each=1):
    """New messages in so many chats."""
    person = messenger.meet()["user_id"]
    for number in range(chats):
        cards = [(card(), f"{number}-{place}") for place in range(each)]
        messenger.step(*cards, chat=f"{number}", user_id=person, version=0)


def shown(messenger, cards):
    for each in cards:
        messenger.shown(each["id"], each["rev"], each["external_id"] or f"m-{each['id']}")


def test_telegram_gets_thirty_messages_in_any_second_whoever_asks(telegram, db):
    owed(telegram, 40)
    with ThreadPoolExecutor(6) as pool:
        shares = list(pool.map(lambda _: telegram.claim_cards(limit=10), range(6)))
    assert sum(map(len, shares)) == 30
    assert telegram.claim_cards() == []
    db.execute("update channel_paces set claimed = array(select at - interval '1 second' from unnest(claimed) at)")
    assert len(telegram.claim_cards()) == 10


def test_a_chat_of_telegram_gets_a_new_message_each_second_and_others_do_not_wait(telegram, db):
    owed(telegram, 2, each=2)
    first = telegram.claim_cards()
    assert [each["view"]["text"] for each in first] == ["0-0", "1-0"]
    shown(telegram, first)
    assert telegram.claim_cards() == []
    db.execute("update chat_paces set claimed_at = claimed_at - interval '1 second' where chat = '1'")
    assert telegram.claimed_texts() == ["1-1"]


def test_an_edit_in_a_conversation_is_not_held_back_by_its_chat(telegram):
    owed(telegram, 1)
    (first,) = telegram.claim_cards()
    shown(telegram, [first])
    telegram.step((first["id"], "changed"), chat="0")
    (edit,) = telegram.claim_cards()
    assert (edit["view"]["text"], edit["external_id"]) == ("changed", f"m-{first['id']}")


def test_express_knows_no_limit_and_nothing_is_counted_for_it(express, rows):
    owed(express, 45)
    assert len(express.claim_cards(limit=50)) == 45
    assert (rows("channel_paces"), rows("chat_paces")) == (0, 0)


def test_a_messenger_that_asks_everybody_to_wait_is_left_alone(express, telegram, db):
    owed(express, 3)
    owed(telegram, 1)
    (first,) = express.claim_cards(limit=1)
    express.failed(first["id"], 1, retry_after=60, whole_channel=True, reason="status_429")
    assert express.claim_cards() == []
    assert len(telegram.claim_cards()) == 1, "the other messenger has not asked for anything"
    db.execute("update channel_paces set paused_until = clock_timestamp()")
    assert len(express.claim_cards()) == 2, "those that were not tried; the first one keeps its pause"


def test_the_longest_wish_to_wait_counts(express, one, db):
    owed(express, 2)
    first, second = express.claim_cards()
    express.failed(first["id"], 1, retry_after=60, whole_channel=True)
    express.failed(second["id"], 1, retry_after=5, whole_channel=True)
    left = one("select extract(epoch from paused_until - clock_timestamp())::float as seconds from channel_paces")
    assert left["seconds"] > 50


def test_the_pace_recovers_by_itself(telegram):
    owed(telegram, 31)
    assert len(telegram.claim_cards()) == 30
    deadline = time.monotonic() + 5
    while not (last := telegram.claim_cards()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert len(last) == 1
