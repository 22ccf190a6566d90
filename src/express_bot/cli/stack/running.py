"""How the product was started and where it listens: written down, because the settings may have changed since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from express_bot.settings import Settings


def remember(settings: Settings) -> None:
    _file(settings).write_bytes(orjson.dumps(_facts(settings)))


def forget(settings: Settings) -> None:
    _file(settings).unlink(missing_ok=True)


def is_remembered(settings: Settings) -> bool:
    return _file(settings).exists()


def as_started(settings: Settings) -> Settings:
    """The settings with the mode and doors of the running product."""
    known = _read(settings)
    if not known or known == _facts(settings):
        return settings
    own_address = settings.public_url == f"http://localhost:{settings.bot_port}"
    public = f"http://localhost:{known['bot_port']}" if own_address else settings.public_url
    return settings.model_copy(update={**known, "public_url": public})


def _facts(settings: Settings) -> dict[str, Any]:
    names = ("mode", "bot_port", "core_port", "emulator_port", "bind_host")
    return {name: getattr(settings, name) for name in names}


def _read(settings: Settings) -> dict[str, Any]:
    try:
        known = orjson.loads(_file(settings).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return known if isinstance(known, dict) and known.keys() == _facts(settings).keys() else {}


def _file(settings: Settings) -> Path:
    return settings.var_dir / "running.json"
