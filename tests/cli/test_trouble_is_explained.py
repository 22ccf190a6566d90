"""What can go wrong at a start: one sentence with the fix, exit code 1, and nothing half-started stays."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from express_bot.cli import emulator
from express_bot.cli.console import Problem
from express_bot.cli.stack.programs import programs
from express_bot.settings import Settings
from tests.cli.conftest import Cli


def assert_explained(cli: Cli, *words: str) -> None:
    """``up`` fails with one sentence that holds these words, and leaves nothing running."""
    done = cli("up")
    assert done.returncode == 1, done.stdout
    assert all(word in done.stderr for word in words), done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert cli.processes() == []


@pytest.fixture
def taken(cli: Cli) -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", cli.bot_port))
        holder.listen()
        yield cli.bot_port


def test_a_busy_port_is_named_with_the_setting_to_change(cli: Cli, taken: int) -> None:
    assert_explained(cli, str(taken), "BOT_PORT")
    assert not (cli.var_dir / "running.json").exists()


def test_scripts_get_the_same_as_json(cli: Cli, taken: int) -> None:
    document = json.loads(cli("up", "--json").stdout)
    assert document["ok"] is False
    assert document["code"].startswith("port_busy")
    assert str(taken) in document["problems"][0]


def test_english_operators_are_answered_in_english(cli: Cli, taken: int) -> None:
    cli.more["EXPRESS_BOT_LOCALE"] = "en"
    assert_explained(cli, f"Port {taken} is taken")


def pretend_missing(cli: Cli, tmp_path: Path, module: str) -> None:
    """Put a module of this name first on the path that behaves as if it were not there."""
    words = f"No module named {module!r}"
    (tmp_path / f"{module}.py").write_text(f"raise ModuleNotFoundError({words!r}, name={module!r})\n")
    cli.more["PYTHONPATH"] = f"{tmp_path}:{cli.environment['PYTHONPATH']}"


def test_a_missing_module_of_the_command_is_named(cli: Cli, tmp_path: Path) -> None:
    pretend_missing(cli, tmp_path, "psycopg")
    assert_explained(cli, "psycopg", ".venv")


def test_a_missing_module_of_a_program_is_named_and_everything_goes_down_again(cli: Cli, tmp_path: Path) -> None:
    pretend_missing(cli, tmp_path, "granian")
    assert_explained(cli, "granian", ".venv")


def test_a_start_that_is_interrupted_goes_down_again(cli: Cli) -> None:
    starting = subprocess.Popen(
        [sys.executable, "-m", "express_bot.cli", "up"], cwd=cli.folder, env=cli.environment, stdout=subprocess.PIPE
    )
    assert starting.stdout is not None
    while not cli.processes():
        time.sleep(0.05)
    starting.terminate()
    starting.communicate(timeout=120)
    assert starting.returncode != 0
    assert cli.processes() == []


def test_settings_that_are_refused_are_said_one_by_one(cli: Cli) -> None:
    cli.more |= {"EXPRESS_BOT_MODE": "production", "PUBLIC_URL": "http://example.ru", "CORE_SERVICE_KEY": "short"}
    done = cli("up")
    assert done.returncode == 1
    assert {"PUBLIC_URL", "CORE_SERVICE_KEY"} <= set(done.stderr.replace(":", " ").split())
    assert cli.processes() == []


def test_the_messenger_is_not_for_production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = Settings(mode="production", var_dir=tmp_path / "var")
    monkeypatch.setattr(emulator, "get_settings", lambda: settings)
    with pytest.raises(Problem) as refused:
        emulator.emulator(json=False)
    assert refused.value.code == "emulator_in_production"
    assert "emulator" not in [program.name for program in programs(settings)]


def test_a_database_that_does_not_answer_is_named(cli: Cli) -> None:
    cli.more["DATABASE_URL"] = "postgresql://nobody:hidden-word@127.0.0.1:1/none"
    assert_explained(cli, "DATABASE_URL")
    assert "hidden-word" not in cli("db", "dsn").stdout
    assert "hidden-word" not in cli("settings", "--json").stdout


def test_a_mistake_in_the_command_is_exit_code_2(cli: Cli) -> None:
    assert cli("user", "add").returncode == 2
    assert cli("nonsense").returncode == 2


def test_a_short_password_is_refused(cli: Cli) -> None:
    asked = ("user", "add", "--login", "a", "--name", "Б", "--role", "admin", "--password-stdin")
    assert "12" in cli(*asked, stdin="short\n").stderr


def test_commands_that_need_a_database_say_that_there_is_none_yet(cli: Cli) -> None:
    done = cli("period", "list")
    assert done.returncode == 1
    assert "manage_all.sh start" in done.stderr
