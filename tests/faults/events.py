"""Every accepted event of the messenger is handled once, whatever is killed (issue: 500 events, 50 kills).

``python -m tests.faults.events --events 500 --kills 50``: people walk through the chat and file, apps file over the
bridge, a tenth of the events is told twice, people send several events in a row, and gateway, core and PostgreSQL are
killed meanwhile. With ``--control key`` the same harness drives a core whose inbox forgets its unique key, with
``--control order`` one whose inbox ignores the order of a chat; both must turn red. Exit code 0 when every finding is
nought, else 1.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.conftest import NOW
from tests.faults.event_proof import Findings, examine
from tests.faults.filing import Intent, Wishes, counted
from tests.faults.findings import LEFT, OWED, strays, tell
from tests.faults.phones import Desk, Phones
from tests.faults.server import Member, Post, Server
from tests.faults.shooting import AIMS, BACK_WITHIN, Marksman, Shots
from tests.faults.walking import App, Budget, Filed, Walker
from tests.stack import Stack

#: Cores without one of the protections.
CONTROLS = {"key": "tests.faults.forgetful_inbox:app", "order": "tests.faults.disorderly_inbox:app"}
PEOPLE, APPS = 12, 3
DAY = 86_400.0
#: Leases of what a killed gateway had in hand end after ten seconds, then everything left is done.
DRAINED_WITHIN = 120.0


@dataclass
class Report:
    """One run."""

    shots: Shots = field(default_factory=Shots)
    post: Post = field(default_factory=Post)
    filed: Filed = field(default_factory=Filed)
    findings: Findings | None = None
    seconds: float = 0.0
    strays: int = 0
    drained: float = 0.0

    def __str__(self) -> str:
        waits = sorted(self.filed.waits) or [0.0]
        return "\n".join(
            [
                *self.shots.lines(self.seconds),
                f"events         {len(self.post.accepted)}, told twice: {counted(self.post.copies)}",
                f"in a row       {len(self.filed.unawaited)} were followed by the next before they were answered",
                f"filed          {counted(self.filed.doors)}",
                f"setbacks       {counted(self.post.setbacks)}",
                f"answered after median {waits[len(waits) // 2]:.2f} s, worst {waits[-1]:.2f} s",
                f"drained        {self.drained:.1f} s after the last event",
                f"shown twice    {self.strays} (taken by the messenger, killed before it was noted)",
                f"must be nought {self.findings}",
                *(f"  {reason}" for reason in [*self.post.refused, *self.filed.refused][:10]),
            ]
        )


def run(
    events: int,
    kills: int,
    *,
    share: float = 0.1,
    control: str | None = None,
    people: int = PEOPLE,
    seed: int | None = None,
    within: float = DAY,
) -> Report:
    """The whole experiment on a stack of its own; after ``within`` seconds no further volley is fired."""
    chance = random.Random(seed)
    with Stack(express=True, core_app=CONTROLS.get(control or ""), now=NOW) as stack:
        server = Server(stack, chance, share=share)
        members = server.enrol(stack.new_people(people))
        report = Report(post=server.post)
        with Phones(stack) as phones, Desk(stack) as desk:
            actors = _actors(stack, server, members, phones, desk, report.filed)
            began = time.monotonic()
            _play(stack, actors, report, Budget(events), kills, chance, until=began + within)
            server.tell_rest()
            report.seconds = time.monotonic() - began
            report.drained = _drain(stack)
            report.findings = examine(stack, members, server.post, report.filed, phones)
            report.strays = strays(stack, members, phones)
    return report


def _actors(
    stack: Stack, server: Server, members: list[Member], phones: Phones, desk: Desk, filed: Filed
) -> list[Walker | App]:
    wishes = Wishes(stack, [member.person for member in members])
    walkers = [Walker(member, server, phones, desk, _wanted(wishes, member), filed) for member in members]
    return [*walkers, *(App(member, server, phones, wishes, filed) for member in members[:APPS])]


def _wanted(wishes: Wishes, member: Member) -> Iterator[Intent]:
    """The one flight of the month, then certificates."""
    return itertools.chain(
        [wishes.flight(member.person)], (wishes.certificate(member.person) for _ in itertools.count())
    )


def _play(
    stack: Stack,
    actors: list[Walker | App],
    report: Report,
    budget: Budget,
    kills: int,
    chance: random.Random,
    *,
    until: float,
) -> None:
    """Everybody at work, and volleys spread over the events."""
    post, total = report.post, budget.total
    for actor in actors:
        actor.budget = budget
        actor.start()
    marksman = Marksman(stack, tuple(AIMS), chance, lambda timeout: budget.is_over or post.wait_for_next(timeout))
    report.shots = marksman.shots
    if kills:
        marksman.shoot(
            kills,
            until=until,
            ready=lambda fired: post.wait_for_more(total * fired // kills - 1, max(0, until - time.monotonic())),
        )
    for actor in actors:
        actor.join()
    stack.wait_healthy(BACK_WITHIN)


def _drain(stack: Stack) -> float:
    """Waits until nothing is left to do; what never is will be found."""
    began = time.monotonic()
    while (stack.count(LEFT) or stack.count(OWED)) and time.monotonic() - began < DRAINED_WITHIN:
        time.sleep(0.2)
    return time.monotonic() - began


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.events", description="events and kill -9")
    parser.add_argument("--events", type=int, default=500)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--copies", type=float, default=0.1, help="the share of events that is told twice")
    parser.add_argument("--seed", type=int, help="repeats the choice of victims and copies, not the moments")
    parser.add_argument("--control", choices=CONTROLS, help="without one protection: it must turn red")
    asked = parser.parse_args()
    return tell(run(asked.events, asked.kills, share=asked.copies, control=asked.control, seed=asked.seed))


if __name__ == "__main__":
    sys.exit(main())
