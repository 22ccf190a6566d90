"""A form definition made ready: texts in one language, options resolved, bounds of the period, the judge.

``CompiledForm`` is immutable and shared between calls; build it once per (form version, directories version,
period, day, language) and keep it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import jsonschema_rs

from express_bot.contracts.errors import FieldError
from express_bot.domain import display, messages
from express_bot.domain.calendar import holidays_between
from express_bot.domain.cleanup import clean
from express_bot.domain.directories import Directories
from express_bot.domain.fields import (
    AnyField,
    ChoiceField,
    DateField,
    DayBounds,
    Excluded,
    MultichoiceField,
    NumberField,
    PersonField,
    TextField,
)
from express_bot.domain.forms import FormDefinition, ensure_fits
from express_bot.domain.locales import pick, supported
from express_bot.domain.schema import Schema, answers_schema
from express_bot.domain.validation import build_validator, problems

Target = tuple[date, date]


@dataclass(frozen=True)
class CompiledForm:
    """A form that judges, tidies and reads out answers in one language."""

    definition: FormDefinition
    locale: str
    as_json: dict[str, Any]
    """What the SPA gets. Shared: do not change it."""
    names: Mapping[str, Mapping[str, str]]
    """Names of all options by field and code, those of retired items too: old applications stay readable."""

    @property
    def schema(self) -> Schema:
        """JSON Schema 2020-12 of the answers."""
        schema: Schema = self.as_json["schema"]
        return schema

    @cached_property
    def by_name(self) -> dict[str, AnyField]:
        """The definition's fields by name, in order."""
        return self.definition.by_name

    @cached_property
    def sent(self) -> dict[str, dict[str, Any]]:
        """The fields as sent to the SPA, by name."""
        return {field["name"]: field for field in self.as_json["fields"]}

    @cached_property
    def _validator(self) -> jsonschema_rs.Draft202012Validator:
        return build_validator(self.schema)

    def clean(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Tidied answers without blanks; judge and keep these."""
        return clean(self.by_name, answers)

    def validate(self, answers: Mapping[str, Any]) -> list[FieldError]:
        """What is wrong with clean answers, in words; an empty list when nothing is."""
        found = problems(self._validator, self.by_name, answers)
        return [messages.field_error(self, name, code, answers.get(name)) for name, code in found]

    def validate_profile(self, profile: Mapping[str, Any]) -> list[FieldError]:
        """Judge clean profile answers alone: what is not given yet is not missed, other fields are unknown."""
        facts = set(self.definition.profile)
        errors = self.validate({name: value for name, value in profile.items() if name in facts})
        kept = [error for error in errors if error.code != "required" and error.field in facts]
        strangers = sorted(str(name) for name in profile if name not in facts)
        return [*kept, *(messages.field_error(self, name, "unknown_field", None) for name in strangers)]

    def is_profile_complete(self, profile: Mapping[str, Any]) -> bool:
        """Nothing of the profile has to be asked any more."""
        facts = [field for field in self.definition.fields if field.profile and field.required]
        return all(profile.get(field.name) is not None for field in facts) and not self.validate_profile(profile)

    def visible(self, answers: Mapping[str, Any]) -> list[AnyField]:
        """Fields that are asked, given these answers; an answer to a hidden field counts as not given."""
        shown: list[AnyField] = []
        given = dict(answers)
        for field in self.definition.fields:
            if field.visible_when is None or field.visible_when.holds(given):
                shown.append(field)
            else:
                given.pop(field.name, None)
        return shown

    def without_hidden(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Answers without those to questions that are not asked any more; unknown keys stay."""
        shown = {field.name for field in self.visible(answers)}
        return {name: value for name, value in answers.items() if name in shown or name not in self.by_name}

    def display(self, answers: Mapping[str, Any]) -> list[dict[str, str]]:
        """The answers as people read them: ``[{field, label, value}]``."""
        return display.rows(self, answers)

    def value(self, name: str, answers: Mapping[str, Any]) -> str | None:
        """One answer as people read it; ``None`` when there is none."""
        return display.value(self, self.by_name[name], answers.get(name))

    def title(self, answers: Mapping[str, Any]) -> str:
        """«Сочи, 15 января»."""
        return display.title(self, answers)

    def target_date(self, answers: Mapping[str, Any]) -> date | None:
        """The day the application is about."""
        value = answers.get(self.definition.date_field or "")
        return date.fromisoformat(value) if isinstance(value, str) else None


def compile_form(
    definition: FormDefinition,
    directories: Directories,
    *,
    target: Target | None,
    excluded: Iterable[Excluded] = (),
    today: date,
    locale: str,
) -> CompiledForm:
    """Everything about the form that does not depend on who asks."""
    ensure_fits(definition, directories)
    compiler = _Compiler(directories, target, tuple(excluded), today, supported(locale))
    fields = [compiler.field(field) for field in definition.fields]
    sent = {
        "id": definition.id,
        "version": definition.version,
        "locale": compiler.locale,
        "title": pick(definition.title, compiler.locale),
        "description": compiler.words(definition.description),
        "texts": compiler.form_texts(definition),
        "date_field": definition.date_field,
        "summary": list(definition.summary),
        "fields": fields,
        "schema": answers_schema(definition, fields),
    }
    return CompiledForm(definition, compiler.locale, sent, compiler.names(definition))


@dataclass(frozen=True)
class _Compiler:
    """The facts of one compilation."""

    directories: Directories
    target: Target | None
    excluded: tuple[Excluded, ...]
    today: date
    locale: str

    def words(self, text: dict[str, str] | None) -> str | None:
        return None if text is None else pick(text, self.locale)

    def form_texts(self, definition: FormDefinition) -> dict[str, Any]:
        own = {name: pick(text, self.locale) for name, text in definition.texts.items()}
        return {**own, "unknown_field": messages.template("unknown_field", "form", self.locale)}

    def field(self, field: AnyField) -> dict[str, Any]:
        """One field as it is sent."""
        condition = field.visible_when
        sent = {
            "name": field.name,
            "kind": field.kind,
            "label": pick(field.label, self.locale),
            "question": self.words(field.question),
            "hint": self.words(field.hint),
            "required": field.required,
            "profile": field.profile,
            "statistics": field.statistics,
            "visible_when": condition and condition.model_dump(mode="json", by_alias=True, exclude_none=True),
            "cleanup": list(getattr(field, "cleanup", ())),
            "texts": {name: pick(text, self.locale) for name, text in field.texts.items()},
            **self._of_kind(field),
        }
        return {**sent, "messages": messages.of_field(field, sent, self.locale)}

    def _of_kind(self, field: AnyField) -> dict[str, Any]:
        """What only this kind of field has."""
        if isinstance(field, (ChoiceField, MultichoiceField)):
            return self._choice(field)
        if isinstance(field, DateField):
            return self._date(field)
        if isinstance(field, (TextField, PersonField)):
            names: Sequence[str] = ("min_length", "max_length", "pattern", "input_mode", "multiline")
            return {name: getattr(field, name, False) for name in names}
        if isinstance(field, NumberField):
            return {"minimum": field.minimum, "maximum": field.maximum, "integer": field.integer}
        if field.kind == "file":
            return {"max_files": field.max_files, "max_bytes": field.max_bytes, "types": list(field.types)}
        return {}

    def _choice(self, field: ChoiceField | MultichoiceField) -> dict[str, Any]:
        common = {"options": self._options(field), "parent": field.parent}
        if isinstance(field, MultichoiceField):
            return {**common, "min_items": field.min_items, "max_items": field.max_items}
        return {**common, "allow_other": field.allow_other and field.allow_other.model_dump()}

    def _options(self, field: ChoiceField | MultichoiceField) -> list[dict[str, Any]]:
        """What may be chosen, in the order to show."""
        items = self.directories[field.directory].active(self.locale) if field.directory else field.options or ()
        options = []
        for item in items:
            option: dict[str, Any] = {"code": item.code, "name": pick(item.names, self.locale)}
            if item.hint:
                option["hint"] = pick(item.hint, self.locale)
            if item.synonyms:
                option["synonyms"] = list(item.synonyms)
            if field.parent:
                option["parents"] = list(getattr(item, "parents", ()))
            options.append(option)
        return options

    def _date(self, field: DateField) -> dict[str, Any]:
        first, last = self._bounds(field)
        spans = [*field.excluded, *(self.excluded if field.within == "period" else ())]
        return {
            "min": first and first.isoformat(),
            "max": last and last.isoformat(),
            "excluded": [span for item in spans if (span := self._excluded(item, first, last))],
            "holidays": [day.isoformat() for day in holidays_between(first, last)],
        }

    def _bounds(self, field: DateField) -> tuple[date | None, date | None]:
        """First and last day that may be chosen."""
        if field.within == "period":
            return self.target or (None, None)
        if isinstance(field.within, DayBounds):
            days = (field.within.min_days, field.within.max_days)
            first, last = (None if shift is None else self.today + timedelta(days=shift) for shift in days)
            return first, last
        return None, None

    def _excluded(self, item: Excluded, first: date | None, last: date | None) -> dict[str, str] | None:
        """The part of excluded days inside the bounds, or nothing."""
        start, end = max(item.from_, first or item.from_), min(item.to, last or item.to)
        if start > end:
            return None
        text = pick(item.text, self.locale)
        return {"from": start.isoformat(), "to": end.isoformat(), "reason": item.reason, "text": text}

    def names(self, definition: FormDefinition) -> dict[str, dict[str, str]]:
        """Option names by field, retired items included."""
        return {
            field.name: {item.code: pick(item.names, self.locale) for item in self._all_items(field)}
            for field in definition.fields
            if isinstance(field, (ChoiceField, MultichoiceField))
        }

    def _all_items(self, field: ChoiceField | MultichoiceField) -> Iterable[Any]:
        return self.directories[field.directory].items if field.directory else field.options or ()
