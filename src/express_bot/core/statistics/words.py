"""Codes in words: what dimensions are called, and their values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from express_bot.contracts.statistics import NONE, OTHER
from express_bot.core.applications.service import today
from express_bot.core.reference import Reference
from express_bot.core.statistics.upkeep import layouts
from express_bot.domain import texts
from express_bot.domain.compiled import CompiledForm
from express_bot.domain.forms import FormDefinition
from express_bot.domain.locales import pick
from express_bot.domain.statistics import CHANNEL, STATUS, Layout
from express_bot.domain.workflow import Status

#: Values of dimensions that no list names, as far as anybody guesses: numbers.
UNLISTED = 20


@dataclass(frozen=True)
class Subject:
    """A form whose figures are asked for, in somebody's language, now."""

    reference: Reference
    definition: FormDefinition
    layout: Layout
    locale: str
    now: datetime

    @cached_property
    def _compiled(self) -> CompiledForm:
        return self.reference.compile(self.definition, None, self.locale, today(None, self.now))

    @property
    def form(self) -> str:
        return self.definition.id

    def title(self, dimension: str) -> str:
        """«Направление»."""
        if dimension in (STATUS, CHANNEL):
            return texts.text(f"statistics.{dimension}", self.locale)
        field = self.definition.by_name.get(dimension)
        return pick(field.label, self.locale) if field else dimension

    def label(self, dimension: str, code: str) -> str:
        """«Хургада»; items that are retired keep their names."""
        if dimension == STATUS:
            return texts.text(f"status.{code}.label", self.locale)
        if dimension == CHANNEL:
            return str(texts.find(f"statistics.names.{code}", self.locale) or code)
        if code == NONE:
            return texts.text("common.not_specified", self.locale)
        return self._own(dimension) if code == OTHER else self._named(dimension, code)

    def _own(self, dimension: str) -> str:
        field = self.definition.by_name.get(dimension)
        said = field.texts.get("other_label") if field else None
        return pick(said, self.locale) if said else texts.text("statistics.other", self.locale)

    def _named(self, dimension: str, code: str) -> str:
        field = self.definition.by_name.get(dimension)
        if field is not None and field.kind == "boolean":
            return str(texts.find(f"common.{'yes' if code == 'true' else 'no'}", self.locale))
        return self._compiled.names.get(dimension, {}).get(code, code)

    def size(self, dimension: str) -> int:
        """How many values there can be."""
        if dimension == STATUS:
            return len(Status)
        if dimension == CHANNEL:
            return len(texts.entry("statistics.names", self.locale))
        names = self._compiled.names.get(dimension)
        return len(names) + 2 if names else UNLISTED


def subject(reference: Reference, kept: dict[str, Layout], form: str, *, locale: str, now: datetime) -> Subject:
    """The form by its id; what it is counted by is what the rollups know. Raises ``UnknownForm``."""
    definition = reference.form(form)
    layout = kept.get(form) or layouts(reference)[form]
    return Subject(reference, definition, layout, locale, now)
