"""Files of the eXpress chat and of the app: from the server's own bytes into the store, once, or a word about why."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import web

from express_bot.channels.dialogs.door import Acting
from express_bot.channels.dialogs.incoming import NotTaken, SentFile
from express_bot.core_client import CoreError
from tests.channels.express.conftest import Conversation
from tests.channels.express.events import CHAT, GROUP, HUID, app_event, app_request, said
from tests.waiting import until

PDF = b"%PDF-1.7 " + bytes(range(256)) * 40
BIG = bytes(9 << 20)


def attachment(content: bytes | None = PDF, kind: str = "document", **data: Any) -> dict[str, Any]:
    told = {} if content is None else {"content": f"data:application/pdf;base64,{base64.b64encode(content).decode()}"}
    return {"type": kind, "data": {"file_name": "план.pdf"} | told | data}


def record(file_id: str, kind: str = "document", **more: Any) -> dict[str, Any]:
    """A file as the server names it."""
    return {
        "type": kind, "file": "http://nowhere.test/f", "file_mime_type": "application/pdf", "file_id": file_id,
        "file_name": "план.pdf", "file_size": len(PDF), "file_hash": "x", "duration": None,
    } | more  # fmt: skip


@pytest.fixture
def taking(monkeypatch, conversation):
    """A conversation that wants every file it is offered; ``said`` is what came of it."""
    taken: list[Any] = []
    usual = Conversation.handle

    async def handle(self: Conversation, incoming: Any) -> None:
        for sent in incoming.files:
            taken.append(await outcome(sent, Acting(incoming.user.id, incoming.channel, "ru")))
        await usual(self, incoming)

    monkeypatch.setattr(Conversation, "handle", handle)
    return taken


@pytest.fixture
def door(taking, gateway):
    """A gateway with that conversation in it."""
    return gateway()


async def outcome(sent: SentFile, who: Acting) -> Any:
    try:
        return (await sent.take(who))["id"]
    except NotTaken as no:
        return no.why
    except CoreError as refusal:
        return refusal.code, refusal.problem["detail"]


def only(core) -> dict[str, Any]:
    [file] = core.files.values()
    return file


class TestInsideTheEvent:
    @pytest.mark.parametrize("content", [PDF, BIG], ids=["small", "big"])
    @pytest.mark.parametrize("kind", ["document", "image"])
    def test_it_is_stored_whole_before_the_event_is_accepted(self, door, core, taking, content, kind):
        event = said("вот", attachments=[attachment(content, kind)])
        assert door.command(event).status_code == 202
        file = only(core)
        assert (file["content"] == content, file["name"], file["type"]) == (True, "план.pdf", "application/pdf")
        assert file["owner"] == core.people[HUID]["user_id"]
        until(lambda: core.states() == ["done"])
        assert taking == [file["id"]]

    def test_nothing_of_its_bytes_stays_in_the_inbox(self, door, core, taking):
        door.command(said("вот", attachments=[attachment(BIG)]))
        [row] = core.inbox.values()
        assert len(json.dumps(row.facts)) < 2000
        [told] = row.facts["payload"]["attachments"]
        assert told["stored"]["id"] == only(core)["id"]
        assert told["data"] == {"file_name": "план.pdf", "content": "data:application/pdf;base64,"}

    def test_the_same_event_stores_it_once(self, door, core, taking):
        event = said("вот", attachments=[attachment()])
        assert [door.command(event).status_code for _ in range(3)] == [202] * 3
        until(lambda: core.states() == ["done"])
        assert (only(core)["times"], len(taking)) == (3, 1)

    def test_a_no_of_the_store_is_told_in_its_words_later(self, door, core, taking):
        core.refusal = (422, "file_infected")
        assert door.command(said("", attachments=[attachment()])).status_code == 202
        until(lambda: core.states() == ["done"])
        assert taking == [("file_infected", "Нет: file_infected.")]

    def test_a_store_that_is_away_is_no_loss_the_person_sends_it_again(self, door, core, taking):
        core.refusal = (503, "storage_unavailable")
        event = said("", attachments=[attachment()])
        answer = door.command(event)
        assert (answer.status_code, core.inbox) == (503, {})
        assert "ещё раз" in answer.json()["error_data"]["status_message"]
        core.refusal = None
        assert door.command(event).status_code == 202
        until(lambda: core.states() == ["done"])
        assert taking == [only(core)["id"]]

    def test_what_is_damaged_on_the_way_is_said_so(self, door, core, taking):
        broken = {"type": "image", "data": {"file_name": "a", "content": "data:image/png;base64,Ы"}}
        assert door.command(said("", attachments=[broken])).status_code == 202
        until(lambda: core.states() == ["done"])
        [(code, sentence)] = taking
        assert (code, core.files) == ("file_damaged", {})
        assert "Прикрепите его ещё раз" in sentence

    def test_what_is_too_large_is_said_to_be(self, door, core, taking):
        assert door.command(said("", attachments=[attachment(bytes((20 << 20) + 1))])).status_code == 202
        until(lambda: core.states() == ["done"])
        assert ([code for code, _ in taking], core.files) == (["file_too_large"], {})

    def test_what_is_larger_than_any_file_is_not_even_read(self, door, core):
        answer = door.command(said("", attachments=[attachment(bytes(24 << 20))]))
        assert (answer.status_code, core.inbox, core.files) == (503, {}, {})
        assert "слишком большой" in answer.json()["error_data"]["status_message"]

    @pytest.mark.parametrize("kind", ["video", "voice"])
    def test_videos_and_voices_are_politely_refused_and_nowhere_kept(self, door, core, taking, kind):
        door.command(said("", attachments=[attachment(kind=kind, duration=3)]))
        until(lambda: core.states() == ["done"])
        assert (taking, core.files) == (["video"], {})

    def test_a_picture_without_a_name_is_a_picture_all_the_same(self, door, core, taking):
        nameless = {"type": "image", "data": {"content": attachment()["data"]["content"]}}
        door.command(said("", attachments=[nameless]))
        until(lambda: core.states() == ["done"])
        assert taking == [only(core)["id"]]

    def test_files_of_groups_are_nobodys(self, door, core):
        group = {"group_chat_id": GROUP, "chat_type": "group_chat"}
        door.command(said("/мои", attachments=[attachment()], sender=group))
        until(lambda: core.states() == ["done"])
        assert core.files == {}

    def test_a_stranger_stores_nothing(self, door, core):
        event = said("", attachments=[attachment()])
        assert door.command(event, proof_=b"Bearer nonsense").status_code == 401
        assert (core.files, core.people) == ({}, {})


class TestAtTheServer:
    def test_a_file_that_is_only_named_is_fetched_from_its_chat(self, door, core, cts, taking):
        file = str(uuid4())
        cts.files[CHAT, file] = BIG
        door.command(said("", async_files=[record(file)]))
        until(lambda: core.states() == ["done"])
        assert (only(core)["content"] == BIG, only(core)["name"]) == (True, "план.pdf")
        assert taking == [only(core)["id"]]

    def test_one_that_is_not_there_is_asked_for_again(self, door, core, taking):
        door.command(said("", async_files=[record(str(uuid4()))]))
        until(lambda: core.states() == ["done"])
        assert (taking, core.files) == (["lost"], {})

    def test_a_server_that_stumbles_is_tried_again(self, door, core, cts, taking):
        file = str(uuid4())
        cts.files[CHAT, file] = PDF
        faults = [web.Response(status=500)]
        cts.fault = lambda path: faults.pop() if path.endswith("/download") and faults else None
        door.command(said("", async_files=[record(file)]))
        until(lambda: core.states() == ["done"])
        assert taking == [only(core)["id"]]

    def test_a_server_that_gives_nothing_does_not_hold_up_what_comes_behind(self, door, core, cts, taking):
        file = str(uuid4())
        cts.fault = lambda path: web.Response(status=500) if path.endswith("/download") else None
        door.command(said("", async_files=[record(file)]))
        door.command(said("/мои"))
        until(lambda: core.states() == ["done", "done"])
        assert taking == ["lost"]

    @pytest.mark.parametrize("odd", [{"file_id": "x"}, {"file_id": None}, {"file_size": "?"}, {"file_name": None}])
    def test_odd_records_end_in_words(self, door, core, taking, odd):
        door.command(said("", async_files=[record(str(uuid4())) | odd]))
        until(lambda: core.states() == ["done"])
        assert taking == ["lost"]

    @pytest.mark.parametrize("size", [(20 << 20) + 1, 1 << 40])
    def test_one_that_says_it_is_too_large_is_not_fetched(self, door, core, cts, taking, size):
        door.command(said("", async_files=[record(str(uuid4()), file_size=size)]))
        until(lambda: core.states() == ["done"])
        assert taking == ["too_large"]
        assert not [call for call in cts.calls if call.path.endswith("/download")]

    def test_one_that_lies_about_its_length_is_cut_off(self, door, core, cts, taking):
        file = str(uuid4())
        cts.files[CHAT, file] = bytes(21 << 20)
        door.command(said("", async_files=[record(file, file_size=5)]))
        until(lambda: core.states() == ["done"])
        assert (taking, core.files) == (["too_large"], {})


class TestOfTheApp:
    """RPC ``files.take``."""

    def answer_to(self, door, cts, event) -> dict[str, Any]:
        assert door.command(event).status_code == 202
        until(lambda: cts.events)
        return dict(cts.events[-1]["data"])

    def take(self, files: list[Any], **params: Any) -> dict[str, Any]:
        return app_event("files.take", params, async_files=files)

    def test_the_hosts_upload_becomes_a_file_of_the_sender(self, door, core, cts):
        file = str(uuid4())
        cts.files[CHAT, file] = BIG
        answer = self.answer_to(door, cts, self.take([record(file)], client_key="key-of-the-app"))
        kept = core.files["key-of-the-app"]
        assert (kept["content"] == BIG, kept["owner"]) == (True, core.people[HUID]["user_id"])
        assert answer["result"]["status"] == 201
        assert {name: answer["result"]["body"][name] for name in ("id", "name", "size")} == {
            "id": kept["id"], "name": "план.pdf", "size": len(BIG)
        }  # fmt: skip

    def test_asked_again_with_the_same_key_it_is_the_same_file(self, door, core, cts):
        file = str(uuid4())
        cts.files[CHAT, file] = PDF
        for number in (1, 2):
            door.command(self.take([record(file)], client_key="key-of-the-app"))
            until(lambda number=number: len(cts.events) == number)
        first, second = (event["data"]["result"]["body"]["id"] for event in cts.events)
        assert first == second == only(core)["id"]

    def test_a_synchronous_call_does_the_same(self, door, core, cts):
        file = str(uuid4())
        cts.files[CHAT, file] = PDF
        request = app_request("files.take", {"client_key": "key-of-the-app"})
        request["payload"]["files"] = [record(file)]
        answer = door.post("/smartapps/request", request)
        assert answer.json()["result"]["data"]["body"]["id"] == only(core)["id"]

    @pytest.mark.parametrize("place", ["unknown", "of another chat"])
    def test_an_unknown_file_and_a_foreign_one_are_the_same_no(self, door, core, cts, place):
        file = str(uuid4())
        if place != "unknown":
            cts.files[GROUP, file] = PDF
        answer = self.answer_to(door, cts, self.take([record(file)]))
        [error] = answer["errors"]
        assert (error["id"], error["meta"]["status"]) == ("UNKNOWN_FILE", 404)
        assert core.files == {}

    @pytest.mark.parametrize("count", [0, 2])
    def test_one_call_brings_one_file(self, door, core, cts, count):
        answer = self.answer_to(door, cts, self.take([record(str(uuid4())) for _ in range(count)]))
        assert [error["id"] for error in answer["errors"]] == ["UNKNOWN_FILE"]

    def test_the_stores_no_travels_whole(self, door, core, cts):
        file = str(uuid4())
        cts.files[CHAT, file] = PDF
        core.refusal = (415, "file_type_refused")
        [error] = self.answer_to(door, cts, self.take([record(file)]))["errors"]
        assert (error["id"], error["reason"]) == ("FILE_TYPE_REFUSED", "Нет: file_type_refused.")

    def test_too_large_is_said_with_the_limit(self, door, core, cts):
        [error] = self.answer_to(door, cts, self.take([record(str(uuid4()), file_size=1 << 30)]))["errors"]
        assert (error["id"], error["meta"]["status"], "20" in error["reason"]) == ("FILE_TOO_LARGE", 413, True)

    def test_a_server_that_gives_nothing_is_said_so(self, door, core, cts):
        cts.fault = lambda path: web.Response(status=500) if path.endswith("/download") else None
        [error] = self.answer_to(door, cts, self.take([record(str(uuid4()))]))["errors"]
        assert (error["id"], error["meta"]["status"]) == ("STORAGE_UNAVAILABLE", 503)
