"""What must not start: the rules that judge the settings before anything else happens (trust.md §5).

A reason is the code of a sentence of the settings catalog and what fills it; ``settings.refusals`` says them aloud.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretStr

if TYPE_CHECKING:
    from express_bot.settings import Settings

MIN_SECRET_BYTES = 32
# SHA-256 of values that were ever printed (the specification's bot id, secret and token, examples of documents):
# everybody has them, so nobody may use them for real.
KNOWN_LEAKED = frozenset(
    {
        "31abe1c2848e059fa414a78840c1b5e458aba29881a47453108a3c126712d044",
        "d972c56e25a21bb252a513907c8f6347b8f47cb04eb8fff06987700c68f71fa2",
        "b83fbd91d1fc55b16e10f9f56fc3743c2d84dbed0cec62f2464ccab0b2c4d17b",
    }
)

#: Secrets whose strength is in the operator's hand; a bot's token is made by its messenger.
MADE_BY_US = ("CORE_SERVICE_KEY", "EXPRESS_SECRET_KEY", "EXPRESS_SECRET_KEY_OLD", "TELEGRAM_WEBHOOK_SECRET")

Reason = tuple[str, dict[str, object]]


def reasons(settings: Settings) -> Iterator[Reason]:
    """Why the product must not start with these settings; none means it may."""
    yield from _everywhere(settings)
    yield from _in_production(settings) if settings.mode == "production" else _in_demo(settings)


def _everywhere(settings: Settings) -> Iterator[Reason]:
    if settings.bot_port == settings.core_port:
        yield "same_port", {"port": settings.bot_port}
    if settings.mode == "demo" and settings.emulator_port in (settings.bot_port, settings.core_port):
        yield "same_port_emulator", {"port": settings.emulator_port}


def _in_demo(settings: Settings) -> Iterator[Reason]:
    """Demo logins ask for no password, so nobody outside this machine may reach them."""
    if not _is_loopback(settings.bind_host):
        yield "demo_not_loopback", {"host": settings.bind_host}


def _in_production(settings: Settings) -> Iterator[Reason]:
    yield from _careless_secrets(settings)
    yield from _careless_addresses(settings)
    yield from _leftovers_of_demo(settings)
    yield from _careless_machine(settings)


def _careless_secrets(settings: Settings) -> Iterator[Reason]:
    given = dict(_given_secrets(settings))
    if "CORE_SERVICE_KEY" not in given:
        yield "secret_missing", {"name": "CORE_SERVICE_KEY"}
    if settings.speaks_telegram and not settings.polls_telegram and "TELEGRAM_WEBHOOK_SECRET" not in given:
        yield "secret_missing", {"name": "TELEGRAM_WEBHOOK_SECRET"}
    for name, value in given.items():
        if is_known_leaked(value):
            yield "secret_published", {"name": name}
        elif name in MADE_BY_US and _is_weak(value):
            yield "secret_weak", {"name": name, "bytes": MIN_SECRET_BYTES}
    if len(set(given.values())) < len(given):
        yield "secret_repeated", {}


def _given_secrets(settings: Settings) -> Iterator[tuple[str, str]]:
    secrets = {
        "CORE_SERVICE_KEY": settings.service_key,
        "EXPRESS_SECRET_KEY": settings.express_secret_key,
        "EXPRESS_SECRET_KEY_OLD": settings.express_secret_key_old,
        "EXPRESS_BOT_TOKEN": settings.express_bot_token,
        "EXPRESS_BOT_ID": settings.express_bot_id,
        "TELEGRAM_BOT_TOKEN": settings.telegram_bot_token,
        "TELEGRAM_WEBHOOK_SECRET": settings.telegram_webhook_secret,
    }
    for name, secret in secrets.items():
        if value := secret.get_secret_value() if isinstance(secret, SecretStr) else secret:
            yield name, value


def is_known_leaked(value: str) -> bool:
    """Whether a value was ever printed in a document everybody can read."""
    return hashlib.sha256(value.strip().lower().encode()).hexdigest() in KNOWN_LEAKED


def _is_weak(value: str) -> bool:
    """Too short, or typed by hand: 32 random bytes never come down to a handful of different characters."""
    return len(value.encode()) < MIN_SECRET_BYTES or len(set(value)) < 8


def _careless_addresses(settings: Settings) -> Iterator[Reason]:
    address = urlsplit(settings.public_url)
    if address.scheme != "https":
        yield "public_url_not_https", {}
    elif (address.hostname or "").endswith(".trycloudflare.com"):
        yield "public_url_quick_tunnel", {}
    if "*" in settings.frame_ancestors.split():
        yield "frame_ancestors_wildcard", {}
    if settings.express_botx_url and _is_loopback(urlsplit(settings.express_botx_url).hostname or ""):
        yield "emulator_in_production", {}
    if not _keeps_secrets(settings.telegram_api_url):
        yield "telegram_api_not_https", {}
    if settings.redis_url and not _is_guarded(settings.redis_url.get_secret_value()):
        yield "redis_without_password", {}


def _is_guarded(url: str) -> bool:
    """Whether not everybody who reaches this Redis may read it: a password, or nobody else reaches it."""
    address = urlsplit(url)
    return bool(address.password) or address.scheme == "unix" or _is_loopback(address.hostname or "")


def _keeps_secrets(url: str) -> bool:
    """Whether a token in a call's path stays secret: encrypted, or never outside of our own network."""
    address = urlsplit(url)
    host = address.hostname or ""
    try:
        is_inside = ipaddress.ip_address(host).is_private
    except ValueError:
        is_inside = "." not in host
    return address.scheme == "https" or is_inside


def _leftovers_of_demo(settings: Settings) -> Iterator[Reason]:
    if settings.log_level == "DEBUG":
        yield "debug_on", {"name": "LOG_LEVEL"}
    if os.environ.get("FLASK_DEBUG", "0").lower() not in ("", "0", "false", "no"):
        yield "debug_on", {"name": "FLASK_DEBUG"}
    if settings.demo_clock_file.exists():
        yield "demo_clock", {"path": settings.demo_clock_file}


def _careless_machine(settings: Settings) -> Iterator[Reason]:
    if os.geteuid() == 0:
        yield "running_as_root", {}
    if settings.var_dir.exists() and settings.var_dir.stat().st_mode & stat.S_IRWXO:
        yield "var_world_readable", {"path": settings.var_dir}


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
