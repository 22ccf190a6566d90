"""The strict reader of JSON bodies at our edges: the core's and that of the messengers' webhooks (trust §6.7).

The usual readers let NaN, doubled keys, lone surrogates and NUL through and die of deep nesting; each of these is a
clean refusal here, before any rule of ours sees the document.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import Any, NoReturn

from express_bot.contracts import errors

MAX_BODY = 1 << 20
#: No document of ours is nested deeper than an answer inside ``answers``.
MAX_DEPTH = 32

_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[\]{}]')


def read_json(body: bytes) -> Any:
    """The document in ``body``. Raises an error of the ``json_…`` family, or ``TextNotStorable``."""
    _ensure_depth(body)
    try:
        text = body.decode()  # json itself would take UTF-16 for granted, and let raw surrogates through
        document = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_not_finite, parse_int=_whole, parse_float=_finite
        )
    except (ValueError, RecursionError) as broken:
        raise errors.JsonMalformed from broken
    if _ESCAPED_NUL.search(text) or (_ESCAPED_SURROGATE.search(text) and _has_lone_surrogate(document)):
        raise errors.TextNotStorable
    return document


def _ensure_depth(body: bytes) -> None:
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return
    depth = 0
    for token in _BRACKETS.finditer(body):
        sign = token[0]
        depth += (sign in (b"[", b"{")) - (sign in (b"]", b"}"))
        if depth > MAX_DEPTH:
            raise errors.JsonTooDeep


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        [(key, _), *_others] = Counter(key for key, _ in pairs).most_common(1)
        raise errors.JsonDuplicateKey(key=key[:60])
    return document


def _not_finite(_constant: str) -> NoReturn:
    raise errors.JsonNotFinite


def _whole(digits: str) -> int:
    # beyond this, a number is no longer the same in JavaScript, in JSON columns and here
    if len(digits) > 16:
        raise errors.JsonNotFinite
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise errors.JsonNotFinite
    return number


def _has_lone_surrogate(document: Any) -> bool:
    if isinstance(document, str):
        return bool(_LONE_SURROGATE.search(document))
    if isinstance(document, dict):
        return any(_has_lone_surrogate(part) for pair in document.items() for part in pair)
    return isinstance(document, list) and any(map(_has_lone_surrogate, document))
