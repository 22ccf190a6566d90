"""Files of a Telegram chat: fetched when the conversation wants them, within Telegram's own limits, and stored once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from express_bot.channels.dialogs.door import Acting
from express_bot.channels.dialogs.incoming import NotTaken
from express_bot.core_client import CoreError
from tests.channels.express.conftest import Conversation
from tests.telegram_double import TOKEN
from tests.waiting import until

PDF = b"%PDF-1.7 " + bytes(range(256)) * 40


@pytest.fixture
def taking(monkeypatch, conversation):
    """A conversation that wants every file it is offered; what came of each."""
    taken: list[Any] = []
    usual = Conversation.handle

    async def handle(self: Conversation, incoming: Any) -> None:
        for sent in incoming.files:
            assert sent.stored is None
            try:
                taken.append((await sent.take(Acting(incoming.user.id, incoming.channel, "ru")))["id"])
            except NotTaken as no:
                taken.append(no.why)
            except CoreError as refusal:
                taken.append(refusal.code)
        await usual(self, incoming)

    monkeypatch.setattr(Conversation, "handle", handle)
    return taken


@pytest.fixture
def door(double, taking, gateway):
    """A gateway with that conversation in it, and Telegram that brings updates to it."""
    door = gateway()
    until(lambda: double.webhook)
    inner = door.bring

    async def post(_session: Any, update: Any) -> int:
        return await asyncio.to_thread(lambda: inner(update).status_code)

    double._try = post
    return door


def only(core) -> dict[str, Any]:
    [file] = core.files.values()
    return file


@pytest.mark.parametrize("content", [PDF, bytes(9 << 20)], ids=["small", "big"])
def test_a_document_arrives_whole_with_its_name_and_type(door, core, anna, taking, content):
    anna.send_file(content=content, name="справка.heic", mime="image/heic")
    until(lambda: taking)
    file = only(core)
    assert (file["content"] == content, file["name"], file["type"]) == (True, "справка.heic", "image/heic")
    assert (file["owner"], taking) == (core.people[str(anna.id)]["user_id"], [file["id"]])


def test_of_a_photo_the_largest_size_is_taken(door, core, anna, taking):
    anna.send_photo(PDF)
    until(lambda: taking)
    assert (only(core)["content"] == PDF, only(core)["type"]) == (True, "image/jpeg")
    assert only(core)["name"].startswith("photo_")


def test_an_album_is_all_of_its_photos_each_once(door, core, anna, taking):
    anna.send_album(b"one", b"two", b"three")
    until(lambda: len(taking) == 3)
    assert sorted(file["content"] for file in core.files.values()) == [b"one", b"three", b"two"]


def test_a_repeated_update_stores_it_once(door, double, core, anna, taking):
    update = anna.send_file(content=PDF)
    until(lambda: taking)
    double.repeat(update)
    until(lambda: len(double.brought) == 2)
    assert (only(core)["times"], len(taking)) == (1, 1)


def test_one_that_says_it_is_too_large_is_not_asked_for(door, double, core, anna, taking):
    message = {"file_id": "f", "file_unique_id": "u", "file_name": "film.pdf", "file_size": 21 << 20}
    anna._send("", document=message)
    until(lambda: taking)
    assert (taking, double.called("getFile"), core.files) == (["too_large_here"], [], {})


def test_one_that_proves_to_be_is_told_in_the_same_words(door, double, core, anna, taking):
    file = double.keep_file(bytes(21 << 20))
    anna._send("", document={"file_id": file, "file_unique_id": "u", "file_name": "film.pdf"})
    until(lambda: taking)
    assert (taking, core.files) == (["too_large_here"], {})


@pytest.mark.parametrize("kind", ["video", "voice", "audio", "video_note", "animation"])
def test_videos_and_voices_are_politely_refused_and_not_fetched(door, double, core, anna, taking, kind):
    what = {"file_id": "f", "file_unique_id": "u", "duration": 3, "width": 1, "height": 1, "length": 1}
    more = {"document": {"file_id": "f", "file_unique_id": "u"}} if kind == "animation" else {}
    anna._send("", **{kind: what}, **more)
    until(lambda: taking)
    assert (taking, double.called("getFile"), core.files) == (["video"], [], {})


@pytest.mark.parametrize("trouble", ["getFile", "download"])
def test_a_stumble_of_telegram_is_tried_again(door, double, core, anna, taking, trouble):
    double.fail(trouble, 502, "Bad Gateway")
    anna.send_file(content=PDF)
    until(lambda: taking)
    assert (taking, only(core)["content"]) == ([only(core)["id"]], PDF)


def test_one_that_is_never_given_does_not_hold_up_what_comes_behind(door, double, core, anna, taking, conversation):
    double.fail("getFile", 500, times=9)
    anna.send_file(content=PDF)
    anna.write("/my")
    until(lambda: core.states() == ["done", "done"])
    assert ([heard.kind for heard in conversation.heard], taking, core.files) == (["file", "command"], ["lost"], {})


def test_one_that_telegram_does_not_know_is_lost_at_once(door, double, core, anna, taking):
    anna._send("", document={"file_id": "gone", "file_unique_id": "u"})
    until(lambda: taking)
    assert (taking, len(double.called("getFile"))) == (["lost"], 1)


def test_a_path_of_our_own_disk_is_nobodys_file(door, double, core, anna, taking, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    double._get_file = lambda form: {"file_id": "f", "file_unique_id": "u", "file_path": str(secret)}
    anna.send_file(content=PDF)
    until(lambda: taking)
    assert (taking, core.files) == (["lost"], {})


def test_the_stores_no_is_the_conversations_to_tell(door, core, anna, taking):
    core.refusal = (415, "file_type_refused")
    anna.send_file(content=b"MZ")
    until(lambda: taking)
    assert (taking, core.files) == (["file_type_refused"], {})


def test_a_store_that_is_away_is_waited_for(door, core, anna, taking):
    core.refusal = (503, "storage_unavailable")
    anna.send_file(content=PDF)
    until(lambda: taking)
    assert taking == ["storage_unavailable"]


def test_the_token_in_the_paths_is_in_no_line_of_the_log(door, double, core, anna, taking):
    double.fail("download", 500, times=9)
    with capture_logs() as lines:
        anna.send_file(content=PDF)
        until(lambda: taking)
    assert TOKEN not in repr(lines)
    assert TOKEN.partition(":")[2] not in repr(lines)


def test_files_of_groups_are_nobodys(door, double, core, anna, taking):
    group = double.chat(-100, "supergroup")
    file = double.keep_file(PDF)
    message = group.add(anna.user, "", document={"file_id": file, "file_unique_id": "u"})
    del message["text"]
    double.update(message=message)
    until(lambda: core.states() == ["done"])
    assert (taking, core.files) == ([], {})
