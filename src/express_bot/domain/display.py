"""Answers as people read them: names instead of codes, dates in words, «Не указано» instead of a hole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from express_bot.domain import texts

if TYPE_CHECKING:
    from express_bot.domain.compiled import CompiledForm
    from express_bot.domain.fields import AnyField


def rows(form: CompiledForm, answers: Mapping[str, Any]) -> list[dict[str, str]]:
    """Every question that was asked, with its answer."""
    nothing = texts.text("common.not_specified", form.locale)
    return [
        {
            "field": field.name,
            "label": form.sent[field.name]["label"],
            "value": value(form, field, answers.get(field.name)) or nothing,
        }
        for field in form.visible(answers)
    ]


def title(form: CompiledForm, answers: Mapping[str, Any]) -> str:
    """The answers of ``summary`` that were given; the form's own title when none was."""
    fields = [(form.by_name[name], answers.get(name)) for name in form.definition.summary]
    parts = [brief(form, field, answer) for field, answer in fields if answer is not None]
    found = ", ".join(part for part in parts if part) or str(form.as_json["title"])
    return found[:1].upper() + found[1:]


def brief(form: CompiledForm, field: AnyField, answer: Any) -> str | None:
    """One answer in few words: a day without its year and weekday."""
    day = _date(answer) if field.kind == "date" else None
    return texts.day_short(day, form.locale) if day else value(form, field, answer)


def value(form: CompiledForm, field: AnyField, answer: Any) -> str | None:
    """One answer in words. Stored answers may be older than the form: whatever they hold, this never raises."""
    if answer is None or answer == "" or answer == []:
        return None
    if isinstance(answer, bool):
        return texts.text(f"common.{'yes' if answer else 'no'}", form.locale)
    if isinstance(answer, list):
        return _list(form, field, answer)
    if isinstance(answer, dict):
        return str(answer.get("other", "")) or None
    day = _date(answer) if field.kind == "date" else None
    return texts.day(day, form.locale) if day else _one(form, field, answer)


def _list(form: CompiledForm, field: AnyField, answer: list[Any]) -> str:
    if field.kind == "file":
        return texts.text("common.files", form.locale, count=len(answer))
    return ", ".join(_one(form, field, part) for part in answer)


def _one(form: CompiledForm, field: AnyField, answer: Any) -> str:
    if isinstance(answer, float):
        return _number(answer, form.locale)
    return form.names.get(field.name, {}).get(str(answer), str(answer))


def _number(answer: float, locale: str) -> str:
    """1.5 is «1,5» in Russian; 3.0 is «3»."""
    plain = f"{answer:.15g}"
    return plain.replace(".", ",") if locale == "ru" else plain


def _date(answer: Any) -> date | None:
    try:
        return date.fromisoformat(answer)
    except (TypeError, ValueError):
        return None
