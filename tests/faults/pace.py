"""People who file over HTTP at an even pace, and how long they wait."""

from __future__ import annotations

import itertools
import time
from threading import Event, Thread
from typing import Self

from tests.faults.filing import Ledger, Outcome, Wishes
from tests.stack import Lost, NewPerson, Refused, Stack

#: Each caller begins so often.
EVERY, CALLERS = 0.2, 2
SHARES = {"p50": 0.5, "p95": 0.95, "longest": 1}


class Pace:
    """Files for as long as the ``with`` block lasts."""

    def __init__(self, stack: Stack, wishes: Wishes, people: list[NewPerson], ledger: Ledger) -> None:
        self.waits: list[float] = []
        self._stack, self._wishes, self._ledger = stack, wishes, ledger
        self._enough = Event()
        shares = [people[place::CALLERS] for place in range(CALLERS)]
        self._callers = [Thread(target=self._file, args=(share,), daemon=True) for share in shares]

    def __enter__(self) -> Self:
        for caller in self._callers:
            caller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        for caller in self._callers:
            caller.join()

    def __str__(self) -> str:
        waits = sorted(self.waits) or [0.0]
        words = (f"{name} {waits[int((len(waits) - 1) * part)] * 1000:.0f} ms" for name, part in SHARES.items())
        return f"{len(self.waits)} filed, {', '.join(words)}"

    def _file(self, people: list[NewPerson]) -> None:
        client = self._stack.client()
        for person in itertools.cycle(people):
            began, intent = time.monotonic(), self._wishes.certificate(person)
            client.token = person.token
            try:
                answer = client.submit(intent.body, intent.key)
                self._ledger.close(Outcome(intent, answer.status, answer.json, answer.replayed))
            except (Refused, Lost):
                self._ledger.unanswered.append(intent)
            self.waits.append(time.monotonic() - began)
            if self._enough.wait(max(0.0, EVERY - (time.monotonic() - began))):
                break
        client.close()
