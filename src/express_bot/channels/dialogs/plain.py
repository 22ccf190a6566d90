"""The one way of foreign words into a message: what a person, a directory or a dispatcher wrote is only words there.

Messengers read markup out of a body: eXpress replaces ``<embed_mention>…`` and ``@{mention:…}`` by mentions, of
everybody too; both read Markdown and make links of addresses. Every sign that could start such a thing is replaced by
one that looks like it and means nothing. What is stored stays as it was written.
"""

from __future__ import annotations

import re
import unicodedata

#: Sign → its look-alike. None of the look-alikes is a sign of markup, so cleaning twice changes nothing.
_LOOKALIKES = str.maketrans(
    {
        "<": "‹",
        ">": "›",
        "{": "(",
        "}": ")",
        "[": "［",
        "]": "］",
        "*": "∗",
        "_": "＿",
        "`": "ˋ",
        "~": "∼",
        "|": "∣",
        "\\": "＼",
        "#": "＃",
    }
)
_SCHEME = re.compile(r"(?<=[a-z0-9+.-]):(?=//)", re.IGNORECASE)
_SLASHES = re.compile(r"//+")
_WWW = re.compile(r"\bwww\.", re.IGNORECASE)
#: A name after «@» at the start of a word calls somebody; an address of e-mail has letters before it.
_CALL = re.compile(r"(?<![^\W_])@")
_SPACES = re.compile(r"\s+")
#: Controls, direction switches and invisible joiners; line breaks and the no-break space are spaces.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def plain(text: str, limit: int | None = None) -> str:
    """Words without markup, mentions, links, line breaks and invisible signs; cut to ``limit`` signs."""
    shown = "".join(sign if sign.isspace() or unicodedata.category(sign) not in _HIDDEN else "" for sign in text)
    shown = shown.translate(_LOOKALIKES)
    shown = _SLASHES.sub("/", _SCHEME.sub("", shown))
    shown = _CALL.sub("＠", _WWW.sub("www ", shown))
    return shorten(_blanks(shown), limit) if limit else _blanks(shown)


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` signs; what is cut off is shown by «…»."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _blanks(text: str) -> str:
    """One kind of space at a time; no-break spaces are meant and stay."""
    return _SPACES.sub(lambda found: "\u00a0" if found[0] == "\u00a0" else " ", text).strip()
