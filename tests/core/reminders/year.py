"""A year of the schedule in seconds: people in eleven zones, a clock that is moved, instances that come and go."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from express_bot.core.db.session import Connection, Row, connect
from express_bot.core.notifications import preferences
from express_bot.core.periods import service as periods
from express_bot.core.reminders import service
from express_bot.core.reminders.rules import Rules
from express_bot.domain.notices import Hold, Now
from tests.core.reminders.crew import begin, choose, file, hire

#: The zones of Russia, from UTC+2 to UTC+12.
ZONES = (
    "Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Krasnoyarsk",
    "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka",
)  # fmt: skip
#: The usual night, an afternoon, nearly a whole day, none.
QUIET = (
    {"from": "22:00", "to": "08:00", "on": True},
    {"from": "11:00", "to": "16:30", "on": True},
    {"from": "20:00", "to": "10:00", "on": True},
    {"from": "22:00", "to": "08:00", "on": False},
)
KINDS = ("idle", "drafting", "filing", "wanting", "declining", "muted")
#: The last two hear nothing: a few of them are enough.
SILENT = KINDS[4:]
FIRST = datetime(2027, 1, 1, tzinfo=UTC)
LAST = datetime(2028, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


#: A second form with a period of its own: more to say in one month than people should have to hear.
_BUSY_JUNE = """
    insert into periods (form_id, opens_at, closes_at, target_from, target_to, timezone)
    values ('certificate', '2027-06-08T09:00+03', '2027-06-15T18:00+03', '2027-07-01', '2027-07-31', 'Europe/Moscow')
"""


class Killed(Exception):
    """The process of a scheduler is gone before it could commit."""


@dataclass(frozen=True)
class Person:
    """Somebody of the year."""

    id: UUID
    kind: str
    zone: ZoneInfo
    quiet: dict


@dataclass(frozen=True)
class Heard:
    """One notice that reached a person."""

    person: UUID
    event: str
    once: str
    at: datetime


@dataclass
class Year:
    """The house of this year. ``run`` lives it; ``heard`` is what people got, ``looks`` when anybody looked."""

    dsn: str
    db: Connection
    rules: Rules
    stormy: bool
    seed: int = 1
    people: dict[UUID, Person] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    looks: list[datetime] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)
    acted: set[int] = field(default_factory=set)

    def run(self) -> None:
        self._hire()
        self._random = Random(self.seed)
        with connect(self.dsn) as one, connect(self.dsn) as two, ThreadPoolExecutor(2) as pool:
            self._instances, self._pool = [one, two], pool
            for now in self._clock():
                self._look(now)
                self._deliver(now)

    def count(self, what: str) -> None:
        self.figures[what] = self.figures.get(what, 0) + 1

    # ── people ──

    def _hire(self) -> None:
        self.db.execute("update users set active = false where not probe")
        self.db.execute("delete from periods p where opens_at > %s and not exists"
                        " (select from applications a where a.period_id = p.id)", (FIRST,))  # fmt: skip
        service.settle(self.db, FIRST, self.rules.schedule)
        crew = [(zone, kind) for zone in ZONES for kind in KINDS if kind not in SILENT or zone in ZONES[::4]]
        if self.stormy:
            self.db.execute(_BUSY_JUNE)
        desk = [(zone, "dispatching") for zone in ZONES[::10]]
        for number, (zone, kind) in enumerate(crew + desk):
            quiet = QUIET[number % len(QUIET)]
            muted = {"express": ["openings", "reminders"]} if kind in ("muted", "wanting") else {}
            roles = ("dispatcher",) if kind == "dispatching" else ("employee",)
            person = hire(self.db, f"{kind} {zone}", *roles, timezone=zone, quiet=quiet, muted=muted)
            self.people[person] = Person(person, kind, ZoneInfo(zone), quiet)

    def of(self, *kinds: str) -> list[Person]:
        return [person for person in self.people.values() if person.kind in kinds]

    def _act(self, now: datetime) -> None:
        """What people do of themselves: they choose as soon as a period is known, and file or begin once it is open."""
        for period in self.db.execute("select * from periods where closes_at > %s", (now,)).fetchall():
            if period["id"] not in self.acted:
                for person in self.of("declining", "wanting"):
                    wish = "declined" if person.kind == "declining" else "wanted"
                    choose(self.db, person.id, period["id"], wish, now)
                self.acted.add(period["id"])
            if period["opens_at"] + 30 * HOUR <= now and -period["id"] not in self.acted:
                for person in self.of("filing"):
                    file(self.db, person.id, period["id"], now)
                for person in self.of("drafting"):
                    begin(self.db, person.id, period["form_id"], now)
                self.acted.add(-period["id"])

    # ── time ──

    def _clock(self) -> Iterator[datetime]:
        """Every few hours; in a stormy year with silent days, leaps, and steps back that are lived again."""
        now = FIRST
        while now < LAST:
            yield now
            busy = now.day in (1, 2, 3, 4, 5, 6, 19, 20, 21)
            now += timedelta(minutes=self._random.randint(150, 280) * (1 if busy else 1.6))
            if self.stormy:
                now = yield from self._weather(now)

    def _weather(self, now: datetime) -> Iterator[datetime]:
        chance = self._random.random()
        if chance < 0.004:
            self.count("days without a scheduler")
            return now + timedelta(hours=self._random.randint(20, 110))
        if chance < 0.02:
            self.count("steps back")
            return max(FIRST, now - timedelta(minutes=self._random.choice([1, 20, 59, 600, 4000])))
        if chance < 0.024:
            self.count("wrong clocks, put right")
            yield now + timedelta(days=self._random.choice([2, 9, 40, 400]))
        return now

    # ── one look ──

    def _look(self, now: datetime) -> None:
        """One instance looks, or two at once, or one that is killed and then another one."""
        self.count("looks")
        if not self.looks or abs(now - self._made) > 100 * HOUR:
            periods.make_by_rules(self.db, now)
            self._made = now
        self._act(now)
        chance = self._random.random()
        if chance < 0.05:
            self.count("restarts in the middle")
            self._killed(now)
        if chance > 0.9:
            self.count("two at once")
            list(self._pool.map(lambda instance: service.tick(instance, now, self.rules), self._instances))
        # nobody may have had the lead in that moment, or everybody: one more look changes nothing
        service.tick(self.db, now, self.rules)
        self.looks.append(now)

    def _killed(self, now: datetime) -> None:
        try:
            with self._instances[0].transaction():
                service.tick(self._instances[0], now, self.rules)
                raise Killed
        except Killed:
            self._instances[0].close()
            self._instances[0] = connect(self.dsn)

    # ── what becomes of promises ──

    def _deliver(self, now: datetime) -> None:
        """Keeps every promise that is due as the worker does: judged, held, told or not."""
        lines = self.db.execute(
            "select * from outbox where settled_at is null and user_id = any(%s) and coalesce(held_until, %s) <= %s"
            " order by id",
            (list(self.people), now, now),
        ).fetchall()
        for line in lines:
            self._keep(line, now)

    def _keep(self, line: Row, now: datetime) -> None:
        verdict = preferences.judge(self.db, line, ["express"], now=now, rules=self.rules)
        if isinstance(verdict, Hold):
            self.count("held")
            self.db.execute("update outbox set held_until = %s where id = %s", (verdict.until, line["id"]))
            return
        self.db.execute("update outbox set settled_at = %s where id = %s", (now, line["id"]))
        if isinstance(verdict, Now):
            self.heard.append(Heard(line["user_id"], line["event"], line["once"], now))
            self.db.execute(
                "insert into deliveries (outbox_id, channel, state) values (%s, 'express', 'shown')", (line["id"],)
            )
        else:
            self.skipped[line["once"]] = verdict.reason
