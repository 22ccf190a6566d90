"""Reference data in memory: forms, directories and periods, under one version number.

The database raises the number with every change, whoever makes it (migration ``told``). A process hears of it within
moments (``caches.ear``), or asks at most once a second while it does not, and loads everything anew, so a submit needs
no question about any of them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock
from typing import Any

from cachetools import LRUCache

from express_bot.contracts import errors
from express_bot.core.caches.counters import Counters
from express_bot.core.caches.ear import Ear
from express_bot.core.db.session import Connection
from express_bot.core.directories import repository as directories
from express_bot.core.forms import repository as forms
from express_bot.core.periods import repository as periods
from express_bot.core.periods.repository import StoredPeriod
from express_bot.domain.compiled import CompiledForm, compile_form
from express_bot.domain.directories import Directory
from express_bot.domain.forms import FormDefinition

CHECK_EVERY = 1.0


@dataclass(frozen=True)
class Reference:
    """One state of all reference data. Everything in it belongs together and never changes."""

    version: int
    published: dict[str, FormDefinition]
    versions: dict[tuple[str, int], FormDefinition]
    directories: dict[str, Directory]
    periods: dict[int, StoredPeriod]
    compiled: LRUCache[tuple[Any, ...], CompiledForm] = field(default_factory=lambda: LRUCache(200))
    lock: Lock = field(default_factory=Lock)

    def form(self, form_id: str) -> FormDefinition:
        """The published definition; raises ``UnknownForm``."""
        if form_id not in self.published:
            raise errors.UnknownForm(form=form_id[:40])
        return self.published[form_id]

    def periods_of(self, form_id: str) -> list[StoredPeriod]:
        """All periods of a form, soonest first."""
        return [period for period in self.periods.values() if period.form_id == form_id]

    def open_period(self, form_id: str, now: datetime) -> StoredPeriod | None:
        """The period that takes applications now; of two, the one that closes first."""
        candidates = [p for p in self.periods_of(form_id) if p.opens_at <= now < p.closes_at]
        return min(candidates, key=lambda period: period.closes_at, default=None)

    def next_period(self, form_id: str, now: datetime) -> StoredPeriod | None:
        """The next period to open."""
        return next((period for period in self.periods_of(form_id) if period.opens_at > now), None)

    def compile(
        self, definition: FormDefinition, period: StoredPeriod | None, locale: str, today: date
    ) -> CompiledForm:
        """The form as rendered and judged for a period in a language; built once and kept."""
        key = (definition.id, definition.version, period.id if period else None, locale, None if period else today)
        with self.lock:
            if key not in self.compiled:
                self.compiled[key] = compile_form(
                    definition,
                    self.directories,
                    target=period.target if period else None,
                    excluded=period.excluded if period else (),
                    today=today,
                    locale=locale,
                )
            return self.compiled[key]


class ReferenceCache:
    """The reference data of this process."""

    def __init__(self, ear: Ear | None = None, counters: Counters | None = None) -> None:
        """Without an ``ear`` (the worker, whose work comes in rounds anyway) the database is asked each second."""
        self._ear = ear
        self._counters = counters
        self._current: Reference | None = None
        self._checked = 0.0
        self._lock = Lock()

    def get(self, db: Connection) -> Reference:
        """The present state, at most a second old."""
        current = self._current
        if current is not None and self._is_present(current):
            self._count("hit")
            return current
        with self._lock:
            version = _version(db)
            if self._current is None or self._current.version != version:
                self._note_change()
                self._current = load(db)
            self._checked = time.monotonic()
            return self._current

    def _is_present(self, state: Reference) -> bool:
        if self._ear is not None and self._ear.hears:
            return self._ear.version == state.version
        return time.monotonic() - self._checked < CHECK_EVERY

    def _note_change(self) -> None:
        self._count("miss")
        if self._counters is not None and self._current is not None:
            self._counters.outdated("reference")

    def _count(self, outcome: str) -> None:
        if self._counters is not None:
            self._counters.looked("reference", outcome)


def load(db: Connection) -> Reference:
    """Reads everything as of one version; starts over if somebody changes it meanwhile."""
    while True:
        version = _version(db)
        state = _read(db, version)
        if _version(db) == version:
            return state


def _read(db: Connection, version: int) -> Reference:
    versions = forms.load_versions(db)
    return Reference(
        version=version,
        published={form_id: versions[form_id, number] for form_id, number in forms.load_published(db)},
        versions=versions,
        directories=directories.load_all(db),
        periods={period.id: period for period in periods.load_all(db)},
    )


def _version(db: Connection) -> int:
    row = db.execute("select version from reference_version").fetchone()
    assert row is not None, "the migration has put the one row in"
    return int(row["version"])
