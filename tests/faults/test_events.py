"""Every accepted event is handled once and none is lost, whatever is killed; and the harness sees it if not."""

from __future__ import annotations

import os

import pytest

from tests.faults import events

pytestmark = pytest.mark.stack

#: A release runs 50 kills and 500 events (``FAULT_KILLS=50``, or the module by itself); every check a few.
KILLS = min(int(os.environ.get("FAULT_KILLS", "8")), 50)
#: A busy machine brings processes back slowly: then fewer shots are fired, not fewer things looked at.
WITHIN = events.DAY if "FAULT_KILLS" in os.environ else 40.0
AT_LEAST = min(KILLS, 4)


def test_every_accepted_event_is_handled_once_while_gateway_core_and_database_are_killed():
    report = events.run(10 * KILLS, KILLS, within=WITHIN)
    print(report)
    assert report.findings.is_clean, report
    assert report.shots.total >= AT_LEAST
    assert len(report.post.accepted) == 10 * KILLS
    # told twice only by a kill between the messenger's yes and our note
    assert report.strays <= report.shots.total
    assert report.filed.numbers
    assert report.filed.unawaited, "nobody has sent two events in a row"


def test_without_the_inbox_and_its_key_the_same_harness_sees_events_handled_twice():
    """The negative control: nothing need be killed, the copies suffice."""
    report = events.run(60, 0, share=0.3, control="key")
    print(report)
    assert report.post.copies.total() > 0
    assert report.findings.kept_twice == report.post.copies.total()
    assert report.findings.repeated > 0
    assert (report.findings.lost, report.findings.dead) == (0, 0)


def test_a_core_that_ignores_the_order_of_a_chat_turns_the_same_harness_red():
    """The negative control: people who do not wait for an answer suffice."""
    report = events.run(120, 0, control="order")
    print(report)
    assert report.filed.unawaited
    assert report.findings.disordered > 0
    assert (report.findings.lost, report.findings.kept_twice) == (0, 0)
