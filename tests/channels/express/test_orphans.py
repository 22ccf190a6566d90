"""The server's word about a message that no card knows leads to its chat, to the core's verdict, and no further."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import web

from express_bot.channels.base import SendError
from express_bot.channels.express.bot import ExpressBot
from express_bot.channels.express.sender import ExpressSender
from express_bot.contracts.messengers import CardTraces
from tests.channels.express.events import CHAT, GROUP, callback
from tests.channels.express.fake_cts import FakeCts
from tests.waiting import until


def stands(cts: FakeCts, chat: str = CHAT) -> str:
    """A message of ours that the server has taken and nobody has told of."""
    message = str(uuid4())
    cts.messages[message] = {"chat": chat, "body": "Принято", "said": {}}
    return message


def settled(core) -> bool:
    return core.states() != [] and set(core.states()) == {"done"}


@pytest.mark.parametrize("verdict", ["adopted", "orphan"])
def test_what_the_core_has_settled_is_not_asked_again(door, core, cts, verdict):
    core.verdict, message = verdict, stands(cts, GROUP)
    door.post("/notification/callback", callback(message))
    until(lambda: settled(core))
    [asked] = core.heard("judged")
    assert (asked["external_id"], asked["chat"], asked["channel"]) == (message, GROUP, "express")
    assert asked["heard_at"] == core.inbox[f"callback:{message}:ok"].facts["received_at"]
    assert len(core.heard("callback")) == 3, "at the door, and twice in the inbox"
    assert message in cts.messages, "whose it is says the core, which leaves a note if it must go"


@pytest.mark.parametrize("verdict", ["wait", "known", "foreign"])
def test_what_may_still_become_known_waits(door, core, cts, verdict):
    core.verdict, message = verdict, stands(cts)
    door.post("/notification/callback", callback(message))
    until(lambda: len(core.heard("judged")) >= 2)
    assert message in cts.messages
    core.verdict = "adopted"
    until(lambda: settled(core))


def test_a_message_that_the_server_does_not_have_is_nobodys(door, core, cts):
    door.post("/notification/callback", callback(str(uuid4())))
    until(lambda: len(core.heard("event_failed")) >= 3)
    assert core.heard("judged") == []


def test_a_bad_word_about_an_unknown_message_leads_nowhere(door, core, cts):
    door.post("/notification/callback", callback(stands(cts), "chat_not_found"))
    until(lambda: len(core.heard("event_failed")) >= 3)
    assert core.heard("judged") == []


def test_a_note_that_a_message_must_go_is_carried_out(door, core, cts):
    message = stands(cts)
    body = {"kind": "orphan", "chat": None, "payload": {"chat": CHAT, "external_id": message}}
    core._store(f"orphan:{message}", body)
    until(lambda: settled(core))
    assert (cts.messages, cts.order) == ({}, [("deleted", message)])


@pytest.fixture
def sender(configured: Callable[..., Any], cts: FakeCts) -> Callable[..., Any]:
    """Does something with the real sender."""

    def call(work: Callable[[ExpressSender], Any]) -> Any:
        async def story() -> Any:
            bot = ExpressBot(configured())
            try:
                return await work(ExpressSender(configured(), bot))
            finally:
                await bot.close()

        return asyncio.run(story())

    return call


async def no_turn() -> None:
    raise AssertionError("this messenger has no pace")


def test_the_message_of_this_chat_is_found_among_others(sender, cts):
    others, mine = [str(uuid4()), stands(cts, GROUP)], stands(cts)
    known = CardTraces(
        chat=CHAT, external_id=None, doubts=1, before=[], since=[], heard=[], unknown=[*others, mine, stands(cts)]
    )
    assert sender(lambda it: it.find(known, no_turn)) == mine
    beside = known.model_copy(update={"external_id": str(uuid4())})
    assert sender(lambda it: it.find(beside, no_turn)) is None, "beside a card that stands words alone lead further"


def test_a_message_is_deleted_once_and_gone_then(sender, cts):
    message = stands(cts)
    assert [sender(lambda it: it.remove(CHAT, message)) for _ in range(2)] == ["removed", "gone"]


def test_what_the_server_does_not_delete_says_where_to_look(sender, cts):
    message = stands(cts)
    cts.fault = lambda path: web.json_response({}, status=403) if "delete" in path else None
    assert sender(lambda it: it.remove(CHAT, message)) == "marked"
    assert cts.messages[message]["body"] == "Это сообщение повторено ниже."
    assert cts.messages[message]["said"]["bubble"] == []


@pytest.mark.parametrize(("status", "permanent"), [(503, False), (403, True)])
def test_a_server_that_does_neither_is_asked_again_if_that_helps(sender, cts, status, permanent):
    message = stands(cts)
    cts.fault = lambda path: web.json_response({}, status=status)
    with pytest.raises(SendError) as refused:
        sender(lambda it: it.remove(CHAT, message))
    assert refused.value.permanent is permanent
    cts.fault = lambda path: None
    assert cts.bodies(CHAT) == ["Принято"]
