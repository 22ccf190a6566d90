"""A bad file costs little memory, however much it would unfold into (issue: at most 64 MB for an upload)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.files.corpus import CASES, CLEANED
from tests.core.files.memory import write_bodies

ROOT = Path(__file__).parents[3]


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak of memory is read from Linux's /proc")
def test_no_bad_file_costs_more_than_64_megabytes(dsn: str, tmp_path: Path) -> None:
    write_bodies(tmp_path / "bodies")
    command = [sys.executable, "-m", "tests.core.files.memory", dsn, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert len(told) == len(CASES) + len(CLEANED)
    worst = max(told, key=lambda what: float(told[what]["megabytes"]))
    slowest = max(told, key=lambda what: float(told[what]["seconds"]))
    print(f"most memory: {worst} {told[worst]}; most time: {slowest} {told[slowest]}")
    assert told[worst]["megabytes"] <= 64, (worst, told[worst])
    assert "internal_error" not in {each["code"] for each in told.values()}
