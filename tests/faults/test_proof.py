"""The comparison of answers with the database sees each kind of damage: otherwise «nought» would mean nothing."""

from __future__ import annotations

import pytest

from tests.faults.filing import Ledger, Outcome
from tests.faults.proof import examine
from tests.stack import Stack

pytestmark = pytest.mark.stack


@pytest.fixture
def ledger(house, wishes, people) -> Ledger:
    """Three certificates, answered and kept."""
    ledger, client = Ledger(), house.client(people[0].token)
    for intent in [wishes.certificate(people[0]) for _ in range(3)]:
        answer = client.submit(intent.body, intent.key)
        ledger.close(Outcome(intent, answer.status, answer.json, answer.replayed))
    client.close()
    assert examine(house, ledger).is_clean
    return ledger


@pytest.fixture
def number(ledger: Ledger) -> str:
    """The application that comes to harm."""
    return str(ledger.outcomes[0].document["number"])


def forget(house: Stack, table: str, number: str) -> None:
    house.sql(f"delete from {table} where application_id = (select id from applications where number = %s)", (number,))


def test_an_application_that_is_gone_is_lost(house, ledger, number):
    forget(house, "application_events", number)
    forget(house, "outbox", number)
    house.sql("delete from applications where number = %s", (number,))
    findings = examine(house, ledger)
    house.sql("delete from audit_log where object_id = %s", (number,))
    assert (findings.lost, findings.half_written) == (1, 1)


@pytest.mark.parametrize("table", ["application_events", "outbox"])
def test_an_application_without_a_companion_is_half_written(house, ledger, number, table):
    forget(house, table, number)
    findings = examine(house, ledger)
    assert (findings.lost, findings.half_written) == (0, 1)


def test_an_application_without_its_audit_line_is_half_written(house, ledger, number):
    house.sql("delete from audit_log where object_id = %s", (number,))
    assert examine(house, ledger).half_written == 1


def test_an_application_that_says_something_else_is_altered(house, ledger, number):
    house.sql("update applications set answers = answers || '{\"copies\": 2}' where number = %s", (number,))
    assert examine(house, ledger).altered == 1


def test_a_second_application_with_the_same_words_is_a_double(house, ledger, wishes, people):
    again = ledger.outcomes[0].intent
    client = house.client(people[0].token)
    client.submit(again.body, "another-key-for-the-same")
    client.close()
    assert examine(house, ledger).doubled == 1


def test_an_application_that_nobody_asked_for_is_noticed(house, ledger, wishes, people):
    stranger = wishes.certificate(people[0])
    client = house.client(people[0].token)
    client.submit(stranger.body, stranger.key)
    client.close()
    assert examine(house, ledger).unasked == 1


def test_a_refusal_of_something_wanted_once_is_a_wrong(house, ledger, wishes, people):
    ledger.close(Outcome(wishes.flight(people[0]), 409, {"code": "limit_reached"}, replayed=False))
    assert examine(house, ledger).wronged == 1
