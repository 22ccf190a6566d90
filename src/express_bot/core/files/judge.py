"""The core's side of the checks: a file goes to a process of its own (``checks.apart``), a word comes back.

The process is started with the first file, shared by all threads, and started anew when it is gone. What happens to it
while it looks at a file happens to that file alone: it is refused, and the core lives on.
"""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import IO, Any

from express_bot.contracts import errors
from express_bot.core.files.checks.apart import ASKED, SECONDS
from express_bot.observability.logs import logger

#: The child ends by itself before; who waits longer waits for a process that stands still.
PATIENCE = SECONDS + 5
#: All that the process gets to know of our environment; the mark by which leftovers are found is among it.
_TOLD = ("PATH", "LANG", "LD_LIBRARY_PATH", "MALLOC_ARENA_MAX", "EXPRESS_BOT_INSTANCE")
_REFUSALS = {
    refusal.code: refusal
    for refusal in (errors.FileTypeRefused, errors.FileDamaged, errors.FileBomb, errors.FileUncheckable)
}
#: What a child means that was ended before it could say a word.
_SILENCE = json.dumps({"refused": errors.FileUncheckable.code, "reason": "ended"})

log = logger(__name__)


@dataclass(frozen=True)
class Verdict:
    """A file that is what it should be: its kind, whether something was left out of it, and what looking cost."""

    kind: str
    stripped: bool
    peak: int
    """The most memory that the child had, in bytes."""


class _Gone(Exception):
    """The process, not the file, is to blame."""


class Judge:
    """The process behind its line."""

    def __init__(self, program: str = "express_bot.core.files.checks.apart") -> None:
        self._program = program
        self._lock = Lock()
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def examine(
        self, file: IO[bytes], size: int, into: IO[bytes], *, meanwhile: Callable[[], None] = lambda: None
    ) -> Verdict:
        """Judges a whole file; of a picture ``into`` then holds what may be kept. ``meanwhile`` is done while waiting.

        Raises ``FileTypeRefused``, ``FileDamaged``, ``FileBomb``, and ``FileUncheckable`` for a file that took more
        time or memory than any honest one, or that brought its child down; ``StorageUnavailable`` if there is no judge.
        """
        told = self.hear(file, size, into, meanwhile=meanwhile)
        if "kind" in told:
            return Verdict(**told)
        if "reason" in told:
            log.warning("a file could not be checked", reason=told["reason"])
        raise _REFUSALS[told["refused"]]

    def hear(
        self, file: IO[bytes], size: int, into: IO[bytes], *, meanwhile: Callable[[], None] = lambda: None
    ) -> dict[str, Any]:
        """What the child says of a file, in its own words; raises ``StorageUnavailable``."""
        for _ in range(2):
            try:
                said = self._ask(file, size, into, meanwhile)
            except _Gone:
                log.warning("the process that checks files is gone, and started anew")
            else:
                return dict(json.loads(said or _SILENCE))
        raise errors.StorageUnavailable

    def _ask(self, file: IO[bytes], size: int, into: IO[bytes], meanwhile: Callable[[], None]) -> bytes:
        """What the child says; nothing if it was ended before it could. Raises ``_Gone``."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._send(size, [file.fileno(), into.fileno(), theirs.fileno()])
            meanwhile()
            ours.settimeout(PATIENCE)
            try:
                said = _all(ours)
            except TimeoutError:
                self.close()
                raise errors.StorageUnavailable from None
        if not said and not self._is_there():
            raise _Gone
        return said

    def _is_there(self) -> bool:
        """Whether the process lives: its children alone would serve one file each."""
        process = self._process
        return process is not None and process.poll() is None

    def _send(self, size: int, files: list[int]) -> None:
        with self._lock:
            if not self._is_there():
                self._start()
            assert self._line is not None, "just started"
            try:
                socket.send_fds(self._line, [ASKED.pack(size)], files)
            except OSError as broken:
                raise _Gone from broken

    def _start(self) -> None:
        self._bury()
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._program, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd="/",
                env=_environment(),
            )

    def close(self) -> None:
        """Ends the process; the next file starts it anew."""
        with self._lock:
            self._bury()

    def _bury(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def _environment() -> dict[str, str]:
    told = {name: os.environ[name] for name in _TOLD if name in os.environ}
    return told | {"PYTHONPATH": os.pathsep.join(str(Path(place).resolve()) for place in sys.path if place)}


def _all(line: socket.socket) -> bytes:
    said = b""
    with suppress(ConnectionResetError):
        while part := line.recv(4096):
            said += part
    return said


#: One for all of this process.
JUDGE = Judge()
atexit.register(JUDGE.close)
