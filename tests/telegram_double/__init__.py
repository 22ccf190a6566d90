"""A Bot API server of ours: real HTTP, the refusals and sentences of the real one, and people who write and press.

``TelegramDouble`` keeps chats, messages, keyboards and what was asked of it; it brings updates to the webhook that was
set, or gives them to whoever fetches. ``Member`` is a person in it. ``faults`` make it fail as the real one does.
"""

from tests.telegram_double.double import BOT_NAME, TOKEN, TelegramDouble
from tests.telegram_double.people import Member, labels

__all__ = ["BOT_NAME", "TOKEN", "Member", "TelegramDouble", "labels"]
