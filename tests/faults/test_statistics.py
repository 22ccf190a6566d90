"""The proof of the statistics, small; large by hand (``python -m tests.faults.statistics``)."""

from __future__ import annotations

import pytest

from tests.faults.statistics import CONTROLS, shard


def test_every_figure_equals_a_recount_of_rows_at_every_moment(dsn: str) -> None:
    report = shard(dsn, seed=7, steps=50, control=None)
    assert report.differences == []
    assert (report.steps, report.questions > 500, report.folded > 70) == (50, True, True)


@pytest.mark.parametrize("control", CONTROLS)
def test_without_one_of_its_protections_the_proof_turns_red(dsn: str, control: str) -> None:
    assert shard(dsn, seed=1, steps=300, control=control).differences
