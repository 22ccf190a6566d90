"""What the desk decides through its doors is what its figures say, at once and after the fold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from express_bot.core.db.session import Connection
from express_bot.core.reference import load
from express_bot.core.statistics import upkeep
from tests.core.decisions.conftest import Desk, Person


def in_moscow(db: Connection) -> list[int]:
    """People who may ask for Vladivostok."""
    rows = db.execute(
        "select split_part(i.subject, '-', 2)::int as index from identities i join users u on u.id = i.user_id"
        " where i.subject like 'crew-%' and u.profile->>'location' = 'msk' order by 1"
    )
    return [row["index"] for row in rows]


def questions(desk: Desk) -> dict[str, Any]:
    answer = desk.api.get("/api/desk/statistics/questions")
    assert answer.status_code == 200, answer.text
    return dict(answer.json["questions"])


def demand(asked: dict[str, Any], day: str) -> dict[str, Any]:
    return next(row for row in asked["demand"]["days"] if row["date"] == day)


def fared(row: dict[str, Any]) -> tuple[int, int, int, int]:
    return row["requested"], row["approved"], row["refused"], row["undecided"]


def changed(before: dict[str, Any], after: dict[str, Any]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What became different of the day and of the direction."""
    of_day = [fared(demand(asked, "2027-01-15")) for asked in (before, after)]
    of_direction = [
        next((fared(row) for row in asked["directions"]["rows"] if row["code"] == "vvo"), (0, 0, 0, 0))
        for asked in (before, after)
    ]
    differences = [tuple(b - a for a, b in zip(*pair, strict=True)) for pair in (of_day, of_direction)]
    return differences[0], differences[1]


def approvals(asked: dict[str, Any]) -> int:
    """Approvals of everybody in the direction."""
    rows = [row for row in asked["fairness"]["rows"] if row["code"] == "vvo"]
    return sum(dot["approvals"] * dot["people"] for row in rows for dot in row["people"])


def test_demand_directions_and_fairness_follow_what_the_desk_decides_and_publishes(
    desk: Desk, hire: Callable[[int], Person], db: Connection
) -> None:
    people = [hire(index) for index in in_moscow(db)[:4]]
    db.execute("update applications set status = 'withdrawn', limit_slot = null where status = 'submitted'")
    empty = questions(desk)
    for person in people:
        person.file()
    filed = questions(desk)
    assert changed(empty, filed) == ((4, 0, 0, 4), (4, 0, 0, 4))
    first, second, third = (person.number for person in people[:3])

    desk.drafts(first, "approved")
    desk.drafts(second, "waitlisted", place=1, reason_code="capacity")
    assert changed(filed, questions(desk)) == ((0, 0, 0, 0), (0, 0, 0, 0))  # a draft is no decision yet
    desk.publishes()
    desk.decides(third, "rejected", reason_code="capacity")
    people[3].does("withdraw", {"reason": "Заболела"})
    decided = questions(desk)
    assert changed(filed, decided) == ((-1, 1, 2, -4), (-1, 1, 2, -4))
    assert approvals(decided) - approvals(filed) == 1
    assert (decided["progress"]["decided"] - filed["progress"]["decided"], decided["demand"]["worst"]) == (
        3,
        "2027-01-15",
    )
    assert decided["durations"]["decided"] - filed["durations"]["decided"] == 3

    upkeep.fold(db, load(db))
    folded = questions(desk)
    for name in ("demand", "directions", "fairness", "durations", "progress"):
        assert folded[name] == decided[name]

    desk.decides(first, "revoked", reason="Рейс отменён")
    revoked = questions(desk)
    assert changed(decided, revoked) == ((0, -1, 1, 0), (0, -1, 1, 0))
    assert approvals(revoked) == approvals(filed)
