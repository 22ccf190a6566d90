"""A file that gets the better of a check costs its own child, and nobody else anything."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from express_bot.contracts import errors
from express_bot.core.files import judge as judging
from express_bot.core.files.checks import apart
from express_bot.core.files.judge import Judge, Verdict
from tests.core.files import material
from tests.core.files.corpus import CASES, CLEANED, EMPTY, LARGE

MIB = 1 << 20
KINDS = [material.pdf, material.png, material.jpeg, material.heic, material.office]


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """The real process with files in it that misbehave (``wild``)."""
    wild = Judge("tests.core.files.wild")
    yield wild
    wild.close()


@pytest.fixture(scope="module")
def real() -> Iterator[Judge]:
    one = Judge()
    yield one
    one.close()


def hear(judge: Judge, content: bytes) -> dict[str, Any]:
    with tempfile.TemporaryFile(buffering=0) as file, tempfile.TemporaryFile(buffering=0) as into:
        file.write(content)
        return judge.hear(file, len(content), into)


def examine(judge: Judge, content: bytes) -> Verdict:
    with tempfile.TemporaryFile(buffering=0) as file, tempfile.TemporaryFile(buffering=0) as into:
        file.write(content)
        return judge.examine(file, len(content), into)


@pytest.mark.parametrize("deed", ["eat", "spin", "sleep", "crash", "defect"])
def test_what_brings_a_check_down_is_refused_and_the_next_file_is_judged(judge: Judge, deed: str) -> None:
    with pytest.raises(errors.FileUncheckable):
        examine(judge, deed.encode())
    assert examine(judge, material.pdf()).kind == "application/pdf"


def test_memory_ends_where_the_limit_is(judge: Judge) -> None:
    assert hear(judge, b"eat")["reason"] == "memory"
    assert hear(judge, b"eat")["peak"] <= 64 * MIB
    grown = hear(judge, b"grow")
    assert grown["kind"] == "application/pdf", "less than the limit is allowed"


def test_a_judge_that_is_killed_is_started_anew(judge: Judge) -> None:
    with pytest.raises(errors.StorageUnavailable):  # killed by the second try, too: not the file's last word
        examine(judge, b"murder")
    assert examine(judge, material.png()).stripped
    assert judge._process is not None
    judge._process.kill()
    assert examine(judge, material.pdf()).kind == "application/pdf"


def test_a_judge_that_stands_still_is_not_waited_for(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "PATIENCE", 0.5)
    with pytest.raises(errors.StorageUnavailable):
        examine(judge, b"sleep")
    monkeypatch.undo()
    assert examine(judge, material.pdf()).kind == "application/pdf"


def test_many_at_once_get_each_their_own_word(real: Judge) -> None:
    makes = KINDS * 4
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda make: examine(real, make()).kind, makes))
    assert told == [examine(real, make()).kind for make in KINDS] * 4


def test_no_file_of_the_corpus_costs_its_child_more_than_64_megabytes(real: Judge) -> None:
    """The child's whole peak, its interpreter included: the kernel's figure, told with each verdict."""
    contents = {case.what: case.content for case in CASES if not {EMPTY, LARGE} & set(case.codes)}
    contents |= {what: make() for what, _, make, _ in CLEANED}
    told = {what: hear(real, content) for what, content in contents.items()}
    worst = max(told, key=lambda what: int(told[what]["peak"]))
    print(f"most memory of {len(told)}: {told[worst]['peak'] / MIB:.1f} MiB, {worst}")
    assert told[worst]["peak"] <= 64 * MIB
    assert [what for what, said in told.items() if said.get("refused") == "file_uncheckable"] == []


def test_the_process_knows_nothing_of_the_house() -> None:
    command = [sys.executable, "-c", f"import {apart.__name__}, sys, json; print(json.dumps(list(sys.modules)))"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    heavy = {"flask", "psycopg", "sqlalchemy", "pydantic", "structlog", "obstore", "express_bot.settings"}
    assert loaded & heavy == set()
    secrets = {name for name in judging._environment() if name not in ("PYTHONPATH", *judging._TOLD)}
    assert secrets == set()
