"""The messenger as the bot meets it from the other side: events, presses, callbacks, calls of the SmartApp."""

from express_bot.emulator.messenger.messenger import Messenger as Messenger
from express_bot.emulator.messenger.phone import Phone as Phone
from express_bot.emulator.messenger.phone import Seat as Seat
