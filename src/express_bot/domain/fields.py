"""The kinds of questions a form may ask: what each is, and what it must not contradict itself in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from express_bot.domain.cleanup import Operation
from express_bot.domain.conditions import Condition
from express_bot.domain.directories import Code
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
