"""Random lives of applications, by the real services and by hand, for the proof of the statistics."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.errors import UniqueViolation

from express_bot.contracts.applications import EditApplication, SubmitApplication, WithdrawApplication
from express_bot.contracts.errors import AppError
from express_bot.contracts.users import PROBE_USER_ID
from express_bot.core.applications import repository as applications
from express_bot.core.applications import service
from express_bot.core.applications.service import Call
from express_bot.core.db.session import Connection, Row
from express_bot.core.demo.people import crew
from express_bot.core.forms import repository as forms
from express_bot.core.reference import Reference, load
from express_bot.core.sessions import service as sessions
from express_bot.core.users import repository as users
from express_bot.domain.workflow import EDGES, Status

PEOPLE = 12
#: So many applications are kept; the oldest go, which is a change like any other.
KEPT = 60
CHANNELS = ("browser", "express", "telegram")
DECIDED = (Status.APPROVED, Status.WAITLISTED, Status.REJECTED, Status.REVOKED)
UNITS = (("msk", "msk-oke-1"), ("msk", "msk-oke-2"), ("spb", "spb-oke-4"), ("aer", "aer-oke"), ("kja", "kja-oke"))
DIRECTIONS = ("vvo", "khv", "hrg", "kuf", "uus", "led", "aer", "mow", "syx")


class Lives:
    """The people, and what they and the desk may do next. Every act is a transaction of its own."""

    def __init__(self, db: Connection, chance: random.Random) -> None:
        self.db, self.chance = db, chance
        self.people = [self._hire(index) for index in range(PEOPLE)]
        self._keys = itertools.count()
        db.execute("update periods set application_limit = 31")
        self.reference = self._changed()
        self.acts: dict[str, tuple[int, Callable[[Connection], None]]] = {
            "submit": (30, self.submit),
            "edit": (12, self.edit),
            "withdraw": (8, self.withdraw),
            "restore": (5, self.restore),
            "decide": (18, self.decide),
            "by hand": (6, self.by_hand),
            "delete": (2, self.delete),
            "many at once": (2, self.many),
            "retire": (2, self.retire),
            "new form": (1, self.new_form),
            "self-check": (1, self.probe),
        }

    def _hire(self, index: int) -> UUID:
        location, unit = UNITS[index % len(UNITS)]
        profile = crew(f"Иванова Анна {index}", f"{300000 + index}", location, unit, ("bp", "sbe", "ipb")[index % 3])
        person = users.insert(self.db, full_name=profile["full_name"], profile=profile | {"full_name": "Иванова Анна"})
        users.grant(self.db, person, "employee")
        return person

    def _changed(self) -> Reference:
        return load(self.db)

    def pick(self) -> tuple[str, Callable[[Connection], None]]:
        """What happens next."""
        names = list(self.acts)
        name = self.chance.choices(names, [self.acts[each][0] for each in names])[0]
        return name, self.acts[name][1]

    # ── What people do ───────────────────────────────────────────────────────────────────────────────────────────────

    def _call(self, db: Connection, person: UUID, now: datetime) -> Call:
        caller = replace(sessions.person(db, person), channel=self.chance.choice(CHANNELS))
        return Call(caller, now, "ru", self.reference, renew=lambda: caller, key=f"key-of-a-life-{next(self._keys)}")

    def _moment(self, period: Any) -> datetime:
        """Any moment of a period, also the last minutes before midnight in Moscow."""
        span = (period.closes_at - period.opens_at).total_seconds()
        return period.opens_at + timedelta(seconds=self.chance.uniform(0, span - 1))

    def submit(self, db: Connection, person: UUID | None = None) -> None:
        who = person or self.chance.choice(self.people)
        if self.chance.random() < 0.2:
            self._submit_certificate(db, who)
            return
        period = self.chance.choice(self.reference.periods_of("flight"))
        now, answers = self._moment(period), self._answers(period)
        service.submit(
            db, self._call(db, who, now), SubmitApplication(form="flight", answers=answers, period=period.id)
        )
        self._tidy(db)

    def _submit_certificate(self, db: Connection, person: UUID) -> None:
        now = self._moment(self.chance.choice(self.reference.periods_of("flight")))
        call = self._call(db, person, now)
        answers = {
            "document": self.chance.choice(["income", "visa", {"other": "О наградах"}]),
            "copies": self.chance.randint(1, 3),
            "needed_by": (now + timedelta(days=self.chance.randint(2, 50))).date().isoformat(),
            "delivery": "office",
        }
        service.submit(db, call, SubmitApplication(form="certificate", answers=answers))
        self._tidy(db)

    def _answers(self, period: Any) -> dict[str, Any]:
        day = period.target_from + timedelta(days=self.chance.randrange((period.target_to - period.target_from).days))
        direction: Any = self.chance.choice(DIRECTIONS)
        return {
            "direction": {"other": "Минеральные Воды"} if self.chance.random() < 0.3 else direction,
            "date": day.isoformat(),
        }

    def _any(self, db: Connection, where: str) -> Row:
        found = db.execute(f"select * from applications where {where} order by id").fetchall()
        if not found:
            raise Nothing
        return self.chance.choice(found)

    def _period_of(self, row: Row) -> Any:
        return self.reference.periods.get(row["period_id"]) or self.reference.periods_of("flight")[0]

    def edit(self, db: Connection) -> None:
        row = self._any(db, "status = 'submitted' and form_id = 'flight'")
        period = self._period_of(row)
        body = EditApplication(version=row["version"], answers=self._answers(period))
        service.edit(db, self._call(db, row["applicant_id"], self._moment(period)), row["number"], body)

    def withdraw(self, db: Connection) -> None:
        row = self._any(db, "status in ('submitted', 'in_review', 'approved', 'waitlisted')")
        body = WithdrawApplication(reason="Заболела")
        service.withdraw(
            db, self._call(db, row["applicant_id"], self._moment(self._period_of(row))), row["number"], body
        )

    def restore(self, db: Connection) -> None:
        row = self._any(db, "status = 'withdrawn'")
        now = row["updated_at"] + timedelta(minutes=1)
        service.restore(db, self._call(db, row["applicant_id"], now), row["number"])

    # ── What the desk does ───────────────────────────────────────────────────────────────────────────────────────────

    def decide(self, db: Connection) -> None:
        row = self._any(db, "status not in ('withdrawn', 'completed')")
        status = self.chance.choice(sorted(set(EDGES[Status(row["status"])]) - {Status.WITHDRAWN}))
        at = row["filed_at"] + timedelta(hours=self.chance.expovariate(1 / 60))
        values: dict[str, Any] = {"status": status.value, "updated_at": at}
        if status in DECIDED:
            values["decision"] = {"outcome": status.value, "reason_code": "capacity", "decided_at": at.isoformat()}
        applications.change(db, row["id"], values)

    def many(self, db: Connection) -> None:
        """One statement decides about a whole month."""
        status = self.chance.choice(["approved", "rejected", "in_review"])
        where = "status = 'submitted' and extract(day from target_date)::int % 3 = 0"
        db.execute(f"update applications set status = '{status}', version = version + 1 where {where}")

    def by_hand(self, db: Connection) -> None:
        """A statement that no service would make."""
        row = self._any(db, "true")
        change = self.chance.choice(
            [
                "channel = 'telegram'",
                "target_date = target_date + 1",
                "target_date = null",
                "filed_at = filed_at - interval '5 hours'",
                "answers = answers - 'direction'",
                'answers = answers || \'{"unit": true, "position": 3}\'',
                "decision = null",
                "applicant_id = (select id from users where not probe order by random() limit 1), limit_slot = null",
                "status = 'completed'",
                "seen_at = now()",
            ]
        )
        db.execute(f"update applications set {change} where id = %s", (row["id"],))

    def delete(self, db: Connection) -> None:
        self._forget(db, self._any(db, "true")["id"])

    def _tidy(self, db: Connection) -> None:
        found = db.execute("select id from applications order by id desc offset %s", (KEPT,)).fetchall()
        for row in found[:2]:
            self._forget(db, row["id"])

    def _forget(self, db: Connection, application: int) -> None:
        db.execute(
            "delete from deliveries where outbox_id in (select id from outbox where application_id = %s)",
            (application,),
        )
        for table, column in (
            ("outbox", "application_id"),
            ("application_events", "application_id"),
            ("applications", "id"),
        ):
            db.execute(f"delete from {table} where {column} = %s", (application,))

    # ── What changes around them ─────────────────────────────────────────────────────────────────────────────────────

    def retire(self, db: Connection) -> None:
        """An item of a directory retires, or comes back."""
        db.execute(
            "update directory_items set retired_at = case when retired_at is null then now() end"
            " where directory = 'direction' and code = %s",
            (self.chance.choice(DIRECTIONS),),
        )

    def new_form(self, db: Connection) -> None:
        """The certificate is counted by something else from now on."""
        form = self.reference.form("certificate")
        fields = [
            field.model_copy(update={"statistics": not field.statistics}) if field.name == "copies" else field
            for field in form.fields
        ]
        forms.publish(db, form.model_copy(update={"version": form.version + 1, "fields": tuple(fields)}), position=1)

    def probe(self, db: Connection) -> None:
        """The system's own account files; nobody counts it."""
        self.submit(db, PROBE_USER_ID)

    def look_again(self) -> None:
        """Reference data as it is now."""
        self.reference = load(self.db)


class Nothing(AppError):
    """There is no application of this kind at the moment."""


@contextmanager
def refused() -> Iterator[None]:
    """A refusal of the house, or of the index that keeps its limit, is an outcome too: nothing has changed."""
    with suppress(AppError, UniqueViolation):
        yield
