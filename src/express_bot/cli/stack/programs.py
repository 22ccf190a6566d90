"""What runs: one program per process of the house, as supervisor starts it."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

import express_bot
from express_bot.core.db.embedded import EmbeddedPostgres
from express_bot.settings import SUPERVISOR_SOCKET, Settings, reveal, runtime_dir

#: The mark in the environment of everything we start, by which leftovers are found after a kill.
INSTANCE = "EXPRESS_BOT_INSTANCE"
#: So much of a long body a server hands on at a time, where it comes that fast; short ones take what they need.
BUFFER = 1 << 20


@dataclass(frozen=True)
class Program:
    """One program of the supervisor; stopped from the highest ``priority`` down: doors first, database last."""

    name: str
    command: list[str]
    priority: int
    stop_signal: str = "TERM"
    stop_seconds: int = 30


def programs(settings: Settings) -> list[Program]:
    """The programs for these settings; the local messenger belongs to the demo alone."""
    python = sys.executable
    found = [
        Program("core", [python, *_core(settings)], 200),
        Program("gateway", [python, *_gateway(settings)], 300),
        Program("worker", [python, "-m", "express_bot.worker"], 400),
    ]
    if settings.mode == "demo":
        found.insert(2, Program("emulator", [python, "-m", "express_bot.emulator"], 350))
    if settings.embedded_database:
        postgres = EmbeddedPostgres(settings.var_dir)
        found.insert(0, Program("postgres", postgres.command(), 100, stop_signal="INT"))
    return found


def services(settings: Settings) -> list[str]:
    """Names of what is started once the database is there and migrated."""
    return [program.name for program in programs(settings) if program.name != "postgres"]


def _core(settings: Settings) -> list[str]:
    threads = str(settings.core_threads)
    return [
        *_granian("wsgi", "127.0.0.1", settings.core_port),
        *("--blocking-threads", threads, "--blocking-threads-idle-timeout", "600"),
        "express_bot.core.wsgi:app",
    ]


def _gateway(settings: Settings) -> list[str]:
    return [*_granian("asgi", settings.bind_host, settings.bot_port), "express_bot.gateway.asgi:app"]


def _granian(interface: str, host: str, port: int) -> list[str]:
    """One worker that is replaced at once when it dies, and gets time to finish its calls when it is told to go."""
    return [
        *("-m", "granian", "--interface", interface, "--host", host, "--port", str(port)),
        *("--http", "1", "--no-ws", "--workers", "1", "--runtime-threads", "1"),
        *("--respawn-failed-workers", "--respawn-interval", "0.1", "--workers-kill-timeout", "20"),
        *("--backlog", "2048", "--log-level", "warning"),
        *("--http1-buffer-size", str(BUFFER)),
    ]


def environment(settings: Settings) -> dict[str, str]:
    """What every program gets to know. Commands travel here too: no character of a path needs escaping for an ini."""
    return {
        **os.environ,
        INSTANCE: str(settings.var_dir),
        "EXPRESS_BOT_VAR": str(settings.var_dir),
        "EXPRESS_BOT_HOME": str(Path.cwd()),
        "EXPRESS_BOT_RUN": str(runtime_dir(settings.var_dir, SUPERVISOR_SOCKET)),
        "PYTHONPATH": _python_path(),
        # glibc gives each thread an arena of its own; two are enough and save tens of megabytes
        "MALLOC_ARENA_MAX": "2",
        **(emulator_environment(settings) if settings.mode == "demo" else {}),
        **{_command_variable(program.name): shlex.join(program.command) for program in programs(settings)},
    }


def emulator_environment(settings: Settings) -> dict[str, str]:
    """What the local messenger is told: it reads no settings, and a secret never stands in a command."""
    return {
        "EMULATOR_PORT": str(settings.emulator_port),
        "EXPRESS_BOT_ID": settings.express_bot_id or "",
        "EXPRESS_SECRET_KEY": reveal(settings.express_secret_key) or "",
        "BOT_URL": f"http://localhost:{settings.bot_port}",
        "APP_URL": settings.public_url,
    }


def _command_variable(name: str) -> str:
    return f"EXPRESS_BOT_COMMAND_{name.upper()}"


def _python_path() -> str:
    """Our sources first, also when the package was never installed."""
    own = str(Path(express_bot.__file__).parents[1])
    given = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and path != own]
    return os.pathsep.join([own, *given])


def configuration(settings: Settings) -> str:
    """The supervisor's configuration; ``%(ENV_…)s`` is filled by the supervisor itself."""
    return "\n".join([_HOUSE, *map(_section, programs(settings))])


_HOUSE = """\
; Made by `express-bot up` at every start: change settings, not this file.
[supervisord]
logfile=%(ENV_EXPRESS_BOT_VAR)s/logs/supervisord.log
logfile_maxbytes=5MB
logfile_backups=2
pidfile=%(ENV_EXPRESS_BOT_VAR)s/supervisord.pid
childlogdir=%(ENV_EXPRESS_BOT_VAR)s/logs
identifier=express-bot
umask=077

[unix_http_server]
file=%(ENV_EXPRESS_BOT_RUN)s/s
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[rpcinterface:wakeup]
supervisor.rpcinterface_factory=express_bot.cli.stack.wakeup:make_interface

[supervisorctl]
serverurl=unix://%(ENV_EXPRESS_BOT_RUN)s/s
"""


def _section(program: Program) -> str:
    """Restarted for ever: a database that is away for an hour must not end the house."""
    return f"""\
[program:{program.name}]
command=%(ENV_{_command_variable(program.name)})s
directory=%(ENV_EXPRESS_BOT_HOME)s
priority={program.priority}
autostart=false
autorestart=true
startsecs=1
startretries=1000000
stopsignal={program.stop_signal}
stopwaitsecs={program.stop_seconds}
stopasgroup=true
killasgroup=true
redirect_stderr=true
stdout_logfile=%(ENV_EXPRESS_BOT_VAR)s/logs/{program.name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=5
"""
