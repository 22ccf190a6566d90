"""When a field is asked: a small tree over the answers of earlier fields.

``{field, equals}``, ``{field, in}``, ``{field, contains}``, ``{field, answered}`` are the leaves,
``{all}``, ``{any}``, ``{not}`` join them. The same tree is a JSON Schema (the judge) and a function
(dialogs and the list of answers ask it which fields exist).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator

Scalar: TypeAlias = StrictBool | StrictInt | StrictFloat | StrictStr
_LEAVES = ("equals", "in_", "contains", "answered")
_JOINTS = ("all", "any", "not_")


class Condition(BaseModel):
    """One node of the tree: exactly one joint, or a field with exactly one test."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    all: tuple[Condition, ...] | None = Field(default=None, min_length=1)
    any: tuple[Condition, ...] | None = Field(default=None, min_length=1)
    not_: Condition | None = Field(default=None, alias="not")
    field: str | None = None
    equals: Scalar | None = None
    in_: tuple[Scalar, ...] | None = Field(default=None, alias="in", min_length=1)
    contains: Scalar | None = None
    answered: bool | None = None

    @model_validator(mode="after")
    def _has_one_meaning(self) -> Condition:
        joints = [name for name in _JOINTS if getattr(self, name) is not None]
        leaves = [name for name in _LEAVES if getattr(self, name) is not None]
        if (len(joints), len(leaves), self.field is None) not in {(1, 0, True), (0, 1, False)}:
            raise ValueError("a condition is all, any, not, or a field with one of equals, in, contains, answered")
        return self

    def leaves(self) -> Iterator[Condition]:
        """Every test of the tree."""
        if self.field is not None:
            yield self
        for child in (*(self.all or ()), *(self.any or ()), *((self.not_,) if self.not_ else ())):
            yield from child.leaves()

    def depth(self) -> int:
        """How deep the joints are nested."""
        children = (*(self.all or ()), *(self.any or ()), *((self.not_,) if self.not_ else ()))
        return 1 + max((child.depth() for child in children), default=0)

    def values(self) -> tuple[Scalar, ...]:
        """What this test compares the answer with."""
        single = tuple(value for value in (self.equals, self.contains) if value is not None)
        return (*single, *(self.in_ or ()))

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Is it true of these answers?"""
        if self.field is None:
            return self._joint_holds(answers)
        value = answers.get(self.field)
        if self.answered is not None:
            return (value is not None) == self.answered
        if self.contains is not None:
            return isinstance(value, list) and any(_same(part, self.contains) for part in value)
        return any(_same(value, wanted) for wanted in self.values())

    def _joint_holds(self, answers: Mapping[str, Any]) -> bool:
        if self.not_ is not None:
            return not self.not_.holds(answers)
        if self.all is not None:
            return all(child.holds(answers) for child in self.all)
        return any(child.holds(answers) for child in self.any or ())

    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema that the whole answers object fulfils when the condition holds."""
        if self.not_ is not None:
            return {"not": self.not_.json_schema()}
        if self.all is not None:
            return {"allOf": [child.json_schema() for child in self.all]}
        if self.any is not None:
            return {"anyOf": [child.json_schema() for child in self.any]}
        return self._leaf_schema()

    def _leaf_schema(self) -> dict[str, Any]:
        present: dict[str, Any] = {"required": [self.field]}
        if self.answered is not None:
            return present if self.answered else {"not": present}
        test: dict[str, Any] = {"enum": list(self.values())}
        if self.contains is not None:
            test = {"type": "array", "contains": {"const": self.contains}}
        return {"properties": {self.field: test}, **present}


def _same(value: Any, wanted: Scalar) -> bool:
    """Equality of JSON: ``true`` is not 1, but 1 is 1.0."""
    return isinstance(value, bool) == isinstance(wanted, bool) and bool(value == wanted)
