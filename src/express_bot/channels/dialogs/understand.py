"""Which option people mean by what they type: other spellings, transliteration, codes, the wrong keyboard layout.

The same reading as the search field of the web app (``frontend/src/ui/location/search.ts``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

Option: TypeAlias = Mapping[str, Any]

_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_CYRILLIC_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_CYRILLIC = str.maketrans(_LATIN_KEYS, _CYRILLIC_KEYS)
_TO_LATIN = str.maketrans(_CYRILLIC_KEYS, _LATIN_KEYS)

_SOUNDS = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхцъыьэё", "abvgdeziiklmnoprstufhc i ee", strict=True))
    | {"ж": "zh", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "iu", "я": "ia", "ъ": "", "ь": ""}
)
#: Ways to write the same sound in Latin letters, brought to the one that ``_SOUNDS`` gives.
_SPELLINGS = tuple(
    (re.compile(spelling), sound)
    for spelling, sound in (
        ("shch|sch", "sh"),
        ("kh", "h"),
        ("ts|tz", "c"),
        ("x", "ks"),
        ("y|j", "i"),
        ("w", "v"),
        ("ii", "i"),
        ("ie", "e"),
    )
)
_BETWEEN_WORDS = re.compile(r"[\s-]+")

EXACT, BEGINS, WORD, ALIAS, INSIDE, NO = range(6)
#: One or two letters name nothing for sure.
SURE_LENGTH = 2


def find(options: Sequence[Option], typed: str) -> list[Option]:
    """The options that answer to what was typed equally well; nothing when none does.

    A single option is what was meant; several are to be asked about.
    """
    rank, best = _best(options, typed)
    return best if rank < NO else []


def find_sure(options: Sequence[Option], typed: str) -> Option | None:
    """The option that was certainly meant: its whole name, code or alias was typed."""
    rank, best = _best(options, typed)
    return best[0] if rank == EXACT and len(best) == 1 else None


def is_sure(options: Sequence[Option], typed: str) -> bool:
    """Whether the one option found may be taken without a question."""
    rank, best = _best(options, typed)
    return len(best) == 1 and (rank == EXACT or (rank < INSIDE and len(simplify(typed)) > SURE_LENGTH))


def _best(options: Sequence[Option], typed: str) -> tuple[int, list[Option]]:
    queries = _readings(typed)
    ranks = [min((_rank(option, query) for query in queries), default=NO) for option in options]
    best = min(ranks, default=NO)
    return best, [option for option, rank in zip(options, ranks, strict=True) if rank == best]


def _readings(typed: str) -> list[str]:
    """What the typed letters may have meant: as they are, and as if the other layout had been on."""
    lower = typed.lower()
    plain = simplify(lower)
    slips = (simplify(lower.translate(keys)) for keys in (_TO_CYRILLIC, _TO_LATIN))
    return [query for query in dict.fromkeys([plain, *slips]) if query] if plain else []


def simplify(text: str) -> str:
    """One spelling for all: small Latin letters, «ё» is «е», no spaces or dashes."""
    latin = unicodedata.normalize("NFD", text.lower().replace("ё", "е").replace("й", "и").translate(_SOUNDS))
    plain = "".join(sign for sign in latin if sign.isalnum())
    for spelling, sound in _SPELLINGS:
        plain = spelling.sub(sound, plain)
    return plain


def _rank(option: Option, query: str) -> int:
    name, aliases = simplify(option["name"]), list(map(simplify, _aliases(option)))
    if query == name or query in aliases:
        return EXACT
    if name.startswith(query):
        return BEGINS
    if any(simplify(word).startswith(query) for word in _BETWEEN_WORDS.split(option["name"])[1:]):
        return WORD
    if any(alias.startswith(query) for alias in aliases):
        return ALIAS
    return INSIDE if len(query) > SURE_LENGTH and query in name else NO


def _aliases(option: Option) -> Iterable[str]:
    hint = option.get("hint")
    return [option["code"], *option.get("synonyms", ()), *([hint] if hint else [])]
