"""Patterns of text fields run in two engines (Rust on the server, JavaScript in the SPA).

Only what both read in the same way is accepted: explicit character classes, groups, alternatives,
counters, anchors. Shorthands such as ``\\d`` or ``.`` differ between the engines and are refused by name.
"""

from __future__ import annotations

import re

_SYNTAX = set("^$\\.*+?()[]{}|/")
_COUNTER = re.compile(r"\{[0-9]{1,4}(?:,(?:[0-9]{1,4})?)?\}")
MAX_LENGTH = 200


def ensure_portable(pattern: str) -> str:
    """The pattern itself, or ``ValueError`` saying what to write instead."""
    if len(pattern) > MAX_LENGTH:
        raise ValueError(f"pattern is longer than {MAX_LENGTH} characters")
    position = 0
    while position < len(pattern):
        position = _in_class(pattern, position + 1) if pattern[position] == "[" else _outside(pattern, position)
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"pattern does not compile: {error}") from error
    return pattern


def _outside(pattern: str, at: int) -> int:
    """One token outside of a class; the position after it."""
    character = pattern[at]
    if character == "\\":
        return _escape(pattern, at, allowed=_SYNTAX)
    if character == "{":
        counter = _COUNTER.match(pattern, at)
        if not counter:
            raise ValueError("pattern: write a literal brace as \\{")
        return counter.end()
    if character in ".]}":
        raise ValueError(f"pattern: write {character!r} as a class or escape it")
    if pattern.startswith("(?", at) and not pattern.startswith("(?:", at):
        raise ValueError("pattern: of the (?…) groups only (?:…) is allowed")
    return at + 1


def _in_class(pattern: str, at: int) -> int:
    """The inside of ``[…]``; the position after it."""
    start = at = at + pattern.startswith("^", at)
    while at < len(pattern) and pattern[at] != "]":
        if pattern[at] == "[" or pattern[at : at + 2] in ("&&", "--", "~~"):
            raise ValueError("pattern: inside a class write [ as \\[ and no &&, --, ~~")
        at = _escape(pattern, at, allowed=_SYNTAX | {"-"}) if pattern[at] == "\\" else at + 1
    if at == start or at >= len(pattern):
        raise ValueError("pattern: a class is empty or not closed")
    return at + 1


def _escape(pattern: str, at: int, *, allowed: set[str]) -> int:
    escaped = pattern[at + 1 : at + 2]
    if escaped not in allowed or not escaped:
        raise ValueError(f"pattern: \\{escaped} is read differently by the two engines, use an explicit class")
    return at + 2
