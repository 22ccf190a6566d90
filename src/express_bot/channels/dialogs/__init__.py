"""The conversation engine: questions in order, messenger-free."""

from express_bot.channels.dialogs.door import Acting, CardState, CoreDoor, Dialog
from express_bot.channels.dialogs.engine import Dialogs
from express_bot.channels.dialogs.incoming import Incoming, Person
from express_bot.channels.dialogs.view import Button, Link, View

__all__ = [
    "Acting", "Button", "CardState", "CoreDoor", "Dialog", "Dialogs", "Incoming", "Link", "Person", "View",
]  # fmt: skip
