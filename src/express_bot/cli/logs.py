"""``express-bot logs``: the last lines of one program or of all, and what follows."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path
from typing import Annotated

import typer

from express_bot.cli.console import Json, Problem, say_json, told
from express_bot.settings import Settings, get_settings

PROGRAMS = ("postgres", "core", "gateway", "emulator", "worker", "supervisord")
LOOK_EVERY = 0.5


def register(app: typer.Typer) -> None:
    app.command("logs", help=told("help.logs"))(logs)


def logs(
    program: Annotated[str | None, typer.Argument(help=told("help.logs_program"))] = None,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help=told("help.logs_lines"))] = 50,
    follow: Annotated[bool, typer.Option("--follow", "-f", help=told("help.logs_follow"))] = False,
    json: Json = False,
) -> None:
    """Print the end of the logs; with ``--follow`` until interrupted."""
    files = _files(get_settings(), program)
    if json:
        say_json({file.stem: tail(file, lines) for file in files})
        return
    for file in files:
        _print(file.stem, tail(file, lines), named=len(files) > 1)
    if follow:
        _follow(files)


def _files(settings: Settings, program: str | None) -> list[Path]:
    if program is not None and program not in PROGRAMS:
        raise Problem("unknown_program", program=program, known=", ".join(PROGRAMS))
    folder = settings.var_dir / "logs"
    files = [folder / f"{name}.log" for name in ([program] if program else PROGRAMS)]
    found = [file for file in files if file.exists()]
    if not found:
        raise Problem("no_logs", path=folder)
    return found


def tail(file: Path, lines: int) -> list[str]:
    """The last lines of a file of any size."""
    with file.open(encoding="utf-8", errors="replace") as stream:
        return [line.rstrip("\n") for line in deque(stream, maxlen=lines)]


def _print(name: str, lines: list[str], *, named: bool) -> None:
    for line in lines:
        print(f"{name:<12} {line}" if named else line, flush=True)


def _follow(files: list[Path]) -> None:
    """Print what is added, also after the file was rotated away."""
    places = {file: file.stat().st_size for file in files}
    try:
        while True:
            time.sleep(LOOK_EVERY)
            for file, place in places.items():
                places[file] = _print_new(file, place, named=len(files) > 1)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _print_new(file: Path, place: int, *, named: bool) -> int:
    size = file.stat().st_size if file.exists() else 0
    if size == place:
        return place
    with file.open("rb") as stream:
        stream.seek(place if size > place else 0)
        _print(file.stem, stream.read().decode("utf-8", "replace").splitlines(), named=named)
    return size
