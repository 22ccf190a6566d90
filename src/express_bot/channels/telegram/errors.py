"""What a failure of the library means: for the message, for its chat, for the whole channel.

The Bot API has few codes and many sentences; those that we act upon stand here, the rest is «this message will never be
taken». A reason is a word of ours: sentences of a far side may quote what a person wrote, or a path with a secret.
"""

from __future__ import annotations

import warnings
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from express_bot.channels.base import SendError

#: The call never left us, so the message cannot be there.
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
#: A server that took a message without a word may have shown it: the second try waits until that is less likely.
UNKNOWN_PAUSE = 30
#: Wrong token: somebody has to repair that, and then everything owed goes out.
ACCOUNT_PAUSE = 60
MAX_PAUSE = 3600

#: Telegram's sentences, by what they mean for a message that was to be edited.
SAME = ("message is not modified",)
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
NOTHING_TO_DELETE = ("message to delete not found",)
UNDELETABLE = ("message can't be deleted",)
#: Chats that take nothing, by the word for it in our log and in the person's record.
NOWHERE = {
    "bot was blocked": "blocked",
    "user is deactivated": "deactivated",
    "bot was kicked": "kicked",
    "bot is not a member": "kicked",
    "can't initiate conversation": "never_started",
    "chat not found": "chat_not_found",
    "user not found": "chat_not_found",
    "peer_id_invalid": "chat_not_found",
    "group chat was deactivated": "chat_not_found",
    "chat_write_forbidden": "no_rights",
    "not enough rights": "no_rights",
    "have no rights": "no_rights",
}


def says(failure: Exception, sentences: tuple[str, ...]) -> bool:
    """Whether Telegram said one of these sentences."""
    said = str(failure).lower()
    return isinstance(failure, BadRequest) and any(sentence in said for sentence in sentences)


def explained(failure: Exception, *, is_edit: bool = False) -> SendError:
    """What a failure means for the message; anything that is not the library's is raised again.

    An edit whose end is unknown may be done again at once: it says the same on the same message.
    """
    if isinstance(failure, RetryAfter):
        return SendError("flood", retry_after=pause_of(failure), whole_channel=True)
    if isinstance(failure, InvalidToken | Conflict):
        return SendError("account_refused", retry_after=ACCOUNT_PAUSE, whole_channel=True)
    if isinstance(failure, Forbidden | BadRequest | ChatMigrated):
        return _refused(failure)
    if isinstance(failure, NetworkError):
        return _unheard(failure, pause=None if is_edit else UNKNOWN_PAUSE)
    if isinstance(failure, TelegramError):  # taken, but answered in words that we do not understand
        return SendError("odd_answer", retry_after=UNKNOWN_PAUSE, unknown=True)
    if isinstance(failure, ValueError):  # an address that is no chat of Telegram
        return SendError("address", permanent=True, no_address=True)
    raise failure


def is_served(failure: Exception) -> bool:
    """Whether Telegram was there and knows our bot: a no is its word, silence and class 500 are not."""
    if isinstance(failure, BadRequest | Forbidden | RetryAfter | ChatMigrated):
        return True
    return not isinstance(failure, NetworkError | InvalidToken)


def pause_of(flood: RetryAfter) -> int:
    """The seconds that Telegram asks for."""
    with warnings.catch_warnings():  # the library is between two types here and warns of it at each look
        warnings.simplefilter("ignore")
        told = flood.retry_after
    seconds = told.total_seconds() if isinstance(told, timedelta) else told
    return min(max(int(seconds), 1), MAX_PAUSE)


def _refused(failure: TelegramError) -> SendError:
    said = str(failure).lower()
    word = next((word for sentence, word in NOWHERE.items() if sentence in said), None)
    if word is not None:
        return SendError(word, permanent=True, no_address=True)
    if isinstance(failure, Forbidden):
        return SendError("forbidden", permanent=True, no_address=True)
    return SendError("migrated" if isinstance(failure, ChatMigrated) else "refused", permanent=True)


def _unheard(failure: NetworkError, *, pause: int | None) -> SendError:
    cause = failure.__cause__
    if isinstance(cause, NEVER_SENT):
        return SendError(type(cause).__name__)
    if isinstance(failure, TimedOut) or isinstance(cause, httpx.TransportError):
        return SendError(type(cause or failure).__name__, retry_after=pause, unknown=True)
    return SendError("server_error")
