"""Every knob of the product: typed, read once, secrets masked. ``express-bot settings`` prints them.

A value comes from the environment, from ``.env`` in the working folder, or, for a secret, from the file that
``<NAME>_FILE`` points to. What is careless does not start (``refusals.py``).
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit
from uuid import UUID

import yaml
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from express_bot.domain import calendar, notices, rates, reminders
from express_bot.domain.retries import PAUSES, schedule_of
from express_bot.refusals import reasons

Locale = Literal["ru", "en"]

#: The demo's invented coordinator; nobody reads it (RFC 2606).
DEMO_CONTACT = "planning@airline.example"
#: The specification's bot: published, so only the demo may use it.
DEMO_BOT_ID = "00c46d64-1127-5a96-812d-3d8b27c58b99"
#: Where links into the messenger start, unless a server has a name of its own for them.
LINKS = "https://xlnk.ms"
TELEGRAM_API = "https://api.telegram.org"
REDIS_SCHEMES = ("redis", "rediss", "unix")
_TELEGRAM_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,100}")
#: What Telegram can put into the header of its calls.
_HEADER_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
# A unix socket's whole path must fit 107 bytes on Linux and 103 on macOS; the name PostgreSQL adds takes 15.
MAX_SOCKET_DIR_BYTES = 84
POSTGRES_SOCKET = "postgres-socket"
SUPERVISOR_SOCKET = "supervisor"


class SettingsError(Exception):
    """The product cannot start with these settings; ``sentences`` say why and what to do, one each."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def speaking_locale() -> Locale:
    """The operator's language: Russian unless ``EXPRESS_BOT_LOCALE`` or ``LANG`` asks for English."""
    wanted = os.environ.get("EXPRESS_BOT_LOCALE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or "ru"
    return "en" if wanted.lower().startswith("en") else "ru"


def sentence(code: str, **params: object) -> str:
    """A sentence of the settings catalog in the operator's language."""
    catalog = Path(__file__).parent / "defaults" / "texts" / f"settings.{speaking_locale()}.yaml"
    texts: dict[str, str] = yaml.safe_load(catalog.read_text(encoding="utf-8"))
    return texts[code].format(**params)


def _named(name: str, default: Any = ..., **rules: Any) -> Any:
    """A setting that the environment calls ``name`` and the code by its own short name."""
    return Field(default=default, validation_alias=name, **rules)


class Settings(BaseSettings):
    """Every knob of the product; the environment's names stand beside the code's."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    mode: Literal["demo", "test", "production"] = _named("EXPRESS_BOT_MODE", "demo")
    var_dir: Path = _named("EXPRESS_BOT_VAR", Path("var"))
    database_url: SecretStr | None = _named("DATABASE_URL", None)
    database_pool: int = _named("DATABASE_POOL", 8, ge=1, le=50)
    core_port: int = _named("CORE_PORT", 5002, ge=1, le=65535)
    core_threads: int = _named("CORE_THREADS", 8, ge=1, le=64)
    flask_api_url: str = _named("FLASK_API_URL", "")
    bot_port: int = _named("BOT_PORT", 5006, ge=1, le=65535)
    bind_host: str = _named("BIND_HOST", "127.0.0.1")
    public_url: str = _named("PUBLIC_URL", "")
    frame_ancestors: str = _named("FRAME_ANCESTORS", "")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = _named("LOG_LEVEL", "INFO")
    session_timeout: int = _named("SESSION_TIMEOUT", 3600, ge=60)
    service_key: SecretStr = _named("CORE_SERVICE_KEY", SecretStr(""))
    organisation_name: str = _named("ORGANISATION_NAME", "")
    coordinator_contact: str = _named("COORDINATOR_CONTACT", "")
    default_locale: Locale = _named("DEFAULT_LOCALE", "ru")
    default_timezone: str = _named("DEFAULT_TIMEZONE", "Europe/Moscow")
    quiet_hours: str = _named("QUIET_HOURS", "22:00-08:00")
    reminders_before: str = _named("REMINDERS_BEFORE", "48 6")
    draft_reminder_before: int = _named("DRAFT_REMINDER_BEFORE", 24, ge=0, le=999)
    digest_at: str = _named("DIGEST_AT", "09:00")
    holidays_country: str = _named("HOLIDAYS_COUNTRY", "RU")
    express_bot_id: str | None = _named("EXPRESS_BOT_ID", None)
    express_secret_key: SecretStr | None = _named("EXPRESS_SECRET_KEY", None)
    express_secret_key_old: SecretStr | None = _named("EXPRESS_SECRET_KEY_OLD", None)
    express_bot_token: SecretStr | None = _named("EXPRESS_BOT_TOKEN", None)
    express_botx_url: str | None = _named("EXPRESS_BOTX_URL", None)
    express_auth_version: Literal["v1", "v2"] = _named("EXPRESS_AUTH_VERSION", "v2")
    express_proof_lifetime: int = _named("EXPRESS_PROOF_LIFETIME", 120, ge=10, le=3600)
    express_allowed_sources: str = _named("EXPRESS_ALLOWED_SOURCES", "")
    express_link_url: str = _named("EXPRESS_LINK_URL", "")
    telegram_bot_token: SecretStr | None = _named("TELEGRAM_BOT_TOKEN", None)
    telegram_api_url: str = _named("TELEGRAM_API_URL", TELEGRAM_API)
    telegram_webhook_secret: SecretStr | None = _named("TELEGRAM_WEBHOOK_SECRET", None)
    telegram_polling: Literal["auto", "on", "off"] = _named("TELEGRAM_POLLING", "auto")
    telegram_newcomers: Literal["link", "welcome"] = _named("TELEGRAM_NEWCOMERS", "link")
    telegram_details: bool = _named("TELEGRAM_DETAILS", default=False)
    telegram_mini_app: str = _named("TELEGRAM_MINI_APP", "", pattern=r"^\w{0,64}$")
    retry_pauses: str = _named("RETRY_PAUSES", " ".join(f"{seconds:g}" for seconds in PAUSES))
    notify_fallback_seconds: int = _named("NOTIFY_FALLBACK_SECONDS", 900, ge=10, le=86_400)
    notify_alert_seconds: int = _named("NOTIFY_ALERT_SECONDS", 300, ge=10, le=86_400)
    files_url: str = _named("FILES_URL", "")
    files_quota_mb: int = _named("FILES_QUOTA_MB", 500, ge=20, le=1_000_000)
    files_loose: int = _named("FILES_LOOSE", 20, ge=1, le=1_000)
    redis_url: SecretStr | None = _named("REDIS_URL", None)
    rate_limits: str = _named("RATE_LIMITS", "")
    scan_socket: str = _named("SCAN_SOCKET", "", pattern=r"^(unix:///.+|tcp://[^/]+:[0-9]+)?$")
    emulator_port: int = _named("EMULATOR_PORT", 8080, ge=1, le=65535)
    webhook_url: str | None = _named("WEBHOOK_URL", None)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 # a folder of secrets, which we do not have
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The named file of a secret comes last: a value given directly wins over it."""
        return init_settings, env_settings, dotenv_settings, SecretFiles(settings_cls)

    @field_validator("log_level", mode="before")
    @classmethod
    def _log_level_in_any_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("default_timezone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        return notices.time_zone(value).key

    @field_validator("quiet_hours")
    @classmethod
    def _quiet_hours_are_hours(cls, value: str) -> str:
        notices.quiet_hours(value)
        return value

    @field_validator("reminders_before")
    @classmethod
    def _reminders_are_hours(cls, value: str) -> str:
        reminders.hours_before(value)
        return value

    @field_validator("digest_at")
    @classmethod
    def _digest_has_a_time(cls, value: str) -> str:
        notices.wall_clock(value)
        return value

    @field_validator("holidays_country")
    @classmethod
    def _country_has_a_calendar(cls, value: str) -> str:
        country = value.upper()
        if country != calendar.COUNTRY:  # the library is large: it is asked only about what we do not know
            calendar.is_working_day(date(2027, 1, 1), country)
        return country

    @field_validator("express_bot_id")
    @classmethod
    def _bot_id_is_a_uuid(cls, value: str | None) -> str | None:
        return value if value is None else str(UUID(value))

    @field_validator("express_allowed_sources")
    @classmethod
    def _sources_are_networks(cls, value: str) -> str:
        return " ".join(str(ipaddress.ip_network(network, strict=False)) for network in value.split())

    @field_validator("telegram_bot_token")
    @classmethod
    def _token_is_one_of_botfathers(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and _TELEGRAM_TOKEN.fullmatch(value.get_secret_value()) is None:
            raise ValueError
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _secret_fits_into_telegrams_header(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and _HEADER_SECRET.fullmatch(value.get_secret_value()) is None:
            raise ValueError
        return value

    @field_validator("telegram_api_url")
    @classmethod
    def _telegram_api_is_an_address(cls, value: str) -> str:
        address = urlsplit(value.rstrip("/"))
        if address.scheme not in ("http", "https") or not address.hostname or address.query or address.fragment:
            raise ValueError
        return address.geturl()

    @field_validator("retry_pauses")
    @classmethod
    def _pauses_grow(cls, value: str) -> str:
        schedule_of(value)
        return value

    @field_validator("files_url")
    @classmethod
    def _files_lie_somewhere(cls, value: str) -> str:
        address = urlsplit(value)
        is_folder = address.scheme == "file" and not address.netloc and address.path.startswith("/")
        if value and not is_folder and not (address.scheme == "s3" and address.netloc):
            raise ValueError
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis_is_an_address(cls, value: SecretStr | None) -> SecretStr | None:
        address = urlsplit(value.get_secret_value()) if value else None
        if address is not None and not (address.scheme in REDIS_SCHEMES and (address.hostname or address.path)):
            raise ValueError
        return value

    @field_validator("rate_limits")
    @classmethod
    def _rates_are_rates(cls, value: str) -> str:
        rates.table(value)
        return value

    @field_validator("var_dir")
    @classmethod
    def _var_dir_is_absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @model_validator(mode="after")
    def _fill_what_follows(self) -> Settings:
        self.flask_api_url = (self.flask_api_url or f"http://127.0.0.1:{self.core_port}").rstrip("/")
        if self.mode == "demo":
            self._fill_the_demo()
        self.files_url = self.files_url or (self.var_dir / "files").as_uri()
        self.frame_ancestors = self.frame_ancestors.strip() or "'none'"
        self.express_link_url = (self.express_link_url or LINKS).rstrip("/")
        self.public_url = (self.public_url or f"http://localhost:{self.bot_port}").rstrip("/")
        if self.mode != "production" and not self.service_key.get_secret_value():
            self.service_key = SecretStr(generated_secret(self.secrets_dir / "service_key"))
        if self.mode != "production" and self.speaks_telegram and not reveal(self.telegram_webhook_secret):
            self.telegram_webhook_secret = SecretStr(generated_secret(self.secrets_dir / "telegram_webhook_secret"))
        return self

    def _fill_the_demo(self) -> None:
        """The demo brings its own messenger: everything that a real eXpress server would be asked for."""
        self.coordinator_contact = self.coordinator_contact or DEMO_CONTACT
        self.frame_ancestors = self.frame_ancestors or self.emulator_url
        self.express_botx_url = self.express_botx_url or self.emulator_url
        self.express_link_url = self.express_link_url or self.emulator_url
        self.express_bot_id = self.express_bot_id or DEMO_BOT_ID
        if not reveal(self.express_secret_key):
            self.express_secret_key = SecretStr(generated_secret(self.secrets_dir / "express_secret_key"))

    @property
    def emulator_url(self) -> str:
        """The local messenger's origin; by name, because everything that carries a host must carry the same one."""
        return f"http://localhost:{self.emulator_port}"

    @property
    def cts_url(self) -> str:
        """The eXpress server's origin: the libraries append complete paths, so a trailing ``/api/botx`` is dropped."""
        return (self.express_botx_url or "").rstrip("/").removesuffix("/api/botx")

    @property
    def speaks_express(self) -> bool:
        """Whether a bot account is configured; only then anything of eXpress is imported."""
        return bool(self.express_bot_id and reveal(self.express_secret_key) and self.express_botx_url)

    @property
    def speaks_telegram(self) -> bool:
        """Whether a bot is configured; only then anything of Telegram is imported."""
        return bool(reveal(self.telegram_bot_token))

    @property
    def messengers(self) -> frozenset[str]:
        """The channels that this house speaks to."""
        spoken = {"express": self.speaks_express, "telegram": self.speaks_telegram}
        return frozenset(channel for channel, is_spoken in spoken.items() if is_spoken)

    @property
    def retry_schedule(self) -> tuple[float, ...]:
        """Seconds before the second try, the third …"""
        return schedule_of(self.retry_pauses)

    @property
    def telegram_webhook_url(self) -> str:
        """Where Telegram brings its updates, when it can reach us."""
        given = (self.webhook_url or "").rstrip("/").removesuffix("/webhook")
        return f"{given or self.public_url}/webhook/telegram"

    @property
    def polls_telegram(self) -> bool:
        """Whether updates are fetched: Telegram brings them to https addresses only."""
        if self.telegram_polling == "auto":
            return not self.telegram_webhook_url.startswith("https://")
        return self.telegram_polling == "on"

    @property
    def welcomed(self) -> frozenset[str]:
        """Messengers that vouch for their people: whoever comes from there is an employee at once."""
        return frozenset({"express", "telegram"} if self.telegram_newcomers == "welcome" else {"express"})

    @property
    def is_demo(self) -> bool:
        """Demo and test mode: learning data, demo logins and a clock that can be set."""
        return self.mode != "production"

    @property
    def rates(self) -> Mapping[str, rates.Rate]:
        """How often one may call. A machine that tests calls as often as it can: there only proofs are counted."""
        return rates.table(self.rate_limits, only=rates.OF_PROOFS if self.mode == "test" else tuple(rates.SHIPPED))

    @property
    def embedded_database(self) -> bool:
        """No ``DATABASE_URL``: the product runs its own PostgreSQL in ``var``."""
        return self.database_url is None

    @property
    def secrets_dir(self) -> Path:
        return self.var_dir / "secrets"

    @property
    def demo_clock_file(self) -> Path:
        """Where the demo's set clock lives; it outlives a restart and every process sees the same time."""
        return self.var_dir / "demo-clock.json"

    def dsn(self) -> str:
        """The libpq DSN of the database: the one place that knows whether it is ours or given."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return socket_dsn(socket_dir(self.var_dir), "express_bot")


def reveal(secret: SecretStr | None) -> str | None:
    """The value of an optional secret."""
    return secret.get_secret_value() if secret else None


class SecretFiles(DotEnvSettingsSource):
    """``<NAME>_FILE`` for every secret, from the environment or ``.env`` (Docker and Kubernetes mount secrets so)."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The first line's worth of the named file; an unreadable file stops the start by name."""
        variable = f"{field.validation_alias}_FILE"
        path = os.environ.get(variable) or self.env_vars.get(variable.lower())
        if not path or not is_secret(field):
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError([sentence("secret_file_unreadable", variable=variable, path=path)]) from error

    def __call__(self) -> dict[str, Any]:
        """Every secret whose file is named."""
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value}


def is_secret(field: FieldInfo) -> bool:
    """Whether a setting's value may never be shown."""
    return field.annotation is SecretStr or SecretStr in get_args(field.annotation)


def runtime_dir(var_dir: Path, name: str) -> Path:
    """A folder for local sockets: inside ``var``, or a short stand-in when that is too long for a socket's path."""
    own = var_dir.absolute() / name
    if len(os.fsencode(own)) <= MAX_SOCKET_DIR_BYTES:
        return own
    digest = hashlib.sha256(os.fsencode(own)).hexdigest()[:16]
    return Path("/tmp") / f"express-bot-{digest}"  # noqa: S108 # ownership and mode are checked where it is made


def clear_runtime_dir(var_dir: Path, name: str) -> None:
    """Remove a short stand-in after the last use; a folder inside ``var`` stays."""
    folder = runtime_dir(var_dir, name)
    if folder.parent != var_dir.absolute():
        shutil.rmtree(folder, ignore_errors=True)


def socket_dir(var_dir: Path) -> Path:
    """The folder of the embedded PostgreSQL's socket."""
    return runtime_dir(var_dir, POSTGRES_SOCKET)


def socket_dsn(directory: Path, dbname: str) -> str:
    """A DSN over a local socket; quoted, for paths may hold spaces, and complete, so PG* variables change nothing."""
    host = str(directory).replace("\\", "\\\\").replace("'", "\\'")
    return f"host='{host}' port=5432 dbname={dbname} user=postgres"


def generated_secret(path: Path) -> str:
    """The secret kept in ``path``; made at first use, 0600, never by two processes at once."""
    try:
        if not path.exists():
            _write_secret(path)
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingsError([sentence("secret_not_kept", path=path, reason=error.strerror)]) from error


def _write_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass  # another process was faster: its secret is the one
    finally:
        draft.unlink()


# ── Reading them ─────────────────────────────────────────────────────────────────────────────────────────────────────


def refusals(settings: Settings) -> list[str]:
    """Why the product must not start with these settings, one sentence each; empty means it may (trust.md §5)."""
    return [sentence(code, **params) for code, params in reasons(settings)]


def load_settings(**overrides: Any) -> Settings:
    """Read and judge the settings; raises SettingsError with every reason at once, and never with a value."""
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        raise SettingsError([_malformed(detail["loc"]) for detail in error.errors()]) from None
    if refused := refusals(settings):
        raise SettingsError(refused)
    return settings


def _malformed(location: tuple[int | str, ...]) -> str:
    name = str(location[0]) if location else ""
    field = Settings.model_fields.get(name)
    variable = str(field.validation_alias) if field else name
    return sentence("malformed", name=variable, hint=sentence(f"hint_{variable.upper()}"))


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return load_settings()
