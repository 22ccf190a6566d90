"""The meta-model of forms: what a definition (YAML or a row of ``form_versions``) may say.

A definition that loads is sound: names are unique, conditions and parents look back only (so there can be
no cycle), bounds are not crossed, patterns mean the same in both engines. Whatever is wrong is reported by
``load_form`` as sentences with the place, before the form is ever shown to anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from express_bot.domain.cleanup import Operation
from express_bot.domain.conditions import Condition
from express_bot.domain.directories import Code, Directories
from express_bot.domain.locales import LocalText
from express_bot.domain.patterns import ensure_portable

Name: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Pattern: TypeAlias = Annotated[str, AfterValidator(ensure_portable)]
Message: TypeAlias = str | dict[str, str]

CODES: dict[str, tuple[str, ...]] = {
    "choice": ("unknown_option", "wrong_parent", "too_short", "too_long"),
    "multichoice": ("unknown_option", "wrong_parent", "too_few", "too_many", "repeated"),
    "date": ("not_a_date", "too_early", "too_late", "excluded_date"),
    "text": ("too_short", "too_long", "bad_format"),
    "person": ("too_short", "too_long", "bad_format"),
    "number": ("not_integer", "too_small", "too_large"),
    "boolean": (),
    "file": ("bad_format", "too_many", "repeated"),
}
"""What can be wrong with an answer of each kind, besides ``COMMON_CODES``."""

COMMON_CODES = ("not_applicable", "required", "wrong_type")
MAX_FIELDS = 60
MAX_DEPTH = 8


class DefinitionError(ValueError):
    """A form definition that must not be published; ``problems`` says where and why."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Part(BaseModel):
    """Definitions are immutable, and a misspelt key is an error, not a silent nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Excluded(Part):
    """Days that cannot be chosen, and why."""

    from_: date = Field(alias="from")
    to: date
    reason: Code = "closed"
    text: LocalText

    @model_validator(mode="after")
    def _in_order(self) -> Excluded:
        if self.to < self.from_:
            raise ValueError(f"excluded days end ({self.to}) before they begin ({self.from_})")
        return self


class FieldBase(Part):
    """What every question has."""

    name: Name
    label: LocalText
    """The short name, for lists of answers: «Дата вылета»."""
    question: LocalText | None = None
    """The heading when the question stands alone on a page or in a chat: «Когда хотите лететь?»."""
    hint: LocalText | None = None
    required: bool = True
    profile: bool = False
    """A fact about the person: remembered, asked once."""
    statistics: bool = False
    visible_when: Condition | None = None
    messages: dict[str, dict[str, Message]] = {}
    """Wordings of this field by error code and language, instead of those of the catalog."""
    texts: dict[Name, LocalText] = {}
    """Words of the control itself (heading of the list, the «other» button…), passed to the SPA as they are."""

    def parts(self) -> Iterator[str]:
        """Names of earlier fields this one looks at."""
        if self.visible_when is not None:
            yield from (str(leaf.field) for leaf in self.visible_when.leaves())
        parent = getattr(self, "parent", None)
        if parent is not None:
            yield parent

    def _problems(self) -> Iterator[str]:
        """Sentences about what this field contradicts itself in."""
        known = COMMON_CODES + CODES[getattr(self, "kind", "boolean")]
        for code, wording in self.messages.items():
            if code not in known:
                yield f"messages: {code!r} cannot happen to this kind, known: {', '.join(known)}"
            if "ru" not in wording:
                yield f"messages.{code}: the wording in 'ru' is missing"
            if any(_is_odd(form) for form in wording.values()):
                yield f"messages.{code}: a plural map needs 'by' and 'other'"

    @model_validator(mode="after")
    def _is_consistent(self) -> FieldBase:
        problems = list(self._problems())
        if problems:
            raise ValueError(f"field {self.name!r}: " + "; ".join(problems))
        return self


def _is_odd(message: Message) -> bool:
    return isinstance(message, dict) and not {"by", "other"} <= set(message)


def _crossed(name: str, low: float | None, high: float | None) -> Iterator[str]:
    if low is not None and high is not None and low > high:
        yield f"the smallest {name} ({low}) is above the largest ({high})"


class Option(Part):
    """An option written in the form itself."""

    code: Code
    names: LocalText
    hint: LocalText | None = None
    synonyms: tuple[str, ...] = ()


class Other(Part):
    """An own answer instead of an option, in words."""

    min_length: Annotated[int, Field(ge=1)] = 2
    max_length: Annotated[int, Field(le=4000)] = 60

    @model_validator(mode="after")
    def _in_order(self) -> Other:
        for problem in _crossed("length of an own answer", self.min_length, self.max_length):
            raise ValueError(problem)
        return self


class OptionsBase(FieldBase):
    """Options inline or from a directory, optionally only those of the parent answer."""

    options: tuple[Option, ...] | None = Field(default=None, min_length=1)
    directory: Code | None = None
    parent: Name | None = None

    def _problems(self) -> Iterator[str]:
        yield from super()._problems()
        if (self.options is None) == (self.directory is None):
            yield "give either options or a directory"
        codes = [option.code for option in self.options or ()]
        if len(set(codes)) < len(codes):
            yield f"options used twice: {sorted({code for code in codes if codes.count(code) > 1})}"
        if self.parent is not None and self.directory is None:
            yield "only options of a directory can depend on a parent"


class ChoiceField(OptionsBase):
    """One of the options, or an own answer where allowed: ``"aer"`` or ``{"other": "Сан-Паулу"}``."""

    kind: Literal["choice"]
    allow_other: Other | None = None


class MultichoiceField(OptionsBase):
    """Several of the options."""

    kind: Literal["multichoice"]
    min_items: Annotated[int, Field(ge=0)] = 0
    max_items: Annotated[int, Field(ge=1, le=200)] = 200

    def _problems(self) -> Iterator[str]:
        yield from super()._problems()
        yield from _crossed("number of items", self.min_items, self.max_items)
        if self.options is not None and self.min_items > len(self.options):
            yield f"min_items ({self.min_items}) is more than there are options ({len(self.options)})"


class DayBounds(Part):
    """A window counted from today."""

    min_days: int | None = None
    max_days: int | None = None

    @model_validator(mode="after")
    def _in_order(self) -> DayBounds:
        for problem in _crossed("day", self.min_days, self.max_days):
            raise ValueError(problem)
        return self


class DateField(FieldBase):
    """A calendar day, ``YYYY-MM-DD``, without a time zone."""

    kind: Literal["date"]
    within: Literal["period"] | DayBounds | None = None
    excluded: tuple[Excluded, ...] = ()
    """Days this form never takes; those of the period are added to them."""


class TextBase(FieldBase):
    """Words. Lengths are counted in characters people see as code points, after cleaning."""

    min_length: Annotated[int, Field(ge=0)] = 0
    max_length: Annotated[int, Field(ge=1, le=20_000)] = 200
    pattern: Pattern | None = None
    cleanup: tuple[Operation, ...] = ("trim", "collapse_spaces")
    input_mode: Literal["text", "numeric", "decimal", "email", "tel", "search", "url"] = "text"

    def _problems(self) -> Iterator[str]:
        yield from super()._problems()
        yield from _crossed("length", self.min_length, self.max_length)


class TextField(TextBase):
    """Words of any kind."""

    kind: Literal["text"]
    multiline: bool = False


class PersonField(TextBase):
    """A person's name; cleaned as names are unless the form says otherwise."""

    kind: Literal["person"]
    cleanup: tuple[Operation, ...] = ("trim", "collapse_spaces", "cyrillic_lookalikes", "title_case")


class NumberField(FieldBase):
    """A number."""

    kind: Literal["number"]
    minimum: float | None = None
    maximum: float | None = None
    integer: bool = False

    def _problems(self) -> Iterator[str]:
        yield from super()._problems()
        yield from _crossed("value", self.minimum, self.maximum)


class BooleanField(FieldBase):
    """Yes or no."""

    kind: Literal["boolean"]


class FileField(FieldBase):
    """Ids of uploaded files."""

    kind: Literal["file"]
    max_files: Annotated[int, Field(ge=1, le=20)] = 5
    max_bytes: Annotated[int, Field(ge=1)] = 20 * 1024 * 1024
    types: tuple[str, ...] = ()


AnyField: TypeAlias = (
    ChoiceField | MultichoiceField | DateField | TextField | PersonField | NumberField | BooleanField | FileField
)


class FormDefinition(Part):
    """One version of a form. Published versions never change."""

    id: Code
    version: Annotated[int, Field(ge=1)]
    title: LocalText
    description: LocalText | None = None
    texts: dict[Name, LocalText] = {}
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
