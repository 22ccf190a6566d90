"""What the chat shows of questions, offers and decisions: a message of its own, rewritten when it is over."""

from __future__ import annotations

from typing import Any

import pytest

from express_bot.core.decisions import offers
from tests.core.decisions.conftest import LATER, Desk, Person
from tests.core.decisions.test_offers import END
from tests.core.notifications.conftest import Desk as Worker
from tests.core.notifications.conftest import me, reachable, telegram  # noqa: F401 - fixtures

ASK = {"question": "Подойдёт ли 16 января?", "proposal": {"date": "2027-01-16"}}


@pytest.fixture
def worker(desk: Desk, anna: Person, reachable: Any, db: Any) -> Worker:  # noqa: F811 - the fixture
    """Everything so far is told."""
    reachable("express")
    db.execute("update outbox set settled_at = clock_timestamp(), relayed_at = clock_timestamp()")
    return Worker(db)


def shows(express: Any, external_id: str) -> dict[str, Any]:
    """The one message that is due, shown."""
    (card,) = express.claim_cards()
    assert express.shown(card["id"], card["rev"], card["external_id"] or external_id).status_code == 204
    return dict(card)


def test_the_message_of_a_question_is_rewritten_by_the_answer(
    worker: Worker, desk: Desk, anna: Person, express: Any, rows: Any
) -> None:
    desk.does("question", anna.number, ASK)
    worker.work()
    asked = shows(express, "m-1")
    assert "Подойдёт ли 16 января?" in asked["view"]["text"]
    anna.does("answer", {"question": anna.view()["question"]["id"], "answer": "yes"})
    worker.work()
    ended = shows(express, "m-2")
    assert (ended["id"], ended["external_id"]) == (asked["id"], "m-1")
    assert ended["view"] != asked["view"]
    assert (rows("cards"), express.claim_cards()) == (1, [])


def test_the_words_of_a_yes_are_in_the_language_of_whoever_is_asked(
    worker: Worker, desk: Desk, anna: Person, db: Any
) -> None:
    from uuid import uuid4

    from express_bot.core.notifications.facts import facts

    db.execute("update users set locale = 'en' where personnel_number = '100234'")
    desk.does("question", anna.number, ASK)
    line = db.execute("select max(id) as id from outbox").fetchone()["id"]
    here = worker.here()
    notice = facts(db, line, reference=here.reference, now=here.now, channel="express", card_id=uuid4())
    assert notice.details["proposal_label"] == "16 January"


def test_a_question_answered_before_anybody_was_told_of_it_is_not_told(
    worker: Worker, desk: Desk, anna: Person, express: Any
) -> None:
    desk.does("question", anna.number, ASK)
    anna.does("answer", {"question": anna.view()["question"]["id"], "answer": "no"})
    worker.work()
    assert express.claim_cards() == []
    assert [state for _, state, _ in worker.states()] == ["skipped", "skipped"]
    assert [reason for _, _, reason in worker.states()] == ["closed", "no_message"]


def test_the_message_of_an_offer_says_when_it_is_over(
    worker: Worker, desk: Desk, anna: Person, express: Any, db: Any, rows: Any
) -> None:
    desk.decides(anna.number, "waitlisted")
    worker.work()
    shows(express, "m-1")
    desk.does("offer", anna.number, {"until": LATER})
    worker.work()
    offered = shows(express, "m-2")
    assert offers.expire(db, END) == 1
    worker.work()
    ended = shows(express, "m-3")
    assert (ended["external_id"], ended["view"] != offered["view"]) == ("m-2", True)
    assert rows("cards") == 2


def test_a_publication_is_one_message_for_each(worker: Worker, desk: Desk, anna: Person, express: Any) -> None:
    """UX-208."""
    desk.drafts(anna.number, "rejected", reason_code="capacity")
    worker.work()
    assert express.claim_cards() == []
    desk.publishes(key="publish-once")
    desk.publishes(key="publish-once")
    worker.work()
    assert "Мест меньше, чем заявок." in shows(express, "m-1")["view"]["text"]
    assert express.claim_cards() == []
