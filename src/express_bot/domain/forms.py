"""The meta-model of forms: what a definition (YAML or a row of ``form_versions``) may say.

A definition that loads is sound: names are unique, conditions and parents look back only (so there can be
no cycle), bounds are not crossed, patterns mean the same in both engines. Whatever is wrong is reported by
``load_form`` as sentences with the place, before the form is ever shown to anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from express_bot.domain.conditions import Condition
from express_bot.domain.directories import Code, Directories
from express_bot.domain.fields import AnyField, Name, Part
from express_bot.domain.locales import LocalText

MAX_FIELDS = 60
MAX_DEPTH = 8


class DefinitionError(ValueError):
    """A form definition that must not be published; ``problems`` says where and why."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class FormDefinition(Part):
    """One version of a form. Published versions never change."""

    id: Code
    version: Annotated[int, Field(ge=1)]
    title: LocalText
    description: LocalText | None = None
    texts: dict[Name, LocalText] = Field(default_factory=dict)
    """Words of the whole form for the doors: noun, rule line, title of the check page…"""
    period: Code | None = None
    """The period rule this form is taken by; ``null``: always open."""
    date_field: Name | None = None
    """The answer that becomes the application's target date."""
    summary: tuple[Name, ...] = Field(min_length=1)
    """The answers that make the title: «Сочи, 15 января»."""
    fields: tuple[Annotated[AnyField, Field(discriminator="kind")], ...] = Field(min_length=1, max_length=MAX_FIELDS)

    @property
    def by_name(self) -> dict[str, AnyField]:
        """Fields by name, in order."""
        return {field.name: field for field in self.fields}

    @property
    def profile(self) -> tuple[str, ...]:
        """Names of the fields remembered in the profile."""
        return tuple(field.name for field in self.fields if field.profile)

    def stored(self) -> dict[str, Any]:
        """JSON to keep in ``form_versions``; ``load_form`` reads it back."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    @model_validator(mode="after")
    def _is_consistent(self) -> FormDefinition:
        problems = [*self._order_problems(), *self._reference_problems()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _order_problems(self) -> Iterator[str]:
        """Names are unique; a field looks back only, which also makes cycles impossible."""
        seen: dict[str, AnyField] = {}
        for field in self.fields:
            if field.name in seen:
                yield f"field {field.name!r} is defined twice"
            for other in field.parts():
                if other not in seen:
                    yield f"field {field.name!r} looks at {other!r}, which is not an earlier field"
            yield from _condition_problems(field, seen)
            yield from _parent_problems(field, seen)
            seen[field.name] = field

    def _reference_problems(self) -> Iterator[str]:
        fields = self.by_name
        for name in self.summary:
            if name not in fields:
                yield f"summary: there is no field {name!r}"
        if self.date_field is not None and getattr(fields.get(self.date_field), "kind", None) != "date":
            yield f"date_field: {self.date_field!r} is not a date field"
        for field in self.fields:
            if field.kind == "date" and field.within == "period" and self.period is None:
                yield f"field {field.name!r} is bound to the period, but the form has none"


def _condition_problems(field: AnyField, seen: Mapping[str, AnyField]) -> Iterator[str]:
    """A test that can never be true is a mistake of the author."""
    condition = field.visible_when
    if condition is None:
        return
    if condition.depth() > MAX_DEPTH:
        yield f"field {field.name!r}: the condition is nested deeper than {MAX_DEPTH}"
    for leaf in condition.leaves():
        other = seen.get(str(leaf.field))
        if other is not None:
            yield from (f"field {field.name!r}: {problem}" for problem in _leaf_problems(leaf, other))


def _leaf_problems(leaf: Condition, other: AnyField) -> Iterator[str]:
    is_list = other.kind in ("multichoice", "file")
    if leaf.answered is None and (leaf.contains is not None) != is_list:
        yield f"{other.name!r} is {other.kind}: use {'contains' if is_list else 'equals or in'}"
    if other.kind in ("choice", "multichoice") and other.options is not None:
        codes = {option.code for option in other.options}
        yield from (f"{other.name!r} has no option {value!r}" for value in leaf.values() if value not in codes)
    wanted = {"boolean": (bool,), "number": (int, float)}.get(other.kind, (str,))
    for value in leaf.values():
        if not isinstance(value, wanted) or (other.kind == "number" and isinstance(value, bool)):
            yield f"{other.name!r} is {other.kind} and can never be {value!r}"


def _parent_problems(field: AnyField, seen: Mapping[str, AnyField]) -> Iterator[str]:
    if field.kind not in ("choice", "multichoice") or field.parent is None:
        return
    parent = seen.get(field.parent)
    if parent is not None and (parent.kind != "choice" or parent.directory is None):
        yield f"field {field.name!r}: the parent {field.parent!r} is not a choice from a directory"


def load_form(data: Mapping[str, Any], directories: Directories | None = None) -> FormDefinition:
    """The definition, or ``DefinitionError`` with every problem and its place.

    With ``directories`` the references to them are checked too; do that before publishing.
    """
    try:
        definition = FormDefinition.model_validate(data)
    except ValidationError as error:
        raise DefinitionError([_sentence(problem) for problem in _causes(error)]) from error
    if directories is not None:
        ensure_fits(definition, directories)
    return definition


def _causes(error: ValidationError) -> list[Mapping[str, Any]]:
    """Without what only follows: a list is not «too short» because its member was wrong."""
    found = error.errors()
    return [one for one in found if not any(_is_inside(other["loc"], one["loc"]) for other in found)]


def _is_inside(place: tuple[int | str, ...], outer: tuple[int | str, ...]) -> bool:
    return len(place) > len(outer) and place[: len(outer)] == outer


def _sentence(problem: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in problem["loc"])
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def ensure_fits(definition: FormDefinition, directories: Directories) -> None:
    """Every directory the form draws from exists, and parents come from the directory the items name."""
    problems = [
        problem for field in definition.fields for problem in _directory_problems(definition, field, directories)
    ]
    if problems:
        raise DefinitionError(problems)


def _directory_problems(definition: FormDefinition, field: AnyField, directories: Directories) -> Iterator[str]:
    if field.kind not in ("choice", "multichoice") or field.directory is None:
        return
    directory = directories.get(field.directory)
    if directory is None:
        yield f"field {field.name!r}: there is no directory {field.directory!r}"
    elif field.parent is not None:
        source = getattr(definition.by_name[field.parent], "directory", None)
        if directory.parent != source:
            yield f"field {field.name!r}: items of {directory.code!r} belong to {directory.parent!r}, not to {source!r}"
