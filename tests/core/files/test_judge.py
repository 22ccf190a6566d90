"""A file that gets the better of a check costs its own child, and nobody else anything."""

from __future__ import annotations

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, Any

import psutil
import pytest

from express_bot.contracts import errors
from express_bot.core.files import hearing as hearings
from express_bot.core.files import judge as judging
from express_bot.core.files.checks import apart
from express_bot.core.files.hearing import Hearing, Verdict
from express_bot.core.files.judge import Judge
from tests.core.files import material
from tests.core.files.corpus import CASES, CLEANED, EMPTY, LARGE
from tests.waiting import until

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


def hear(judge: Judge, content: bytes, owner: object = None) -> dict[str, Any]:
    with _hearing(judge, content, owner) as hearing:
        return hearing.told(len(content))


def examine(judge: Judge, content: bytes, owner: object = None) -> Verdict:
    with _hearing(judge, content, owner) as hearing:
        return hearing.verdict(len(content))


@contextmanager
def _hearing(judge: Judge, content: bytes, owner: object = None) -> Iterator[Hearing]:
    """Nobody in particular is somebody else each time."""
    with _files() as (file, into):
        file.write(content)
        with Hearing(judge, file, lambda: into, size=len(content), owner=owner or object()) as hearing:
            yield hearing


@contextmanager
def _files() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    with tempfile.TemporaryFile(buffering=0) as file, tempfile.TemporaryFile(buffering=0) as into:
        yield file, into


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


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("step", [1, 7, 4096])
def test_a_file_is_judged_the_same_while_it_arrives(
    real: Judge, monkeypatch: pytest.MonkeyPatch, make: Callable[[], bytes], step: int
) -> None:
    monkeypatch.setattr(hearings, "STEP", 1)
    content = make()
    pieces = [content[:step], content[step : len(content) // 2], content[len(content) // 2 :]]
    with _files() as (file, into), Hearing(real, file, lambda: into, size=len(content), owner=object()) as hearing:
        for there in itertools.accumulate(map(len, filter(None, pieces))):
            os.pwrite(file.fileno(), content[:there], 0)
            hearing.arrived(there)
        verdict = hearing.verdict(len(content))
        kept = os.pread(into.fileno(), len(content), 0)
    with _hearing(real, content) as whole:
        assert verdict.kind == whole.verdict(len(content)).kind
        assert verdict.stripped == bool(kept)


def test_who_breaks_off_leaves_no_child_behind(real: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearings, "STEP", 1)
    real.close()
    with pytest.raises(errors.FileTypeRefused):
        examine(real, b"plain words")
    assert real._process is not None
    house = psutil.Process(real._process.pid)
    until(lambda: not house.children())
    with _files() as (file, into), Hearing(real, file, lambda: into, size=2000, owner=object()) as hearing:
        file.write(b"%PDF-1.7" + bytes(992))
        hearing.arrived(1000)
        until(lambda: len(house.children()) == 1)
    until(lambda: not house.children())
    assert examine(real, material.png()).stripped


def test_a_judge_killed_while_a_file_arrives_is_asked_once_more(real: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearings, "STEP", 1)
    content = material.jpeg()
    with _files() as (file, into), Hearing(real, file, lambda: into, size=len(content), owner=object()) as hearing:
        os.pwrite(file.fileno(), content, 0)
        hearing.arrived(len(content) - 1)
        assert real._process is not None
        children = until(psutil.Process(real._process.pid).children)
        real._process.kill()
        real._process.wait()
        for child in children:
            child.kill()
        assert hearing.verdict(len(content)).stripped
        assert os.pread(into.fileno(), 2, 0) == content[:2]


def test_time_runs_only_when_all_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[float] = []
    monkeypatch.setattr(signal, "setitimer", lambda _, seconds: started.append(seconds))
    ours, theirs = socket.socketpair()
    with ours, theirs, _files() as (file, _):
        file.write(b"0123456789")
        arriving = apart.Arriving(os.dup(file.fileno()), 10, 4, theirs)
        arriving.seek(0)
        assert arriving.read(4) == b"0123"
        assert started == []
        ours.send(apart.THERE.pack(6) + apart.THERE.pack(10))
        assert (arriving.read(), started) == (b"456789", [apart.SECONDS])
        arriving.close()


def test_who_waits_for_bytes_that_never_come_is_told_so() -> None:
    ours, theirs = socket.socketpair()
    with theirs, _files() as (file, _):
        file.write(b"0123")
        arriving = apart.Arriving(os.dup(file.fileno()), 10, 4, theirs)
        ours.close()
        arriving.seek(0)
        with pytest.raises(EOFError):
            arriving.read(5)
        arriving.close()


def children(judge: Judge) -> set[int]:
    assert judge._process is not None
    return {child.pid for child in psutil.Process(judge._process.pid).children()}


@pytest.fixture
def alone(real: Judge) -> Judge:
    """The real process without children."""
    real.close()
    return real


def test_a_child_looks_at_the_next_file_of_the_same_person_and_at_nobody_elses(alone: Judge) -> None:
    examine(alone, material.pdf(), "anna")
    [first] = children(alone)
    assert examine(alone, material.png(), "anna").stripped
    assert children(alone) == {first}
    examine(alone, material.pdf(), "boris")
    assert len(children(alone) - {first}) == 1


def test_a_child_that_has_said_no_is_gone(alone: Judge) -> None:
    examine(alone, material.pdf(), "anna")
    with pytest.raises(errors.FileTypeRefused):
        examine(alone, b"plain words", "anna")
    until(lambda: not children(alone))


def test_a_child_looks_at_so_many_files_and_so_many_children_wait(
    alone: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "FILES", 3)
    for _ in range(2):
        examine(alone, material.pdf(), "anna")
    assert len(children(alone)) == 1
    examine(alone, material.pdf(), "anna")
    until(lambda: not children(alone))
    for owner in range(judging.WAITING + 3):
        examine(alone, material.pdf(), owner)
    until(lambda: len(children(alone)) == judging.WAITING)


def test_a_child_that_waits_in_vain_ends_by_itself(judge: Judge) -> None:
    examine(judge, material.pdf(), "anna")
    until(lambda: not children(judge))
    assert examine(judge, material.pdf(), "anna").kind == "application/pdf"


@pytest.mark.parametrize("arriving", [False, True])
def test_what_ends_a_child_that_has_looked_at_files_before_is_not_the_next_ones_fault(
    alone: Judge, monkeypatch: pytest.MonkeyPatch, arriving: bool
) -> None:
    monkeypatch.setattr(hearings, "STEP", 1)
    content = material.jpeg()
    examine(alone, content, "anna")
    [first] = children(alone)
    with _files() as (file, into), Hearing(alone, file, lambda: into, size=len(content), owner="anna") as hearing:
        os.pwrite(file.fileno(), content, 0)
        if arriving:
            hearing.arrived(len(content) - 1)
        psutil.Process(first).kill()
        assert hearing.verdict(len(content)).stripped
    assert first not in children(alone)


def test_a_file_that_ends_a_child_of_many_files_is_refused_all_the_same(judge: Judge) -> None:
    examine(judge, material.pdf(), "anna")
    with pytest.raises(errors.FileUncheckable):
        examine(judge, b"crash", "anna")
    assert examine(judge, material.png(), "anna").stripped


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
