"""What a messenger took and the core was not told is told by the next process, and only once its owner is gone."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from express_bot.channels import journal as module
from express_bot.channels.journal import Journal
from express_bot.core_client import CoreError, CoreGone


class Core:
    """Hears what is told; ``failure`` is raised instead."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, int, str]] = []
        self.failure: Exception | None = None

    async def tell(self, card: str, rev: int, external_id: str) -> None:
        if self.failure:
            raise self.failure
        self.heard.append((card, rev, external_id))


@pytest.fixture
def core() -> Core:
    return Core()


@pytest.fixture(autouse=True)
def looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0)


def killed(folder: Path, lines: str) -> None:
    """A process that keeps a journal and is killed."""
    program = f"""
        import os, pathlib, signal
        from express_bot.channels.journal import Journal
        journal = Journal(pathlib.Path({str(folder)!r}), "express")
        {lines}
        os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], env=os.environ, check=False)
    assert done.returncode == -signal.SIGKILL


def take_over(journal: Journal, core: Core) -> None:
    asyncio.run(journal.take_over(core.tell))


def test_what_a_killed_process_had_sent_is_told_once(tmp_path, core):
    killed(tmp_path, 'journal.note("a", 1, "m-1"); journal.note("b", 3, "m-2"); journal.told("a", 1)')
    ours = Journal(tmp_path, "express")
    take_over(ours, core)
    assert core.heard == [("a", 1, "m-1"), ("b", 3, "m-2")], "what was told before does no harm"
    take_over(ours, core)
    assert len(core.heard) == 2
    assert list(tmp_path.rglob("*.journal")) == []


def test_a_living_process_tells_for_itself(tmp_path, core):
    theirs = Journal(tmp_path, "express")
    theirs.note("a", 1, "m-1")
    take_over(Journal(tmp_path, "express"), core)
    assert core.heard == []
    theirs.told("a", 1)
    theirs.close()
    assert list(tmp_path.rglob("*.journal")) == []


def test_one_that_leaves_without_having_told_leaves_its_journal(tmp_path, core):
    theirs = Journal(tmp_path, "express")
    theirs.note("a", 1, "m-1")
    theirs.close()
    take_over(Journal(tmp_path, "express"), core)
    assert core.heard == [("a", 1, "m-1")]


def test_a_core_that_is_away_hears_of_it_later_and_one_that_has_forgotten_does_not_mind(tmp_path, core):
    killed(tmp_path, 'journal.note("a", 1, "m-1"); journal.note("b", 1, "m-2")')
    ours = Journal(tmp_path, "express")
    core.failure = CoreGone("away")
    with pytest.raises(CoreError):
        take_over(ours, core)
    core.failure = CoreError(404, {"code": "not_found"})
    take_over(ours, core)
    assert list(tmp_path.rglob("*.journal")) == []


def test_a_line_that_was_cut_off_tells_nothing(tmp_path, core):
    killed(tmp_path, 'journal.note("a", 1, "m-1"); os.write(journal._file, b\'["b", 1, "m\')')
    take_over(Journal(tmp_path, "express"), core)
    assert core.heard == [("a", 1, "m-1")]


def test_a_disk_that_is_full_keeps_nobody_from_telling_the_core(tmp_path, core, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "write", full)
    ours = Journal(tmp_path, "express")
    ours.note("a", 1, "m-1")
    ours.told("a", 1)
    ours.close()
