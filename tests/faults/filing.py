"""People who file through the public door and do not give up: the load under which faults are injected."""

from __future__ import annotations

import itertools
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Condition, Event, Thread
from typing import Any, Self
from uuid import uuid4

from tests.stack import Answer, Client, Lost, NewPerson, Refused, Stack

#: A device that has no answer tries again after so long, with the same key.
AGAIN_AFTER = (0.05, 0.25)
PATIENCE = 120.0
#: Certificates a person asks for besides the one flight of the month: no limit hides a double among them.
CERTIFICATES = 9


@dataclass(frozen=True)
class Intent:
    """One thing that one person wants once, under one key, however often it has to be sent."""

    person: NewPerson
    form: str
    answers: dict[str, Any]
    key: str = field(default_factory=lambda: f"intent-{uuid4()}")

    @property
    def body(self) -> dict[str, Any]:
        return {"form": self.form, "answers": self.answers}

    @property
    def mark(self) -> str:
        """The words in the answers that only this intent has: they are found again whatever became of the key."""
        return str(self.answers["wishes" if self.form == "flight" else "comment"])


@dataclass(frozen=True)
class Outcome:
    """The final answer to an intent."""

    intent: Intent
    status: int
    document: dict[str, Any]
    replayed: bool

    @property
    def accepted(self) -> bool:
        return self.status == 201


def counted(counter: Counter[str]) -> str:
    """For a report: «lost 3, refused 1»."""
    return ", ".join(f"{what} {count}" for what, count in counter.most_common()) or "none"


class Wishes:
    """What people may ask for now: a flight in the open month and certificates."""

    def __init__(self, stack: Stack, people: list[NewPerson]) -> None:
        self._people = people
        client = stack.client(people[0].token)
        self._flight_day = client.get("/api/smartapp/form?form=flight").json["period"]["target_to"]
        self._certificate_day = (stack.now() + timedelta(days=20)).date().isoformat()
        client.close()

    def flight(self, person: NewPerson) -> Intent:
        answers = {"direction": "vvo", "date": self._flight_day, "wishes": f"желание {uuid4()}"}
        return Intent(person, "flight", answers)

    def certificate(self, person: NewPerson) -> Intent:
        answers = {"document": "employment", "copies": 1, "needed_by": self._certificate_day, "delivery": "office"}
        return Intent(person, "certificate", answers | {"comment": f"желание {uuid4()}"})

    def endless(self) -> Iterator[Intent]:
        """Everybody's flight and certificates; then, because people are finite, certificates again."""
        for person in self._people:
            yield self.flight(person)
            yield from (self.certificate(person) for _ in range(CERTIFICATES))
        yield from map(self.certificate, itertools.cycle(self._people))


class Ledger:
    """What was answered, and what was not."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.unanswered: list[Intent] = []
        #: Tries without a final answer, by what came instead: ``503 core_unavailable``, ``lost``, ``refused``.
        self.setbacks: Counter[str] = Counter()
        self._news = Condition()

    @property
    def accepted(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.accepted]

    def close(self, outcome: Outcome) -> None:
        with self._news:
            self.outcomes.append(outcome)
            self._news.notify_all()

    def wait_for_next(self, timeout: float) -> bool:
        """Wait until one more intent than now has its answer."""
        return self.wait_for_more(len(self.outcomes), timeout)

    def wait_for_more(self, than: int, timeout: float) -> bool:
        """Wait until more than so many intents have their answer."""
        with self._news:
            return self._news.wait_for(lambda: len(self.outcomes) > than, timeout)


class Filer(Thread):
    """One device in a closed loop: the next intent is begun when this one has its final answer."""

    def __init__(self, client: Client, intents: Iterator[Intent], ledger: Ledger, enough: Event) -> None:
        super().__init__(daemon=True)
        self._client, self._intents, self._ledger, self._enough = client, intents, ledger, enough

    def run(self) -> None:
        for intent in self._intents:
            self._pursue(intent)
            if self._enough.is_set():
                break
        self._client.close()

    def _pursue(self, intent: Intent) -> None:
        deadline = time.monotonic() + PATIENCE
        self._client.token = intent.person.token
        while (answer := self._try(intent)) is None:
            if time.monotonic() > deadline:
                self._ledger.unanswered.append(intent)
                return
            time.sleep(random.uniform(*AGAIN_AFTER))
        self._ledger.close(Outcome(intent, answer.status, answer.json, answer.replayed))

    def _try(self, intent: Intent) -> Answer | None:
        """The final answer, or ``None`` when the same has to be sent again."""
        try:
            answer = self._client.submit(intent.body, intent.key)
        except (Refused, Lost) as setback:
            self._ledger.setbacks[type(setback).__name__.lower()] += 1
            return None
        if answer.status < 500 and answer.status != 429:
            return answer
        self._ledger.setbacks[f"{answer.status} {answer.code}"] += 1
        return None


class Crowd:
    """Several devices filing at once for as long as the ``with`` block lasts; then each gets its last answer."""

    def __init__(self, stack: Stack, intents: Iterator[Intent], *, clients: int = 8) -> None:
        self.ledger = Ledger()
        self._enough = Event()
        shared = _Shared(intents)
        self._filers = [Filer(stack.client(), shared, self.ledger, self._enough) for _ in range(clients)]

    def __enter__(self) -> Self:
        for filer in self._filers:
            filer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        for filer in self._filers:
            filer.join()


class _Shared(Iterator[Intent]):
    """An iterator that several threads may draw from."""

    def __init__(self, intents: Iterator[Intent]) -> None:
        self._intents, self._turn = intents, Condition()

    def __next__(self) -> Intent:
        with self._turn:
            return next(self._intents)
