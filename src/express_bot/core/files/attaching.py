"""Files as answers: which ones an application names, whether it may, and how they become part of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from express_bot.contracts import errors
from express_bot.contracts.errors import FieldError
from express_bot.core.db.session import Connection, Row
from express_bot.core.files import repository, views
from express_bot.domain.fields import FileField
from express_bot.domain.forms import FormDefinition


def named(definition: FormDefinition, answers: dict[str, Any]) -> tuple[UUID, ...]:
    """The files that answers name, in their order; raises ``InvalidAnswers`` for what is no id of ours."""
    found, problems = [], []
    for field, said in _said(definition, answers):
        file_id = _id(said)
        if file_id is None or file_id in found:
            problems.append(FieldError(field.name, "unknown_file"))
        else:
            found.append(file_id)
    _raise(problems)
    return tuple(found)


def _said(definition: FormDefinition, answers: dict[str, Any]) -> Iterator[tuple[FileField, str]]:
    for field in definition.fields:
        if isinstance(field, FileField):
            for said in answers.get(field.name) or []:
                yield field, str(said)


def _id(said: str) -> UUID | None:
    """Only as we write ids ourselves: one file has one name."""
    try:
        file_id = UUID(said)
    except ValueError:
        return None
    return file_id if str(file_id) == said else None


def ensure_usable(
    db: Connection, definition: FormDefinition, answers: dict[str, Any], owner: UUID, *, within: int | None = None
) -> None:
    """Each file is its owner's, ready, fits its question, and belongs to nothing else than the application ``within``.

    Raises ``InvalidAnswers`` with one error per question.
    """
    said = [(field, _id(text)) for field, text in _said(definition, answers)]
    if not said:
        return
    rows = {row["id"]: row for row in repository.find_all(db, [file_id for _, file_id in said if file_id])}
    problems: dict[str, FieldError] = {}
    for field, file_id in said:
        code = _problem(field, rows.get(file_id) if file_id else None, owner, within)
        if code:
            problems.setdefault(field.name, FieldError(field.name, code, {"mb": field.max_bytes >> 20}))
    _raise(list(problems.values()))


def _problem(field: FileField, row: Row | None, owner: UUID, within: int | None) -> str | None:
    if row is None or row["owner_id"] != owner or row["state"] != "ready":
        return "unknown_file"
    if row["application_id"] not in (None, within):
        return "unknown_file"
    if field.types and row["type"] not in field.types:
        return "file_type_refused"
    return "file_too_large" if row["received"] > field.max_bytes else None


def _raise(problems: list[FieldError]) -> None:
    if problems:
        raise errors.InvalidAnswers(errors=problems)


def replace(db: Connection, definition: FormDefinition, answers: dict[str, Any], application: Row) -> None:
    """After an edit: the files of the new answers belong to the application, those it let go of to nothing.

    Raises ``InvalidAnswers``. Part of the edit's transaction.
    """
    if not any(isinstance(field, FileField) for field in definition.fields):
        return
    owner, ids = application["applicant_id"], named(definition, answers)
    ensure_usable(db, definition, answers, owner, within=application["id"])
    if repository.attach(db, application["id"], owner, list(ids)) != len(ids):
        first = next(field.name for field, _ in _said(definition, answers))
        raise errors.InvalidAnswers(errors=[FieldError(first, "unknown_file")])


def shown(db: Connection, definition: FormDefinition, answers: dict[str, Any], application_id: int) -> list[Any]:
    """The files of an application as the doors see them, in the order of its answers."""
    ids = [file_id for _, text in _said(definition, answers) if (file_id := _id(text))]
    if not ids:
        return []
    rows = {row["id"]: row for row in repository.find_all(db, ids) if row["application_id"] == application_id}
    return [views.file(rows[file_id]) for file_id in ids if file_id in rows]
