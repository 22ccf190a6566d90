"""A morning at the desk of the demo, by the real operations: drafts, an open question, a place on offer."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from express_bot.contracts import errors
from express_bot.contracts.applications import AskDesk, SubmitApplication
from express_bot.contracts.decisions import AskOwner, OfferPlace, Outcome, Publish, PutDecision, ReasonCode
from express_bot.core.applications import repository as applications
from express_bot.core.applications import service
from express_bot.core.applications.service import Call
from express_bot.core.db.session import Connection, Row
from express_bot.core.decisions import drafting, offers, publishing, questions
from express_bot.core.demo import repository
from express_bot.core.demo.people import PERSONAS
from express_bot.core.notifications import repository as promises
from express_bot.core.reference import Reference, load
from express_bot.core.sessions import service as sessions
from express_bot.core.users import repository as users

KEY = "seed-desk"
ANSWER_IN, OFFER_FOR = timedelta(days=2), timedelta(days=2)


def seed_desk(db: Connection, now: datetime) -> None:
    """What a dispatcher finds and its people see on the first morning. Nobody is told of what is invented.

    In a demo that people have played with already it may not fit any more: then it is left out.
    """
    reference = load(db)
    if reference.open_period("flight", now) is None or repository.is_touched(db, f"{KEY}-%"):
        return
    with suppress(errors.AppError), db.transaction():
        morning = _Morning(db, now, reference)
        morning.ask("admin")
        morning.offer("dispatcher")
        morning.draft("crew-8", "approved", "granted")
        morning.draft("crew-16", "rejected", "capacity")
        morning.write("crew-3")
        promises.settle_all(db, morning.people)


class _Morning:
    """The acts, each with a key of its own."""

    def __init__(self, db: Connection, now: datetime, reference: Reference) -> None:
        self.db, self.now, self.reference = db, now, reference
        self.people: list[UUID] = []
        self._keys = count(1)

    def ask(self, persona: str) -> None:
        """Somebody who can sign in is asked about the next day."""
        row = self._file(PERSONAS[persona])
        other = (row["target_date"] + timedelta(days=1)).isoformat()
        asked = {
            "version": row["version"],
            "question": "На этот день мест больше нет. Подойдёт следующий?",
            "due_at": (self.now + ANSWER_IN).isoformat(),
            "proposal": {"date": other},
        }
        questions.ask(self.db, self._call(PERSONAS["dispatcher"]), row["number"], AskOwner.model_validate(asked))

    def offer(self, persona: str) -> None:
        """Somebody else is on the reserve list, and a place has become free."""
        row = self._file(PERSONAS[persona])
        desk = PERSONAS["admin"]
        draft = PutDecision(version=row["version"], outcome="waitlisted", reason_code="capacity", place=1)
        drafting.keep(self.db, self._call(desk), row["number"], draft)
        publishing.publish(self.db, self._call(desk), Publish(form="flight", numbers=[row["number"]]))
        place = {"version": row["version"] + 2, "until": (self.now + OFFER_FOR).isoformat()}
        offers.offer(self.db, self._call(desk), row["number"], OfferPlace.model_validate(place))

    def draft(self, subject: str, outcome: Outcome, code: ReasonCode) -> None:
        row = self._latest(subject)
        decision = PutDecision(version=row["version"], outcome=outcome, reason_code=code)
        drafting.keep(self.db, self._call(PERSONAS["dispatcher"]), row["number"], decision)

    def write(self, subject: str) -> None:
        """A message that waits for its reply."""
        row = self._latest(subject)
        message = AskDesk(text="Можно ли вылететь утренним рейсом?")
        questions.write_to_desk(self.db, self._call(subject), row["number"], message)

    def _file(self, subject: str) -> Row:
        period = self.reference.open_period("flight", self.now)
        assert period is not None, "looked at before"
        answers = {"direction": "vvo", "date": (period.target_to - timedelta(days=4)).isoformat()}
        body = SubmitApplication(form="flight", answers=answers, period=period.id)
        row, _ = service.submit(self.db, self._call(subject), body)
        return row

    def _latest(self, subject: str) -> Row:
        found = applications.page(self.db, self._person(subject), form="flight", status=None, before=None, size=1)
        if not found:
            raise errors.NotFound
        return found[0]

    def _call(self, subject: str) -> Call:
        caller = replace(sessions.person(self.db, self._person(subject)), channel="browser")
        key = f"{KEY}-{next(self._keys)}"
        return Call(caller, self.now, "ru", self.reference, renew=lambda: caller, key=key)

    def _person(self, subject: str) -> UUID:
        found = users.find_by_identity(self.db, "demo", subject)
        assert found is not None, "the demo's people are seeded before"
        self.people.append(found["id"])
        person: UUID = found["id"]
        return person
