"""What the product ships with: forms, directories and period rules, read from the package's YAML files."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from express_bot.domain.directories import Directory, directories
from express_bot.domain.forms import FormDefinition, load_form
from express_bot.domain.periods import PeriodRule

FORMS = ("flight", "certificate")


def read(name: str) -> Any:
    """The content of ``defaults/<name>.yaml``."""
    source = files("express_bot") / "defaults" / f"{name}.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(source.read_text("utf-8"), Loader=loader)  # noqa: S506 (a safe loader either way)


@cache
def default_directories() -> dict[str, Directory]:
    """Shipped directories by code."""
    return directories(read("directories"))


@cache
def default_form(form_id: str) -> FormDefinition:
    """A shipped form, checked against the shipped directories."""
    return load_form(read(f"forms/{form_id}"), default_directories())


@cache
def default_rules() -> dict[str, PeriodRule]:
    """Shipped period rules by code."""
    return {rule.code: rule for rule in map(PeriodRule.model_validate, read("periods"))}
