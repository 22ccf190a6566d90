"""Two doors that wrote one draft: per answer the latest edit wins, and lists are merged item by item.

A list (the files above all) is not one answer but several: what one door has put in and what the other has taken out
are both meant. So each door says what its list was when it began (``SaveDraft.base``), and only its own additions and
removals are brought into what stands by now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

from express_bot.contracts.applications import SaveDraft
from express_bot.contracts.errors import InvalidAnswers
from express_bot.domain.compiled import CompiledForm
from express_bot.domain.fields import FileField
from express_bot.domain.messages import field_error


def overlaid(stored: Mapping[str, Any], draft: SaveDraft) -> dict[str, Any]:
    """The stored answers with the caller's changed fields on top; a changed field without a value is cleared."""
    answers = {name: value for name, value in stored.items() if name not in draft.changed}
    for name in draft.changed:
        value = _merged(stored.get(name), draft.answers.get(name), draft.base.get(name))
        if value or name in draft.answers:
            answers[name] = value
    return answers


def _merged(stored: Any, latest: Any, base: list[str] | None) -> Any:
    """One answer; without a list on either side the latest is the answer."""
    told = [value for value in (stored, latest) if value is not None]
    if not told or not all(_is_list(value) for value in told):
        return latest
    return merged_list(base or [], latest or [], stored or [])


def merged_list(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    """Theirs, without what I have taken out of the base, and with what I have put in behind it."""
    removed, known = set(base) - set(mine), set(base)
    kept = [item for item in theirs if item not in removed]
    return list(dict.fromkeys([*kept, *(item for item in mine if item not in known)]))


def _is_list(value: Any) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def ensure_room(form: CompiledForm, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """No question gets more files than it takes; those that a stricter form found there already may stay.

    Raises ``InvalidAnswers``.
    """
    full = [
        field_error(form, field.name, "too_many", after[field.name])
        for field in form.definition.fields
        if isinstance(field, FileField)
        and max(field.max_files, _count(before.get(field.name))) < _count(after.get(field.name))
    ]
    if full:
        raise InvalidAnswers(errors=full)


def _count(value: Any) -> int:
    return len(value) if isinstance(value, list) else 0
