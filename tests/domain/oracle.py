"""What is wrong with answers, worked out from the definition by hand and without any schema.

The server and the SPA obey one schema, so vectors cannot see a schema that says the wrong thing. This can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from express_bot.domain.compiled import CompiledForm

Json = Any
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_FILE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def wrong(form: CompiledForm, answers: dict[str, Json]) -> list[tuple[str, str]]:
    """Field and code, in the order of the form, then strange keys."""
    found = [(name, next(_codes(form, name, answers), None)) for name in form.by_name]
    strange = sorted((name for name in answers if name not in form.by_name), key=_utf16)
    return [(name, code) for name, code in found if code] + [(name, "unknown_field") for name in strange]


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")


def _codes(form: CompiledForm, name: str, answers: dict[str, Json]) -> Iterator[str]:
    """All that is wrong with one answer, the most important first."""
    field, sent = form.by_name[name], form.sent[name]
    if field.visible_when is not None and not field.visible_when.holds(answers):
        if name in answers:
            yield "not_applicable"
    elif name in answers:
        yield from _CHECKS[field.kind](sent, answers[name], answers, form)
    elif field.required:
        yield "required"


def _choice(sent: Json, value: Json, answers: Json, form: CompiledForm) -> Iterator[str]:
    if isinstance(value, dict) and sent["allow_other"]:
        if list(value) != ["other"] or not isinstance(value["other"], str):
            yield "wrong_type"
            return
        yield from _length(value["other"], sent["allow_other"])
    elif not isinstance(value, str):
        yield "wrong_type"
    else:
        yield from _codes_fit(sent, [value], answers, form)


def _multichoice(sent: Json, value: Json, answers: Json, form: CompiledForm) -> Iterator[str]:
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        yield "wrong_type"
        return
    yield from _codes_fit(sent, value, answers, form)
    if len(value) < sent["min_items"]:
        yield "too_few"
    yield from _several(value, sent["max_items"])


def _several(value: list[str], most: int) -> Iterator[str]:
    if len(value) > most:
        yield "too_many"
    if len(set(value)) < len(value):
        yield "repeated"


def _codes_fit(sent: Json, codes: list[str], answers: Json, form: CompiledForm) -> Iterator[str]:
    options = {option["code"]: option for option in sent["options"]}
    if any(code not in options for code in codes):
        yield "unknown_option"
    if sent["parent"] is None:
        return
    parent = answers.get(sent["parent"])
    known = [option["code"] for option in form.sent[sent["parent"]]["options"]]
    if parent in known and any(parent not in options.get(code, {}).get("parents", []) for code in codes):
        yield "wrong_parent"


def _date(sent: Json, value: Json, _answers: Json, _form: CompiledForm) -> Iterator[str]:
    if not isinstance(value, str):
        yield "wrong_type"
    elif not _is_day(value):
        yield "not_a_date"
    elif sent["min"] and value < sent["min"]:
        yield "too_early"
    elif sent["max"] and value > sent["max"]:
        yield "too_late"
    elif any(span["from"] <= value <= span["to"] for span in sent["excluded"]):
        yield "excluded_date"


def _is_day(value: str) -> bool:
    found = _DAY.fullmatch(value)
    year, month, day = map(int, found.groups()) if found else (0, 0, 0)
    try:
        return bool(date(year or 2000, month, day))  # the year 0 is no year of Python, but a leap year of ISO
    except ValueError:
        return False


def _length(text: str, limits: Json) -> Iterator[str]:
    if len(text) < limits["min_length"]:
        yield "too_short"
    if len(text) > limits["max_length"]:
        yield "too_long"


def _text(sent: Json, value: Json, _answers: Json, _form: CompiledForm) -> Iterator[str]:
    if not isinstance(value, str):
        yield "wrong_type"
        return
    yield from _length(value, sent)
    if sent["pattern"] and not re.search(sent["pattern"].removesuffix("$") + r"\Z", value):
        yield "bad_format"


def _number(sent: Json, value: Json, _answers: Json, _form: CompiledForm) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        yield "wrong_type"
        return
    if sent["integer"] and value != int(value):
        yield "not_integer"
    if sent["minimum"] is not None and value < sent["minimum"]:
        yield "too_small"
    if sent["maximum"] is not None and value > sent["maximum"]:
        yield "too_large"


def _boolean(_sent: Json, value: Json, _answers: Json, _form: CompiledForm) -> Iterator[str]:
    if not isinstance(value, bool):
        yield "wrong_type"


def _file(sent: Json, value: Json, _answers: Json, _form: CompiledForm) -> Iterator[str]:
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        yield "wrong_type"
        return
    if not all(_FILE.fullmatch(part) for part in value):
        yield "bad_format"
    yield from _several(value, sent["max_files"])


_CHECKS = {
    "choice": _choice,
    "multichoice": _multichoice,
    "date": _date,
    "text": _text,
    "person": _text,
    "number": _number,
    "boolean": _boolean,
    "file": _file,
}
