"""A press on a message that the bot has sent by itself.

Such a message is not one of the conversation's: it keeps its words, may get a line («✓ Начата заявка: Сочи»), and the
conversation goes on below it (ux.md C3).
"""

from __future__ import annotations

from typing import Any

from express_bot.channels.dialogs import tokens
from express_bot.channels.dialogs.keyboard import Pen
from express_bot.channels.dialogs.sheets import open_sheet
from express_bot.channels.dialogs.turn import Turn
from express_bot.channels.dialogs.view import Button, Row, View

#: Begins the one line that a press leaves; the next press writes over it.
MARK = "✓ "


async def look(turn: Turn) -> None:
    """Finds what the pressed message says; a message that nobody knows (yet) stays as it is."""
    message = turn.incoming.message_id
    card = await turn.core.card_by_external(turn.incoming.channel, message) if message else None
    if card is not None and card.view:
        turn.pressed, turn.pressed_notice = card.id, View.from_json(card.view)


async def begun(turn: Turn) -> None:
    """Questions have begun: the message says of what, and its buttons are gone."""
    flow = turn.state.flow
    if turn.pressed_notice is None or flow is None or flow.kind != "new":
        return
    title = (await open_sheet(turn)).title()
    line = turn.say("stamp.begun", title=title) if title else turn.say("stamp.begun_unnamed")
    turn.stamped = View(_with_line(turn.pressed_notice, line))


def answer_there(turn: Turn, key: str, rows: tuple[Row, ...], **figures: Any) -> bool:
    """Answers on the pressed message alone, with these buttons; ``False`` when nobody knows what it says."""
    if turn.pressed_notice is None:
        return False
    turn.stamped = View(_with_line(turn.pressed_notice, turn.say(key, **figures)), rows)
    turn.is_answered_there = True
    return True


def keep(turn: Turn) -> bool:
    """The pressed message says what has become of it already: that is the answer to a press on its old buttons."""
    said = turn.pressed_notice
    if said is None or not any(line.startswith(MARK) for line in said.text.split("\n")):
        return False
    turn.stamped, turn.is_answered_there = said, True
    return True


def exchanged(turn: Turn, verb: str, button: Button) -> tuple[Row, ...]:
    """The buttons of the pressed message with another one in the place of an act."""
    rows = turn.pressed_notice.rows if turn.pressed_notice else ()
    return tuple(tuple(button if _asks_for(known, verb) else known for known in row) for row in rows)


def pen(turn: Turn) -> Pen:
    """Writes buttons of the pressed message."""
    return Pen(str(turn.pressed), tokens.NOTICE_REV, turn.locale)


def _asks_for(button: Button, verb: str) -> bool:
    token = tokens.read(button.token)
    return token is not None and token.verb == verb


def _with_line(notice: View, line: str) -> str:
    kept = [told for told in notice.text.split("\n") if not told.startswith(MARK)]
    return "\n".join([*kept, line])
