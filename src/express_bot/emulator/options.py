"""What the local messenger is told at its start: a handful of values from the environment, nothing else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID

from express_bot.emulator.texts import text


class Refused(Exception):
    """The local messenger does not start; the message is the sentence that says why."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(text(f"refused.{code}").format(**params))


@dataclass(frozen=True)
class Options:
    """The messenger's own address, and the bot it serves."""

    bot_id: UUID
    secret_key: str = field(repr=False)
    port: int = 8080
    #: Where the bot takes commands; a path is allowed.
    bot_url: str = "http://localhost:5006"
    #: Where the SmartApp's page and the product's own API are.
    app_url: str = "http://localhost:5006"
    #: The messenger's name in tokens and events: a name without a port, the same everywhere.
    host: str = "localhost"

    @property
    def url(self) -> str:
        """The messenger's origin."""
        return f"http://{self.host}:{self.port}"


def read(environ: Mapping[str, str] = os.environ) -> Options:
    """The options of this process; raises ``Refused``."""
    if environ.get("EXPRESS_BOT_MODE", "").strip() == "production":
        raise Refused("production")
    bot_url = _address(environ, "BOT_URL", "http://localhost:5006")
    return Options(
        bot_id=_bot_id(environ),
        secret_key=_required(environ, "EXPRESS_SECRET_KEY"),
        port=_port(environ),
        bot_url=bot_url,
        app_url=_address(environ, "APP_URL", bot_url),
    )


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise Refused("missing", name=name)
    return value


def _bot_id(environ: Mapping[str, str]) -> UUID:
    try:
        return UUID(_required(environ, "EXPRESS_BOT_ID"))
    except ValueError:
        raise _malformed("EXPRESS_BOT_ID") from None


def _port(environ: Mapping[str, str]) -> int:
    value = environ.get("EMULATOR_PORT", "").strip() or "8080"
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        raise _malformed("EMULATOR_PORT")
    return int(value)


def _address(environ: Mapping[str, str], name: str, default: str) -> str:
    value = (environ.get(name, "").strip() or default).rstrip("/")
    address = urlsplit(value)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise _malformed(name)
    return value


def _malformed(name: str) -> Refused:
    return Refused("malformed", name=name, hint=text(f"hint.{name}"))
