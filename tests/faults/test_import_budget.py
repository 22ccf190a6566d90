"""What each process imports, as it runs: a messenger's library only where somebody speaks to that messenger.

The product's own commands run, and each of their processes says aloud what it imports (``watched/sitecustomize.py``).
How soon the gateway is there: ``python bench/start.py``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from express_bot.cli import COMMANDS, GROUPS
from express_bot.cli.stack import programs
from tests.conftest import NOW
from tests.stack import Program, Stack
from tests.stack.plan import ROOT, make_environment, make_settings, telegram_environment

pytestmark = pytest.mark.stack

EXPRESS = {"pybotx", "pybotx_smartapp_rpc", "loguru"}
TELEGRAM = {"telegram"}
LIBRARY = EXPRESS | TELEGRAM
IMPORT = re.compile(r"^import: (\S+)$", re.MULTILINE)

#: Processes with this path say what they import.
WATCHED = {"PYTHONPATH": os.pathsep.join(map(str, (Path(__file__).parent / "watched", ROOT / "src", ROOT)))}


@pytest.fixture(scope="module")
def stack():
    with Stack(express=True, telegram=True, worker=True, environment=WATCHED, now=NOW) as running:
        yield running


def modules(words: str) -> set[str]:
    """Whatever was imported."""
    return set(IMPORT.findall(words))


def packages(imported: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in imported}


def loaded(log: Path, module: str) -> set[str]:
    """What a process has imported, once this module is among it and nothing more comes."""
    found, deadline = {""}, time.monotonic() + 60
    while found != (now := modules(log.read_text(errors="replace"))) or module not in now:
        assert time.monotonic() < deadline, f"{module} was not imported: {sorted(now)}"
        found = now
        time.sleep(1)
    return found


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("core", "express_bot.core.wsgi"),
        ("emulator", "express_bot.emulator.app"),
    ],
)
def test_a_process_that_speaks_to_no_messenger_never_imports_a_library_of_one(stack, name, module):
    imported = loaded(getattr(stack, name).log, module)
    assert packages(imported) & LIBRARY == set()


def test_the_gateway_that_does_speak_imports_it(stack):
    """The positive control: this way of looking sees the library where it is."""
    loaded(stack.gateway.log, "telegram")
    imported = loaded(stack.gateway.log, "pybotx_smartapp_rpc")
    assert packages(imported) >= LIBRARY
    assert "express_bot.core" not in imported


def test_the_worker_that_sends_imports_what_it_sends_by(stack):
    loaded(stack.worker.log, "telegram")
    assert packages(loaded(stack.worker.log, "pybotx")) >= {"pybotx", "telegram"}


@contextmanager
def one_of(name, settings, folder, environment):
    """One program of the product on its own."""
    command = next(program.command for program in programs.programs(settings) if program.name == name)
    program = Program(name, command, environment=environment | WATCHED, folder=folder, log=folder / f"{name}.log")
    program.start()
    try:
        yield program
    finally:
        program.stop()


def gateway_of(folder, **environment):
    """A gateway without an account at eXpress."""
    settings = make_settings(folder / "var", express=False)
    return one_of("gateway", settings, folder, make_environment(settings) | environment)


def test_a_worker_that_sends_nothing_imports_no_library_of_a_messenger(stack, tmp_path):
    nobody = dict.fromkeys(("EXPRESS_BOT_ID", "EXPRESS_SECRET_KEY", "EXPRESS_BOTX_URL"), "")
    with one_of("worker", stack.settings, tmp_path, make_environment(stack.settings) | nobody) as worker:
        imported = loaded(worker.log, "express_bot.worker.app")
    assert packages(imported) & LIBRARY == set()


def test_a_gateway_that_speaks_to_nobody_imports_nothing_of_any_messenger(stack, tmp_path):
    with gateway_of(tmp_path) as gateway:
        imported = loaded(gateway.log, "express_bot.gateway.app")
    assert packages(imported) & LIBRARY == set()
    assert [module for module in imported if module.startswith("express_bot.channels")] == []


def test_a_gateway_that_speaks_to_telegram_alone_imports_nothing_of_express(stack, tmp_path):
    with gateway_of(tmp_path, **telegram_environment("http://localhost:9")) as gateway:
        imported = loaded(gateway.log, "express_bot.channels.telegram.runtime")
    assert packages(imported) & LIBRARY == TELEGRAM
    assert [module for module in imported if module.startswith(("express_bot.channels.express", "telegram.ext"))] == []


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
    imported = modules(done.stderr)
    assert f"express_bot.cli.{command[0]}" in imported, done.stdout
    assert packages(imported) & LIBRARY == set()
