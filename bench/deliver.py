"""How fast do notifications arrive, how old are they, and what does a promise cost a submit?

    python bench/deliver.py [--waiting 1000] [--seconds 20] [--per-second 100] [--submits 400]

The far side is a double of BotX that takes 20 ms for each message; everything else is the product itself, as processes.
Workers start new messages one by one (a kill then repeats one at most), gateways send beside them, twenty at once.
Writes ``bench/results/deliver-<date>.json`` and ``.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.conftest import NOW  # noqa: E402
from tests.faults.far_side import FarSide  # noqa: E402
from tests.faults.filing import Wishes  # noqa: E402
from tests.stack import Stack  # noqa: E402

from express_bot.contracts.applications import SubmitApplication  # noqa: E402
from express_bot.contracts.notifications import Event  # noqa: E402
from express_bot.core.applications import repository as filing  # noqa: E402
from express_bot.core.applications import service  # noqa: E402
from express_bot.core.db.session import Connection, connect  # noqa: E402
from express_bot.core.notifications import outbox, repository  # noqa: E402
from express_bot.core.reference import load  # noqa: E402
from express_bot.core.sessions import service as sessions  # noqa: E402

LATENCY = 0.02
NUMBER = re.compile(r"сообщение (\d+)\b")
SETUPS = (("one worker", 1, False), ("two workers", 2, False), ("two workers and a gateway", 2, True))
PROMISE = re.compile(r", promise as \(.*?\n    \)", re.DOTALL)


def people(stack: Stack, count: int) -> list[UUID]:
    """People who can be written to, each in a chat of their own."""
    made = [person.id for person in stack.new_people(count)]
    with connect(stack.settings.dsn()) as db, db.transaction():
        for person in made:
            db.execute(
                "insert into identities (provider, subject, user_id, chat) values ('express', %s, %s, %s)",
                (str(uuid4()), person, str(uuid4())),
            )
    return made


def promised(db: Connection, persons: list[UUID], first: int) -> None:
    """One message to each of these people, numbered."""
    rows = [
        {"user_id": person, "details": {"text": f"сообщение {first + place}"}} for place, person in enumerate(persons)
    ]
    outbox.promise_many(db, Event.OPERATOR_ALERT, rows, NOW)


def throughput(workers: int, *, with_gateway: bool, waiting: int) -> dict[str, Any]:
    """Everything waits before anybody may send; the rate is that of the messages between the first and the last."""
    with FarSide(latency=LATENCY) as far, _stack(far, workers) as stack:
        for program in (stack.gateway, *stack.workers):
            program.stop()
        with connect(stack.settings.dsn()) as db:
            promised(db, people(stack, waiting), 0)
        for program in (*([stack.gateway] if with_gateway else []), *stack.workers):
            program.start()
        stack.wait_until(lambda: len(far.seen.shown) >= waiting, 600, "not everything arrived")
        seconds = far.seen.shown[-1].at - far.seen.shown[0].at
        return {"messages": waiting, "seconds": seconds, "per_second": (waiting - 1) / seconds}


def ages(workers: int, *, with_gateway: bool, per_second: int, seconds: int) -> dict[str, Any]:
    """Promises come at an even pace; how long each takes to its message."""
    with FarSide(latency=LATENCY) as far, _stack(far, workers) as stack:
        if not with_gateway:
            stack.gateway.stop()
        persons = people(stack, per_second * seconds)
        made: dict[int, float] = {}
        with connect(stack.settings.dsn()) as db:
            began = time.monotonic()
            for number, person in enumerate(persons):
                time.sleep(max(0.0, began + number / per_second - time.monotonic()))
                promised(db, [person], number)
                made[number] = time.monotonic()
        stack.wait_until(lambda: len(far.seen.shown) >= len(persons), 600, "not everything arrived")
        old = sorted(shown.at - made[int(NUMBER.findall(shown.text)[0])] for shown in far.seen.shown)
        share = {name: old[int((len(old) - 1) * part)] for name, part in (("p50", 0.5), ("p95", 0.95), ("max", 1))}
        return {"messages": len(old)} | share


def enqueueing(submits: int) -> dict[str, Any]:
    """The very statement of a submit, with its promise and without, and with relays at work; in turns, one caller."""
    with Stack(now=NOW) as stack:
        stack.core.stop()
        stack.gateway.stop()
        persons = stack.new_people(1)
        with connect(stack.settings.dsn()) as db:
            values = _values(db, stack, persons[0])
            whole = filing._FILING[False, True, False]
            variants = {"without a promise": PROMISE.sub("", whole), "with a promise": whole, "with relays": whole}
            assert variants["without a promise"] != whole
            waits: dict[str, list[float]] = {name: [] for name in variants}
            for _ in range(submits // 20):
                for name, statement in variants.items():
                    with Relaying(stack, on=name == "with relays"):
                        waits[name] += [_timed(db, statement, values) for _ in range(20)]
    plain = median(waits["without a promise"])
    return {name: {"p50_ms": median(each) * 1000, "ratio": median(each) / plain} for name, each in waits.items()}


class Relaying:
    """A relay that passes as often as a worker's, if ``on``."""

    def __init__(self, stack: Stack, *, on: bool) -> None:
        self._dsn, self._on = stack.settings.dsn(), on
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._relay, daemon=True)

    def __enter__(self) -> None:
        if self._on:
            self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        if self._on:
            self._thread.join()

    def _relay(self) -> None:
        with connect(self._dsn) as db:
            while not self._enough.is_set():
                repository.relay(db, queue="notifications", task="notify", now=NOW, limit=500)
                self._enough.wait(0.05)  # in so short a run a worker's own pace would hardly be met


def _values(db: Connection, stack: Stack, person: Any) -> dict[str, Any]:
    caller = sessions.person(db, person.id)
    call = service.Call(caller, stack.now(), "ru", load(db), renew=lambda: caller, key="bench")
    answers = Wishes.__new__(Wishes)
    answers._certificate_day = (stack.now().date().replace(day=28)).isoformat()
    body = SubmitApplication(**answers.certificate(person).body)
    prepared = service.prepare(call, body, service.digest_of(body.model_dump()))
    return service._values(call, prepared, caller.version)


def _timed(db: Connection, statement: str, values: dict[str, Any]) -> float:
    from psycopg.types.json import Jsonb

    given = values | {
        "client_key": str(uuid4()),
        "answers": Jsonb(values["answers"]),
        "details": Jsonb({"answers": values["answers"]}),
        "promise": Jsonb({}),
    }
    began = time.perf_counter()
    row = db.execute(statement, given).fetchone()
    took = time.perf_counter() - began
    assert row is not None, "nothing was filed"
    return took


def _stack(far: FarSide, workers: int) -> Stack:
    return Stack(express=True, worker=workers, now=NOW, environment={"EXPRESS_BOTX_URL": far.url})


def main() -> None:
    parser = argparse.ArgumentParser(prog="python bench/deliver.py", description=__doc__)
    parser.add_argument("--waiting", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--per-second", type=int, default=100)
    parser.add_argument("--submits", type=int, default=400)
    asked = parser.parse_args()
    found: dict[str, Any] = {"submit": enqueueing(asked.submits), "rate": {}, "age": {}}
    print(json.dumps(found["submit"], indent=1), flush=True)
    for name, workers, with_gateway in SETUPS:
        found["rate"][name] = throughput(workers, with_gateway=with_gateway, waiting=asked.waiting)
        print(name, found["rate"][name], flush=True)
    for name, workers, with_gateway in SETUPS[1:]:
        found["age"][name] = ages(
            workers, with_gateway=with_gateway, per_second=asked.per_second, seconds=asked.seconds
        )
        print(name, found["age"][name], flush=True)
    write(found, asked)


def write(found: dict[str, Any], asked: argparse.Namespace) -> None:
    """For machines and for people."""
    day = datetime.now(UTC).date().isoformat()
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    (results / f"deliver-{day}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    one = found["rate"]["one worker"]["per_second"]
    lines = [
        f"# Delivering notifications: {day}",
        "",
        f"`bench/deliver.py`, {os.cpu_count()} cores for everything together, load {os.getloadavg()[0]:.0f},"
        f" Python {platform.python_version()}; the messenger's double takes {LATENCY * 1000:.0f} ms for each message.",
        "",
        "| who sends | messages | per second | to one worker |",
        "|---|--:|--:|--:|",
        *(
            f"| {name} | {each['messages']} | {each['per_second']:.1f} | {each['per_second'] / one:.2f} |"
            for name, each in found["rate"].items()
        ),
        "",
        f"Age at {asked.per_second} promises a second for {asked.seconds} s, in seconds from promise to message:",
        "",
        "| who sends | messages | p50 | p95 | oldest |",
        "|---|--:|--:|--:|--:|",
        *(
            f"| {name} | {each['messages']} | {each['p50']:.2f} | {each['p95']:.2f} | {each['max']:.2f} |"
            for name, each in found["age"].items()
        ),
        "",
        "The statement of a submit, one caller, variants in turns:",
        "",
        "| variant | p50 ms | ratio |",
        "|---|--:|--:|",
        *(f"| {name} | {each['p50_ms']:.2f} | {each['ratio']:.2f} |" for name, each in found["submit"].items()),
        "",
    ]
    (results / f"deliver-{day}.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
