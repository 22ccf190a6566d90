"""``kill -9`` in a loop under load: what was called accepted is kept, once (trust §2.1 D1).

``python -m tests.faults.kill_loop --kills 200``; with ``--no-idempotency`` the same harness drives a core that forgets
the keys, and must turn red. Exit code 0 when every finding is nought, else 1.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.faults.filing import Crowd, Ledger, Wishes
from tests.faults.proof import Findings, examine
from tests.stack import Aim, Program, Stack

FORGETFUL = "tests.faults.forgetful_core:app"
#: How many answers are asked for a second time at the end.
ASKED_AGAIN = 200
#: After a volley the product must answer again within this time, without anybody's help.
BACK_WITHIN = 60.0
#: Every backend of PostgreSQL is a group of its own, so a shot at its group would be one at the postmaster.
AIMS = {"core": tuple(Aim), "gateway": tuple(Aim), "postgres": (Aim.MAIN, Aim.CHILD)}


@dataclass
class Report:
    """One run."""

    kills: Counter[str] = field(default_factory=Counter)
    gaps: list[float] = field(default_factory=list)
    seconds: float = 0.0
    findings: Findings | None = None
    ledger: Ledger = field(default_factory=Ledger)
    asked_again: int = 0

    def __str__(self) -> str:
        killed = self.kills.total()
        gaps = sorted(self.gaps)
        replays = sum(outcome.replayed for outcome in self.ledger.outcomes)
        return "\n".join(
            [
                f"kills          {killed} in {self.seconds:.0f} s ({killed / self.seconds:.1f}/s)",
                *(f"  {what:<22}{count}" for what, count in sorted(self.kills.items())),
                f"acknowledged   {len(self.ledger.accepted)}, {replays} of them as replays",
                f"asked again    {self.asked_again}, each answered as before",
                f"setbacks       {_counted(self.ledger.setbacks)}",
                f"back after     median {gaps[len(gaps) // 2]:.2f} s, worst {gaps[-1]:.2f} s",
                f"must be nought {self.findings}",
            ]
        )


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{what} {count}" for what, count in counter.most_common()) or "none"


def run(
    kills: int,
    *,
    parts: tuple[str, ...] = tuple(AIMS),
    idempotency: bool = True,
    clients: int = 8,
    seed: int | None = None,
    within: float = math.inf,
) -> Report:
    """The whole experiment on a stack of its own; after ``within`` seconds no further volley is fired."""
    chance = random.Random(seed)
    with Stack(core_app=None if idempotency else FORGETFUL) as stack:
        report = Report()
        intents = Wishes(stack, stack.new_people(max(200, kills * 8))).endless()
        began = time.monotonic()
        with Crowd(stack, intents, clients=clients) as crowd:
            report.ledger = crowd.ledger
            Marksman(stack, report, parts, chance).shoot(kills, until=began + within)
            stack.wait_healthy(BACK_WITHIN)
        report.seconds = time.monotonic() - began
        if idempotency:
            report.asked_again = _ask_again(stack, report.ledger, chance)
        report.findings = examine(stack, report.ledger)
    return report


class Marksman:
    """Shoots at random parts at random moments, and lets at least one call through before the next volley."""

    def __init__(self, stack: Stack, report: Report, parts: tuple[str, ...], chance: random.Random) -> None:
        self._stack, self._report, self._chance = stack, report, chance
        self._parts: list[Program] = [getattr(stack, part) for part in parts]

    def shoot(self, kills: int, *, until: float) -> None:
        while self._report.kills.total() < kills and time.monotonic() < until:
            self._await_life()
            for program in self._next_targets(kills - self._report.kills.total()):
                time.sleep(self._chance.uniform(0, 0.2))
                self._hit(program)
        self._await_life()

    def _await_life(self) -> None:
        """Wait for an answer to a call, so that every volley meets a product at work."""
        since = time.monotonic()
        alive = self._report.ledger.wait_for_more(len(self._report.ledger.outcomes), BACK_WITHIN)
        assert alive, f"nothing was answered for {BACK_WITHIN:g} s\n{self._stack.logs()}"
        self._report.gaps.append(time.monotonic() - since)

    def _next_targets(self, at_most: int) -> list[Program]:
        """One part, or several that fall while the first is still getting up."""
        return self._chance.sample(self._parts, min(at_most, self._chance.randint(1, len(self._parts))))

    def _hit(self, program: Program) -> None:
        aim = self._chance.choice(AIMS[program.name])
        if program.kill(aim):
            self._report.kills[f"{program.name} {aim}"] += 1


def _ask_again(stack: Stack, ledger: Ledger, chance: random.Random) -> int:
    """The same key and body once more: the very same answer, said to be a repetition."""
    sample = chance.sample(ledger.accepted, min(ASKED_AGAIN, len(ledger.accepted)))
    client = stack.client()
    for outcome in sample:
        client.token = outcome.intent.person.token
        answer = client.submit(outcome.intent.body, outcome.intent.key)
        assert (answer.status, answer.replayed, answer.json) == (201, True, outcome.document)
    client.close()
    return len(sample)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kill_loop", description="kill -9 in a loop")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seed", type=int, help="repeats the choice of victims, not the moments")
    parser.add_argument("--no-idempotency", action="store_true", help="the negative control: it must turn red")
    asked = parser.parse_args()
    report = run(asked.kills, idempotency=not asked.no_idempotency, clients=asked.clients, seed=asked.seed)
    print(report)
    assert report.findings is not None
    print("green" if report.findings.is_clean else "RED")
    return 0 if report.findings.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
