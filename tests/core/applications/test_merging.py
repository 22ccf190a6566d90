"""Doors with one list of files: nothing that was attached and not removed is lost, nothing removed comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from express_bot.contracts.applications import SaveDraft
from express_bot.contracts.errors import InvalidAnswers
from express_bot.core.applications import drafts
from express_bot.core.applications.merging import merged_list
from express_bot.core.db.session import Connection
from tests.conftest import NOW, Api
from tests.domain.shipped_forms import shipped

FORM = shipped("flight")
MOST = 5
Act = tuple[str, int, int]
#: Which door does what, and to which of the files that it shows.
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["attach", "attach", "remove", "read", "push", "push", "lost answer"]),
        st.integers(0, 2),
        st.integers(0, 7),
    ),
    max_size=40,
)


@dataclass
class Door:
    """What one door believes: the list as it last read it, and as its person has made it since."""

    number: int
    base: list[str] = field(default_factory=list)
    mine: list[str] = field(default_factory=list)
    version: int | None = None

    def sees(self, stored: list[str], version: int | None, *, since: list[str]) -> None:
        """The server's list with what the person has done since under it, as the app does it (merge.ts)."""
        self.mine = merged_list(since, self.mine, stored)
        self.base, self.version = list(stored), version


class Desk:
    """Three doors of one person over the real table, and what must be true of it."""

    def __init__(self, db: Connection, person: Any) -> None:
        self.db, self.person = db, person
        drafts.delete(db, person, "flight")
        self.doors = [Door(number) for number in range(3)]
        self.names: Iterator[int] = count()
        self.arrived: set[str] = set()
        self.removed: set[str] = set()
        self.lossy = False

    def stored(self) -> tuple[list[str], int | None]:
        row = drafts.find(self.db, self.person, "flight")
        return (list(row["answers"].get("files", [])), row["version"]) if row else ([], None)

    def act(self, what: str, which: int, place: int) -> None:
        door = self.doors[which]
        if what == "attach" and len(door.mine) < MOST:
            door.mine.append(f"file-{next(self.names)}")
        elif what == "remove" and door.mine:
            self.removed.add(door.mine.pop(place % len(door.mine)))
        elif what == "read":
            door.sees(*self.stored(), since=door.base)
        elif what in ("push", "lost answer"):
            self.push(door, heard=what == "push")

    def push(self, door: Door, *, heard: bool = True) -> bool:
        before, sent = self.stored()[0], list(door.mine)
        body = SaveDraft(
            form="flight",
            answers={"files": sent},
            changed=["files"],
            base={"files": door.base},
            base_version=door.version,
            client_key="key-of-the-draft",
        )
        try:
            drafts.save(self.db, self.person, body, FORM, channel="browser", now=NOW)
        except InvalidAnswers:
            assert len(set(before) | set(sent)) > MOST, "there was room"
            assert self.stored()[0] == before, "refused, and something changed"
            door.sees(*self.stored(), since=door.base)
            return False
        self.arrived |= set(sent)
        if heard:
            door.sees(*self.stored(), since=sent)
        self.lossy |= not heard
        return True

    def check(self) -> None:
        stored = self.stored()[0]
        pending = {item for door in self.doors for item in door.base if item not in door.mine}
        assert len(stored) == len(set(stored)) <= MOST
        assert self.arrived - self.removed <= set(stored), "lost"
        assert set(stored) <= self.arrived, "from nowhere"
        if not self.lossy:  # what a door took out of a list whose arrival it never heard of, it must take out again
            assert set(stored) & self.removed <= pending, "came back"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
@example(acts=[("attach", 0, 0), ("push", 0, 0), ("attach", 1, 0), ("push", 1, 0)])
@example(acts=[("attach", 0, 0), ("push", 0, 0), ("read", 1, 0), ("remove", 1, 0), ("push", 1, 0), ("push", 0, 0)])
def test_nothing_attached_and_not_removed_is_lost(acts: list[Act], app: Flask, db: Connection) -> None:
    api = Api(app).as_("employee")
    desk = Desk(db, api.get("/api/smartapp/me").json["user"]["id"])
    for act in acts:
        desk.act(*act)
        desk.check()
    for door in (*desk.doors, *desk.doors):
        desk.push(door)
    desk.check()
