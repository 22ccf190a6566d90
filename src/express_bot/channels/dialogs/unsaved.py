"""Edits that nobody has saved yet: they stand in the state of a chat, and travel along with their person."""

from __future__ import annotations

from express_bot.channels.dialogs.door import Json, OtherDialog
from express_bot.channels.dialogs.state import read
from express_bot.channels.dialogs.turn import Turn


def edits_of(turn: Turn, number: str) -> Json:
    """The unsaved edits of an application: the latest, wherever they were made."""
    found = [(turn.dialog.at, turn.state.edits.get(number))]
    found += [(other.at, _edits_there(other, number)) for other in turn.others]
    made = [(at, edits) for at, edits in found if at is not None and edits]
    return dict(max(made, key=lambda pair: pair[0])[1] or {}) if made else {}


def _edits_there(other: OtherDialog, number: str) -> Json | None:
    state = read(other.state)
    return state.edits.get(number) if state else None
