"""What keeps the figures true by itself: the fold, the rebuild, and a recount of a sample."""

from __future__ import annotations

from express_bot.core.db.session import Connection
from express_bot.core.reference import Reference, load
from express_bot.core.statistics import folding, mending, recount
from express_bot.core.statistics.recount import Difference
from express_bot.domain.statistics import Layout, layout


def layouts(reference: Reference) -> dict[str, Layout]:
    """What each form is counted by: as its published definition says, or the latest one it ever had."""
    latest = {form: definition for (form, _), definition in sorted(reference.versions.items())}
    return {form: layout(definition) for form, definition in {**latest, **reference.published}.items()}


def fold(db: Connection, reference: Reference, *, limit: int = folding.BATCH) -> int:
    """Folds a batch; where a form is counted by other things than before, everything is counted anew."""
    wanted = layouts(reference)
    folded = folding.fold(db, wanted, limit=limit)
    return folding.rebuild(db, wanted) if folded is None else folded


def rebuild(db: Connection) -> int:
    """Counts everything anew from the applications; returns how many. Outside of any transaction."""
    return folding.rebuild(db, layouts(load(db)))


def recount_sample(db: Connection, *, days: int = 10, people: int = 50) -> list[Difference]:
    """Counts some days and people by hand and compares with what readers are told; differences, usually none.

    Outside of any transaction.
    """
    return recount.sample(db, days=days, people=people)


def check(db: Connection, *, days: int = 10, people: int = 50) -> list[Difference]:
    """Recounts a sample and keeps what was found. Outside of any transaction."""
    found = recount_sample(db, days=days, people=people)
    mending.note(db, len(found))
    return found


def mend(db: Connection, found: list[Difference]) -> list[mending.Month]:
    """Counts what differs anew; returns the months, none where it had to be everything."""
    return mending.mend(db, layouts(load(db)), found)
