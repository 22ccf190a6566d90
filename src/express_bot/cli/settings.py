"""``express-bot settings``: every knob with its value and where that came from; secrets only as «set» or «not set»."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import typer
from dotenv import dotenv_values
from pydantic import SecretStr

from express_bot.cli.console import Json, say_json, told
from express_bot.settings import Settings, get_settings, is_secret


def register(app: typer.Typer) -> None:
    app.command("settings", help=told("help.settings"))(settings)


def settings(json: Json = False) -> None:
    """Print them all, in the order of the documentation."""
    rows = table(get_settings())
    if json:
        say_json(rows)
        return
    for row in rows:
        print(f"  {row['name']:<22}{row['value']:<44} {told('settings.from_' + row['source'])}")


def table(current: Settings) -> list[dict[str, str]]:
    """Name, value as it may be shown, source."""
    in_file = dotenv_values(".env") if Path(".env").is_file() else {}
    rows = []
    for name, field in Settings.model_fields.items():
        variable = str(field.validation_alias)
        value = getattr(current, name)
        source = _source(variable, in_file, has_value=bool(value), secret=is_secret(field))
        rows.append({"name": variable, "value": _shown(value), "source": source})
    return rows


def _shown(value: Any) -> str:
    """Never a secret, not even partly (ux E)."""
    if isinstance(value, SecretStr):
        return told("settings.set") if value.get_secret_value() else told("settings.not_set")
    return told("settings.not_set") if value in (None, "") else str(value)


def _source(variable: str, in_file: dict[str, str | None], *, has_value: bool, secret: bool) -> str:
    if os.environ.get(variable):
        return "environment"
    if in_file.get(variable):
        return "dotenv"
    if os.environ.get(f"{variable}_FILE") or in_file.get(f"{variable}_FILE"):
        return "secret_file"
    return "generated" if secret and has_value else "default"
