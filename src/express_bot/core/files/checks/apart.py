"""The process in which files are looked into: ``python -m express_bot.core.files.checks.apart SOCKET``.

It has loaded what the checks need and nothing of the house: no settings, no secrets, no way to the database. For each
line that the core gives it, it makes a child of itself, with hard limits. The child says one word of each file that is
given to it there; after a no it is gone. Whatever a file does to its child, neither this process nor the core feels it.
A child ends when the core closes its line, this process when the core closes its own.

A child may begin while its file is still arriving: it reads as far as it has been told that there is something to read.
"""

from __future__ import annotations

import gc
import io
import json
import os
import resource
import signal
import socket
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NoReturn

from express_bot.contracts.errors import AppError, FileUncheckable
from express_bot.core.files import checks

#: What one file may cost: memory beyond what this process has itself, processor time, and time on the wall.
MEMORY = 44 << 20
PROCESSOR_SECONDS = 10
SECONDS = 30.0
#: So long a child waits for the next file.
IDLE = 60.0
#: A picture without its notes is shorter than it was, but for a few bytes.
LARGEST = 24 << 20
#: The length of a file and how much of it is there; with them come the file and, if it begins like a picture, the
#: place for what is left of it. ``THERE`` follows while more arrives, to the last byte. A line of JSON answers.
ASKED, THERE = struct.Struct(">QQ"), struct.Struct(">Q")


def main(line: socket.socket) -> None:
    """Takes files in until nobody asks any more."""
    for stop in (signal.SIGTERM, signal.SIGINT):  # the core ends the checks under way first, then the line
        signal.signal(stop, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, _bury)
    _warm_up()
    gc.collect()
    gc.freeze()  # the children share these pages
    while lines := socket.recv_fds(line, 1, 1)[1]:
        if os.fork() == 0:
            line.close()
            _child(lines[0])
        os.close(lines[0])


def _bury(*_: object) -> None:
    """Children that are done; what they have cost counts as ours from here on."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _warm_up() -> None:
    """What is prepared at the first use is prepared here, once, and not in every child."""
    for start in (b"%PDF-1.7\n%%EOF", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04"):
        with suppress(AppError):
            checks.kind_of(io.BytesIO(start), len(start))
    json.dumps({"peak": _peak(), "used": _in_use()})


def _child(descriptor: int) -> NoReturn:
    try:
        _limit()
        with socket.socket(fileno=descriptor) as line:
            while _is_fine(line):
                signal.setitimer(signal.ITIMER_REAL, IDLE)
    finally:  # also without a word: the silence is heard
        os._exit(0)


def _is_fine(line: socket.socket) -> bool:
    """Judges the next file; whether there was one, and nothing was wrong with it."""
    asked, files, _, _ = socket.recv_fds(line, ASKED.size, 2)
    if not asked:
        return False
    signal.setitimer(signal.ITIMER_REAL, 0)
    size, there = ASKED.unpack(asked)
    with Arriving(files[0], size, there, line) as content:
        told = judge(content, size, *files[1:])
        fine = "kind" in told
        if fine:
            content.wait_for_all()
    line.sendall(json.dumps(told | {"peak": _peak()}).encode() + b"\n")
    return fine


class Arriving(io.FileIO):
    """A file that is still being written by somebody else: who reads waits until the bytes are there."""

    def __init__(self, file: int, size: int, there: int, line: socket.socket) -> None:
        super().__init__(file, "rb")
        self._size, self._there, self._line = size, there, line
        self._ensure_end()

    def read(self, length: int | None = -1, /) -> bytes:
        """As a file does; raises ``EOFError`` when the sender gives up."""
        self._wait_for(self._size if length is None or length < 0 else self.tell() + length)
        return super().read(length)

    def wait_for_all(self) -> None:
        """Hears out what is told of this file: what comes after that is the next one."""
        self._wait_for(self._size)

    def _wait_for(self, place: int) -> None:
        while self._there < min(place, self._size):
            said = self._line.recv(THERE.size << 9)  # whole numbers, of which the last one counts
            if not said:
                raise EOFError
            (self._there,) = THERE.unpack(said[-THERE.size :])
            self._ensure_end()

    def _ensure_end(self) -> None:
        """Once all is there, time runs. Nobody catches this signal: it kills."""
        if self._there >= self._size:
            signal.setitimer(signal.ITIMER_REAL, SECONDS)


def _limit() -> None:
    """The kernel's word, not ours: nothing that a file sets in motion gets beyond it."""
    limits = {
        resource.RLIMIT_AS: _in_use() + MEMORY,
        resource.RLIMIT_CPU: PROCESSOR_SECONDS,
        resource.RLIMIT_FSIZE: LARGEST,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        with suppress(ValueError):  # another system's own, lower limit
            resource.setrlimit(limit, (most, most))
    with suppress(OSError):  # if memory is short in the whole house, this one goes first
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _in_use() -> int:
    """Bytes of address space that this process has taken already."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:  # no such place on this system: room for an interpreter
        return 256 << 20
    return pages * resource.getpagesize()


def _peak() -> int:
    """The most memory that was resident, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most << 10


def judge(content: IO[bytes], size: int, into: int | None = None) -> dict[str, Any]:
    """What is said of one file: its kind and whether ``into`` has what is kept of it, or why it is refused."""
    try:
        if into is None:
            return {"kind": checks.kept_as_it_is(content, size), "stripped": False}
        with os.fdopen(into, "w+b", buffering=0) as bare:
            bare.seek(0)
            bare.truncate()  # a child before this one may have been ended in the middle
            kind = checks.kind_of(content, size)
            return {"kind": kind, "stripped": checks.strip(kind, content, size, bare)}
    except AppError as refusal:
        return {"refused": refusal.code}
    except MemoryError:
        return {"refused": FileUncheckable.code, "reason": "memory"}
    except Exception as failure:  # a defect of ours is told to the core, which writes it down
        return {"refused": FileUncheckable.code, "reason": f"{type(failure).__name__}: {failure}"[:200]}


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as given:
        main(given)
