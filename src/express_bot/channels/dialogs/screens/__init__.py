"""Every place of the conversation, by name."""

from express_bot.channels.dialogs.screens.ask import Ask
from express_bot.channels.dialogs.screens.base import Shown
from express_bot.channels.dialogs.screens.check import Check
from express_bot.channels.dialogs.screens.confirm import Confirm
from express_bot.channels.dialogs.screens.flow_ends import (
    Closed,
    Duplicate,
    Failed,
    Limit,
    Lost,
    Parked,
    Resume,
    Sent,
)
from express_bot.channels.dialogs.screens.link import Link
from express_bot.channels.dialogs.screens.menu import Hello, Menu
from express_bot.channels.dialogs.screens.mine import Mine, One
from express_bot.channels.dialogs.screens.pages import Help, More, Profile, Rules, Trouble, Unknown
from express_bot.channels.dialogs.screens.statistics import Statistics
from express_bot.channels.dialogs.screens.with_desk import Answer, Question, Reason

SCREENS: dict[str, Shown] = {
    "answer": Answer(),
    "ask": Ask(),
    "check": Check(),
    "closed": Closed(),
    "confirm": Confirm(),
    "duplicate": Duplicate(),
    "failed": Failed(),
    "hello": Hello(),
    "help": Help(),
    "limit": Limit(),
    "link": Link(),
    "lost": Lost(),
    "menu": Menu(),
    "mine": Mine(),
    "more": More(),
    "one": One(),
    "parked": Parked(),
    "profile": Profile(),
    "question": Question(),
    "reason": Reason(),
    "resume": Resume(),
    "rules": Rules(),
    "sent": Sent(),
    "stats": Statistics(),
    "trouble": Trouble(),
    "unknown": Unknown(),
}

__all__ = ["SCREENS", "Shown"]
