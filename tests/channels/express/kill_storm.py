"""Events pour in, one in ten twice, while gateway and core are killed in turn: each is handled once, none is lost.

``python -m tests.channels.express.kill_storm --events 500 --kills 50``; exit code 0 when every finding is nought.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import psycopg

from express_bot.settings import Settings
from tests.channels.express.events import said
from tests.channels.express.fake_cts import FakeCts
from tests.channels.express.house import settings_of, start
from tests.channels.express.tokens import BOT, SECRET, true_proof
from tests.gateway.test_together import stop, wait_until_well

CHATS = 100
SENDERS = 6
WORDS = ("/мои", "/правила", "/помощь", "/профиль", "меню")
#: A killed gateway's work is offered again after its lease; then the rest is done.
DRAIN_SECONDS = 180.0


@dataclass
class Report:
    """One run. Everything from ``lost`` on must be nought."""

    accepted: int = 0
    repeated: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    messages: int = 0
    sent_twice: int = 0
    lost: int = 0
    handled_twice: int = 0
    out_of_order: int = 0
    never_shown: int = 0

    @property
    def is_clean(self) -> bool:
        """A message whose gateway was killed between sending it and noting it stands there twice: few do."""
        nought = self.lost + self.handled_twice + self.out_of_order + self.never_shown
        return nought == 0 and self.sent_twice <= 2 * self.kills.total()


class Storm:
    """The house under fire, and the server that never gives up an event before it was accepted."""

    def __init__(self, folder: Path, dsn: str, cts: FakeCts, *, seed: int) -> None:
        self.settings: Settings = settings_of(
            folder, dsn, express_bot_id=BOT, express_secret_key=SECRET, express_botx_url=cts.url
        )
        self.cts, self.report, self.chance = cts, Report(), random.Random(seed)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._people = [(str(uuid4()), str(uuid4())) for _ in range(CHATS)]
        self._lock = threading.Lock()

    def run(self, events: int, kills: int) -> Report:
        """Releases the events in portions, one volley before each kill."""
        began, places = time.monotonic(), itertools.count()
        self.processes = {name: start(self.settings, name) for name in ("core", "gateway")}
        try:
            wait_until_well(self.settings, *self.processes.values())
            with ThreadPoolExecutor(SENDERS) as senders:
                for number in range(kills):
                    portion = events * (number + 1) // kills - events * number // kills
                    work = [senders.submit(self._deliver, again=next(places) % 10 == 0) for _ in range(portion)]
                    time.sleep(self.chance.uniform(0.05, 0.4))
                    self._shoot(("gateway", "core")[number % 2])
                    for done in work:
                        done.result(60)
            self._drain()
        finally:
            for process in reversed(self.processes.values()):
                stop(process)
        self.report.seconds = time.monotonic() - began
        self._examine()
        return self.report

    def _shoot(self, name: str) -> None:
        process = self.processes[name]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        self.report.kills[name] += 1
        self.processes[name] = start(self.settings, name)

    def _deliver(self, *, again: bool) -> None:
        """One event until it is accepted; some come again later, as servers do."""
        huid, chat = self.chance.choice(self._people)
        event = said(self.chance.choice(WORDS), sender={"user_huid": huid, "group_chat_id": chat})
        self._until_accepted(event)
        with self._lock:
            self.report.accepted += 1
        if again:
            self._until_accepted(event)
            with self._lock:
                self.report.repeated += 1

    def _until_accepted(self, event: dict[str, object]) -> None:
        deadline = time.monotonic() + 60
        while self._post(event) != 202:
            assert time.monotonic() < deadline, "nobody accepts events any more"
            time.sleep(0.1)

    def _post(self, event: dict[str, object]) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.settings.bot_port, timeout=6)
        headers = {"Authorization": true_proof().decode(), "Content-Type": "application/json"}
        try:
            connection.request("POST", "/command", json.dumps(event), headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def _drain(self) -> None:
        deadline = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < deadline and self._waiting():
            time.sleep(0.5)

    def _waiting(self) -> int:
        return self._count("inbox where state = 'waiting'") + self._count("cards where shown_rev < wanted_rev")

    def _count(self, what: str) -> int:
        with psycopg.connect(self.settings.dsn()) as db:
            row = db.execute(f"select count(*) from {what}").fetchone()
        return int(row[0]) if row else 0

    def _examine(self) -> None:
        """Past the product: its tables, and what stands in the chats."""
        report = self.report
        report.lost = report.accepted - self._count("inbox where state = 'done'")
        report.never_shown = self._count("cards where shown_rev < wanted_rev or failed_at is not null")
        with psycopg.connect(self.settings.dsn()) as db:
            steps = dict(db.execute("select chat, version from dialogs").fetchall())
            events = dict(db.execute("select chat, count(*) from inbox group by chat").fetchall())
            turns = db.execute("select chat, finished_at from inbox order by id").fetchall()
            cards = dict(db.execute("select external_id, chat from cards").fetchall())
        report.handled_twice = sum(steps.get(chat, 0) != count for chat, count in events.items())
        report.out_of_order = sum(turns[i][1] < before for i, before in _earlier(turns))
        report.messages = len(self.cts.messages)
        report.sent_twice = sum(str(UUID(message)) not in cards for message in self.cts.messages)


def _earlier(turns: list[tuple[str, object]]) -> list[tuple[int, object]]:
    """Each event's place with the moment when the one before it in its chat was done."""
    last: dict[str, object] = {}
    pairs = []
    for place, (chat, moment) in enumerate(turns):
        if chat in last:
            pairs.append((place, last[chat]))
        last[chat] = moment
    return pairs


def run(folder: Path, dsn: str, *, events: int, kills: int, seed: int | None = None) -> Report:
    """One storm over a database of its own."""
    cts = FakeCts()
    try:
        return Storm(folder, dsn, cts, seed=seed or random.randrange(10**6)).run(events, kills)
    finally:
        cts.close()


def main() -> int:
    """Runs a storm on a throwaway database and prints what it found."""
    from tests.channels.express.throwaway import throwaway_database

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=500)
    parser.add_argument("--kills", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, throwaway_database(Path(folder)) as dsn:
        report = run(Path(folder), dsn, events=asked.events, kills=asked.kills)
    print(report)
    return 0 if report.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
