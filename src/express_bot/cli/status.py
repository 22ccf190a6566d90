"""``express-bot status``: one sentence, then each program with its state, memory and age."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any

import psutil
import typer

from express_bot.cli import redis, telegram
from express_bot.cli.console import Json, say, say_json, told
from express_bot.cli.stack import http, running
from express_bot.cli.stack.supervision import Supervisor
from express_bot.settings import Settings, get_settings


def register(app: typer.Typer) -> None:
    app.command("status", help=told("help.status"))(status)


def status(json: Json = False) -> None:
    """Exit code 0 when people are served, 1 when not."""
    report = read(running.as_started(get_settings()))
    if json:
        say_json(report)
    else:
        _print(report)
    raise typer.Exit(0 if report["status"] in ("ok", "degraded") else 1)


def read(settings: Settings) -> dict[str, Any]:
    """Everything there is to say: overall status, health of the parts, programs, the open period."""
    supervisor, shared = Supervisor(settings), redis.ask(settings)
    is_up = settings.var_dir.exists() and supervisor.is_running()
    programs = [_program(info) for info in supervisor.programs()] if is_up else []
    health = _health(settings) if is_up else {}
    overall = str(health.get("status", "down")) if is_up else "stopped"
    if overall == "ok" and any(program["state"] not in ("RUNNING", "STARTING") for program in programs):
        overall = "degraded"
    return {
        "status": overall,
        "components": health.get("components", {}),
        "programs": programs,
        "memory_mb": round(sum(program["memory_mb"] for program in programs)),
        "address": settings.public_url,
        "messenger": settings.emulator_url if is_up and settings.mode == "demo" else None,
        "telegram": telegram.ask(settings).record() if is_up and settings.speaks_telegram else None,
        "redis": shared.record() if shared else None,
        "period": _period(settings) if overall in ("ok", "degraded") else None,
    }


def _health(settings: Settings) -> dict[str, Any]:
    try:
        _, document = http.call(settings.bind_host, settings.bot_port, "GET", "/health")
    except (OSError, HTTPException):
        return {"status": "down"}
    return document if isinstance(document, dict) else {"status": "down"}


def _program(info: dict[str, Any]) -> dict[str, Any]:
    alive = info["pid"] > 0
    return {
        "name": info["name"],
        "state": info["statename"],
        "pid": info["pid"],
        "memory_mb": memory_of(info["pid"]) if alive else 0,
        "age_seconds": int(time.time() - info["start"]) if alive else 0,
    }


def memory_of(pid: int) -> float:
    """Megabytes of a program with its children; shared pages are counted once where the system tells."""
    try:
        program = psutil.Process(pid)
        return round(sum(_memory(process) for process in [program, *program.children(recursive=True)]) / (1 << 20), 1)
    except psutil.Error:
        return 0.0


def _memory(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", None) or full.rss)
    except psutil.Error:
        return 0


def _period(settings: Settings) -> dict[str, Any] | None:
    """The open period of the first form that has one."""
    try:
        probe = http.Probe(settings)
        for form in probe.call("GET", "/info")["forms"]:
            for period in probe.call("GET", f"/periods?form={form['id']}")["periods"] if form["has_period"] else ():
                if period["state"] == "open":
                    return {"title": period["title"], "closes_at": period["closes_at"], "timezone": period["timezone"]}
    except (http.Refused, OSError, HTTPException, KeyError):
        return None
    return None


def _print(report: dict[str, Any]) -> None:
    say(f"status.{report['status']}")
    if report["programs"]:
        print()
        print(_row(told("status.program"), told("status.state"), told("status.memory"), told("status.age")))
    for program in report["programs"]:
        memory = told("status.megabytes", value=round(program["memory_mb"]))
        print(_row(program["name"], _state(program["state"]), memory, _age(program["age_seconds"])))
    if report["programs"]:
        print()
        say("status.sum", memory=report["memory_mb"], address=report["address"])
    if report["messenger"]:
        say("status.messenger", address=report["messenger"])
    if report["telegram"]:
        _print_telegram(report["telegram"])
    if report["redis"]:
        say(f"status.redis_{report['redis']['state']}", **report["redis"])
    if report["period"]:
        say("status.period", **_moment(report["period"]))


def _print_telegram(word: dict[str, Any]) -> None:
    say(f"status.telegram_{word['way'] if word['state'] == 'ok' else word['state']}", **word)
    if telegram.Word(**word).is_in_trouble(datetime.now(UTC)):
        say("status.telegram_error", **word)


def _row(*cells: str) -> str:
    return "  " + "".join(f"{cell:<16}" for cell in cells).rstrip()


def _state(state: str) -> str:
    if state in ("RUNNING", "STARTING"):
        return told("mark.ok")
    return told("mark.error" if state in ("FATAL", "BACKOFF", "EXITED") else "mark.off")


def _age(age: int) -> str:
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if age >= size:
            return told(f"status.{unit}", value=age // size)
    return told("status.seconds", value=age)


def _moment(period: dict[str, Any]) -> dict[str, Any]:
    return {**period, "closes_at": datetime.fromisoformat(period["closes_at"])}
