"""What is wrong with an answer, in words.

A wording is found for a field and code: the form's own, else the catalog's for the kind of field, else the
catalog's for the code. Figures that are known with the form (bounds, names) are filled in when it is
compiled; those of the answer (``length``, ``over``, ``under``, ``digits``, ``count``, ``text``) when it is
judged, here or in the SPA, from the same template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from express_bot.contracts.errors import FieldError
from express_bot.domain import texts
from express_bot.domain.fields import CODES, COMMON_CODES, AnyField

if TYPE_CHECKING:
    from express_bot.domain.compiled import CompiledForm

_DIGIT = re.compile("[0-9]")
_STATIC = {
    "min_length": "min",
    "max_length": "max",
    "minimum": "min",
    "maximum": "max",
    "min_items": "min",
    "max_items": "max",
    "max_files": "max",
    "min": "min",
    "max": "max",
}

TOLD: dict[str, tuple[str, ...]] = {
    "too_early": ("min",),
    "too_late": ("max",),
    "excluded_date": ("reason",),
    "too_short": ("min", "length", "under"),
    "too_long": ("max", "length", "over"),
    "too_small": ("min",),
    "too_large": ("max",),
    "too_few": ("min", "count"),
    "too_many": ("max", "count"),
}
"""The figures that travel with an error, for those who word it themselves."""


def template(code: str, kind: str, locale: str) -> texts.Template:
    """The catalog's wording of a code for a kind of field."""
    wordings: dict[str, texts.Template] = texts.entry(f"forms.field.{code}", locale)
    return wordings.get(kind) or wordings["default"]


def of_field(field: AnyField, sent: Mapping[str, Any], locale: str) -> dict[str, texts.Template]:
    """``messages`` of a compiled field: every code that can happen to it, its own figures filled in."""
    known = bounds(sent) | {"label": sent["label"]}
    codes = [code for code in (*COMMON_CODES, *CODES[field.kind]) if _can_happen(code, sent)]
    return {code: _settle(_wording(field, code, locale), known, locale) for code in codes}


def _wording(field: AnyField, code: str, locale: str) -> texts.Template:
    own = field.messages.get(code)
    if own is None:
        return template(code, field.kind, locale)
    return own.get(locale) or own["ru"]


def _can_happen(code: str, sent: Mapping[str, Any]) -> bool:
    """Spares the SPA sentences that this field can never need."""
    needs = {
        "not_applicable": "visible_when",
        "required": "required",
        "wrong_parent": "parent",
        "too_early": "min",
        "too_late": "max",
        "excluded_date": "excluded",
        "bad_format": "pattern",
        "not_integer": "integer",
        "too_small": "minimum",
        "too_large": "maximum",
    }
    if code in ("too_short", "too_long") and sent["kind"] == "choice":
        return bool(sent["allow_other"])
    if sent["kind"] == "file" or code not in needs:
        return code != "not_applicable" or bool(sent["visible_when"])
    value = sent[needs[code]]
    return value is not None and value is not False and value != []


def bounds(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of a compiled field: ``min`` and ``max`` in its own unit."""
    figures = {**sent, **(sent.get("allow_other") or {})}
    found = {name: figures[key] for key, name in _STATIC.items() if figures.get(key) is not None}
    return {name: _whole(value) for name, value in found.items()}


def _whole(value: Any) -> Any:
    """10.0 is said «10»."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _settle(wording: texts.Template, known: Mapping[str, Any], locale: str) -> texts.Template:
    """Fill what is known with the form; a plural of the form's own figure is chosen now."""
    spoken = {name: _spoken(value, locale) for name, value in known.items()}
    if isinstance(wording, str):
        return texts.fill(wording, spoken)
    if wording["by"] in known:
        return texts.fill(texts.choose(wording, locale, known), spoken)
    return {form: said if form == "by" else texts.fill(said, spoken) for form, said in wording.items()}


def _spoken(value: Any, locale: str) -> Any:
    """Bounds of dates are ISO text in the compiled form and words in a sentence."""
    try:
        return texts.day_short(date.fromisoformat(value), locale) if isinstance(value, str) else value
    except ValueError:
        return value


def field_error(form: CompiledForm, name: str, code: str, value: Any) -> FieldError:
    """The error to report, worded in the form's language."""
    sent = form.sent.get(name)
    if sent is None or code == "unknown_field":
        return FieldError(name, code, {}, texts.text("forms.field.unknown_field.default", form.locale))
    params = bounds(sent) | figures(sent, code, value)
    told = {figure: params[figure] for figure in TOLD.get(code, ()) if figure in params}
    return FieldError(name, code, told, texts.render(sent["messages"][code], form.locale, params))


def figures(sent: Mapping[str, Any], code: str, value: Any) -> dict[str, Any]:
    """The figures of an answer that its message may name."""
    if code == "excluded_date":
        span = next(span for span in sent["excluded"] if span["from"] <= value <= span["to"])
        return {"reason": span["reason"], "text": span["text"]}
    if isinstance(value, dict):
        value = value.get("other")
    if isinstance(value, (str, list)):
        return _size(bounds(sent), value)
    return {}


def _size(limits: Mapping[str, Any], value: str | list[Any]) -> dict[str, int]:
    size = len(value)
    found = {"count": size} if isinstance(value, list) else {"length": size, "digits": len(_DIGIT.findall(value))}
    if isinstance(limits.get("max"), int):
        found["over"] = max(0, size - limits["max"])
    if isinstance(limits.get("min"), int):
        found["under"] = max(0, limits["min"] - size)
    return found
