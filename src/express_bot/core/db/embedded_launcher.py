"""Becomes the PostgreSQL server: clears what a crash left behind, gives up root, then replaces itself by ``postgres``.

``python -m express_bot.core.db.embedded_launcher [--with-parent] [--user NAME] DATA_DIR COMMAND …``. Supervisor starts
the server this way, so each restart after a ``kill -9`` or a power cut goes through the same clearing up. Imports stay
few: this program is on the way of every restart.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

ORPHANS_MAY_LIVE = 5.0
PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 28, 47, 2
# Without it the kernel clears what we keep at the change of user, and again whenever a program asks access(2).
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_SETPCAP = 1, 2, 8
CAPABILITY_VERSION_3 = 0x20080522


# ── What a crash leaves ──────────────────────────────────────────────────────────────────────────────────────────────


def clear_leftovers(data_dir: Path, socket_lock: Path | None = None) -> None:
    """Remove lock files whose server is gone.

    PostgreSQL clears its own stale lock, except when another process has been given the same number since, which is
    usual after a power cut or in a container: then it would refuse to start for ever.
    """
    for lock in filter(None, (data_dir / "postmaster.pid", socket_lock)):
        pid = first_number(lock)
        if pid is not None and not is_server_of(pid, data_dir):
            lock.unlink(missing_ok=True)
    end_orphans(data_dir)


def first_number(lock: Path) -> int | None:
    """The process number a lock file of PostgreSQL begins with."""
    try:
        return int(lock.read_text(encoding="ascii", errors="replace").split()[0])
    except (OSError, ValueError, IndexError):
        return None


def is_server_of(pid: int, data_dir: Path) -> bool:
    """Whether this process is a PostgreSQL working in that data folder."""
    try:
        process = psutil.Process(pid)
        return "postgres" in process.name() and Path(process.cwd()) == data_dir.resolve()
    except psutil.Error:
        return False


def end_orphans(data_dir: Path) -> None:
    """End backends that outlived a killed postmaster: they hold shared memory, and the new server waits for it."""
    deadline = time.monotonic() + ORPHANS_MAY_LIVE
    while orphans := _orphans(data_dir):
        late = time.monotonic() > deadline
        for orphan in orphans:
            _signal(orphan, signal.SIGKILL if late else signal.SIGQUIT)
        time.sleep(0.05)


def _orphans(data_dir: Path) -> list[psutil.Process]:
    living = first_number(data_dir / "postmaster.pid")
    if living is not None:
        return []
    return [process for process in psutil.process_iter() if is_server_of(process.pid, data_dir)]


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    with suppress(psutil.Error):  # it may have ended by itself
        process.send_signal(number)


# ── Giving up root ───────────────────────────────────────────────────────────────────────────────────────────────────


class _CapHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapData(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def become(user: str, paths: list[Path]) -> None:
    """Run on as ``user``, for PostgreSQL refuses root.

    Where a folder above the data or the binaries is closed to that user (a checkout in ``/root``), the server keeps
    the one capability that passes closed folders; opening root's folders to everybody would be worse.
    """
    entry = pwd.getpwnam(user)
    kept = _needed_capability() if any(closed_to(entry, path) for path in paths) else None
    libc = ctypes.CDLL(None, use_errno=True)
    if kept is not None and libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    os.initgroups(user, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    os.environ["HOME"] = entry.pw_dir
    if kept is not None:
        _keep_capability(libc, kept)


def closed_to(entry: pwd.struct_passwd, path: Path) -> Path | None:
    """The first folder on the way to ``path`` that this user cannot pass, if any."""
    groups = set(os.getgrouplist(entry.pw_name, entry.pw_gid))
    for folder in reversed(path.resolve().parents):
        status = folder.stat()
        if status.st_uid == entry.pw_uid:
            needed = stat.S_IXUSR
        else:
            needed = stat.S_IXGRP if status.st_gid in groups else stat.S_IXOTH
        if not status.st_mode & needed:
            return folder
    return None


def can_pass_closed_folders() -> bool:
    """Whether this process holds a capability it can leave to the server (Linux, root, not taken away by a jail)."""
    return _needed_capability() is not None


def _needed_capability() -> int | None:
    permitted = _permitted_capabilities()
    if not permitted & 1 << CAP_SETPCAP:
        return None
    return next((cap for cap in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE) if permitted & 1 << cap), None)


def _permitted_capabilities() -> int:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1], 16) for line in lines if line.startswith("CapPrm:")), 0)


def _keep_capability(libc: ctypes.CDLL, capability: int) -> None:
    """Drop all capabilities but one, and let that one survive ``exec`` (the kernel's "ambient" set)."""
    header = _CapHeader(CAPABILITY_VERSION_3, 0)
    data = (_CapData * 2)()
    data[0].effective = data[0].permitted = data[0].inheritable = 1 << capability
    if libc.capset(ctypes.byref(header), data):
        raise OSError(ctypes.get_errno(), "capset")
    if libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def _die_with_parent() -> None:
    """A throwaway server must not outlive the test run or command that started it (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)


# ── The program ──────────────────────────────────────────────────────────────────────────────────────────────────────


def main(arguments: list[str]) -> None:
    """Clear up, give up root, become the server."""
    with_parent, user = False, None
    while arguments[0].startswith("--"):
        option = arguments.pop(0)
        if option == "--with-parent":
            with_parent = True
        else:
            user = arguments.pop(0)
    socket_lock, data_dir, *command = arguments
    clear_leftovers(Path(data_dir), Path(socket_lock))
    if user:
        become(user, [Path(data_dir), Path(socket_lock), Path(command[0])])
    if with_parent:  # after the change of user, which clears it
        _die_with_parent()
    os.execv(command[0], command)  # noqa: S606 # our own list of arguments


if __name__ == "__main__":
    main(sys.argv[1:])
