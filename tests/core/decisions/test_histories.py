"""Random days of a desk with two dispatchers and one owner: what is private stays so, and what is said is said once."""

from __future__ import annotations

from itertools import count
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from werkzeug.test import TestResponse

from express_bot.core.db.session import Connection
from tests.conftest import Api
from tests.core.decisions.conftest import LATER

_keys = count(1)
OUTCOMES = ("approved", "waitlisted", "rejected", "revoked")
DECIDED = {*OUTCOMES, "offer_taken"}
REFUSALS = {
    "step_not_possible",
    "reason_required",
    "version_conflict",
    "question_open",
    "question_closed",
    "offer_open",
    "offer_closed",
    "not_withdrawable",
    "not_restorable",
}


class Days(RuleBasedStateMachine):
    """Everybody acts on what they saw last, which may be old; ``db`` and the three are set by the test."""

    db: Connection
    owner: Api
    desks: tuple[Api, Api]

    @initialize()
    def begin(self) -> None:
        answer = self.owner.submit(key=self._key())
        self.number = str(answer.json["number"])
        self.id = self._row("select id from applications where number = %s", self.number)["id"]
        self.seen = [1, 1]

    def teardown(self) -> None:
        if hasattr(self, "id"):
            with self.db.transaction():
                for table in ("application_events", "outbox", "draft_decisions"):
                    self.db.execute(f"delete from {table} where application_id = %s", (self.id,))
                self.db.execute("delete from outbox where details -> 'applications' @> %s::jsonb", (f"[{self.id}]",))
                self.db.execute("delete from applications where id = %s", (self.id,))

    # ── the desk ──

    @rule(who=st.integers(0, 1))
    def look(self, who: int) -> None:
        self.seen[who] = self.desks[who].get(self._desk()).json["version"]

    @rule(who=st.integers(0, 1), outcome=st.sampled_from(OUTCOMES), words=st.sampled_from([None, " ", "Так решили"]))
    def draft(self, who: int, outcome: str, words: str | None) -> None:
        present, own = self.desks[who].get(self._desk()).json, self.owner.get(self._own()).json
        body = {"version": self.seen[who], "outcome": outcome, "reason": words}
        answer = self.desks[who].put(self._desk("decision"), body, key=self._key())
        if self.seen[who] != present["version"]:
            assert (answer.status_code, answer.json["version"]) == (412, present["version"])
            assert answer.json["changed_by"]
        self._expect(answer)
        assert self.owner.get(self._own()).json == own, "a draft is nobody's business but the desk's"
        if answer.status_code == 200:
            self.seen[who] = answer.json["version"]
            assert answer.json["draft_decision"]["reason"].strip()

    @rule(who=st.integers(0, 1))
    def publish(self, who: int) -> None:
        before = self.desks[who].get(self._desk()).json
        answer = self.desks[who].post(
            "/api/desk/publications", {"form": "flight", "numbers": [self.number]}, key=self._key()
        )
        assert answer.status_code == 201, answer.text
        draft = before["draft_decision"]
        takes = draft and not draft["stale"] and before["status"] != "withdrawn"
        assert answer.json["published"] == int(bool(takes) and draft["outcome"] in before["desk"]["outcomes"])
        assert len(answer.json["skipped"]) == 1 - answer.json["published"]

    @rule(who=st.integers(0, 1), act=st.sampled_from(["review", "question", "offer", "reply"]))
    def act(self, who: int, act: str) -> None:
        body = {
            "review": {"version": self.seen[who]},
            "question": {"version": self.seen[who], "question": "Да?", "proposal": {"date": "2027-01-16"}},
            "offer": {"version": self.seen[who], "until": LATER},
            "reply": {"text": "Скоро"},
        }[act]
        self._expect(self.desks[who].post(self._desk(act), body, key=self._key()))

    # ── its owner ──

    @rule(act=st.sampled_from(["withdraw", "restore"]))
    def turn(self, act: str) -> None:
        body = {"reason": "Передумала"} if act == "withdraw" else {}
        self._expect(self.owner.post(self._own(act), body, key=self._key()))

    @rule(said=st.sampled_from(["yes", "no"]), act=st.sampled_from(["answer", "take", "decline-offer"]))
    def answer(self, said: str, act: str) -> None:
        view = self.owner.get(self._own()).json
        open_ = view["question"] if act == "answer" else view["offer"]
        number = open_["id"] if open_ else 1
        body = {"question": number, "answer": said} if act == "answer" else {"offer": number}
        answered = self.owner.post(self._own(act), body, key=self._key())
        self._expect(answered)
        assert (answered.status_code == 200) == (open_ is not None)

    # ── what must be true after each step ──

    @invariant()
    def what_is_decided_was_published_or_taken_and_has_a_reason(self) -> None:
        if not hasattr(self, "id"):
            return
        view, events = self.owner.get(self._own()).json, self._events()
        assert (view["decision"] is not None) == bool(DECIDED & {event["kind"] for event in events})
        if view["decision"]:
            assert view["decision"]["reason"].strip()

    @invariant()
    def everything_is_told_once(self) -> None:
        if not hasattr(self, "id"):
            return
        kinds = [event["kind"] for event in self._events()]
        told = self._row(
            "select count(*) filter (where event = 'decisions_published') as first,"
            " count(*) filter (where event in ('decision_changed', 'decision_revoked')) as corrected"
            " from outbox where application_id = %s or details -> 'applications' @> %s::jsonb",
            self.id,
            f"[{self.id}]",
        )
        published = [kind for kind in kinds if kind in OUTCOMES]
        first = int(bool(published) and kinds.index(published[0]) == min(kinds.index(k) for k in kinds if k in DECIDED))
        assert (told["first"], told["corrected"]) == (first, len(published) - first)

    @invariant()
    def every_version_has_its_event(self) -> None:
        if hasattr(self, "id"):
            versions = [event["version"] for event in self._events()]
            assert versions == list(range(1, len(versions) + 1))
            assert self._row("select version from applications where id = %s", self.id)["version"] == len(versions)

    # ── helpers ──

    def _expect(self, answer: TestResponse) -> None:
        assert answer.status_code == 200 or answer.json["code"] in REFUSALS, answer.text

    def _events(self) -> list[dict[str, Any]]:
        return self.db.execute(
            "select kind, version from application_events where application_id = %s order by id", (self.id,)
        ).fetchall()

    def _row(self, statement: str, *values: Any) -> dict[str, Any]:
        row = self.db.execute(statement, values).fetchone()
        assert row is not None
        return row

    def _own(self, act: str = "") -> str:
        return f"/api/smartapp/applications/{self.number}" + (f"/{act}" if act else "")

    def _desk(self, act: str = "") -> str:
        return f"/api/desk/applications/{self.number}" + (f"/{act}" if act else "")

    def _key(self) -> str:
        return f"key-of-a-day-{next(_keys)}"


def test_no_day_at_the_desk_breaks_the_rules(app: Flask, api: Api, db: Connection) -> None:
    desks = (api.as_("dispatcher"), api.as_("admin"))
    days = type("DaysHere", (Days,), {"db": db, "owner": api.as_("employee"), "desks": desks})
    run_state_machine_as_test(
        days,
        settings=settings(
            deadline=None,
            max_examples=15,
            stateful_step_count=15,
            phases=set(Phase) - {Phase.explain},
            suppress_health_check=list(HealthCheck),
        ),
    )
