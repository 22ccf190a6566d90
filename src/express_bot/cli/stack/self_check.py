"""The proof that the product works: one application filed and withdrawn through the door that people use."""

from __future__ import annotations

from datetime import date, timedelta
from http.client import HTTPException
from typing import Any

from express_bot.cli.console import Problem, told
from express_bot.cli.stack.http import Probe, Refused
from express_bot.settings import Settings


def file_and_withdraw(settings: Settings) -> str:
    """Returns the number of the application that was filed; raises a ``Problem`` when that did not work."""
    probe = Probe(settings)
    try:
        _clear(probe)
        return _file(probe)
    except Refused as refusal:
        raise Problem("self_check_failed", reason=refusal.code) from refusal
    except (OSError, HTTPException) as error:
        raise Problem("self_check_failed", reason=type(error).__name__) from error


def _clear(probe: Probe) -> None:
    """Withdraw what an interrupted check has left: the limit holds for the probe as for everybody."""
    for card in probe.call("GET", "/applications")["items"]:
        if card["status"] == "submitted":
            probe.call("POST", f"/applications/{card['number']}/withdraw", {})


def _file(probe: Probe) -> str:
    form = _takeable_form(probe)
    profile = probe.call("GET", "/me")["profile"]
    filed = probe.call("POST", "/submit", {"form": form["id"], "answers": answers(form, profile)})
    withdrawn = probe.call("POST", f"/applications/{filed['number']}/withdraw", {"version": filed["version"]})
    if withdrawn["status"] != "withdrawn":
        raise Problem("self_check_failed", reason=withdrawn["status"])
    return str(filed["number"])


def _takeable_form(probe: Probe) -> dict[str, Any]:
    """The first form that takes applications now: with an open period, or without periods at all."""
    for facts in probe.call("GET", "/info")["forms"]:
        answer = probe.call("GET", f"/form?form={facts['id']}")
        period = answer["period"]
        if not facts["has_period"] or (period and period["state"] == "open"):
            form: dict[str, Any] = answer["form"]
            return form
    raise Problem("self_check_no_form")


def answers(form: dict[str, Any], profile: dict[str, Any]) -> dict[str, Any]:
    """The simplest answers that the form must accept."""
    given: dict[str, Any] = dict(profile)
    for field in form["fields"]:
        if field["required"] and not field["visible_when"] and field["name"] not in given:
            given[field["name"]] = _simplest(field, given)
    return given


def _simplest(field: dict[str, Any], given: dict[str, Any]) -> Any:
    match field["kind"]:
        case "choice":
            return _first_option(field, given)
        case "multichoice":
            return [_first_option(field, given)]
        case "date":
            return _first_day(field)
        case "number":
            return field.get("minimum") or 1
        case "boolean":
            return True
        case _:
            return told("probe_answer").ljust(field.get("min_length") or 0, "-")


def _first_option(field: dict[str, Any], given: dict[str, Any]) -> Any:
    """A listed option of the parent that was chosen before, or a typed one where the list is empty."""
    parent = given.get(field.get("parent") or "")
    for option in field["options"]:
        if parent is None or parent in (option.get("parents") or [parent]):
            return option["code"]
    return {"other": told("probe_answer")}


def _first_day(field: dict[str, Any]) -> str:
    day = date.fromisoformat(field["min"])
    spans = [(date.fromisoformat(span["from"]), date.fromisoformat(span["to"])) for span in field.get("excluded") or ()]
    while any(first <= day <= last for first, last in spans):
        day += timedelta(days=1)
    return day.isoformat()
