"""A form as JSON Schema 2020-12: one document that the server (jsonschema-rs) and the SPA both obey.

Two keywords are ours, because the standard cannot compare dates: ``formatMinimum`` and ``formatMaximum``
(known from ajv), inclusive, on ISO days, which sort as text. Only the keywords used here are understood by
the SPA's interpreter; a guard test holds the two lists together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeAlias

from express_bot.domain.fields import AnyField, ChoiceField, MultichoiceField, NumberField, PersonField, TextField
from express_bot.domain.forms import FormDefinition

Schema: TypeAlias = dict[str, Any]
Compiled: TypeAlias = Mapping[str, Any]
"""A field as it is sent to the SPA: options, bounds and excluded days are resolved in it."""

FILE_ID = "^[A-Za-z0-9_-]{1,64}$"


def answers_schema(definition: FormDefinition, fields: Sequence[Compiled]) -> Schema:
    """The schema of the whole answers object."""
    compiled = {field["name"]: field for field in fields}
    schema: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {field.name: _value_schema(field, compiled[field.name]) for field in definition.fields},
        "required": [field.name for field in definition.fields if field.required and field.visible_when is None],
    }
    rules = [
        *(_visibility(field) for field in definition.fields if field.visible_when is not None),
        *(rule for field in definition.fields for rule in _parent_rules(field, compiled)),
    ]
    return {**schema, "allOf": rules} if rules else schema


def _visibility(field: AnyField) -> Schema:
    """Asked only while its condition holds; otherwise an answer is a mistake."""
    assert field.visible_when is not None
    rule: Schema = {"if": field.visible_when.json_schema(), "else": {"properties": {field.name: False}}}
    return {**rule, "then": {"required": [field.name]}} if field.required else rule


def _parent_rules(field: AnyField, compiled: Mapping[str, Compiled]) -> list[Schema]:
    """For every answer of the parent, the items that belong to it."""
    if not isinstance(field, (ChoiceField, MultichoiceField)) or field.parent is None:
        return []
    parents = {option["code"]: option["parents"] for option in compiled[field.name]["options"]}
    return [
        {
            "if": {"properties": {field.parent: {"const": parent}}, "required": [field.parent]},
            "then": {"properties": {field.name: _belongs(field, [c for c in sorted(parents) if parent in parents[c]])}},
        }
        for parent in _codes(compiled[field.parent])
    ]


def _codes(compiled: Compiled) -> list[str]:
    """Codes of the options by code: people's order differs between languages, the schema does not."""
    return sorted(option["code"] for option in compiled["options"])


def _belongs(field: ChoiceField | MultichoiceField, codes: list[str]) -> Schema:
    if isinstance(field, MultichoiceField):
        return {"items": {"enum": codes}}
    return {"if": {"type": "object"}, "else": {"enum": codes}} if field.allow_other else {"enum": codes}


def _value_schema(field: AnyField, compiled: Compiled) -> Schema:
    """The schema of one answer."""
    if isinstance(field, ChoiceField):
        return _choice(field, compiled)
    if isinstance(field, MultichoiceField):
        return _multichoice(field, compiled)
    if isinstance(field, (TextField, PersonField)):
        return _text(field)
    if isinstance(field, NumberField):
        return _number(field)
    if field.kind == "date":
        return _date(compiled)
    if field.kind == "file":
        item = {"type": "string", "pattern": FILE_ID}
        return {"type": "array", "items": item, "maxItems": field.max_files, "uniqueItems": True}
    return {"type": "boolean"}


def _choice(field: ChoiceField, compiled: Compiled) -> Schema:
    known = {"type": "string", "enum": _codes(compiled)}
    if field.allow_other is None:
        return known
    words = {
        "type": "string",
        "minLength": field.allow_other.min_length,
        "maxLength": field.allow_other.max_length,
    }
    own = {"properties": {"other": words}, "required": ["other"], "additionalProperties": False}
    return {"if": {"type": "object"}, "then": own, "else": known}


def _multichoice(field: MultichoiceField, compiled: Compiled) -> Schema:
    return {
        "type": "array",
        "items": {"type": "string", "enum": _codes(compiled)},
        "minItems": field.min_items,
        "maxItems": field.max_items,
        "uniqueItems": True,
    }


def _text(field: TextField | PersonField) -> Schema:
    schema: Schema = {"type": "string", "minLength": field.min_length, "maxLength": field.max_length}
    return {**schema, "pattern": field.pattern} if field.pattern else schema


def _number(field: NumberField) -> Schema:
    bounds = {"minimum": field.minimum, "maximum": field.maximum}
    schema: Schema = {"type": "integer" if field.integer else "number"}
    return schema | {keyword: value for keyword, value in bounds.items() if value is not None}


def _date(compiled: Compiled) -> Schema:
    schema: Schema = {"type": "string", "format": "date"}
    bounds = {"formatMinimum": compiled["min"], "formatMaximum": compiled["max"]}
    schema |= {keyword: value for keyword, value in bounds.items() if value is not None}
    days = [day for span in compiled["excluded"] for day in span_days(span["from"], span["to"])]
    return {**schema, "not": {"enum": sorted(set(days))}} if days else schema


def span_days(first: str, last: str) -> list[str]:
    """ISO days from first to last, both included."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [(start + timedelta(days=n)).isoformat() for n in range((end - start).days + 1)]
