"""The page's calls to the product behind the bot: the clock, and clean hands before a demonstration."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.listening import Listener
from tests.emulator.serving import Emulator, running_emulator
from tests.gateway.stand_in import Act, StandIn, answer

SESSION = {"access_token": "t", "expires_in": 3600}
PERIOD = {
    "state": "open",
    "closes_at": "2026-12-05T18:00:00+03:00",
    "decision_due_at": "2026-12-12T18:00:00+03:00",
}
MOVED = {"now": "2026-12-04T15:00:00+00:00"}


def says(body: Any, status: str = "200 OK") -> Act:
    return answer(json.dumps(body).encode(), status)


@pytest.fixture
def product() -> Iterator[StandIn]:
    stand_in = StandIn()
    stand_in.script("/api/smartapp/session", says(SESSION))
    stand_in.script("/api/demo/clock", says(MOVED))
    yield stand_in
    stand_in.close()


@pytest.fixture
def emulator(product: StandIn, tmp_path: Path) -> Iterator[Emulator]:
    with running_emulator(product.port, tmp_path) as running:
        yield running


def moves(product: StandIn) -> list[Any]:
    return [json.loads(heard.body)["now"] for heard in product.calls("/api/demo/clock")]


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("now", [None]),
        ("day_before_end", [None, "2026-12-04T18:00:00+03:00"]),
        ("closed", [None, "2026-12-05T19:00:00+03:00"]),
        ("publication", [None, "2026-12-12T18:00:00+03:00"]),
        ("2026-12-01T10:00:00+03:00", ["2026-12-01T10:00:00+03:00"]),
    ],
)
def test_moments_are_counted_from_the_period_that_is_really_open(
    emulator: Emulator, product: StandIn, to: str, expected: list[Any]
) -> None:
    product.script("/api/smartapp/periods", says({"periods": [{"state": "closed", "closes_at": "2026-11-05"}, PERIOD]}))
    assert emulator.call("POST", "/emulator/clock", {"to": to}) == (200, MOVED)
    assert moves(product) == expected


def test_without_an_open_period_there_is_nowhere_to_go(emulator: Emulator, product: StandIn) -> None:
    product.script("/api/smartapp/periods", says({"periods": []}))
    assert emulator.call("POST", "/emulator/clock", {"to": "closed"}) == (409, {"code": "no_open_period"})
    assert moves(product) == [None]


def test_an_ended_session_is_renewed_once(emulator: Emulator, product: StandIn) -> None:
    product.script("/api/demo/clock", says({"code": "session_ended"}, "401 Unauthorized"), says(MOVED))
    assert emulator.call("POST", "/emulator/clock", {"to": "now"})[0] == 200
    product.script("/api/demo/clock", says({"code": "session_ended"}, "401 Unauthorized"))
    assert emulator.call("POST", "/emulator/clock", {"to": "now"})[0] == 502
    assert len(product.calls("/api/smartapp/session")) == 3


def test_only_what_is_still_open_is_taken_back(emulator: Emulator, product: StandIn) -> None:
    cards = [{"number": "2027-0001", "status": "submitted"}, {"number": "2026-0007", "status": "approved"}]
    product.script("/api/smartapp/applications", says({"items": cards}))
    product.script("/api/smartapp/applications/2027-0001/withdraw", says({}))
    product.script("/api/smartapp/draft", answer(b"", "204 No Content"))
    assert emulator.call("POST", "/emulator/house/clear", {"persona": "employee"})[0] == 200
    called = [(heard.method, heard.target) for heard in product.heard[1:]]
    assert called == [
        ("GET", "/api/smartapp/applications"),
        ("POST", "/api/smartapp/applications/2027-0001/withdraw"),
        ("DELETE", "/api/smartapp/draft?form=flight"),
    ]
    assert all(heard.all("Idempotency-Key") for heard in product.calls("/api/smartapp/applications/2027-0001/withdraw"))


def test_the_state_is_this_persons_own(emulator: Emulator, product: StandIn) -> None:
    product.script("/health", says({"status": "ok", "components": {}}))
    product.script("/api/smartapp/draft", says({"draft": None}))
    product.script("/api/smartapp/applications", says({"items": []}))
    product.script("/api/smartapp/info", says({"server_time": MOVED["now"]}))
    product.script("/api/demo/inside", says({"conversations": [{"channel": "express"}], "outbox": []}))
    status, seen = emulator.call("GET", "/emulator/house?persona=newcomer")
    assert (status, seen["health"]["status"], seen["applications"]) == (200, "ok", {"items": []})
    assert seen["now"] == MOVED["now"]
    assert (seen["conversations"], seen["outbox"]) == ([{"channel": "express"}], [])
    [proof] = [json.loads(heard.body) for heard in product.calls("/api/smartapp/session")]
    assert proof == {"provider": "demo", "persona": "newcomer"}


def line(name: str) -> dict[str, Any]:
    return {"id": f"c1-{name}", "at": "2026-11-25T10:00:00Z", "kind": "core", "name": name, "ms": 6.2}


def say(emulator: Emulator, text: str) -> None:
    assert emulator.call("POST", "/emulator/note", {"text": text})[0] == 200


def test_what_the_core_has_done_comes_once_while_somebody_looks(emulator: Emulator, product: StandIn) -> None:
    first, second = line("submit"), line("edit")
    product.script("/api/demo/trail", says({"lines": [first]}), says({"lines": [first, second]}))
    assert product.calls("/api/demo/trail") == [], "nobody looks"
    with Listener(emulator) as listener:
        say(emulator, "посмотрим")
        told = [listener.until(lambda event: event["topic"] == "trail")["line"] for _ in range(2)]
    assert told == [first, second]
    assert [event["line"]["name"] for event in emulator.state()["trail"]] == ["submit", "edit"]


def test_a_product_that_tells_nothing_of_itself_disturbs_nobody(emulator: Emulator, product: StandIn) -> None:
    product.script("/api/demo/trail", says({"code": "not_found"}, "404 Not Found"))
    with Listener(emulator) as listener:
        say(emulator, "посмотрим")
        emulator.wait(lambda: product.calls("/api/demo/trail"), "it was not asked")
        say(emulator, "и дальше")
        assert listener.until(lambda event: event.get("text") == "и дальше")["kind"] == "note"
    assert emulator.state()["trail"] == []
