"""What the bot owes is shown, in order, whatever the server does meanwhile."""

from __future__ import annotations

import time

import pytest
from aiohttp import web

from tests.channels.express.events import CHAT, GROUP
from tests.waiting import until

VIEW = {"text": "раз", "rows": []}


def text(words):
    return {"text": words, "rows": [[{"label": "Меню", "token": "v1.00000000.1.menu"}]]}


def shown(core):
    return all(row.state == "done" for row in core.cards.values())


def test_a_card_becomes_a_message_and_a_changed_card_its_edit(door, core, cts):
    card = core.want(CHAT, text("раз"))
    until(lambda: shown(core))
    core.want(CHAT, text("два"), card_id=card)
    until(lambda: cts.bodies(CHAT) == ["два"])
    until(lambda: core.cards[card].facts["shown_rev"] == 2)
    [message] = cts.messages
    assert cts.order == [("sent", message), ("edited", message)]


def test_the_cards_of_a_chat_are_sent_one_after_the_other(door, core, cts):
    cts.fault = lambda path: 0.03
    for number in range(5):
        core.want(CHAT, text(f"{number}"))
        core.want(GROUP, text(f"{number}"))
    until(lambda: shown(core))
    assert cts.bodies(CHAT) == cts.bodies(GROUP) == list("01234")


def test_a_server_that_is_away_gets_everything_later_once_and_in_order(door, core, cts):
    cts.fault = lambda path: web.json_response({"status": "error"}, status=503)
    for number in range(4):
        core.want(CHAT, text(f"{number}"))
    until(lambda: len(core.heard("card_failed")) >= 3)
    assert {told["permanent"] for told in core.heard("card_failed")} == {False}
    cts.fault = lambda path: None
    until(lambda: shown(core))
    assert cts.bodies(CHAT) == list("0123")


def test_while_the_server_cannot_be_reached_health_says_so_and_recovers(door, core, cts):
    core.first_backoff = 0.2
    cts.close()
    core.want(CHAT, text("раз"))
    until(lambda: door.client.get("/health").json()["components"]["express"] == "down")
    assert door.client.get("/health").status_code == 200
    assert door.client.get("/health/ready").status_code == 200
    cts.open()
    until(lambda: shown(core))
    until(lambda: door.client.get("/health").json()["components"]["express"] == "ok")


def test_a_message_that_will_never_be_taken_holds_nobody_up(door, core, cts):
    bad = core.want(CHAT, text("плохо"))
    cts.fault = lambda path: (
        web.json_response({}, status=400) if not cts.calls[-1].body.get("x") and _is_bad(cts) else None
    )
    core.want(CHAT, text("хорошо"))
    until(lambda: cts.bodies(CHAT) == ["хорошо"])
    assert core.cards[bad].state == "dead"
    assert core.heard("card_failed") == [{"rev": 1, "reason": "status_400", "permanent": True}]


def _is_bad(cts):
    return cts.calls[-1].body["notification"]["body"] == "плохо"


@pytest.mark.parametrize("view", [{"rows": []}, {"text": "x", "rows": [[{}]]}])
def test_a_view_that_is_none_is_a_defect_and_holds_nobody_up(door, core, cts, view):
    core.want(GROUP, view)
    core.want(CHAT, text("хорошо"))
    until(lambda: cts.bodies(CHAT) == ["хорошо"])
    until(lambda: core.heard("card_failed"))
    assert core.heard("card_failed")[0]["reason"] == "KeyError"


def test_sends_are_counted_by_what_became_of_them(door, core, cts):
    card = core.want(CHAT, text("раз"))
    until(lambda: shown(core))
    core.want(CHAT, text("два"), card_id=card)
    until(lambda: core.cards[card].facts["shown_rev"] == 2)
    page = door.client.get("/metrics").text
    assert 'express_bot_express_sends_total{outcome="sent"} 1.0' in page
    assert 'express_bot_express_sends_total{outcome="edited"} 1.0' in page


@pytest.mark.parametrize("away", [True, 503])
def test_a_core_that_dies_under_a_sent_message_is_told_later_and_nothing_is_sent_twice(door, core, cts, away):
    def dies(path):
        core.away = away

    cts.fault = dies
    card = core.want(CHAT, text("раз"))
    until(lambda: cts.messages)
    cts.fault = lambda path: None
    time.sleep(0.5)
    core.away = False
    until(lambda: core.cards[card].state == "done")
    assert (len(cts.messages), [row.attempts for row in core.cards.values()]) == (1, [0])


def test_a_message_that_could_not_be_sent_while_the_core_is_away_does_not_wait_for_its_lease(door, core, cts):
    def both_away(path):
        core.away = 503
        return web.json_response({}, status=500)

    cts.fault = both_away
    core.want(CHAT, text("раз"))
    until(lambda: core.away)
    time.sleep(0.5)
    cts.fault = lambda path: None
    core.away = False
    until(lambda: shown(core))
    assert [told["reason"] for told in core.heard("card_failed")] == ["status_500"]


def test_what_waits_is_counted_as_the_core_says(door):
    until(lambda: 'express_bot_express_backlog{figure="inbox_waiting"} 3.0' in door.client.get("/metrics").text)
    assert 'express_bot_express_backlog{figure="oldest_card_seconds"} 11.0' in door.client.get("/metrics").text
