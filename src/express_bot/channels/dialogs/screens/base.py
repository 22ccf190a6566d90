"""What a screen of the conversation is: a view, and what its own buttons and a text mean there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.turn import Turn
from express_bot.channels.dialogs.view import View


class Shown(ABC):
    """One place of the conversation. Everything it needs stands in its few figures, in the state and in the core."""

    in_flow: ClassVar[bool] = False
    """Part of filling something in: «Назад», «Отменить», and a pause asks before it goes on."""
    stays: ClassVar[bool] = False
    """Worth reading later: it keeps its words and buttons when the conversation goes on below."""

    @abstractmethod
    async def view(self, turn: Turn, data: Json) -> View:
        """What the card says here."""

    async def press(self, turn: Turn, data: Json, verb: str, argument: str) -> bool:
        """Follows one of its own buttons; ``False``: it has no such button now."""
        return False

    async def is_written(self, turn: Turn, data: Json) -> bool:
        """An answer in free words is expected: only the few words that always lead out are commands here."""
        return False

    async def typed(self, turn: Turn, data: Json, text: str) -> bool:
        """Follows a text; ``False``: not understood."""
        return False


def message(*lines: str | None) -> str:
    """Lines one under another; what has nothing to say is no line."""
    return "\n".join(line for line in lines if line)
