"""``express-bot statistics``: a sample is compared, what differs is put right, everything can be counted anew."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from express_bot.core.reference import load
from express_bot.core.statistics import upkeep
from tests.cli.conftest import FOREIGN, ROOT


@pytest.fixture
def statistics(dsn, tmp_path):
    """The command on this test's database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    own = {"DATABASE_URL": dsn, "EXPRESS_BOT_MODE": "test", "EXPRESS_BOT_VAR": str(tmp_path / "var")}
    environment = {**kept, **own, "PYTHONPATH": str(ROOT / "src"), "EXPRESS_BOT_LOCALE": "ru"}

    def run(*arguments):
        command = [sys.executable, "-m", "express_bot.cli", "statistics", *arguments]
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def damaged(db):
    """Everything is folded, and one counter of each day is wrong."""
    upkeep.fold(db, load(db))
    db.execute("update statistics_daily set submitted = submitted + 7 where dims = 'unit' and grain = 'day'")


def test_a_sample_that_is_right_says_so(statistics, db):
    upkeep.fold(db, load(db))
    answer = statistics("check")
    assert (answer.returncode, answer.stdout) == (0, "Выборка сходится с заявками.\n")
    assert json.loads(statistics("check", "--json").stdout) == {"different": [], "mended": False}


def test_what_differs_is_named_and_left_as_it_is(statistics, damaged, rows):
    answer = statistics("check", "--days", "1000")
    assert answer.returncode == 1
    assert "показываем 8, по заявкам 1" in answer.stdout
    assert answer.stdout.rstrip().endswith("Исправить: express-bot statistics check --mend")
    assert statistics("check", "--json").returncode == 1
    assert rows("audit_log", "act like 'statistics.%'") == 0


def test_what_differs_is_put_right_on_demand(statistics, damaged, rows):
    answer = json.loads(statistics("check", "--days", "1000", "--mend", "--json").stdout)
    assert (answer["mended"], len(answer["different"]) > 10) == (True, True)
    assert statistics("check", "--days", "1000").returncode == 0
    assert rows("audit_log", "act = 'statistics.mend'") == 1


def test_everything_is_counted_anew(statistics, damaged, rows):
    answer = statistics("rebuild")
    assert (answer.returncode, answer.stdout.startswith("Посчитаны 63")) == (0, True)
    assert statistics("check", "--days", "1000").returncode == 0
    assert (rows("audit_log", "act = 'statistics.rebuild'"), rows("statistics_deltas")) == (1, 0)


def test_what_there_is_and_how_fresh_it_is(statistics, db):
    told = json.loads(statistics("show", "--json").stdout)
    assert (told["pending"] > 0, told["folded_at"], told["different"]) == (True, None, 0)
    upkeep.fold(db, load(db))
    after = json.loads(statistics("show", "--json").stdout)
    assert (after["pending"], after["forms"]) == (0, told["forms"])
    assert sum(told["forms"]["flight"].values()) == 63
    shown = statistics("show").stdout
    assert "Ещё не сложено" in shown
    assert "Отправлена" in shown


def test_a_mistake_in_the_command_is_told_apart_from_a_difference(statistics):
    assert statistics("check", "--days", "0").returncode == 2
    assert statistics("recalculate").returncode == 2
