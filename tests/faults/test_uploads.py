"""No application points to a missing file, whatever is killed; and the harness sees it if one did."""

from __future__ import annotations

import os

import pytest

from express_bot.domain.defaults import default_form
from express_bot.domain.fields import FileField
from tests.faults import uploads
from tests.faults.carrying import MIB

ASKS_FOR_FILES = any(isinstance(field, FileField) for field in default_form("flight").fields)
pytestmark = [
    pytest.mark.stack,
    pytest.mark.skipif(not ASKS_FOR_FILES, reason="the shipped form asks for no files: there is nothing to file with"),
]

#: A release runs 200 (``FAULT_KILLS=200``, or the module by itself); every check a few.
KILLS = int(os.environ.get("FAULT_KILLS", "8"))
WITHIN = 3600.0 if "FAULT_KILLS" in os.environ else 15.0


def test_files_and_their_applications_survive_kills_and_nothing_is_left_behind():
    report = uploads.run(KILLS, within=WITHIN, largest=2 * MIB)
    print(report)
    assert report.findings.is_clean, report
    assert report.shots.total >= min(KILLS, 2)
    assert report.book.filed


def test_a_core_that_promises_before_it_has_stored_turns_the_same_harness_red():
    report = uploads.run(8, control=True, within=WITHIN, largest=2 * MIB)
    print(report)
    assert report.findings.lost + report.findings.hollow > 0
