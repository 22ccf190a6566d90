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
from dataclasses import dataclass, field

from tests.faults.filing import Crowd, Ledger, Wishes, counted
from tests.faults.findings import tell
from tests.faults.proof import Findings, examine
from tests.faults.shooting import AIMS, BACK_WITHIN, Marksman, Shots
from tests.stack import Stack

FORGETFUL = "tests.faults.forgetful_core:app"
#: How many answers are asked for a second time at the end.
ASKED_AGAIN = 200


@dataclass
class Report:
    """One run."""

    shots: Shots = field(default_factory=Shots)
    seconds: float = 0.0
    findings: Findings | None = None
    ledger: Ledger = field(default_factory=Ledger)
    asked_again: int = 0

    def __str__(self) -> str:
        replays = sum(outcome.replayed for outcome in self.ledger.outcomes)
        return "\n".join(
            [
                *self.shots.lines(self.seconds),
                f"acknowledged   {len(self.ledger.accepted)}, {replays} of them as replays",
                f"asked again    {self.asked_again}, each answered as before",
                f"setbacks       {counted(self.ledger.setbacks)}",
                f"must be nought {self.findings}",
            ]
        )


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
            marksman = Marksman(stack, parts, chance, crowd.ledger.wait_for_next)
            report.shots = marksman.shots
            marksman.shoot(kills, until=began + within)
            stack.wait_healthy(BACK_WITHIN)
        report.seconds = time.monotonic() - began
        if idempotency:
            report.asked_again = _ask_again(stack, report.ledger, chance)
        report.findings = examine(stack, report.ledger)
    return report


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
    return tell(run(asked.kills, idempotency=not asked.no_idempotency, clients=asked.clients, seed=asked.seed))


if __name__ == "__main__":
    sys.exit(main())
