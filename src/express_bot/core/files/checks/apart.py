"""The process in which files are looked into: ``python -m express_bot.core.files.checks.apart SOCKET``.

It has loaded what the checks need and nothing of the house: no settings, no secrets, no way to the database. It keeps a
few children of itself ready, with hard limits; each takes one file, says one word and is gone. Whatever a file does to
its child, neither this process nor the core feels it. All of them end when the core closes its end of the line.
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
from typing import Any, NoReturn

from express_bot.contracts.errors import AppError, FileUncheckable
from express_bot.core.files import checks

#: What one file may cost: memory beyond what this process has itself, processor time, and time on the wall.
MEMORY = 44 << 20
PROCESSOR_SECONDS = 10
SECONDS = 30.0
#: How many files are looked into at once; nobody waits for a child to be made.
READY = 2
#: The word of a child that found nobody at the line, or could not even listen.
OVER = 3
#: A picture without its notes is shorter than it was, but for a few bytes.
LARGEST = 24 << 20
#: The length of a file; with it come the file, the place for what is left of a picture, and the line for the answer.
ASKED = struct.Struct(">Q")


def main(line: socket.socket) -> None:
    """Takes files in until nobody asks any more."""
    for stop in (signal.SIGTERM, signal.SIGINT):  # the core ends the checks under way first, then the line
        signal.signal(stop, signal.SIG_IGN)
    _warm_up()
    gc.collect()
    gc.freeze()  # the children share these pages
    ready: set[int] = set()
    while True:
        while len(ready) < READY:
            if (child := os.fork()) == 0:
                _child(line)
            ready.add(child)
        child, status = os.wait()  # what it has cost counts as ours from here on
        ready.discard(child)
        if os.waitstatus_to_exitcode(status) == OVER:
            return


def _warm_up() -> None:
    """What is prepared at the first use is prepared here, once, and not in every child."""
    for start in (b"%PDF-1.7\n%%EOF", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04"):
        with suppress(AppError):
            checks.kind_of(io.BytesIO(start), len(start))
    json.dumps({"peak": _peak(), "used": _in_use()})


def _child(line: socket.socket) -> NoReturn:
    said = OVER
    try:
        _limit()
        asked, files, _, _ = socket.recv_fds(line, ASKED.size, 3)
        if asked:
            said = 0
            signal.setitimer(signal.ITIMER_REAL, SECONDS)  # nobody catches it: it kills
            file, into, answer = files
            told = judge(ASKED.unpack(asked)[0], file, into)
            os.write(answer, json.dumps(told | {"peak": _peak()}).encode())
    finally:  # also without a word: the silence is heard
        os._exit(said)


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


def judge(size: int, file: int, into: int) -> dict[str, Any]:
    """What is said of one file: its kind and whether ``into`` has what is kept of it, or why it is refused."""
    try:
        with os.fdopen(file, "rb", buffering=0) as content, os.fdopen(into, "w+b", buffering=0) as bare:
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
