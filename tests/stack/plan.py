"""What a stack is told: settings on free ports, and an environment without the developer's own."""

from __future__ import annotations

import itertools
import os
import random
from pathlib import Path
from typing import Any

from express_bot.cli.stack import ports, programs
from express_bot.settings import Settings
from tests.emulator.serving import BOT_ID, SECRET_KEY
from tests.telegram_double import TOKEN

ROOT = Path(__file__).parents[2]
#: Settings of the developer's own shell that must not reach a stack of tests.
FOREIGN = (
    *("DATABASE_URL", "SESSION_TIMEOUT", "PUBLIC_URL", "CORE_SERVICE_KEY", "LOG_LEVEL", "BIND_HOST"),
    *("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL", "TELEGRAM_WEBHOOK_SECRET", "TELEGRAM_POLLING", "TELEGRAM_NEWCOMERS"),
    *("TELEGRAM_DETAILS", "TELEGRAM_MINI_APP", "WEBHOOK_URL"),
    *("EXPRESS_BOT_ID", "EXPRESS_SECRET_KEY", "EXPRESS_SECRET_KEY_OLD", "EXPRESS_BOTX_URL"),
    *("EXPRESS_LINK_URL", "EXPRESS_AUTH_VERSION"),
)
#: The public address of a stack that Telegram brings updates to.
SITE = "https://bot.example.test"
KNOWN_PORTS = range(15_000, 32_000)


def make_settings(var_dir: Path, *, express: bool) -> Settings:
    """Ports of its own, a database of its own; with ``express`` an account at a local messenger of its own."""
    core_port, bot_port, emulator_port = free_ports(3)
    return Settings(
        mode="test",
        var_dir=var_dir,
        core_port=core_port,
        bot_port=bot_port,
        emulator_port=emulator_port,
        _env_file=None,
        database_url=None,
        **_account(f"http://localhost:{emulator_port}", known=express),
    )


def _account(address: str, *, known: bool) -> dict[str, Any]:
    if not known:
        return dict.fromkeys(("express_bot_id", "express_secret_key", "express_secret_key_old", "express_botx_url"))
    links = {"express_botx_url": address, "express_link_url": address}
    return links | {"express_bot_id": BOT_ID, "express_secret_key": SECRET_KEY}


def make_environment(settings: Settings) -> dict[str, str]:
    """What the supervisor would tell its programs, and the settings of this stack."""
    told = {
        "EXPRESS_BOT_MODE": "test",
        "CORE_PORT": str(settings.core_port),
        "BOT_PORT": str(settings.bot_port),
        "FLASK_API_URL": settings.flask_api_url,
    }
    if settings.speaks_express:
        told |= {"EXPRESS_BOTX_URL": settings.cts_url, "EXPRESS_LINK_URL": settings.express_link_url}
        told |= {"FRAME_ANCESTORS": settings.emulator_url}
        told |= programs.emulator_environment(settings)
    made = programs.environment(settings)
    path = os.pathsep.join([made["PYTHONPATH"], str(ROOT)])  # tests bring modules of their own for the core
    kept = {name: value for name, value in made.items() if name not in FOREIGN and not name.startswith("PG")}
    return kept | told | {"PYTHONPATH": path}


def telegram_environment(api_url: str) -> dict[str, str]:
    """A bot at a Bot API server of ours, and a public address that updates may be brought to."""
    return {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": api_url, "PUBLIC_URL": SITE}


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now.

    Below those that the system gives to outgoing connections: while a killed program is away, one of these could sit
    on its port, or a caller that keeps knocking could even be connected to itself.
    """
    candidates = iter(random.sample(KNOWN_PORTS, len(KNOWN_PORTS)))
    return list(itertools.islice(filter(lambda port: ports.is_free("127.0.0.1", port), candidates), count))
