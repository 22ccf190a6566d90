"""Many at the same moment, on a real database: one of them is first, and the others are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

from express_bot.core.decisions import offers
from tests.core.decisions.conftest import LATER, Desk, Person, fresh_key
from tests.core.decisions.test_offers import END

ROUNDS = 6


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """All of them at the same moment, each on a connection of its own."""
    start = Barrier(len(acts))

    def act(one: Callable[[], Any]) -> Any:
        start.wait()
        return one()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def test_of_eight_drafts_at_once_one_is_kept_and_seven_are_told(desk: Desk, anna: Person, rows: Any) -> None:
    seen = desk.sees(anna.number)["version"]
    answers = at_once(*[lambda: desk.drafts(anna.number, "approved", version=seen)] * 8)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 7}
    assert rows("draft_decisions") == 1


def test_publications_at_once_publish_everything_once(
    desk: Desk, colleague: Desk, hire: Callable[[int], Person], rows: Any
) -> None:
    numbers = [item["number"] for item in desk.queue(status="submitted", limit=12)["items"]]
    for number in numbers:
        desk.drafts(number, "approved")
    answers = at_once(*[desk.publishes, colleague.publishes] * 2)
    published = [answer.json["published"] for answer in answers if answer.status_code == 201]
    assert sum(published) == 12
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len(desk.promises("decisions_published")) == 12
    assert rows("application_events", "kind = 'approved' and details ? 'publication'") == 12


def test_the_same_publication_at_once_is_one(desk: Desk, anna: Person, rows: Any) -> None:
    desk.drafts(anna.number, "approved")
    answers = at_once(*[lambda: desk.publishes(key="publish-once")] * 4)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.get_data() for answer in answers}) == 1
    assert (rows("publications"), len(desk.promises("decisions_published"))) == (1, 1)


def test_a_publication_and_a_withdrawal_at_once_are_never_both(desk: Desk, hire: Callable[[int], Person]) -> None:
    """Either it was published and the person gives the place back, or it was withdrawn and is passed over."""
    told = 0
    for index in range(ROUNDS):
        person = hire(index)
        person.number = person.api.get("/api/smartapp/applications").json["items"][0]["number"]
        desk.drafts(person.number, "rejected", reason_code="capacity")
        published, withdrawn = at_once(
            partial(desk.publishes, numbers=[person.number]),
            partial(person.does, "withdraw"),
        )
        view, history = person.view(), desk.history(person.number)
        told += published.json["published"]
        if published.json["published"]:
            assert (view["status"], history, withdrawn.json["code"]) == (
                "rejected",
                ["submitted", "rejected"],
                "not_withdrawable",
            )
        else:
            assert published.json["skipped"] == [{"number": person.number, "code": "withdrawn"}]
            assert (view["status"], view["decision"], history) == ("withdrawn", None, ["submitted", "withdrawn"])
    assert len(desk.promises("decisions_published")) == told


def test_of_answers_at_once_one_counts(desk: Desk, anna: Person) -> None:
    desk.does("question", anna.number, {"question": "Подойдёт ли 16 января?", "proposal": {"date": "2027-01-16"}})
    question = anna.view()["question"]["id"]
    answers = at_once(
        *[lambda: anna.does("answer", {"question": question, "answer": "yes"})] * 3,
        *[lambda: anna.does("answer", {"question": question, "answer": "no"})] * 3,
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 5}
    assert desk.history(anna.number).count("question_answered") == 1
    assert len(desk.promises("question_closed")) == 1


def test_a_place_is_taken_or_over_and_never_both(desk: Desk, anna: Person, db: Any, dsn: str, travel: Any) -> None:
    from express_bot.core.db.session import connect

    desk.decides(anna.number, "waitlisted")
    desk.does("offer", anna.number, {"until": LATER})
    offer = anna.view()["offer"]["id"]

    def closed() -> Any:
        with connect(dsn) as other:
            return offers.expire(other, END)

    taken, over, again = at_once(lambda: anna.does("take", {"offer": offer}, key=fresh_key()), closed, closed)
    ends = [kind for kind in desk.history(anna.number) if kind in ("offer_taken", "offer_expired")]
    assert len(ends) == 1
    assert (taken.status_code == 200) == (ends == ["offer_taken"])
    assert over + again == (ends == ["offer_expired"])
    assert len(desk.promises("offer_closed")) == 1
