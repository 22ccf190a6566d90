"""What a pressed button brings back: ``v1.<card>.<rev>.<choice>``, at most 64 bytes (ux.md C1.4).

``card`` is the beginning of the card's id and ``rev`` the revision of what it said; together they tell an old keyboard
from the present one. A choice is a verb with an argument (``go:aer``); what it means stands in the dialog's state and
in the form, never in the token or the label.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from express_bot.channels.dialogs.view import MAX_TOKEN

VERSION = "v1"
#: The choice of a button that does nothing: a caption, a day that cannot be chosen.
NOTHING = "-"
CARD_SIGNS = 8
#: Buttons of a message that the bot sends by itself carry this revision, which no keyboard of a conversation has: so
#: the conversation knows that the pressed message is not one of its own.
NOTICE_REV = 0

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TOKEN = re.compile(r"v1\.([0-9a-f]{8})\.([0-9a-z]{1,7})\.([!-~]{1,52})")


@dataclass(frozen=True)
class Token:
    """A press, taken apart."""

    card: str
    rev: int
    verb: str
    argument: str


def write(card_id: str, rev: int, choice: str) -> str:
    """The token of one button."""
    return f"{VERSION}.{card_of(card_id)}.{_base36(rev)}.{choice}"


def read(text: str | None) -> Token | None:
    """The press behind a token; ``None`` for what is no token of ours."""
    found = _TOKEN.fullmatch(text or "")
    if found is None or len(text or "") > MAX_TOKEN:
        return None
    verb, _, argument = found[3].partition(":")
    return Token(found[1], int(found[2], 36), verb, argument)


def card_of(card_id: str) -> str:
    """The part of a card's id that tokens carry."""
    return card_id.replace("-", "")[:CARD_SIGNS]


def fits(choice: str) -> bool:
    """Whether a choice fits into a token, however high the revision."""
    return len(write("0" * 32, 36**6, choice).encode()) <= MAX_TOKEN


def _base36(number: int) -> str:
    signs = ""
    while number >= 36:
        number, rest = divmod(number, 36)
        signs = _DIGITS[rest] + signs
    return _DIGITS[number] + signs
