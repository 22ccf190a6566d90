"""Which numbers a message of ours may have that nobody knows.

Telegram counts the messages of an account, a bot's too, over all of its private chats and small groups: every message
that it gets or sends has the next number (https://telegramplayground.github.io/pyrogram/topics/message-identifiers.html;
the Bot API itself promises a number per chat and nothing more). So what was sent by a call without an answer stands
between what was known before that call and what came after. Were it otherwise, nothing would be found, and nothing
wrong: each number is tried in the one chat, and gives itself away only as a message of the bot's own.
"""

from __future__ import annotations

from collections.abc import Iterable

from express_bot.channels.telegram.drawing import is_private
from express_bot.contracts.messengers import CardTraces

#: Each is a call; those nearest to the beginning of the doubtful one come first.
AT_MOST = 40
#: Beyond the highest number that is known, before the message was sent again: several may have been under way at once.
#: What stands further on is found afterwards, between what was known and the repetition.
BEYOND = 8
#: Where numbers are counted in each chat: just before the message that stands there now.
NEAR = 6


def candidates(traces: CardTraces) -> list[int]:
    """The numbers to try, in their order."""
    before = _numbers(traces.before, traces.chat)
    known = before | _numbers([*traces.since, *traces.heard], traces.chat)
    end = _end(traces.external_id, known)
    first = _first(traces, before, end)
    return [number for number in range(max(first, 1), end) if number not in known][:AT_MOST]


def _first(traces: CardTraces, before: set[int], end: int) -> int:
    """The lowest number to try.

    In a house that has just been opened nothing was known before the call: once the message stands there again, and
    nobody waits for it any more, as many are tried as may be tried at all.
    """
    if not traces.before and traces.external_id is not None:
        return end - AT_MOST
    lowest = max(before, default=end)
    return lowest + 1 if lowest < end else end - NEAR


def _numbers(ids: Iterable[str], chat: str) -> set[int]:
    """The numbers of those messages that are counted together with this chat's."""
    parts = (each.rpartition(":") for each in ids)
    return {int(number) for place, _, number in parts if place == chat or (is_private(place) and is_private(chat))}


def _end(external_id: str | None, known: set[int]) -> int:
    """The number of the message that stands for the card now; without one, a number that nothing can have yet."""
    if external_id is None:
        return max(known, default=0) + BEYOND + 1
    return int(external_id.rpartition(":")[2])
