"""Are our ports free, and who sits on them if not."""

from __future__ import annotations

import socket

import psutil

from express_bot.cli.console import Problem
from express_bot.settings import Settings


def ensure_free(settings: Settings) -> None:
    """Raise a ``Problem`` that names the first busy port, its holder, and the setting to change."""
    for setting, host, port in doors(settings):
        if not is_free(host, port):
            raise busy(setting, port)


def doors(settings: Settings) -> list[tuple[str, str, int]]:
    """What we listen on: setting, address, port."""
    ours = [("BOT_PORT", settings.bind_host, settings.bot_port), ("CORE_PORT", "127.0.0.1", settings.core_port)]
    return [*ours, ("EMULATOR_PORT", "127.0.0.1", settings.emulator_port)] if settings.mode == "demo" else ours


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens there. Asked by listening: the server itself would share the port with a second one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except PermissionError as error:
            raise Problem("port_forbidden", port=port) from error
        except OSError:
            return False
    return True


def busy(setting: str, port: int) -> Problem:
    holder = _holder(port)
    if holder is None:
        return Problem("port_busy", port=port, setting=setting)
    return Problem("port_busy_by", port=port, setting=setting, program=holder.name(), pid=holder.pid)


def _holder(port: int) -> psutil.Process | None:
    """The listening process; only root may see those of others."""
    try:
        for connection in psutil.net_connections("tcp"):
            listening = connection.status == psutil.CONN_LISTEN and connection.laddr[1:2] == (port,)
            if listening and connection.pid:
                return psutil.Process(connection.pid)
    except (psutil.Error, OSError):
        pass
    return None
