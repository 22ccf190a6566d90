"""What could not be delivered: visible to administrators, and sent again by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from express_bot.contracts.notifications import Event
from express_bot.core.notifications import outbox, repository
from tests.conftest import NOW
from tests.core.looking import digest, trail

ADDRESS = "/api/desk/notifications"


@pytest.fixture
def dead(db, me, desk, reachable, telegram):
    """A notification whose only chat has blocked the bot; returns its delivery."""
    reachable("telegram")
    outbox.promise(db, Event.LINKED, user_id=me, at=NOW, details={"provider": "telegram"})
    desk.work()
    (card,) = telegram.claim_cards()
    telegram.failed(card["id"], 1, permanent=True, no_address=True, reason="blocked")
    desk.work()
    return db.execute("select * from deliveries").fetchone()


def test_administrators_see_what_is_dead_and_nothing_of_what_it_says(api, dead, me):
    answer = api.as_("admin").get(ADDRESS, query_string={"state": "dead"})
    assert answer.status_code == 200
    (listed,) = answer.json["deliveries"]
    assert listed == listed | {
        "id": dead["id"],
        "event": "channel_linked",
        "user_id": str(me),
        "number": None,
        "channel": "telegram",
        "state": "dead",
        "reason": "blocked",
    }
    assert answer.json["next_cursor"] is None
    assert api.get("/health").json["details"]["notifications_dead"] == 1


def test_the_list_is_narrowed_and_paged(api, db, me, desk):
    for _ in range(5):
        outbox.promise(db, Event.LINKED, user_id=me, at=NOW)
    desk.work()
    admin = api.as_("admin")
    assert admin.get(ADDRESS, query_string={"state": "dead"}).json["deliveries"] == []
    first = admin.get(ADDRESS, query_string={"state": "skipped", "limit": 3}).json
    rest = admin.get(ADDRESS, query_string={"state": "skipped", "limit": 3, "cursor": first["next_cursor"]}).json
    ids = [row["id"] for row in first["deliveries"] + rest["deliveries"]]
    assert ids == sorted(ids, reverse=True)
    assert (len(ids), rest["next_cursor"]) == (5, None)
    assert admin.get(ADDRESS, query_string={"state": "odd"}).status_code == 422


def test_it_is_sent_again_over_the_address_that_was_stopped(api, db, dead, desk, telegram):
    admin = api.as_("admin")
    assert admin.post(f"{ADDRESS}/{dead['id']}/resend").status_code == 204
    desk.work()
    db.execute("delete from chat_paces")
    (card,) = telegram.claim_cards()
    telegram.shown(card["id"], card["rev"], "m-9")
    assert desk.states() == [("telegram", "shown", None)]
    assert api.get("/health").json["details"]["notifications_dead"] == 0
    assert trail(db, str(dead["id"])) == ["notification.resend"]


def test_only_what_is_dead_is_sent_again(api, db, dead, desk):
    admin = api.as_("admin")
    admin.post(f"{ADDRESS}/{dead['id']}/resend")
    before = digest(db)
    again = admin.post(f"{ADDRESS}/{dead['id']}/resend")
    assert (again.status_code, again.json["code"]) == (404, "not_found"), "its try is forgotten"
    desk.work()
    under_way = db.execute("select max(id) as id from deliveries").fetchone()["id"]
    refused = admin.post(f"{ADDRESS}/{under_way}/resend")
    assert (refused.status_code, refused.json["code"]) == (409, "notification_not_dead")
    assert before["audit_log"] == digest(db)["audit_log"]


@pytest.mark.parametrize("persona", ["employee", "dispatcher"])
def test_nobody_else_sees_or_sends_anything(api, db, dead, persona):
    caller = api.as_(persona)
    before = digest(db)
    assert caller.get(ADDRESS).status_code == 403
    assert caller.post(f"{ADDRESS}/{dead['id']}/resend").status_code == 403
    assert digest(db) == before


def test_promises_are_forgotten_when_they_are_old_and_named_ones_much_later(db, me, desk, dead, rows):
    outbox.promise(db, Event.REMINDER, user_id=me, at=NOW, once="reminder/1")
    outbox.promise(db, Event.LINKED, user_id=me, at=NOW)
    db.execute("update outbox set settled_at = clock_timestamp() - interval '100 days' where event <> 'channel_linked'")
    db.execute(
        "update outbox set settled_at = clock_timestamp() - interval '100 days' where id = %s", (dead["outbox_id"],)
    )
    now = datetime.now(UTC)
    repository.prune(db, before=now - timedelta(days=90), named_before=now - timedelta(days=400))
    assert rows("outbox", "once is not null") == 1
    assert rows("outbox", "event = 'channel_linked'") == 1, "the one that is not settled"
    assert rows("deliveries") == 0
