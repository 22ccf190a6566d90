"""The messenger is away for a while; the whole ten minutes are ``python -m tests.faults.outage``."""

from __future__ import annotations

import pytest

from tests.faults import outage
from tests.faults.outage_proof import arrivals

pytestmark = pytest.mark.stack

SECONDS = 6.0
#: Each has an old message that loses its buttons, and a new one.
EDITS, MESSAGES = 5, 5


@pytest.mark.parametrize(("way", "forgotten"), [("503", 0), ("gone", EDITS)])
def test_what_was_filed_while_the_messenger_was_away_is_kept_and_told_once_and_in_order_after(way, forgotten):
    """A messenger that has lost its memory gets new messages in the place of those it cannot edit (ux.md C1.1)."""
    report = outage.run(way, SECONDS)
    print(report)
    assert report.findings.is_clean, report
    assert (len(report.owed), report.replaced) == (EDITS + MESSAGES, forgotten)
    assert report.tries > 0
    assert len(report.during.waits) > SECONDS


def test_a_core_that_gives_up_at_once_turns_the_same_harness_red():
    """The negative control."""
    report = outage.run("503", 8.0, control="patience")
    print(report)
    assert report.findings.unsent > 0
    assert report.findings.unsaid > 0
    assert (report.findings.lost, report.findings.unfiled) == (0, 0)


def test_a_gateway_that_never_sends_anew_turns_it_red_when_the_messenger_has_forgotten_its_messages():
    """The negative control of the way «gone»: every edit of a forgotten message stays undone, and nothing else does."""
    report = outage.run("gone", SECONDS, control="fallback")
    print(report)
    assert (report.replaced, report.findings.unsent) == (0, EDITS)
    assert (report.findings.lost, report.findings.unfiled, report.findings.http_wrong) == (0, 0, 0)


OWED = [{"chat": "a", "card": "1"}, {"chat": "a", "card": "2"}, {"chat": "b", "card": "3"}]


@pytest.mark.parametrize(
    ("came", "finding"),
    [
        ([("a", "1"), ("b", "3"), ("a", "2")], {}),
        ([("a", "1"), ("b", "3")], {"not_sent": 1, "out_of_order": 1}),
        ([("a", "2"), ("a", "1"), ("b", "3")], {"out_of_order": 1}),
        ([("a", "1"), ("a", "1"), ("a", "2"), ("b", "3")], {"sent_twice": 1}),
        ([("a", "1"), ("a", "2"), ("b", "3"), ("c", "4")], {"sent_twice": 1}),
    ],
)
def test_the_comparison_of_what_was_owed_with_what_came_sees_each_kind_of_damage(came, finding):
    assert arrivals(OWED, came) == {"not_sent": 0, "sent_twice": 0, "out_of_order": 0} | finding
