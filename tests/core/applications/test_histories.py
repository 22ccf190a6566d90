"""Random lives of applications: only legal edges, one active per month, and one trace of every change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from werkzeug.test import TestResponse

from express_bot.core.db.session import Connection
from tests.conftest import NOW, Api

OWNERS_EDGES = {
    ("submitted", "withdrawn"),
    ("withdrawn", "submitted"),
    ("submitted", "submitted"),
}
"""What an employee can do to the status without the desk; edits and requests leave it as it is."""
LEAPS = [
    timedelta(seconds=1),
    timedelta(minutes=9),
    timedelta(minutes=11),
    timedelta(days=2),
    timedelta(days=11),
    timedelta(days=16),
]
REFUSALS = {
    "period_not_open",
    "period_closed",
    "limit_reached",
    "not_editable",
    "not_withdrawable",
    "not_restorable",
} | {
    "reason_required",
    "version_conflict",
    "invalid_answers",
    "idempotency_key_reused",
}
_keys = count(1)


class Lives(RuleBasedStateMachine):
    """One person with a keyboard, a moving clock and bad manners; ``app`` and ``db`` are set by the test."""

    app: Flask
    db: Connection
    me: Api
    applications: Bundle[str] = Bundle("applications")

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self._stand()
        self._forget_everything()
        self.statuses: dict[str, str] = {}

    # ── what a person does ──

    @rule(target=applications, day=st.integers(4, 31), month=st.sampled_from([1, 1, 1, 2]), period=st.booleans())
    def submit(self, day: int, month: int, period: bool) -> Any:
        date = f"2027-{month:02}-{min(day, 28):02}"
        answer = self._changing(lambda: self.me.submit(key=self._key(), date=date))
        if answer.status_code != 201:
            return multiple()
        number = str(answer.json["number"])
        self.statuses[number] = "submitted"
        return number

    @rule(number=applications, day=st.integers(4, 28), behind=st.integers(0, 1))
    def edit(self, number: str, day: int, behind: int) -> None:
        view = self._view(number)
        answers = {"direction": "khv", "date": f"{view['target_date'][:8]}{day:02}"}
        body = {"version": view["version"] - behind, "answers": answers}
        answer = self._changing(lambda: self.me.patch(self._at(number), body, key=self._key()), number)
        assert (answer.status_code == 200) == (view["can"]["edit"] and not behind), answer.text

    @rule(number=applications, reason=st.none() | st.just("Передумала"))
    def withdraw(self, number: str, reason: str | None) -> None:
        can = self._view(number)["can"]
        answer = self._changing(
            lambda: self.me.post(self._at(number) + "/withdraw", {"reason": reason}, key=self._key()), number
        )
        assert (answer.status_code == 200) == (can["withdraw"] and not (can["withdraw_needs_reason"] and not reason))

    @rule(number=applications)
    def restore(self, number: str) -> None:
        can = self._view(number)["can"]["restore"]
        answer = self._changing(lambda: self.me.post(self._at(number) + "/restore", key=self._key()), number)
        if answer.status_code == 200:
            assert can
        elif can:
            assert answer.json["code"] == "limit_reached"

    @rule(number=applications)
    def look(self, number: str) -> None:
        before = self._traces(number)
        assert self.me.post(self._at(number) + "/seen").status_code == 204
        assert self._traces(number) == before

    @rule(leap=st.sampled_from(LEAPS))
    def wait(self, leap: timedelta) -> None:
        self.now += leap
        self._stand()

    # ── what must be true after each step ──

    @invariant()
    def one_active_application_per_month(self) -> None:
        doubles = self.db.execute(
            "select applicant_id, target_month from applications where form_id = 'flight'"
            " and status not in ('withdrawn', 'rejected', 'revoked') group by 1, 2 having count(*) > 1"
        ).fetchall()
        assert doubles == []

    @invariant()
    def every_version_has_one_event_one_promise_and_one_line_of_audit(self) -> None:
        for number in getattr(self, "statuses", {}):
            version, events, promises, audits, versions = self._traces(number)
            assert events == promises == audits == version
            assert versions == list(range(1, version + 1))

    @invariant()
    def filed_is_what_the_period_counts(self) -> None:
        if not hasattr(self, "statuses"):
            return
        shown = self.me.get("/api/smartapp/periods").json["periods"]
        active = {n for n, status in self.statuses.items() if status == "submitted"}
        months = [self._view(number)["target_date"][:7] for number in active]
        assert {p["target_from"][:7]: p["filed"] for p in shown if p["filed"]}.items() <= {
            month: months.count(month) for month in months
        }.items()

    # ── helpers ──

    def _changing(self, act: Callable[[], TestResponse], number: str | None = None) -> TestResponse:
        """One call: it changes this application by one legal step and nothing else, or nothing at all."""
        before = self._everything()
        answer = act()
        after = self._everything()
        if answer.status_code in (200, 201):
            number = number or str(answer.json["number"])
            assert {n: v for n, v in after.items() if n != number} == {n: v for n, v in before.items() if n != number}
            if number in before:
                (status, version), (new_status, new_version) = before[number], after[number]
                assert (status, new_status) in OWNERS_EDGES
                assert new_version == version + 1
            self.statuses[number] = after[number][0]
        else:
            assert answer.json["code"] in REFUSALS, answer.text
            assert after == before
        return answer

    def _everything(self) -> dict[str, tuple[str, int]]:
        rows = self.db.execute("select number, status, version from applications")
        return {row["number"]: (row["status"], row["version"]) for row in rows}

    def _traces(self, number: str) -> tuple[int, int, int, int, list[int]]:
        row = self.db.execute(
            """
            select a.version,
                   (select count(*) from application_events e where e.application_id = a.id) as events,
                   (select count(*) from outbox o where o.application_id = a.id) as promises,
                   (select count(*) from audit_log l where l.object_id = a.number) as audits,
                   array(select e.version from application_events e where e.application_id = a.id order by e.id) as line
            from applications a where number = %s
            """,
            (number,),
        ).fetchone()
        assert row is not None
        return row["version"], row["events"], row["promises"], row["audits"], row["line"]

    def _view(self, number: str) -> dict[str, Any]:
        return dict(self.me.get(self._at(number)).json)

    def _at(self, number: str) -> str:
        return f"/api/smartapp/applications/{number}"

    def _key(self) -> str:
        return f"key-of-a-life-{next(_keys)}"

    def _stand(self) -> None:
        self.app.extensions["house"].clock.move(datetime.fromtimestamp(self.now.timestamp(), self.now.tzinfo))

    def _forget_everything(self) -> None:
        mine = "(select id from applications where client_key like 'key-of-a-life-%')"
        with self.db.transaction():
            for table in ("application_events", "outbox"):
                self.db.execute(f"delete from {table} where application_id in {mine}")
            self.db.execute("delete from applications where client_key like 'key-of-a-life-%'")


def test_no_life_of_an_application_breaks_the_rules(app: Flask, api: Api, db: Connection) -> None:
    lives = type("LivesHere", (Lives,), {"app": app, "db": db, "me": api.as_("admin")})
    run_state_machine_as_test(
        lives,
        settings=settings(
            deadline=None,
            max_examples=50,
            stateful_step_count=20,
            phases=set(Phase) - {Phase.explain},
            suppress_health_check=list(HealthCheck),
        ),
    )
