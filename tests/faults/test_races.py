"""P2, P3 (trust §0, C1 to C3): many at the same moment, through the gateway, into real processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest

from tests.faults import rush
from tests.faults.filing import Intent, Ledger, Outcome, Wishes
from tests.faults.proof import examine
from tests.stack import Answer, NewPerson, Stack

pytestmark = pytest.mark.stack

RACERS = 64


def at_once(stack: Stack, intents: list[Intent]) -> list[Answer]:
    """Every intent on a connection of its own, opened before, all sent at the same moment."""
    start = Barrier(len(intents))

    def race(intent: Intent) -> Answer:
        client = stack.client(intent.person.token)
        client.connect()
        start.wait()
        try:
            return client.submit(intent.body, intent.key)
        finally:
            client.close()

    with ThreadPoolExecutor(len(intents)) as pool:
        return list(pool.map(race, intents))


def told(intents: list[Intent], answers: list[Answer]) -> Ledger:
    """What was answered to whom, for the comparison with what is stored."""
    ledger = Ledger()
    for intent, answer in zip(intents, answers, strict=True):
        ledger.close(Outcome(intent, answer.status, answer.json, answer.replayed))
    return ledger


def count(stack: Stack, person: NewPerson) -> int:
    rows = stack.sql("select count(*) as n from applications where applicant_id = %s", (person.id,))
    return int(rows[0]["n"])


@contextmanager
def without_index(stack: Stack, name: str, person: NewPerson) -> Iterator[None]:
    """A database that has forgotten one of its rules, for a negative control; afterwards it knows it again."""
    definition = stack.sql("select pg_get_indexdef(%s::regclass) as words", (name,))[0]["words"]
    stack.sql(f"drop index {name}")
    try:
        yield
    finally:
        for table in ("application_events", "outbox"):
            stack.sql(
                f"delete from {table} using applications a where application_id = a.id and a.applicant_id = %s",
                (person.id,),
            )
        stack.sql("delete from audit_log where actor_id = %s", (person.id,))
        stack.sql("delete from applications where applicant_id = %s", (person.id,))
        stack.sql(definition)


def test_the_same_submit_64_times_at_once_is_one_application_and_one_answer(house, wishes, people):
    intents = [wishes.flight(people[0])] * RACERS
    answers = at_once(house, intents)
    assert {(answer.status, answer.json["number"]) for answer in answers} == {(201, answers[0].json["number"])}
    assert [answer.replayed for answer in answers].count(False) == 1
    assert all(answer.json == answers[0].json for answer in answers)
    assert count(house, people[0]) == 1
    assert examine(house, told(intents[:1], answers[:1])).is_clean


def test_64_different_submits_of_one_person_at_once_are_one_application_and_63_refusals_that_name_it(
    house, wishes, people
):
    intents = [wishes.flight(people[0]) for _ in range(RACERS)]
    answers = at_once(house, intents)
    assert Counter(answer.status for answer in answers) == {201: 1, 409: 63}
    accepted = next(answer for answer in answers if answer.status == 201)
    refused = [answer for answer in answers if answer.status == 409]
    assert {(answer.code, answer.json["number"]) for answer in refused} == {("limit_reached", accepted.json["number"])}
    assert count(house, people[0]) == 1


def test_20_people_at_once_are_20_applications_with_numbers_of_their_own(house, wishes, people):
    intents = [wishes.flight(person) for person in people[:20]]
    answers = at_once(house, intents)
    assert [answer.status for answer in answers] == [201] * 20
    assert len({answer.json["number"] for answer in answers}) == 20
    assert examine(house, told(intents, answers)).is_clean


def test_one_key_with_64_different_bodies_keeps_the_first_and_refuses_the_rest(house, wishes, people):
    key = "one-key-for-everything"
    intents = [_with_key(wishes.certificate(people[0]), key) for _ in range(RACERS)]
    answers = at_once(house, intents)
    assert Counter(answer.status for answer in answers) == {201: 1, 422: 63}
    assert {answer.code for answer in answers if answer.status == 422} == {"idempotency_key_reused"}
    assert count(house, people[0]) == 1


def test_the_same_key_of_64_people_means_64_different_things(house, wishes, people):
    intents = [_with_key(wishes.flight(person), "everybody-has-this-key") for person in people]
    answers = at_once(house, intents)
    assert [answer.status for answer in answers] == [201] * RACERS
    assert not any(answer.replayed for answer in answers)
    assert examine(house, told(intents, answers)).is_clean


def _with_key(intent: Intent, key: str) -> Intent:
    return Intent(intent.person, intent.form, intent.answers, key)


def test_without_the_index_of_keys_the_same_race_sees_doubles(house, wishes, people):
    """The negative control: the race is real, and it is the index that decides it."""
    with without_index(house, "uq_applications_client_key", people[0]):
        at_once(house, [wishes.certificate(people[0])] * RACERS)
        assert count(house, people[0]) > 1


def test_without_the_index_of_places_the_same_race_oversells(house, wishes, people):
    """The negative control of the limit."""
    with without_index(house, "uq_applications_limit_slot", people[0]):
        at_once(house, [wishes.flight(people[0]) for _ in range(RACERS)])
        assert count(house, people[0]) > 1


def test_people_who_come_by_the_hundreds_each_second_are_all_kept(house: Stack, wishes: Wishes, people: Any):
    """The proof with 2,000 people is ``python -m tests.faults.rush``; here a short part of it."""
    report = rush.file_together(house, house.new_people(300), within=1.5)
    print(report)
    assert report.findings.is_clean, report
    assert len(report.ledger.accepted) == 300
