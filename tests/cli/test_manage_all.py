"""``manage_all.sh`` before there is any environment: what it says on machines that are not ready."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("bash", "sh", "env", "dirname", "cat", "grep", "tail", "df", "awk", "mkdir", "rm", "sleep", "touch")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout whose PATH holds little more than a shell; ``bin`` is that PATH."""
    checkout = tmp_path / "a fresh checkout"
    (checkout / "bin").mkdir(parents=True)
    for name in ("manage_all.sh", "pyproject.toml"):
        shutil.copy(ROOT / name, checkout)
    shutil.copytree(ROOT / "requirements", checkout / "requirements")
    for tool in TOOLS:
        (checkout / "bin" / tool).symlink_to(shutil.which(tool) or f"/bin/{tool}")
    return checkout


def tool(machine: Path, name: str, script: str) -> None:
    """Put a program on the machine's PATH."""
    path = machine / "bin" / name
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def manage(machine: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    told = {"PATH": str(machine / "bin"), "HOME": str(machine), "EXPRESS_BOT_LOCALE": "ru", **environment}
    return subprocess.run(
        [str(machine / "manage_all.sh"), *arguments], env=told, cwd="/", capture_output=True, text=True, timeout=60
    )


def test_an_old_python_is_named_with_the_one_that_is_needed(machine: Path) -> None:
    tool(machine, "python3", 'if [ "$1" = --version ]; then echo "Python 3.9.2"; else exit 1; fi')
    done = manage(machine, "start")
    assert done.returncode == 1
    assert "3.11" in done.stderr
    assert "3.9.2" in done.stderr
    assert not (machine / ".venv").exists()


def test_no_python_at_all_is_said_too(machine: Path) -> None:
    done = manage(machine, "start", EXPRESS_BOT_LOCALE="en")
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.11 or newer is needed")
    assert len(done.stderr.splitlines()) == 1


def test_a_full_disk_is_said_before_anything_is_installed(machine: Path) -> None:
    tool(machine, "python3", f'exec "{sys.executable}" "$@"')
    tool(machine, "df", 'echo "Filesystem 1024-blocks Used Available Capacity Mounted on"; echo "d 9 9 2048 99% /"')
    done = manage(machine, "start")
    assert done.returncode == 1
    assert "2 МБ" in done.stderr
    assert not (machine / ".venv").exists()


def test_a_python_without_venv_is_told_which_package_to_install(machine: Path) -> None:
    tool(
        machine, "python3", f'[ "$1" = -m ] && {{ echo "No module named venv"; exit 1; }}; exec "{sys.executable}" "$@"'
    )
    done = manage(machine, "start")
    assert done.returncode == 1
    assert "python3-venv" in done.stderr


def test_a_folder_that_cannot_be_written_to_is_named(machine: Path) -> None:
    tool(machine, "python3", f'exec "{sys.executable}" "$@"')
    (machine / "var").write_text("in the way of a folder, for root too")
    done = manage(machine, "start")
    assert done.returncode == 1
    assert str(machine) in done.stderr


def test_stopping_before_the_first_start_is_fine(machine: Path) -> None:
    assert manage(machine, "stop").returncode == 0


def test_asking_before_the_first_start_says_what_to_do(machine: Path) -> None:
    done = manage(machine, "status")
    assert done.returncode == 1
    assert "./manage_all.sh start" in done.stderr


def test_the_menu_names_every_command(machine: Path) -> None:
    shown = manage(machine, "help")
    assert shown.returncode == 0
    assert all(word in shown.stdout for word in ["start", "stop", "restart", "status", "logs", "test", "check", "help"])
    assert manage(machine, "dance").returncode == 2
