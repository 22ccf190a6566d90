"""Our supervisord: start it, ask it, end it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from http.client import HTTPException
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

import psutil
from supervisor.xmlrpc import SupervisorTransport

from express_bot.cli.console import Problem
from express_bot.cli.stack.programs import configuration, environment
from express_bot.settings import SUPERVISOR_SOCKET, Settings, runtime_dir

READY_WITHIN = 10.0
#: Longer than the longest stop of the programs, one after another.
STOPPED_WITHIN = 130.0


class Supervisor:
    """The supervisord of one ``var`` folder, over its local socket."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = runtime_dir(settings.var_dir, SUPERVISOR_SOCKET)
        self._socket = self._folder / "s"

    def is_running(self) -> bool:
        """Whether it answers."""
        try:
            return bool(self._call("supervisor.getState")["statename"] == "RUNNING")
        except (OSError, HTTPException, Fault):
            return False

    def start(self) -> None:
        """Bring it up with no program started yet; it goes on by itself when we end."""
        self._make_folders()
        config = self._settings.var_dir / "supervisor.conf"
        config.write_text(configuration(self._settings), encoding="utf-8")
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(config)]
        done = subprocess.run(
            command,
            env=environment(self._settings),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise Problem("supervisor_not_started", reason=(done.stdout + done.stderr).strip()[-300:])
        self._wait_for_answer()

    def _make_folders(self) -> None:
        self._folder.mkdir(exist_ok=True, mode=0o700)
        if self._folder.is_symlink() or self._folder.lstat().st_uid != os.geteuid():
            raise Problem("database_socket_taken", path=self._folder)
        (self._settings.var_dir / "logs").mkdir(exist_ok=True, mode=0o750)

    def _wait_for_answer(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while not self.is_running():
            if time.monotonic() > deadline:
                raise Problem("supervisor_not_started", reason="")
            time.sleep(0.03)

    def start_program(self, name: str) -> None:
        """Ask for a program without waiting; one that already runs is left alone."""
        if self.state(name) in ("STOPPED", "EXITED", "FATAL", "UNKNOWN"):
            self._call("supervisor.startProcess", name, False)

    def state(self, name: str) -> str:
        """The supervisor's word about one program: RUNNING, STARTING, BACKOFF …"""
        return str(self._call("supervisor.getProcessInfo", name)["statename"])

    def programs(self) -> list[dict[str, Any]]:
        """Every program with state, process number and the moment of its start."""
        found: list[dict[str, Any]] = self._call("supervisor.getAllProcessInfo")
        return found

    def shutdown(self) -> None:
        """Stop every program in order, then itself; returns when its process is gone."""
        pid = self._call("supervisor.getPID")
        self._call("supervisor.shutdown")
        deadline = time.monotonic() + STOPPED_WITHIN
        while _is_alive(pid) and time.monotonic() < deadline:
            time.sleep(0.03)

    def log_of(self, name: str) -> Path:
        return self._settings.var_dir / "logs" / f"{name}.log"

    def _call(self, method: str, *arguments: object) -> Any:
        """One call; a connection is made for each, because the supervisor may have been replaced in between."""
        transport = SupervisorTransport(None, None, f"unix://{self._socket}")
        try:
            return getattr(ServerProxy("http://localhost", transport=transport), method)(*arguments)
        finally:
            transport.close()


def _is_alive(pid: int) -> bool:
    """An ended process that nobody has collected yet does nothing more."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
