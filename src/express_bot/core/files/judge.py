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
from typing import IO, Any, Self

from express_bot.contracts import errors
from express_bot.core.files.checks.apart import ASKED, SECONDS, THERE
from express_bot.observability.logs import logger

#: The child ends by itself before; who waits longer waits for a process that stands still.
PATIENCE = SECONDS + 5
#: A file that comes a little at a time is told of in steps.
STEP = 256 << 10
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


class Gone(Exception):
    """The process, not the file, is to blame."""


class Judge:
    """The process behind its line."""

    def __init__(self, program: str = "express_bot.core.files.checks.apart") -> None:
        self._program = program
        self._lock = Lock()
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def hearing(self, file: IO[bytes], into: IO[bytes], *, size: int | None) -> Hearing:
        """Opens the case of a file of ``size`` bytes, if that is known yet; to be used in a ``with``."""
        return Hearing(self, file, into, size)

    def ask(self, file: IO[bytes], into: IO[bytes], *, size: int, there: int) -> socket.socket:
        """Gives a file of which the first bytes are there to a child; returns the line to it. Raises ``Gone``."""
        try:
            ours, theirs = socket.socketpair()
        except OSError as none_left:
            raise Gone from none_left
        with theirs:
            try:
                self._send(ASKED.pack(size, there), [file.fileno(), into.fileno(), theirs.fileno()])
            except Gone:
                ours.close()
                raise
        return ours

    def hear(self, line: socket.socket) -> bytes:
        """What the child says; nothing if it was ended before it could.

        Raises ``Gone``, and ``StorageUnavailable`` when the whole process stands still.
        """
        line.settimeout(PATIENCE)
        try:
            said = _all(line)
        except TimeoutError:
            self.close()
            raise errors.StorageUnavailable from None
        if not said and not self._is_there():
            raise Gone
        return said

    def _is_there(self) -> bool:
        """Whether the process lives. One that is just dying has let go of its line before anybody can see it dead."""
        process, line = self._process, self._line
        return process is not None and line is not None and process.poll() is None and _is_held(line)

    def _send(self, asked: bytes, files: list[int]) -> None:
        with self._lock:
            try:
                if not self._is_there():
                    self._start()
                assert self._line is not None, "just started"
                socket.send_fds(self._line, [asked], files)
            except OSError as broken:
                raise Gone from broken

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


class Hearing:
    """One file before the judge, who looks into it while it is still arriving."""

    def __init__(self, judge: Judge, file: IO[bytes], into: IO[bytes], size: int | None) -> None:
        self._judge, self._file, self._into, self._size = judge, file, into, size
        self._line: socket.socket | None = None
        self._told = 0

    def __enter__(self) -> Self:
        if (self._size or 0) > STEP:  # the child is made while the first bytes are still on their way
            with suppress(OSError, Gone):
                self._tell(0)
        return self

    def __exit__(self, *_: object) -> None:
        self._forget_line()

    def _forget_line(self) -> None:
        """A child that still waits for more ends here."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def arrived(self, there: int) -> None:
        """So many bytes are in the file. Nothing that goes wrong is told before the verdict."""
        if self._size is None or there - self._told < STEP:
            return
        with suppress(OSError, Gone):
            self._tell(there)

    def _tell(self, there: int) -> None:
        assert self._size is not None, "nobody is asked before"
        self._told = there
        if self._line is None:
            self._line = self._judge.ask(self._file, self._into, size=self._size, there=there)
        else:
            self._line.send(THERE.pack(there))

    def verdict(self, size: int, *, meanwhile: Callable[[], None] = lambda: None) -> Verdict:
        """Judges the file, which is whole; of a picture ``into`` then holds what may be kept.

        ``meanwhile`` is done while waiting. Raises ``FileTypeRefused``, ``FileDamaged``, ``FileBomb``, and
        ``FileUncheckable`` for a file that took more time or memory than any honest one, or that brought its child
        down; ``StorageUnavailable`` if there is no judge.
        """
        told = self.told(size, meanwhile=meanwhile)
        if "kind" in told:
            return Verdict(**told)
        if "reason" in told:
            log.warning("a file could not be checked", reason=told["reason"])
        raise _REFUSALS[told["refused"]]

    def told(self, size: int, *, meanwhile: Callable[[], None] = lambda: None) -> dict[str, Any]:
        """What the child says of the whole file, in its own words; raises ``StorageUnavailable``."""
        for _ in range(2):
            try:
                said = self._said(size, meanwhile)
            except Gone:
                log.warning("the process that checks files is gone, and started anew")
                self._forget_line()
            else:
                return dict(json.loads(said or _SILENCE))
        raise errors.StorageUnavailable

    def _said(self, size: int, meanwhile: Callable[[], None]) -> bytes:
        self._size = size
        with suppress(OSError):  # it has said its word already
            self._tell(size)
        meanwhile()
        assert self._line is not None, "just asked"
        return self._judge.hear(self._line)


def _environment() -> dict[str, str]:
    told = {name: os.environ[name] for name in _TOLD if name in os.environ}
    return told | {"PYTHONPATH": os.pathsep.join(str(Path(place).resolve()) for place in sys.path if place)}


def _is_held(line: socket.socket) -> bool:
    """Whether the far end is open. Nothing is ever said there: what could be read is its end."""
    try:
        return line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def _all(line: socket.socket) -> bytes:
    said = b""
    with suppress(ConnectionResetError):
        while part := line.recv(4096):
            said += part
    return said


#: One for all of this process.
JUDGE = Judge()
atexit.register(JUDGE.close)
