"""Directories (справочники): coded items with names in every language and parents in other directories.

Codes are stable and stored in answers; names may be edited; an item retires instead of being deleted, so
that an old application still shows what was chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from express_bot.domain.locales import LocalText, pick
from express_bot.domain.notices import time_zone

Code: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


def _zone(name: str) -> str:
    return time_zone(name).key


TimeZone = Annotated[str, AfterValidator(_zone)]


class Item(BaseModel):
    """One choice of a directory."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Code
    names: LocalText
    hint: LocalText | None = None
    """The spelled-out or second name: «Москва» for МСК, the IATA code of a city."""
    parents: tuple[Code, ...] = ()
    synonyms: tuple[str, ...] = ()
    """What people type to find it: other spellings, transliteration, airport codes."""
    retired: bool = False
    timezone: TimeZone | None = None
    """Where the item is a place: the zone its people live by, until they choose another (quiet hours, digests)."""

    def name(self, locale: str) -> str:
        """The name people see."""
        return pick(self.names, locale)


class Directory(BaseModel):
    """A list of coded items."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Code
    title: LocalText
    order: Literal["given", "name"] = "name"
    parent: Code | None = None
    """The directory the parents' codes belong to."""
    items: tuple[Item, ...]

    @model_validator(mode="after")
    def _codes_are_unique(self) -> Directory:
        codes = [item.code for item in self.items]
        doubled = sorted({code for code in codes if codes.count(code) > 1})
        if doubled:
            raise ValueError(f"directory {self.code!r}: codes used twice: {doubled}")
        return self

    def find(self, code: str) -> Item | None:
        """The item with this code, retired or not."""
        return next((item for item in self.items if item.code == code), None)

    def active(self, locale: str) -> list[Item]:
        """What may be chosen today, in the order people expect."""
        items = [item for item in self.items if not item.retired]
        return items if self.order == "given" else sorted(items, key=lambda item: alphabetical(item.name(locale)))


Directories: TypeAlias = Mapping[str, Directory]


def directories(data: Iterable[Mapping[str, Any]]) -> dict[str, Directory]:
    """Directories by code from their stored or shipped form; a parent nobody knows is refused."""
    found = {directory.code: directory for directory in map(Directory.model_validate, data)}
    for directory in found.values():
        _ensure_parents_exist(directory, found)
    return found


def _ensure_parents_exist(directory: Directory, known: Directories) -> None:
    used = {parent for item in directory.items for parent in item.parents}
    if used and directory.parent is None:
        raise ValueError(f"directory {directory.code!r}: items have parents, but the parent directory is not named")
    if directory.parent is None:
        return
    if directory.parent not in known:
        raise ValueError(f"directory {directory.code!r}: the parent directory {directory.parent!r} does not exist")
    strangers = sorted(used - {item.code for item in known[directory.parent].items})
    if strangers:
        raise ValueError(f"directory {directory.code!r}: parents {strangers} are not in {directory.parent!r}")


def alphabetical(name: str) -> str:
    """Sort key of people: case aside, «ё» stands with «е»."""
    return name.casefold().replace("ё", "е")
