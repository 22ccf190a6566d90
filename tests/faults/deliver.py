"""Notifications wait while the messenger is away and workers are killed: all arrive, once, in order.

``python -m tests.faults.deliver --waiting 10000 --kills 50 --messenger telegram``: which one is on the far side, or
``both``, each for half of the people. The far side answers 503, asks for a rest, says nothing, or is not there at all;
one chat never takes anything. Meanwhile ``kill -9`` hits workers, which alone send here. With ``--victim gateway`` it
hits a gateway instead, which sends up to twenty at once, so that so many may be repeated for each kill. Pauses and
leases are the product's own. What was repeated must be gone in the end: nobody reads anything twice. With
``--forgetful`` the same harness drives a core that takes a card for shown as soon as it is handed out, with
``--control orphans`` one that never finds out what stands twice; both must turn red. Exit code 0 when every finding is
nought, else 1.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from uuid import uuid4

from express_bot.channels.pumps import AT_ONCE
from express_bot.contracts.notifications import Event
from express_bot.core.db.session import connect
from express_bot.core.notifications import outbox
from tests.conftest import NOW
from tests.faults.deliver_proof import Findings, Promised, Report, arrivals, in_the_end
from tests.faults.far_side import FarSide
from tests.faults.far_telegram import TelegramFarSide
from tests.faults.seen import Seen
from tests.faults.shooting import Shots
from tests.stack import NewPerson, Stack
from tests.stack.plan import telegram_environment

FORGETFUL, BLIND = "tests.faults.forgetful_cards:app", "tests.faults.blind_core:app"
#: It hears and never sends: where workers are killed, they alone send.
LISTENING = "tests.faults.listening_gateway:app"
#: Each person's share; the first is the receipt of an application, the others are told of the same application.
EACH = 20
WORKERS = 2
#: Seconds that the far side takes for each message.
LATENCY = 0.02
#: A sign of life between two kills: a call on the far side, or this time.
ALIVE_WITHIN = 20.0
ORPHAN, OUTCOME = "orphan", re.compile(r"outcome\W+(\w+)")
MARK = re.compile(r"сообщение (\d+)\b")
RECEIPT = "receipt"
Far = FarSide | TelegramFarSide
FAR_SIDES: dict[str, type[Far]] = {"express": FarSide, "telegram": TelegramFarSide}
#: Words of the messenger, and notes of ours about what may stand twice.
NOTED = "inbox where state = 'waiting'"
TIDY_WITHIN = 600.0
RESCUED = "jobs of dead workers put back"


class Proof:
    """One run on a stack of its own."""

    def __init__(
        self,
        stack: Stack,
        fars: Sequence[Far],
        report: Report,
        manners: tuple[str, ...],
        seed: int | None,
        each: int,
        *,
        victim: str = "worker",
        is_control: bool = False,
    ) -> None:
        self.report = report
        self._is_control = is_control
        self._victims = {"worker": stack.workers, "gateway": [stack.gateway]}[victim]
        self._at_once = {"worker": 1, "gateway": AT_ONCE}[victim]
        self._stack, self._fars = stack, fars
        self._manners = manners
        self._each = each
        self._chance = random.Random(seed)
        self._promised: list[Promised] = []

    def run(self, kills: int, *, drained_within: float) -> Report:
        self._behave("503")
        self._promise(self.report.waiting)
        for far in self._fars:
            far.speak_to(self._stack.url)
        began = time.monotonic()
        self._shoot(kills)
        self._behave("ok")
        self.report.seconds = time.monotonic() - began
        self._drain(drained_within)
        self._compare()
        return self.report

    # ── what is promised ──

    def _promise(self, waiting: int) -> None:
        people = self._stack.new_people(max(2 * len(self._fars), waiting // self._each))
        chats = self._introduced(people)
        applications = {person.id: self._filed(person) for person in people}
        bad = [] if self._is_control else people[: len(self._fars)]
        for far, person in zip(self._fars, bad, strict=not self._is_control):
            far.poison(chats[person.id])
        marks = [str(number) for number in range(1, self._each)]
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
        self._promised = [Promised(chats[person.id], (RECEIPT, *marks), poisoned=person in bad) for person in people]
        self.report.waiting = len(people) * self._each

    def _introduced(self, people: list[NewPerson]) -> dict[int, str]:
        """Each has one messenger, in turns."""
        homes = [(person, far) for person, far in zip(people, itertools.cycle(self._fars), strict=False)]
        chats = {person.id: far.new_chat() for person, far in homes}
        with connect(self._stack.settings.dsn()) as db, db.transaction():
            for person, far in homes:
                db.execute(
                    "insert into identities (provider, subject, user_id, chat) values (%s, %s, %s, %s)",
                    (far.channel, str(uuid4()), person.id, chats[person.id]),
                )
        return chats

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
            self._behave(manner)
            self._await_life(manner)
            time.sleep(self._chance.uniform(0, 0.3))
            victim = self._chance.choice(self._victims)
            if victim.kill():
                shots.kills[f"{victim.name} while {manner}"] += 1

    def _behave(self, manner: str) -> None:
        for far in self._fars:
            far.behave(manner)

    def _calls(self) -> int:
        return sum(far.calls for far in self._fars)

    def _await_life(self, manner: str) -> None:
        """Workers that were just killed get up first; where nobody answers, trying leaves a trace in the core."""
        if manner == "refused":
            time.sleep(self._chance.uniform(1, 3))
            return
        calls, deadline = self._calls(), time.monotonic() + ALIVE_WITHIN
        while self._calls() == calls and time.monotonic() < deadline:
            time.sleep(0.02)

    def _drain(self, within: float) -> None:
        began = time.monotonic()
        self._stack.wait_until(lambda: not self._under_way(), within, "not everything was delivered")
        self.report.drained_after = time.monotonic() - began
        if self._is_control:
            return
        self._stack.wait_until(lambda: not self._stack.count(NOTED), TIDY_WITHIN, "not everything was put in order")
        self.report.tidy_after = time.monotonic() - began

    def _under_way(self) -> int:
        return self._stack.count("outbox where settled_at is null")

    # ── what came of it ──

    def _compare(self) -> None:
        came = self._marks(Seen.came)
        stands = self._marks(Seen.stands)
        kills = self.report.shots.total
        self.report.manners = dict(sum((Counter(far.answers) for far in self._fars), Counter()))
        self.report.edits = sum(len(far.seen.edits) for far in self._fars)
        self.report.deleted = sum(len(far.seen.deleted) for far in self._fars)
        self.report.orphans = self._orphans()
        self.report.repeated = sum(len(marks) - len(set(marks)) for marks in came.values())
        self.report.attempts = self._stack.sql("select coalesce(sum(attempts), 0)::int as n from deliveries")[0]["n"]
        self.report.rescued = sum(worker.log.read_text().count(RESCUED) for worker in self._stack.workers)
        bad = [each.chat for each in self._promised if each.poisoned]
        self.report.findings = Findings(
            **arrivals(self._promised, came, kills * self._at_once),
            **in_the_end(self._promised, stands),
            buried=self._dead("u.chat <> all(%s)", bad),
            unburied=len(bad) * self._each - self._dead("u.chat = any(%s)", bad),
            left=self._under_way(),
            untrue=self._untrue(),
        )

    def _marks(self, look: Callable[[Seen], dict[str, list[str]]]) -> dict[str, list[str]]:
        return {chat: [_mark(text) for text in said] for far in self._fars for chat, said in look(far.seen).items()}

    def _orphans(self) -> dict[str, int]:
        """What became of messages that nobody knew to be there, as the logs tell."""
        lines = [line for it in self._stack.services() for line in it.log.read_text().splitlines() if ORPHAN in line]
        return dict(Counter(found[1] for line in lines if (found := OUTCOME.search(line))))

    def _dead(self, where: str, chats: list[str]) -> int:
        rows = self._stack.sql(
            "select count(*)::int as n from deliveries d join outbox o on o.id = d.outbox_id"
            f" join identities u on u.user_id = o.user_id where d.state = 'dead' and {where}",
            (chats,),
        )
        return int(rows[0]["n"])

    def _untrue(self) -> int:
        """Each card that was shown stands under a message of the far side that says so, and each is known by one."""
        messages = {message: chat for far in self._fars for message, chat in far.seen.places().items()}
        rows = self._stack.sql("select chat, external_id from cards where external_id is not null")
        return sum(messages.get(row["external_id"]) != row["chat"] for row in rows)


def _mark(text: str) -> str:
    found = MARK.search(text)
    return found[1] if found else RECEIPT


def run(
    waiting: int,
    kills: int,
    *,
    messengers: Sequence[str] = ("express",),
    each: int = EACH,
    manners: tuple[str, ...] = ("503", "ok", "refused", "ok", "429", "ok"),
    core_app: str | None = None,
    drained_within: float = 120.0,
    seed: int | None = None,
    victim: str = "worker",
    is_control: bool = False,
) -> Report:
    """The whole experiment.

    A control for what is lost goes without dead chats, in which nothing can be, and does not wait for the order that a
    core which loses things comes to much later.
    """
    with ExitStack() as opened:
        fars = [opened.enter_context(FAR_SIDES[name](latency=LATENCY)) for name in messengers]
        stack = opened.enter_context(
            Stack(
                express="express" in messengers,
                worker=WORKERS,
                now=NOW,
                core_app=core_app,
                gateway_app=LISTENING if victim == "worker" else None,
                environment=environment_of(fars),
            )
        )
        proof = Proof(stack, fars, Report(waiting), manners, seed, each, victim=victim, is_control=is_control)
        return proof.run(kills, drained_within=drained_within)


def environment_of(fars: Sequence[Far]) -> dict[str, str]:
    """Where each messenger is."""
    told: dict[str, str] = {}
    for far in fars:
        told |= {"EXPRESS_BOTX_URL": far.url} if far.channel == "express" else telegram_environment(far.url)
    return told


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.deliver", description=__doc__)
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, help="repeats the choice of victims, not the moments")
    parser.add_argument("--messenger", choices=("express", "telegram", "both"), default="express")
    parser.add_argument("--victim", choices=("worker", "gateway"), default="worker")
    parser.add_argument("--forgetful", action="store_true", help="the negative control: it must turn red")
    parser.add_argument("--control", choices=("orphans",), help="nobody looks for what stands twice: it must turn red")
    asked = parser.parse_args()
    manners = ("503", "ok", "refused", "taken", "429", "ok", "silent", "taken")
    report = run(
        asked.waiting,
        asked.kills,
        messengers=tuple(FAR_SIDES) if asked.messenger == "both" else (asked.messenger,),
        manners=manners,
        core_app=FORGETFUL if asked.forgetful else BLIND if asked.control else None,
        drained_within=1800,
        seed=asked.seed,
        victim=asked.victim,
        is_control=asked.forgetful,
    )
    print(report)
    assert report.findings is not None
    print("green" if report.findings.is_clean else "RED")
    return 0 if report.findings.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
