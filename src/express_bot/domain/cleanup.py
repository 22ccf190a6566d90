"""Clean before judging: what people mean, not what they typed.

Every operation has its twin in ``frontend/src/features/applications/validation/clean.ts``; the vectors of
``tests/domain/make_vectors.py`` hold the two together. For that reason the sets of characters are spelled
out here instead of being left to what a language takes for a space or a letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from express_bot.domain.fields import AnyField

Operation: TypeAlias = Literal["trim", "collapse_spaces", "digits", "cyrillic_lookalikes", "title_case"]

_SPACES = " \t\v\f\x85\xa0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff"
_BREAKS = "\n\r\u2028\u2029"
_DASHES = "\\-\u2010-\u2015\u2212"
#: The same characters one by one, for ``str.strip``.
_BLANKS = f" \t\v\f\x85\xa0\u1680{''.join(map(chr, range(0x2000, 0x200C)))}\u202f\u205f\u2060\u3000\ufeff{_BREAKS}"
_ALL_BLANK = re.compile(f"[{_SPACES}{_BREAKS}]+")
_LINE_BREAK = re.compile(f"[{_SPACES}]*(?:\r\n|[{_BREAKS}])[{_SPACES}]*")
_INLINE_BLANK = re.compile(f"[{_SPACES}]+")
_MANY_BREAKS = re.compile("\n{3,}")
_NOT_IN_NUMBERS = re.compile(f"[{_SPACES}{_BREAKS}{_DASHES}]+")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,6})?")

_LATIN = "ABCEHKMOPTXYaceopxyËë"
_CYRILLIC = "АВСЕНКМОРТХУасеорхуЁё"
_LOOKALIKES = str.maketrans(_LATIN, _CYRILLIC)
_HAS_CYRILLIC = re.compile("[Ѐ-ӿ]")
_WORD = re.compile("[^ ]+")
_ONLY_LOOKALIKES = re.compile(f"[{_LATIN}.'’-]+")

_LOWER = "abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюяѐёђѓєѕіїјљњћќѝўџ"
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏ"
_TO_LOWER = str.maketrans(_UPPER, _LOWER)
_TO_UPPER = str.maketrans(_LOWER, _UPPER)
_NAME_PART = re.compile(f"[{_LOWER}{_UPPER}]+")
_MIXED = re.compile(f"[{_LOWER}][{_UPPER}]|[{_UPPER}][{_LOWER}].*[{_UPPER}]")
_PARTICLES = {"оглы", "кызы", "оол", "кизи"}


def trim(text: str) -> str:
    """No blanks at the ends."""
    return text.strip(_BLANKS)


def collapse_spaces(text: str, *, multiline: bool = False) -> str:
    """Any run of blanks is one space; a multi-line text keeps its lines, at most one of them empty."""
    if not multiline:
        return _ALL_BLANK.sub(" ", text)
    return _MANY_BREAKS.sub("\n\n", _INLINE_BLANK.sub(" ", _LINE_BREAK.sub("\n", text)))


def digits(text: str) -> str:
    """«100 234» and «100-234» are 100234; letters stay to be reported."""
    return _NOT_IN_NUMBERS.sub("", text)


def cyrillic_lookalikes(text: str) -> str:
    """Latin letters that look Cyrillic, inside a Cyrillic name; a name in Latin letters stays as it is."""
    if not _HAS_CYRILLIC.search(text):
        return text
    return _WORD.sub(lambda word: _to_cyrillic(word[0]), text)


def _to_cyrillic(word: str) -> str:
    """«Ивaнов» and the initials «A.B.» beside it are repaired, «Peter» beside it is not."""
    is_ours = _HAS_CYRILLIC.search(word) or _ONLY_LOOKALIKES.fullmatch(word)
    return word.translate(_LOOKALIKES) if is_ours else word


def title_case(text: str) -> str:
    """«ИВАНОВА-петрова а.и.» is «Иванова-Петрова А.И.»; a part of mixed case (McDonald) knows better."""
    return _NAME_PART.sub(lambda part: _to_title(part[0]), text)


def _to_title(part: str) -> str:
    if part in _PARTICLES or _MIXED.search(part):
        return part
    return part[0].translate(_TO_UPPER) + part[1:].translate(_TO_LOWER)


_OPERATIONS: dict[str, Callable[[str], str]] = {
    "trim": trim,
    "collapse_spaces": collapse_spaces,
    "digits": digits,
    "cyrillic_lookalikes": cyrillic_lookalikes,
    "title_case": title_case,
}


def tidy(text: str, operations: tuple[Operation, ...], *, multiline: bool = False) -> str:
    """The operations of a field, in its order."""
    for operation in operations:
        is_lines = operation == "collapse_spaces" and multiline
        text = collapse_spaces(text, multiline=True) if is_lines else _OPERATIONS[operation](text)
    return text


def clean(fields: Mapping[str, AnyField], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to judge and keep: tidied, without what was left blank.

    Values of a wrong type and unknown keys stay, so that the validator can name them.
    """
    cleaned: dict[str, Any] = {}
    for name, value in answers.items():
        field = fields.get(name)
        value = value if field is None else _clean_value(field, value)
        if field is None or not _is_blank(value):
            cleaned[name] = value
    return cleaned


def _clean_value(field: AnyField, value: Any) -> Any:
    if isinstance(value, str):
        return _clean_text(field, value)
    if field.kind == "choice" and isinstance(value, dict) and isinstance(value.get("other"), str):
        return {**value, "other": tidy(value["other"], ("trim", "collapse_spaces"))}
    return value


def _clean_text(field: AnyField, value: str) -> Any:
    if field.kind in ("text", "person"):
        return tidy(value, field.cleanup, multiline=field.kind == "text" and field.multiline)
    return _number(trim(value)) if field.kind == "number" else trim(value)


def _number(text: str) -> int | float | str:
    """«3» and «1,5» typed into a number field or a chat are numbers; anything else stays a text."""
    if not _NUMBER.fullmatch(text):
        return text
    value = float(text.replace(",", "."))
    return int(value) if value.is_integer() else value


def _is_blank(value: Any) -> bool:
    """Left blank: nothing, an empty list, an own option without words."""
    return value is None or value == [] or value == {"other": ""} or (isinstance(value, str) and not trim(value))
