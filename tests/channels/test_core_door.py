"""The conversation's door against the real core: every operation, and a whole conversation kept in the core."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from express_bot.channels.core_door import HttpCoreDoor
from express_bot.channels.dialogs import Acting, Dialogs, Incoming, Person, View
from express_bot.core_client import CoreClient, CoreError
from tests.channels.dialogs.house import InProcess
from tests.conftest import NOW
from tests.core.messenger import Messenger
from tests.gateway.serving import SERVICE_KEY
from tests.gateway.stand_in import StandIn, answer, hang_up

FLIGHT = {"form": "flight", "answers": {"direction": "vvo", "date": "2027-01-15"}, "period": None}


@dataclass
class Whole:
    """The core with everything in it, and somebody whom it knows."""

    app: Flask
    messenger: Messenger
    door: HttpCoreDoor
    who: Acting

    def run(self, operation: Any) -> Any:
        return asyncio.run(operation)

    def conflict_of(self, operation: Any) -> str:
        with pytest.raises(CoreError) as refusal:
            self.run(operation)
        return refusal.value.code

    def step(self, chat: str = "chat-9", **other: Any) -> Any:
        body = {
            "user_id": self.who.user_id, "version": 0, "state": {"v": 1}, "cards": [], "event_id": None, "at": NOW
        } | other  # fmt: skip
        return self.door.put_dialog("express", chat, **body)


@pytest.fixture
def whole(app: Flask, db: Any) -> Whole:
    row = db.execute("select user_id from identities where provider = 'demo' and subject = 'vorontsova'").fetchone()
    who = Acting(str(row["user_id"]), "express", "ru")
    return Whole(app, Messenger(app), HttpCoreDoor(InProcess(app, None)), who)


class TestPeople:
    def test_reading_is_what_a_person_would_read(self, whole: Whole) -> None:
        door, who = whole.door, whole.who
        assert [form["id"] for form in whole.run(door.info(who))["forms"]] == ["flight", "certificate"]
        assert whole.run(door.form(who, "flight"))["period"]["state"] == "open"
        assert len(whole.run(door.periods(who, "flight"))["periods"]) == 3
        assert whole.run(door.profile(who))["profile_complete"]
        assert whole.run(door.read_draft(who, "flight")) is None
        page = whole.run(door.applications(who, form="flight", limit=1))
        older = whole.run(door.applications(who, form="flight", limit=1, cursor=page["next_cursor"]))
        assert page["items"][0]["number"] != older["items"][0]["number"]

    def test_a_draft_is_kept_and_thrown_away(self, whole: Whole) -> None:
        draft = {"form": "flight", "answers": {"direction": "vvo"}, "changed": ["direction"], "base_version": None}
        kept = whole.run(whole.door.save_draft(whole.who, {**draft, "client_key": "key-of-a-draft"}))
        assert kept["draft"]["channel"] == "express"
        assert whole.run(whole.door.read_draft(whole.who, "flight")) == kept["draft"]
        whole.run(whole.door.delete_draft(whole.who, "flight"))
        assert whole.run(whole.door.read_draft(whole.who, "flight")) is None

    def test_an_application_goes_all_its_way(self, whole: Whole) -> None:
        door, who, run = whole.door, whole.who, whole.run
        filed = run(door.submit(who, FLIGHT, key="one-intent-one-application"))
        assert run(door.submit(who, FLIGHT, key="one-intent-one-application"))["number"] == filed["number"]
        number, answers = filed["number"], {"direction": "khv", "date": "2027-01-15"}
        changed = run(door.edit(who, number, {"version": 1, "answers": answers}, key="an-edit-of-it"))
        assert (changed["title"], changed["version"]) == ("Хабаровск, 15 января", 2)
        assert run(door.withdraw(who, number, {"reason": None}, key="taken-back"))["status"] == "withdrawn"
        assert run(door.restore(who, number, key="taken-back-undone"))["status"] == "submitted"
        run(door.mark_seen(who, number))
        assert run(door.application(who, number))["channel"] == "express"

    def test_a_refusal_brings_the_cores_problem_in_the_persons_language(self, whole: Whole) -> None:
        english = Acting(whole.who.user_id, "express", "en")
        with pytest.raises(CoreError) as refusal:
            whole.run(whole.door.application(english, "2027-9999"))
        assert (refusal.value.status, refusal.value.code, refusal.value.problem["title"]) == (
            404,
            "not_found",
            "Not found",
        )

    def test_the_profile_is_changed(self, whole: Whole) -> None:
        changed = whole.run(whole.door.change_profile(whole.who, {"profile": {"position": "sbe"}, "locale": "en"}))
        assert (changed["profile"]["position"], changed["user"]["locale"]) == ("sbe", "en")


class TestDialogs:
    def test_a_chat_nobody_has_spoken_in_is_empty(self, whole: Whole) -> None:
        dialog = whole.run(whole.door.get_dialog("express", "chat-9"))
        assert (dialog.user_id, dialog.state, dialog.version, dialog.at, dialog.cards) == (None, {}, 0, None, ())

    def test_a_step_is_read_back_with_its_cards(self, whole: Whole) -> None:
        first, second = str(uuid4()), str(uuid4())
        whole.messenger.tell("event-1", chat="chat-9")
        step = whole.step(cards=[(first, {"text": "a", "rows": []}), (second, {"text": "b", "rows": []})])
        assert whole.run(step) == 1
        dialog = whole.run(whole.door.get_dialog("express", "chat-9"))
        assert (dialog.user_id, dialog.state, dialog.version, dialog.at) == (whole.who.user_id, {"v": 1}, 1, NOW)
        assert {(card.id, card.external_id, card.wanted_rev, card.shown_rev) for card in dialog.cards} == {
            (first, None, 1, 0),
            (second, None, 1, 0),
        }

    def test_a_step_upon_an_old_version_is_refused_whole(self, whole: Whole, rows: Callable[..., int]) -> None:
        whole.run(whole.step())
        assert whole.conflict_of(whole.step(cards=[(str(uuid4()), {"text": "a", "rows": []})])) == "version_conflict"
        assert rows("cards") == 0

    def test_a_card_is_found_by_the_messengers_id(self, whole: Whole) -> None:
        card = str(uuid4())
        whole.run(whole.step(cards=[(card, {"text": "a", "rows": []})]))
        assert whole.run(whole.door.card_by_external("express", "m-1")) is None
        whole.messenger.claim_cards()
        assert whole.messenger.shown(card, 1, "m-1").status_code == 204
        found = whole.run(whole.door.card_by_external("express", "m-1"))
        assert found is not None
        assert (found.id, found.shown_rev) == (card, 1)

    def test_an_event_that_needs_no_step_is_done(self, whole: Whole) -> None:
        whole.messenger.tell("event-1", chat="chat-9")
        whole.run(whole.door.mark_event_done("express", "event-1"))
        assert whole.messenger.claimed_ids() == []

    def test_other_refusals_of_the_card_door_are_passed_on(self, whole: Whole) -> None:
        assert whole.conflict_of(whole.door.card_by_external("nonsense", "m-1")) != "not_found"


def test_a_whole_conversation_is_kept_in_the_core(whole: Whole, rows: Callable[..., int]) -> None:
    """Events through the inbox, cards through the sender's door: nothing in memory between two events."""
    messenger, person = whole.messenger, Person(whole.who.user_id, "Воронцова Анна Сергеевна")
    shown: dict[str, View] = {}

    def handle(kind: Any, **what: Any) -> None:
        event_id = f"event-{len(shown)}-{uuid4()}"
        messenger.tell(event_id)
        assert messenger.claimed_ids() == [event_id]
        event = Incoming("express", "chat-1", person, event_id, kind, NOW + timedelta(seconds=len(shown)), **what)
        asyncio.run(Dialogs(HttpCoreDoor(InProcess(whole.app, None)), lambda: datetime.now(UTC)).handle(event))
        while cards := messenger.claim_cards():
            for card in cards:
                shown[card["id"]] = View.from_json(card["view"])
                assert messenger.shown(card["id"], card["rev"], f"m-{card['id'][:8]}").status_code == 204
        assert messenger.claimed_ids() == []

    def press(label: str) -> None:
        card = whole.run(whole.door.get_dialog("express", "chat-1")).state["card"]
        [button] = [b for row in shown[card].rows for b in row if b.label.startswith(label) and b.alert is None][:1]
        handle("press", token=button.token, message_id=f"m-{card[:8]}")

    handle("command", text="/заявка")
    handle("text", text="Хабаровск")
    press("15")
    press("Отправить")
    assert [view.text.split("\n")[0][:12] for view in shown.values()] == ["Продолжаем н", "**Заявка №\u00a02"]
    assert rows("applications", "channel = 'express' and direction = 'khv'") == 1
    assert rows("inbox", "state <> 'done'") == 0


def test_over_the_network_a_lost_answer_of_a_send_is_asked_for_again() -> None:
    """The client repeats what has a key; the door gives it one."""
    core = StandIn()
    core.script("/api/smartapp/submit", hang_up, answer(b'{"number":"2027-0001"}', "201 Created"))

    async def run() -> Any:
        async with CoreClient(f"http://127.0.0.1:{core.port}", SERVICE_KEY, "dialogs") as client:
            return await HttpCoreDoor(client).submit(
                Acting(str(uuid4()), "express", "ru"), FLIGHT, key="key-of-the-draft"
            )

    assert asyncio.run(run()) == {"number": "2027-0001"}
    assert [heard.all("Idempotency-Key") for heard in core.heard] == [["key-of-the-draft"]] * 2
    assert core.heard[0].all("Accept-Language") == ["ru"]
    core.close()
