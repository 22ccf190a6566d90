"""Answers against the schema of their form, and what is wrong with them, one error per field.

The judge is jsonschema-rs with the schema of ``domain/schema.py``. The way of nearly every call is
``is_valid`` and an empty list (about 2 µs); only a refusal asks for the errors, maps each failed keyword to
one of our codes and keeps the first by ``PRECEDENCE``. ``validate.ts`` does the same with the same table.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import jsonschema_rs

from express_bot.domain.fields import AnyField
from express_bot.domain.schema import Schema

PRECEDENCE = (
    "not_applicable",
    "required",
    "wrong_type",
    "unknown_option",
    "wrong_parent",
    "not_a_date",
    "too_early",
    "too_late",
    "excluded_date",
    "too_short",
    "too_long",
    "bad_format",
    "not_integer",
    "too_small",
    "too_large",
    "too_few",
    "too_many",
    "repeated",
)
"""Which of several things wrong with one answer is said: the one to be put right first."""

CODE_OF_KEYWORD = {
    "type": "wrong_type",
    "enum": "unknown_option",
    "format": "not_a_date",
    "formatMinimum": "too_early",
    "formatMaximum": "too_late",
    "not": "excluded_date",
    "minLength": "too_short",
    "maxLength": "too_long",
    "pattern": "bad_format",
    "minimum": "too_small",
    "maximum": "too_large",
    "minItems": "too_few",
    "maxItems": "too_many",
    "uniqueItems": "repeated",
    "required": "wrong_type",
    "additionalProperties": "wrong_type",
}
"""Inside of one answer; at the top level ``required`` and ``additionalProperties`` mean themselves."""

_RANK = {code: rank for rank, code in enumerate(PRECEDENCE)}
_MAX_DEPTH = 16


class _FormatMinimum:
    """``formatMinimum``: the day is not before this one. ISO days sort as text."""

    def __init__(self, _schema: Schema, bound: str, _path: list[str | int]) -> None:
        self._bound = bound

    def validate(self, instance: Any) -> None:
        if isinstance(instance, str) and instance < self._bound:
            raise ValueError(self._bound)


class _FormatMaximum(_FormatMinimum):
    """``formatMaximum``: the day is not after this one."""

    def validate(self, instance: Any) -> None:
        if isinstance(instance, str) and instance > self._bound:
            raise ValueError(self._bound)


def build_validator(schema: Schema) -> jsonschema_rs.Draft202012Validator:
    """The compiled judge of a schema, shared by the languages of a form and by unchanged versions."""
    return _build(json.dumps(schema, sort_keys=True))


@lru_cache(maxsize=128)
def _build(schema: str) -> jsonschema_rs.Draft202012Validator:
    keywords: dict[str, Any] = {"formatMinimum": _FormatMinimum, "formatMaximum": _FormatMaximum}
    return jsonschema_rs.Draft202012Validator(json.loads(schema), validate_formats=True, keywords=keywords)


def problems(
    validator: jsonschema_rs.Draft202012Validator, fields: Mapping[str, AnyField], answers: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """``(field, code)`` of everything wrong: fields in the form's order, then unknown keys by name."""
    try:
        if validator.is_valid(answers):
            return []
        return _explain(validator, fields, answers)
    except (ValueError, RecursionError):
        # What is no JSON (a lone surrogate, an object of Python) or absurdly deep: the doors refuse it before,
        # but a judge that falls over is worse than one that says "wrong type".
        plain = {str(name): _plain(value) for name, value in answers.items()}
        return [] if validator.is_valid(plain) else _explain(validator, fields, plain)


def _explain(
    validator: jsonschema_rs.Draft202012Validator, fields: Mapping[str, AnyField], answers: Mapping[str, Any]
) -> list[tuple[str, str]]:
    worst: dict[str, str] = {}
    for name, code in _failures(validator, fields, answers):
        if name in fields and _RANK[code] < _RANK.get(worst.get(name, ""), len(_RANK)):
            worst[name] = code
    unknown = sorted((name for name in answers if name not in fields), key=_as_javascript_sorts)
    found = [(name, worst[name]) for name in fields if name in worst] + [(name, "unknown_field") for name in unknown]
    if not found:  # a refusal without a reason would be taken for an acceptance
        raise AssertionError("the schema refused answers by a keyword that has no code")
    return found


def _failures(
    validator: jsonschema_rs.Draft202012Validator, fields: Mapping[str, AnyField], answers: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Field and code of every failed keyword."""
    for error in validator.iter_errors(answers):
        keyword, kind = error.schema_path[-1], error.kind
        if isinstance(kind, jsonschema_rs.ValidationErrorKind.FalseSchema):
            yield str(keyword), "not_applicable"
        elif error.instance_path:
            name, is_rule = str(error.instance_path[0]), error.schema_path[0] == "allOf"
            yield name, _code(str(keyword), is_rule=is_rule, field=fields.get(name), answers=answers)
        elif isinstance(kind, jsonschema_rs.ValidationErrorKind.Required):
            yield kind.property, "required"


def _code(keyword: str, *, is_rule: bool, field: AnyField | None, answers: Mapping[str, Any]) -> str:
    """Two keywords mean two things: an enum inside a rule is the parent's, 1.5 is a number but no integer."""
    if keyword == "enum" and is_rule:
        return "wrong_parent"
    if keyword == "type" and field is not None and field.kind == "number":
        value = answers[field.name]
        return "not_integer" if isinstance(value, (int, float)) and not isinstance(value, bool) else "wrong_type"
    return CODE_OF_KEYWORD[keyword]


def _as_javascript_sorts(name: str) -> bytes:
    """JavaScript sorts by UTF-16 units; both sides list unknown keys in one order."""
    return str(name).encode("utf-16-be", "surrogatepass")


def _plain(value: Any, depth: int = 0) -> Any:
    """The nearest JSON value; what has none becomes ``null``, which no field accepts."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (bool, int)) or depth > _MAX_DEPTH:
        return value if isinstance(value, (bool, int)) else None
    if isinstance(value, (list, tuple)):
        return [_plain(part, depth + 1) for part in value]
    if isinstance(value, dict):
        return {str(_plain(str(name))): _plain(part, depth + 1) for name, part in value.items()}
    return None
