"""The hour before a period closes: everybody files within a few seconds (design §11).

``python -m tests.faults.rush --people 2000 --within 10``. Each person has a connection of their own and comes at a
random moment of the given time; waiting is counted from that moment, whether or not the product was ready to listen.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from dataclasses import dataclass, field

import aiohttp
import orjson

from tests.faults.filing import AGAIN_AFTER, PATIENCE, Intent, Ledger, Outcome, Wishes
from tests.faults.findings import tell
from tests.faults.proof import Findings, examine
from tests.stack import NewPerson, Stack

SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "longest": 1}


@dataclass
class Report:
    """One rush."""

    within: float
    ledger: Ledger = field(default_factory=Ledger)
    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0
    findings: Findings | None = None

    def __str__(self) -> str:
        waits = sorted(self.waits)
        shares = {name: waits[int((len(waits) - 1) * part)] for name, part in SHARES.items()}
        answered = len(self.ledger.outcomes)
        return "\n".join(
            [
                f"people         {answered} within {self.within:g} s, the last answer after {self.seconds:.1f} s",
                f"accepted       {len(self.ledger.accepted)}, {answered / self.seconds:.0f}/s",
                f"waited         {', '.join(f'{name} {wait * 1000:.0f} ms' for name, wait in shares.items())}",
                f"setbacks       {dict(self.ledger.setbacks) or 'none'}",
                f"must be nought {self.findings}",
            ]
        )


def file_together(stack: Stack, people: list[NewPerson], *, within: float) -> Report:
    """Everybody files one flight; returns when everybody has a final answer."""
    wishes = Wishes(stack, people)
    report = Report(within)
    began = time.monotonic()
    asyncio.run(_everybody(stack.url, [wishes.flight(person) for person in people], report))
    report.seconds = time.monotonic() - began
    report.findings = examine(stack, report.ledger)
    return report


async def _everybody(url: str, intents: list[Intent], report: Report) -> None:
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(url, connector=connector, timeout=timeout) as session:
        await asyncio.gather(*(_one(session, intent, report) for intent in intents))


async def _one(session: aiohttp.ClientSession, intent: Intent, report: Report) -> None:
    await asyncio.sleep(random.uniform(0, report.within))
    came = time.monotonic()
    while (outcome := await _try(session, intent, report.ledger)) is None:
        if time.monotonic() - came > PATIENCE:
            report.ledger.unanswered.append(intent)
            return
        await asyncio.sleep(random.uniform(*AGAIN_AFTER))
    report.waits.append(time.monotonic() - came)
    report.ledger.close(outcome)


async def _try(session: aiohttp.ClientSession, intent: Intent, ledger: Ledger) -> Outcome | None:
    """The final answer, or ``None`` when the same has to be sent again."""
    headers = {
        "Authorization": f"Bearer {intent.person.token}",
        "Idempotency-Key": intent.key,
        "Content-Type": "application/json",
    }
    try:
        async with session.post("/api/smartapp/submit", data=orjson.dumps(intent.body), headers=headers) as answer:
            document = orjson.loads(await answer.read())
    except (aiohttp.ClientError, TimeoutError) as setback:
        ledger.setbacks[type(setback).__name__] += 1
        return None
    if answer.status >= 500 or answer.status == 429:
        ledger.setbacks[f"{answer.status} {document.get('code')}"] += 1
        return None
    return Outcome(intent, answer.status, document, answer.headers.get("Idempotency-Replayed") == "true")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.rush", description="everybody files at once")
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--within", type=float, default=10.0, metavar="SECONDS")
    asked = parser.parse_args()
    with Stack() as stack:
        report = file_together(stack, stack.new_people(asked.people), within=asked.within)
    return tell(report)


if __name__ == "__main__":
    sys.exit(main())
