"""One process group of the product under a keeper that does what supervisor does: brings back what has ended."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from threading import Event, Lock, Thread

import psutil

#: A program that ends right after its start is not started again at once: supervisor's back-off, shortened.
TOO_SOON, PAUSE = 0.3, 0.2


class Aim(StrEnum):
    """What a signal is aimed at."""

    GROUP = "group"
    MAIN = "main"
    CHILD = "child"


class Program:
    """A program that is kept running until it is told to stop."""

    def __init__(
        self,
        name: str,
        command: list[str],
        *,
        environment: dict[str, str],
        folder: Path,
        log: Path,
        stop_signal: str = "TERM",
        stop_seconds: int = 30,
        is_target: Callable[[psutil.Process], bool] = lambda child: True,
    ) -> None:
        """``is_target`` tells which of its children a shot at ``Aim.CHILD`` may hit."""
        self.name, self.log = name, log
        self._command, self._environment, self._folder = command, environment, folder
        self._stop_signal = signal.Signals[f"SIG{stop_signal}"]
        self._stop_seconds = stop_seconds
        self._is_target = is_target
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()
        self._wanted = Event()
        self._keeper: Thread | None = None
        self.starts = 0

    # ── running ──

    def start(self) -> None:
        """Start it and keep it running from now on; returns at once."""
        if self._wanted.is_set():
            return
        self._wanted.set()
        self._spawn()
        self._keeper = Thread(target=self._keep, name=f"keeper of {self.name}", daemon=True)
        self._keeper.start()

    def _spawn(self) -> None:
        with self._lock:
            if not self._wanted.is_set():
                return
            self.log.parent.mkdir(parents=True, exist_ok=True)
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    self._command,
                    env=self._environment,
                    cwd=self._folder,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            self.starts += 1

    def _keep(self) -> None:
        while self._wanted.is_set():
            started = time.monotonic()
            assert self._process is not None
            self._process.wait()
            if time.monotonic() - started < TOO_SOON:
                time.sleep(PAUSE)
            self._spawn()

    @property
    def pid(self) -> int:
        """The main process, which also names the group."""
        assert self._process is not None, f"{self.name} was never started"
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether its main process lives."""
        return self._process is not None and self._process.poll() is None

    def targets(self) -> list[psutil.Process]:
        """The children that do the work: granian's worker, PostgreSQL's backends."""
        with suppress(psutil.Error):
            return [child for child in psutil.Process(self.pid).children() if self._may_be_hit(child)]
        return []

    def _may_be_hit(self, child: psutil.Process) -> bool:
        try:
            return child.status() != psutil.STATUS_ZOMBIE and self._is_target(child)
        except psutil.Error:
            return False

    # ── harm ──

    def kill(self, aim: Aim = Aim.GROUP) -> bool:
        """``kill -9``; returns whether something was hit, once it is really gone. The keeper brings it back."""
        process = self._process
        assert process is not None, f"{self.name} was never started"
        if aim is Aim.CHILD:
            return self._kill_child()
        if process.poll() is not None:
            return False
        with suppress(ProcessLookupError):
            (os.killpg if aim is Aim.GROUP else os.kill)(process.pid, signal.SIGKILL)
            process.wait()
            return True
        return False

    def kill_for_good(self) -> bool:
        """``kill -9`` of the whole group, and nobody brings it back."""
        with self._lock:
            self._wanted.clear()
        return self.kill()

    def _kill_child(self) -> bool:
        targets = self.targets()
        if not targets:
            return False
        victim = random.choice(targets)
        with suppress(psutil.Error):
            victim.kill()
            psutil.wait_procs([victim], timeout=5)
            return True
        return False

    def freeze(self) -> None:
        """SIGSTOP: the whole group stands still, holding whatever it holds."""
        os.killpg(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT after ``freeze``."""
        os.killpg(self.pid, signal.SIGCONT)

    # ── the polite ways ──

    def terminate(self) -> None:
        """Ask the group to end, the way the supervisor does; returns at once and the keeper brings it back."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, self._stop_signal)

    def restart(self) -> None:
        """Ask it to end and wait until its successor has been started (which is not yet: until it serves)."""
        before = self.starts
        self.terminate()
        deadline = time.monotonic() + self._stop_seconds
        while self.starts == before:
            assert time.monotonic() < deadline, f"{self.name} does not end when it is told to"
            time.sleep(0.01)

    def stop(self) -> None:
        """End it for good, with everything it has started."""
        with self._lock:
            self._wanted.clear()
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGCONT)
            os.killpg(self._process.pid, self._stop_signal)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(self._stop_seconds)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._keeper is not None:
            self._keeper.join()
            self._keeper = None

    def last_lines(self, count: int = 30) -> str:
        """The end of its log, for a failing test to show."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
