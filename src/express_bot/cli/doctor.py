"""``express-bot doctor``: looks for the cause; every finding says what, why it matters, and the exact fix."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import psycopg
import typer

from express_bot.cli import redis, telegram
from express_bot.cli.console import LABEL_WIDTH, STATUS_WIDTH, Json, Problem, say, say_json, told
from express_bot.cli.database import business_time, reachable
from express_bot.cli.stack import ports
from express_bot.cli.stack.supervision import Supervisor
from express_bot.core.db import overview
from express_bot.core.db.embedded import EmbeddedPostgresError
from express_bot.core.db.session import connect
from express_bot.core.leases import repository as leases
from express_bot.core.periods import repository as periods
from express_bot.domain.periods import state
from express_bot.emulator.page_files import FOLDER as MESSENGER_PAGE
from express_bot.gateway.spa import FOLDER as SPA
from express_bot.settings import Settings, SettingsError, get_settings, load_settings

OLDEST_PYTHON = (3, 11)
LOW_DISK = 1 << 30
CLOCK_TOLERANCE = 5.0


@dataclass(frozen=True)
class Finding:
    """One checked point; ``code`` names its sentences, and unless all is well also why and how."""

    group: str
    status: Literal["ok", "attention", "error", "unknown"]
    code: str
    facts: dict[str, Any] = field(default_factory=dict)

    def words(self, part: str) -> str:
        return told(f"doctor.{self.code}.{part}", **self.facts)


Check = Callable[[Settings], Iterator[Finding]]


def register(app: typer.Typer) -> None:
    app.command("doctor", help=told("help.doctor"))(doctor)


def doctor(json: Json = False) -> None:
    """Exit code 1 when something is broken; what only deserves attention is said and passes."""
    findings = examine()
    if json:
        say_json([_record(finding) for finding in findings])
    else:
        _print(findings)
    raise typer.Exit(int(any(finding.status == "error" for finding in findings)))


def examine() -> list[Finding]:
    """Every check, in the order in which things depend on each other."""
    try:
        settings = get_settings()
    except SettingsError as refused:
        return [Finding("settings", "error", "settings_refused", {"sentence": words}) for words in refused.sentences]
    checks: tuple[Check, ...] = (_environment, _settings, _secrets, _ports, _database, _redis, _telegram, _pages)
    return [finding for check in checks for finding in check(settings)]


# ── The checks ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _environment(settings: Settings) -> Iterator[Finding]:
    facts = {"version": platform.python_version(), "cores": os.cpu_count()}
    good = sys.version_info[:2] >= OLDEST_PYTHON
    yield Finding("environment", "ok" if good else "error", "python", facts)
    folder = settings.var_dir if settings.var_dir.exists() else settings.var_dir.parent
    with suppress(OSError):
        free = shutil.disk_usage(folder).free
        yield Finding(
            "environment", "ok" if free > LOW_DISK else "attention", "disk", {"free": round(free / (1 << 30), 1)}
        )


def _settings(settings: Settings) -> Iterator[Finding]:
    """They were accepted, or we would not be here; what production would refuse is worth knowing before."""
    yield Finding("settings", "ok", "settings", {"mode": settings.mode})
    if settings.express_bot_token is not None:
        yield Finding("settings", "attention", "static_token")
    try:
        load_settings(mode="production")
    except SettingsError as refused:
        if settings.mode == "production":
            raise
        yield Finding("settings", "ok", "not_production_yet", {"count": len(refused.sentences)})


def _secrets(settings: Settings) -> Iterator[Finding]:
    loose = [
        path
        for path in (settings.secrets_dir, *settings.secrets_dir.glob("*"))
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    for path in loose:
        yield Finding("secrets", "error", "secret_open", {"path": path})
    if not loose:
        yield Finding("secrets", "ok", "secrets")


def _ports(settings: Settings) -> Iterator[Finding]:
    """While we run the ports are ours; otherwise nobody may sit on them."""
    if settings.var_dir.exists() and Supervisor(settings).is_running():
        yield Finding(
            "ports", "ok", "ports_ours", {"ports": ", ".join(str(port) for _, _, port in ports.doors(settings))}
        )
        return
    for setting, host, port in ports.doors(settings):
        free = ports.is_free(host, port)
        yield Finding("ports", "ok" if free else "error", "port", {"port": port, "setting": setting})


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        with reachable(settings) as dsn:
            yield from _database_inside(settings, dsn)
    except (psycopg.Error, EmbeddedPostgresError):
        yield Finding("database", "error", "database_away")
    except Problem:
        yield Finding("database", "unknown", "database_never_started")


def _database_inside(settings: Settings, dsn: str) -> Iterator[Finding]:
    with connect(dsn) as db:
        began = time.monotonic()
        server = overview.server(db)
        took = round((time.monotonic() - began) * 1000)
        yield Finding("database", "ok", "database", {**server, "ms": took})
        if not server["durable"]:
            yield Finding("database", "error", "not_durable")
        if server["superuser"] and settings.mode == "production":
            yield Finding("database", "attention", "superuser")
        drift = abs((server["now"] - datetime.now(UTC)).total_seconds())
        yield Finding("database", "ok" if drift < CLOCK_TOLERANCE else "error", "clock", {"drift": round(drift, 1)})
        current, wanted = overview.revision(db), overview.newest_revision()
        matches = current == wanted
        facts = {"revision": current or "—", "wanted": wanted}
        yield Finding("database", "ok" if matches else "error", "schema", facts)
        if matches:
            is_open = any(state(period, business_time(settings)) == "open" for period in periods.load_all(db))
            yield Finding("periods", "ok" if is_open else "attention", "period_open" if is_open else "period_none")


def _redis(settings: Settings) -> Iterator[Finding]:
    """Without it everything works, each instance on its own."""
    word = redis.ask(settings)
    if word is not None:
        code = "redis" if word.state == "ok" else f"redis_{word.state}"
        yield Finding("redis", "ok" if word.state == "ok" else "attention", code, word.record())


def _telegram(settings: Settings) -> Iterator[Finding]:
    """Nothing is asked of Telegram before there is a token."""
    if not settings.speaks_telegram:
        return
    word = telegram.ask(settings)
    if word.state != "ok":
        yield Finding("telegram", "error", f"telegram_{word.state}")
        return
    yield Finding("telegram", "ok", "telegram", {"bot": word.bot})
    yield _way_of_updates(settings, word)
    if word.is_in_trouble(datetime.now(UTC)):
        yield Finding("telegram", "attention", "telegram_error", word.record())


def _way_of_updates(settings: Settings, word: telegram.Word) -> Finding:
    """Who brings or fetches them; whether one of our gateways fetches stands in a lease."""
    if word.way in ("foreign", "nobody"):
        return Finding("telegram", "error", f"telegram_{word.way}", word.record())
    if word.way == "webhook":
        return Finding("telegram", "ok", "telegram_webhook", word.record())
    if not (settings.var_dir.exists() and Supervisor(settings).is_running()):
        return Finding("telegram", "ok", "telegram_will_poll")
    held = _is_fetching(settings)
    return Finding("telegram", "ok" if held else "attention", "telegram_polling", word.record())


def _is_fetching(settings: Settings) -> bool:
    try:
        with reachable(settings) as dsn, connect(dsn) as db:
            return leases.is_held(db, "telegram-updates")
    except (psycopg.Error, EmbeddedPostgresError, Problem):
        return False


def _pages(settings: Settings) -> Iterator[Finding]:
    built = (SPA / "index.html").is_file()
    yield Finding("pages", "ok" if built else "error", "pages")
    if settings.mode == "demo":
        built = (MESSENGER_PAGE / "emulator.html").is_file()
        yield Finding("pages", "ok" if built else "attention", "emulator_page", {"address": settings.emulator_url})


# ── Telling it ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _print(findings: list[Finding]) -> None:
    say("doctor.title", count=len(findings))
    print()
    group = ""
    for finding in findings:
        label = "" if finding.group == group else told(f"doctor.group.{finding.group}")
        group = finding.group
        _print_one(label, finding)
    print()
    counted = {status: sum(finding.status == status for finding in findings) for status in ("ok", "attention", "error")}
    say("doctor.sum", **counted)


def _print_one(label: str, finding: Finding) -> None:
    mark = told(f"mark.{finding.status}")
    print(
        f"  {label:<{LABEL_WIDTH}}{mark:<{STATUS_WIDTH + 3}}{finding.words('ok' if finding.status == 'ok' else 'what')}"
    )
    if finding.status != "ok":
        margin = " " * (2 + LABEL_WIDTH + STATUS_WIDTH + 3)
        for part in ("why", "how"):
            print(f"{margin}{told(f'doctor.{part}')} {finding.words(part)}")


def _record(finding: Finding) -> dict[str, Any]:
    parts = ("ok",) if finding.status == "ok" else ("what", "why", "how")
    words = {part: finding.words(part) for part in parts}
    return {"group": finding.group, "status": finding.status, "code": finding.code, **words}
