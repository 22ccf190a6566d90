"""The ``express-bot`` command as an operator calls it: a process of its own, in a folder and on ports of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from express_bot.cli.stack import leftovers

ROOT = Path(__file__).parents[2]
#: Settings of the developer's own shell that must not reach the command.
FOREIGN = ("DATABASE_", "CORE_", "BOT_", "PUBLIC_URL", "EMULATOR_", "EXPRESS_", "LOG_LEVEL", "LANG", "LC_", "PG")


@dataclass
class Cli:
    """Runs commands against one ``var`` folder."""

    folder: Path
    bot_port: int
    core_port: int
    emulator_port: int
    more: dict[str, str] = field(default_factory=dict)

    @property
    def var_dir(self) -> Path:
        return self.folder / "var"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        ports = {"BOT_PORT": self.bot_port, "CORE_PORT": self.core_port, "EMULATOR_PORT": self.emulator_port}
        own = {"EXPRESS_BOT_VAR": str(self.var_dir), **{name: str(port) for name, port in ports.items()}}
        return {**kept, **own, "PYTHONPATH": str(ROOT / "src"), "EXPRESS_BOT_LOCALE": "ru", **self.more}

    def __call__(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "express_bot.cli", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, input=stdin, capture_output=True, text=True, timeout=180
        )

    def processes(self) -> list[psutil.Process]:
        """Whatever of this folder's product still runs."""
        return leftovers.leftovers(self.var_dir)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def make_cli(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Cli]]:
    """New places to run in, with a blank in the path; whatever is left running there is ended."""
    made: list[Cli] = []

    def make() -> Cli:
        folder = tmp_path_factory.mktemp("express bot")
        made.append(Cli(folder, free_port(), free_port(), free_port()))
        return made[-1]

    yield make
    for cli in made:
        leftovers.end(cli.var_dir)


@pytest.fixture
def cli(make_cli: Callable[[], Cli]) -> Cli:
    return make_cli()
