"""What the person asked for before: offered first, as one press (ux.md C3)."""

from __future__ import annotations

from datetime import date

from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.filling import repeated
from express_bot.channels.dialogs.keyboard import MAX_LABEL
from express_bot.channels.dialogs.sheet import Sheet
from express_bot.channels.dialogs.turn import Turn
from express_bot.channels.dialogs.words import month_in
from express_bot.domain.fields import AnyField

#: How many are offered.
CHIPS = 3


async def repeats_of(turn: Turn, sheet: Sheet, asked: AnyField) -> tuple[tuple[str, str], ...]:
    """Code and label of the last different answers that the form still offers; the latest says of which month."""
    field = repeated(sheet)
    if field is None or field.name != asked.name:
        return ()
    offered = {option["code"]: option["name"] for option in sheet.options(asked)}
    latest: dict[str, Json] = {}
    for card in await turn.facts.latest():
        code = card["answers"].get(asked.name)
        if card["form"] == sheet.form.definition.id and isinstance(code, str) and code in offered:
            latest.setdefault(code, card)
    chips = list(latest.items())[:CHIPS]
    return tuple((code, _label(turn, offered[code], card, place)) for place, (code, card) in enumerate(chips))


def _label(turn: Turn, name: str, card: Json, place: int) -> str:
    day = card["target_date"]
    if place > 0 or day is None:
        return name
    label = turn.say("menu.as_in", value=name, month=month_in(date.fromisoformat(day).month, turn.locale))
    return label if len(label) <= MAX_LABEL else name
