"""What a press brings back: the button's token, and for a button that only says something, its place.

Telegram's clients say nothing of their own, so why a day cannot be chosen is looked up when it is pressed: on the card,
at the place that stands behind the token. Neither library nor core is needed here.
"""

from __future__ import annotations

import re
from typing import Any

from express_bot.channels.dialogs.view import MAX_TOKEN, Button, View

#: Of a caption: a press of it means nothing.
NOTHING = "-"
_PLACED = re.compile(r"(?P<token>.+)@(?P<row>\d{1,2})\.(?P<column>\d{1,2})")


def data_of(button: Button, place: tuple[int, int]) -> str:
    """The callback data of a button at a place; at most 64 bytes, because tokens are short."""
    if button.alert is None:
        return button.token or NOTHING
    data = f"{button.token or NOTHING}@{place[0]}.{place[1]}"
    return data if len(data.encode()) <= MAX_TOKEN else NOTHING


def is_placed(data: str) -> bool:
    """Whether what a press brought back names a place: the button only says something."""
    return _PLACED.fullmatch(data) is not None


def reason_of(data: str, wanted: dict[str, Any]) -> str | None:
    """Why the pressed button cannot be chosen, if the card still shows that button there."""
    found = _PLACED.fullmatch(data)
    rows = View.from_json(wanted).rows
    if found is None or int(found["row"]) >= len(rows) or int(found["column"]) >= len(rows[int(found["row"])]):
        return None
    button = rows[int(found["row"])][int(found["column"])]
    return button.alert if button.token in (found["token"], None) else None
