"""Notifications wait while the messenger is away and workers are killed: all arrive, once, in order.

``python -m tests.faults.deliver --waiting 10000 --kills 50``. The far side answers 503, asks for a rest, says nothing,
or is not there at all; one chat never takes anything. Meanwhile ``kill -9`` hits workers, which alone send here. Pauses
and leases are the product's own. With ``--forgetful`` the same harness drives a core that takes a card for shown as
soon as it is handed out, and must turn red. Exit code 0 when every finding is nought, else 1.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import sys
import time
from uuid import uuid4

from express_bot.contracts.notifications import Event
from express_bot.core.db.session import connect
from express_bot.core.notifications import outbox
from tests.conftest import NOW
from tests.faults.deliver_proof import Findings, Promised, Report, arrivals
from tests.faults.far_side import FarSide
from tests.faults.shooting import Shots
from tests.stack import NewPerson, Stack

FORGETFUL = "tests.faults.forgetful_cards:app"
#: Each person's share; the first is the receipt of an application, the others are told of the same application.
EACH = 20
WORKERS = 2
#: Seconds that the far side takes for each message.
LATENCY = 0.02
#: A sign of life between two kills: a call on the far side, or this time.
ALIVE_WITHIN = 20.0
MARK = re.compile(r"сообщение (\d+)\b")
RECEIPT = "receipt"
RESCUED = "jobs of dead workers put back"


class Proof:
    """One run on a stack of its own."""

    def __init__(self, stack: Stack, far: FarSide, report: Report, manners: tuple[str, ...], seed: int | None) -> None:
        self.report = report
        self._stack, self._far = stack, far
        self._manners = manners
        self._chance = random.Random(seed)
        self._promised: list[Promised] = []

    def run(self, kills: int, *, drained_within: float) -> Report:
        self._far.behave("503")
        self._promise(self.report.waiting)
        self._stack.gateway.stop()  # it sends, too: here only those may who are killed
        began = time.monotonic()
        self._shoot(kills)
        self._far.behave("ok")
        self.report.seconds = time.monotonic() - began
        self._drain(drained_within)
        self._compare()
        return self.report

    # ── what is promised ──

    def _promise(self, waiting: int) -> None:
        people = self._stack.new_people(max(2, waiting // EACH))
        chats = {person.id: str(uuid4()) for person in people}
        with connect(self._stack.settings.dsn()) as db, db.transaction():
            for person in people:
                db.execute(
                    "insert into identities (provider, subject, user_id, chat) values ('express', %s, %s, %s)",
                    (str(uuid4()), person.id, chats[person.id]),
                )
        applications = {person.id: self._filed(person) for person in people}
        self._far.poisoned = {chats[people[0].id]}
        marks = [str(number) for number in range(1, EACH)]
        with connect(self._stack.settings.dsn()) as db:
            for mark in marks:
                rows = [
                    {
                        "user_id": person.id,
                        "application_id": applications[person.id],
                        "details": {"text": f"сообщение {mark}"},
                    }
                    for person in people
                ]
                outbox.promise_many(db, Event.OPERATOR_ALERT, rows, NOW)
        self._promised = [
            Promised(chats[person.id], (RECEIPT, *marks), poisoned=person is people[0]) for person in people
        ]
        self.report.waiting = len(people) * EACH

    def _filed(self, person: NewPerson) -> int:
        client = self._stack.client(person.token)
        body = {"form": "flight", "answers": {"direction": "vvo", "date": "2027-01-15"}}
        answer = client.submit(body, f"key-of-{person.id}")
        client.close()
        assert answer.status == 201, answer.body
        rows = self._stack.sql("select id from applications where number = %s", (answer.json["number"],))
        return int(rows[0]["id"])

    # ── what goes wrong ──

    def _shoot(self, kills: int) -> None:
        """A manner, a sign of life, a kill; in turns, until there have been enough."""
        shots: Shots = self.report.shots
        for manner in itertools.cycle(self._manners):
            if shots.total >= kills:
                return
            self._far.behave(manner)
            self._await_life(manner)
            time.sleep(self._chance.uniform(0, 0.3))
            victim = self._chance.choice(self._stack.workers)
            if victim.kill():
                shots.kills[f"{victim.name} while {manner}"] += 1

    def _await_life(self, manner: str) -> None:
        """Workers that were just killed get up first; where nobody answers, trying leaves a trace in the core."""
        if manner == "refused":
            time.sleep(self._chance.uniform(1, 3))
            return
        calls, deadline = self._far.calls, time.monotonic() + ALIVE_WITHIN
        while self._far.calls == calls and time.monotonic() < deadline:
            time.sleep(0.02)

    def _drain(self, within: float) -> None:
        began = time.monotonic()
        self._stack.wait_until(lambda: not self._under_way(), within, "not everything was delivered")
        self.report.drained_after = time.monotonic() - began

    def _under_way(self) -> int:
        return self._stack.count("outbox where settled_at is null")

    # ── what came of it ──

    def _compare(self) -> None:
        came = {chat: [_mark(text) for text in texts] for chat, texts in self._far.texts().items()}
        kills = self.report.shots.total
        self.report.manners = dict(self._far.answers)
        self.report.edits = len(self._far.edits)
        self.report.repeated = sum(len(marks) - len(set(marks)) for marks in came.values())
        self.report.attempts = self._stack.sql("select coalesce(sum(attempts), 0)::int as n from deliveries")[0]["n"]
        self.report.rescued = sum(worker.log.read_text().count(RESCUED) for worker in self._stack.workers)
        bad = [each.chat for each in self._promised if each.poisoned]
        self.report.findings = Findings(
            **arrivals(self._promised, came, kills),
            buried=self._dead("u.chat <> all(%s)", bad),
            unburied=len(bad) * EACH - self._dead("u.chat = any(%s)", bad),
            left=self._under_way(),
            untrue=self._untrue(),
        )

    def _dead(self, where: str, chats: list[str]) -> int:
        rows = self._stack.sql(
            "select count(*)::int as n from deliveries d join outbox o on o.id = d.outbox_id"
            f" join identities u on u.user_id = o.user_id where d.state = 'dead' and {where}",
            (chats,),
        )
        return int(rows[0]["n"])

    def _untrue(self) -> int:
        """Each card that was shown stands under a message of the far side that says so, and each is known by one."""
        messages = {message.message: message.chat for message in self._far.shown}
        rows = self._stack.sql("select chat, external_id from cards where external_id is not null")
        return sum(messages.get(row["external_id"]) != row["chat"] for row in rows)


def _mark(text: str) -> str:
    found = MARK.search(text)
    return found[1] if found else RECEIPT


def run(
    waiting: int,
    kills: int,
    *,
    manners: tuple[str, ...] = ("503", "ok", "refused", "ok", "429", "ok"),
    forgetful: bool = False,
    drained_within: float = 120.0,
    seed: int | None = None,
) -> Report:
    """The whole experiment."""
    with (
        FarSide(latency=LATENCY) as far,
        Stack(
            express=True,
            worker=WORKERS,
            now=NOW,
            core_app=FORGETFUL if forgetful else None,
            environment={"EXPRESS_BOTX_URL": far.url},
        ) as stack,
    ):
        return Proof(stack, far, Report(waiting), manners, seed).run(kills, drained_within=drained_within)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.deliver", description=__doc__)
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, help="repeats the choice of victims, not the moments")
    parser.add_argument("--forgetful", action="store_true", help="the negative control: it must turn red")
    asked = parser.parse_args()
    manners = ("503", "ok", "refused", "ok", "429", "ok", "silent", "ok")
    report = run(
        asked.waiting, asked.kills, manners=manners, forgetful=asked.forgetful, drained_within=1800, seed=asked.seed
    )
    print(report)
    assert report.findings is not None
    print("green" if report.findings.is_clean else "RED")
    return 0 if report.findings.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
