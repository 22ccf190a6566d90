"""P1, P2 (trust §0): what was called accepted is kept, once, whatever is killed; and the harness sees it if not."""

from __future__ import annotations

import os

import pytest

from tests.faults import kill_loop

pytestmark = pytest.mark.stack

#: A release runs 200 (``FAULT_KILLS=200``, or the module by itself); every check a few dozen.
KILLS = int(os.environ.get("FAULT_KILLS", "30"))
#: A busy machine brings processes back slowly: then fewer shots are fired, not fewer things looked at.
WITHIN = 3600.0 if "FAULT_KILLS" in os.environ else 40.0
AT_LEAST = min(KILLS, 10)


def test_nothing_acknowledged_is_lost_or_doubled_while_everything_is_killed_in_turn():
    report = kill_loop.run(KILLS, within=WITHIN)
    print(report)
    assert report.findings.is_clean, report
    assert report.shots.total >= AT_LEAST
    assert len(report.ledger.accepted) > report.shots.total


def test_without_the_idempotency_check_the_same_harness_sees_doubles():
    """The negative control. Killed gateways suffice: the core then has done what nobody was told of."""
    report = kill_loop.run(6, idempotency=False, parts=("gateway",), within=WITHIN)
    print(report)
    assert report.findings.doubled > 0
    assert (report.findings.lost, report.findings.half_written) == (0, 0)
