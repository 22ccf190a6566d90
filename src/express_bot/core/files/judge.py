"""The core's side of the checks: a file goes to a process of its own (``checks.apart``), a word comes back.

The process is started with the first file, shared by all threads, and started anew when it is gone; its children do the
looking. What happens to a child while it looks at a file happens to that file alone: it is refused, and the core lives
on. A child that had nothing to say against a file looks at the next one of the same person, never at anybody else's:
whatever one file may leave behind meets nobody's but its own sender's.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import IO

from express_bot.contracts import errors
from express_bot.core.files.checks.apart import ASKED, SECONDS, THERE

#: The child ends by itself before; who waits longer waits for a process that stands still.
PATIENCE = SECONDS + 5
#: So many files one child looks at, and so many children wait for a file.
FILES, WAITING = 20, 4
#: All that the process gets to know of our environment; the mark by which leftovers are found is among it.
_TOLD = ("PATH", "LANG", "LD_LIBRARY_PATH", "MALLOC_ARENA_MAX", "EXPRESS_BOT_INSTANCE")


class Gone(Exception):
    """The process, not the file, is to blame."""


class Judge:
    """The process behind its line."""

    def __init__(self, program: str = "express_bot.core.files.checks.apart") -> None:
        self._program = program
        self._lock = Lock()
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._idle: list[Child] = []

    def child(self, owner: object, *, fresh: bool = False) -> Child:
        """One that has looked at files of this person before, or a new one; raises ``Gone``."""
        return (None if fresh else self._known(owner)) or self._made(owner)

    def _known(self, owner: object) -> Child | None:
        with self._lock:
            for child in filter(lambda one: one.owner == owner, reversed(self._idle)):
                self._idle.remove(child)
                if _is_held(child.line):
                    return child
                child.close()
            return None

    def _made(self, owner: object) -> Child:
        try:
            ours, theirs = socket.socketpair()
        except OSError as none_left:
            raise Gone from none_left
        with theirs:
            try:
                self._send(theirs.fileno())
            except Gone:
                ours.close()
                raise
        return Child(ours, owner)

    def keep(self, child: Child) -> None:
        """It may wait for another file, unless it has seen many; those that have waited longest make room."""
        child.files += 1
        with self._lock:
            self._idle.append(child)
            leaving = [one for one in self._idle if one.files >= FILES] or self._idle[:-WAITING]
            self._idle = [one for one in self._idle if one not in leaving]
        for one in leaving:
            one.close()

    def hear(self, child: Child) -> bytes:
        """What the child says; nothing if it was ended before it could.

        Raises ``Gone``, and ``StorageUnavailable`` when the whole process stands still.
        """
        try:
            said = child.answer()
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

    def _send(self, line: int) -> None:
        with self._lock:
            try:
                if not self._is_there():
                    self._start()
                assert self._line is not None, "just started"
                socket.send_fds(self._line, [b"."], [line])
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
        while self._idle:
            self._idle.pop().close()
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@dataclass(eq=False)
class Child:
    """A child of the process, behind a line of its own."""

    line: socket.socket
    owner: object
    """Whose files it looks at."""
    files: int = 0
    """How many it has let pass."""

    def ask(self, files: list[IO[bytes]], *, size: int, there: int) -> None:
        """Gives it a file of which the first bytes are there, and a place for a copy; raises ``OSError``."""
        socket.send_fds(self.line, [ASKED.pack(size, there)], [file.fileno() for file in files])

    def tell(self, there: int) -> None:
        """So many bytes are there now; raises ``OSError``."""
        self.line.send(THERE.pack(there))

    def answer(self) -> bytes:
        """Its word; nothing if it was ended before. Raises ``TimeoutError``."""
        self.line.settimeout(PATIENCE)
        said = b""
        with suppress(ConnectionResetError):
            while not said.endswith(b"\n") and (part := self.line.recv(4096)):
                said += part
        self.line.settimeout(None)
        return said if said.endswith(b"\n") else b""

    def close(self) -> None:
        """It ends, whatever it is doing."""
        self.line.close()


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


#: One for all of this process.
JUDGE = Judge()
atexit.register(JUDGE.close)
