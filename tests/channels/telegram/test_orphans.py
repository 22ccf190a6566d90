"""A message of ours that nobody knows is found by its number in its own chat; what people wrote is not touched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from express_bot.channels.base import NotYet, SendError
from express_bot.channels.telegram.account import Account
from express_bot.channels.telegram.numbers import AT_MOST, candidates
from express_bot.channels.telegram.sender import TelegramSender
from express_bot.contracts.messengers import CardTraces
from tests.telegram_double import Member, TelegramDouble


def traces(chat: str = "7", external_id: str | None = None, **found: Any) -> CardTraces:
    """Nothing is known but what the test says."""
    none: dict[str, Any] = {"before": [], "since": [], "heard": [], "unknown": []}
    return CardTraces(chat=chat, external_id=external_id, doubts=1, **none | found)


@pytest.mark.parametrize(
    ("known", "numbers"),
    [
        (traces(before=["5:40", "6:41"], since=["5:43"], heard=["6:44"]), [42, *range(45, 53)]),
        (traces(external_id="7:46", before=["5:41"], since=["5:43", "7:46"]), [42, 44, 45]),
        (traces(before=["5:41"]), [*range(42, 50)]),
        (traces(external_id="7:3000", before=["5:41"]), [*range(42, 42 + AT_MOST)]),
        # numbers of each chat's own: the message stands where those of other chats say nothing
        (traces(external_id="7:4", before=["5:900"]), [1, 2, 3]),
        # a large group counts for itself
        (traces("-1007", "-1007:12", before=["5:900", "-1007:9"], since=["5:901"], heard=["-1007:11"]), [10]),
        (traces("-1007", "-1007:12", before=["5:900"]), [6, 7, 8, 9, 10, 11]),
        # a house that has just been opened: nothing was known before the call
        (traces(external_id="7:14", since=["5:6", "7:14"], heard=["5:2"]), [1, 3, 4, 5, *range(7, 14)]),
        (traces(external_id="7:100", since=["7:100"]), [*range(60, 100)]),
        (traces(since=["5:6"]), [9, 10, 11, 12, 13, 14]),
    ],
)
def test_the_numbers_in_question_are_those_between_that_nobody_knows(known: CardTraces, numbers: list[int]) -> None:
    assert candidates(known) == numbers


class Finder:
    """The real sender in front of the double."""

    def __init__(self, configured: Callable[..., Any], double: TelegramDouble) -> None:
        self._configured, self.double = configured, double
        self.turns = 0

    def find(self, known: CardTraces) -> str | None:
        return self._with(lambda sender: sender.find(known, self._turn))

    def remove(self, chat: int, number: int) -> str:
        return self._with(lambda sender: sender.remove(str(chat), f"{chat}:{number}"))

    async def _turn(self) -> None:
        self.turns += 1

    def _with(self, work: Callable[[TelegramSender], Any]) -> Any:
        async def story() -> Any:
            settings = self._configured()
            account = Account(settings)
            try:
                return await work(TelegramSender(settings, account))
            finally:
                await account.close()

        return asyncio.run(story())


@pytest.fixture
def finder(configured: Callable[..., Any], double: TelegramDouble) -> Finder:
    return Finder(configured, double)


BUTTONS = {"reply_markup": {"inline_keyboard": [[{"text": "Ок", "callback_data": "ok"}]]}}


@pytest.mark.parametrize("buttons", [BUTTONS, {}])
def test_a_message_of_the_bot_is_found_among_other_peoples(finder: Finder, anna: Member, buttons: Any) -> None:
    double, boris = finder.double, Member(finder.double, "Борис")
    before = boris.chat.add(double.bot, "Принято", **BUTTONS)
    question = anna.chat.add(anna.user, "Когда?")
    orphan = anna.chat.add(double.bot, "Принято", **buttons)
    other = boris.chat.add(double.bot, "Одобрено", **BUTTONS)
    known = traces(str(anna.id), before=[f"{boris.id}:{before['message_id']}"])
    assert finder.find(known) == f"{anna.id}:{orphan['message_id']}"
    assert finder.turns == 2, "the question was tried first"
    assert (question["text"], other["reply_markup"]) == ("Когда?", BUTTONS["reply_markup"])
    assert double.called("deleteMessage") == []


def test_where_nothing_was_left_nothing_is_found_and_nothing_changes(finder: Finder, anna: Member) -> None:
    boris = Member(finder.double, "Борис")
    said = [boris.chat.add(finder.double.bot, f"{number}", **BUTTONS) for number in range(5)]
    anna.chat.add(anna.user, "Когда?")
    known = traces(str(anna.id), before=[f"{boris.id}:{said[0]['message_id']}"])
    assert finder.find(known) is None
    assert all(message["reply_markup"] == BUTTONS["reply_markup"] for message in said)


def test_an_orphan_is_deleted_and_deleting_it_again_finds_it_gone(finder: Finder, anna: Member) -> None:
    orphan, right = (anna.chat.add(finder.double.bot, "Принято") for _ in range(2))
    removals = [finder.remove(anna.id, orphan["message_id"]) for _ in range(2)]
    assert (removals, anna.said) == (["removed", "gone"], [right])


def test_what_telegram_does_not_delete_says_where_to_look(finder: Finder, anna: Member) -> None:
    orphan = anna.chat.add(finder.double.bot, "Принято", **BUTTONS)
    finder.double.fail("deleteMessage", 400, "Bad Request: message can't be deleted for everyone", times=2)
    assert [finder.remove(anna.id, orphan["message_id"]) for _ in range(2)] == ["marked", "marked"]
    assert (orphan["text"], orphan.get("reply_markup")) == ("Это сообщение повторено ниже.", None)


def test_a_telegram_that_is_away_is_asked_later(finder: Finder, anna: Member) -> None:
    finder.double.flood("deleteMessage", 3)
    finder.double.flood("editMessageReplyMarkup", 3)
    orphan = anna.chat.add(finder.double.bot, "Принято")
    for call in (
        lambda: finder.remove(anna.id, orphan["message_id"]),
        lambda: finder.find(traces(str(anna.id), external_id=f"{anna.id}:{orphan['message_id'] + 1}")),
    ):
        with pytest.raises(SendError) as flood:
            call()
        assert (flood.value.reason, flood.value.permanent) == ("flood", False)
    assert anna.said == [orphan]


def test_without_a_turn_nothing_is_asked(finder: Finder, anna: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_self: Finder) -> None:
        raise NotYet("others have the pace")

    monkeypatch.setattr(Finder, "_turn", never)
    with pytest.raises(NotYet):
        finder.find(traces(str(anna.id), external_id=f"{anna.id}:5"))
    assert finder.double.called("editMessageReplyMarkup") == []
