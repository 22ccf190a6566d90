"""What each process imports, as it runs: the messenger's library only where somebody speaks to the messenger.

Python itself writes every import of a process and of its children down (``PYTHONPROFILEIMPORTTIME``), so what is read
here is what the product's own commands really load. How fast the gateway is there: ``python bench/start.py``.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from express_bot.cli import COMMANDS, GROUPS
from express_bot.cli.stack import programs
from tests.conftest import NOW
from tests.stack import Program, Stack
from tests.stack.plan import make_environment, make_settings

pytestmark = pytest.mark.stack

WATCHED = {"PYTHONPROFILEIMPORTTIME": "1"}
LIBRARY = {"pybotx", "pybotx_smartapp_rpc", "loguru"}
IMPORT = re.compile(r"import time: +\d+ \| +\d+ \| +(\S+)")


@pytest.fixture(scope="module")
def stack():
    with Stack(express=True, worker=True, environment=WATCHED, now=NOW) as running:
        yield running


def modules(words: str) -> set[str]:
    """Whatever was imported."""
    return set(IMPORT.findall(words))


def packages(words: str) -> set[str]:
    return {module.partition(".")[0] for module in modules(words)}


def loaded(log: Path, module: str) -> str:
    """The log of a process that has imported a module and since then nothing more."""
    words, deadline = "", time.monotonic() + 60
    while module not in modules(words) or words != log.read_text(errors="replace"):
        assert time.monotonic() < deadline, f"{module} was not imported:\n{words[-2000:]}"
        words = log.read_text(errors="replace")
        time.sleep(1)
    return words


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("core", "express_bot.core.wsgi"),
        ("worker", "express_bot.worker.app"),
        ("emulator", "express_bot.emulator.app"),
    ],
)
def test_a_process_that_does_not_speak_to_express_never_imports_its_library(stack, name, module):
    words = loaded(getattr(stack, name).log, module)
    assert packages(words) & LIBRARY == set()


def test_the_gateway_that_does_speak_imports_it(stack):
    """The positive control: this way of looking sees the library where it is."""
    words = loaded(stack.gateway.log, "express_bot.channels.express.runtime")
    assert packages(words) >= LIBRARY
    assert "express_bot.core" not in modules(words)


def test_a_gateway_without_an_account_at_express_imports_nothing_of_it(stack, tmp_path):
    settings = make_settings(tmp_path / "var", express=False)
    command = next(program.command for program in programs.programs(settings) if program.name == "gateway")
    environment = make_environment(settings) | {"FLASK_API_URL": stack.settings.flask_api_url} | WATCHED
    gateway = Program("gateway", command, environment=environment, folder=tmp_path, log=tmp_path / "gateway.log")
    gateway.start()
    try:
        words = loaded(gateway.log, "express_bot.gateway.app")
    finally:
        gateway.stop()
    assert packages(words) & LIBRARY == set()
    assert [module for module in modules(words) if module.startswith("express_bot.channels")] == []


@pytest.mark.parametrize(
    "command", [["status"], ["doctor"], ["settings"], ["seed"], *([name, "--help"] for name in (*COMMANDS, *GROUPS))]
)
def test_no_command_of_the_operator_imports_it(stack, command):
    done = subprocess.run(
        [sys.executable, "-m", "express_bot.cli", *command],
        env=make_environment(stack.settings) | WATCHED,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"express_bot.cli.{command[0]}" in modules(done.stderr), done.stdout
    assert packages(done.stderr) & LIBRARY == set()
