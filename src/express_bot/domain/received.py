"""A compiled form as a door received it over HTTP, made able to judge, tidy and read out again.

The core compiles a form with directories and periods; a door gets the outcome as JSON. Everything ``CompiledForm``
does afterwards needs only what is in that JSON, so the door's words and judgements are the core's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from express_bot.domain.compiled import CompiledForm
from express_bot.domain.conditions import Condition
from express_bot.domain.fields import (
    AnyField,
    BooleanField,
    ChoiceField,
    DateField,
    FileField,
    MultichoiceField,
    NumberField,
    PersonField,
    TextField,
)
from express_bot.domain.forms import FormDefinition

_KINDS: dict[str, type[AnyField]] = {
    "choice": ChoiceField,
    "multichoice": MultichoiceField,
    "date": DateField,
    "text": TextField,
    "person": PersonField,
    "number": NumberField,
    "boolean": BooleanField,
    "file": FileField,
}
_SENT_AS_THEY_ARE = (
    "name",
    "kind",
    "required",
    "profile",
    "statistics",
    "multiline",
    "min_items",
    "max_items",
    "max_files",
    "max_bytes",
    "types",
    "parent",
)


def received(document: Mapping[str, Any]) -> CompiledForm:
    """The form behind ``contracts.periods.FormAnswer.form``."""
    definition = FormDefinition.model_construct(
        id=document["id"],
        version=document["version"],
        title={"ru": document["title"]},
        texts={},
        date_field=document["date_field"],
        summary=tuple(document["summary"]),
        fields=tuple(map(_field, document["fields"])),
    )
    names = {field["name"]: _names(field) for field in document["fields"] if "options" in field}
    return CompiledForm(definition, document["locale"], dict(document), names)


def _field(sent: Mapping[str, Any]) -> AnyField:
    """As much of the definition as judging and reading out ask for; it was checked when it was published."""
    kind = _KINDS[sent["kind"]]
    told: dict[str, Any] = {name: sent[name] for name in _SENT_AS_THEY_ARE if name in sent}
    condition = sent.get("visible_when")
    told |= {"label": {"ru": sent["label"]}, "cleanup": tuple(sent["cleanup"])}
    told["visible_when"] = Condition.model_validate(condition) if condition else None
    return kind.model_construct(None, **{name: value for name, value in told.items() if name in kind.model_fields})


def _names(sent: Mapping[str, Any]) -> dict[str, str]:
    return {option["code"]: option["name"] for option in sent["options"]}
