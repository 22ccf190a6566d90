"""The page's own side: the state, the stream and its resuming, and who may not come in."""

from __future__ import annotations

import os
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from uuid import uuid4

import pytest

from express_bot.emulator.chats import KEPT_MESSAGES, Chat, Message
from express_bot.emulator.feed import KEPT
from express_bot.emulator.files import MAX_COUNT, ROOM, Files
from tests.emulator.listening import Listener
from tests.emulator.serving import BOT_ID, ROOT, SECRET_KEY, Emulator


def test_the_stream_resumes_where_it_was_left(emulator: Emulator) -> None:
    start = emulator.state()["seq"]
    emulator.broken(network="slow")
    emulator.broken(network="ok")
    with Listener(emulator, after=start + 1) as listener:
        name, event = listener.next()
    assert (name, event["seq"], event["broken"]) == ("", start + 2, [])


@pytest.mark.parametrize("after", [10**9, 0])
def test_what_is_forgotten_is_said_to_be(emulator: Emulator, after: int) -> None:
    for _ in range(0 if after else KEPT + 10):
        emulator.broken()
    with Listener(emulator, after=after) as listener:
        assert listener.next()[0] == "gap"


def test_a_reset_leaves_nothing(emulator: Emulator) -> None:
    emulator.send_file(b"x", name="a.txt")
    emulator.broken(botx="503")
    emulator.wait(emulator.messages)
    emulator.reset()
    state = emulator.state()
    assert (state["messages"], state["faults"]["botx"], len(state["chats"])) == ([], "ok", 6)


def test_no_secret_is_ever_shown(emulator: Emulator) -> None:
    status, _ = emulator.call("GET", f"/api/v2/botx/bots/{BOT_ID}/token?signature=AAAA")
    shown = str(emulator.state())
    assert (status, SECRET_KEY in shown, "AAAA" in shown, "Bearer" in shown) == (401, False, False, False)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Content-Type": "text/plain"}, 415),
    ],
)
def test_pages_of_others_cannot_play(emulator: Emulator, headers: dict[str, str], status: int) -> None:
    answer, _ = emulator.call("POST", "/emulator/reset", {}, **headers)
    assert answer == status


def test_people_who_are_not_there_do_nothing(emulator: Emulator) -> None:
    seq = emulator.state()["seq"]
    for body, code in (
        ({"persona": "nobody", "text": "x"}, "unknown_person"),
        ({"persona": "employee", "chat": emulator.chat_of("newcomer"), "text": "x"}, "unknown_chat"),
        ({"persona": "employee", "text": ""}, "malformed"),
    ):
        assert emulator.call("POST", "/emulator/chat/text", body)[1]["code"] == code
    assert emulator.state()["seq"] == seq


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"EXPRESS_BOT_MODE": "production"}, "рабочем режиме"),
        ({"EXPRESS_BOT_ID": ""}, "EXPRESS_BOT_ID"),
        ({"EXPRESS_SECRET_KEY": ""}, "EXPRESS_SECRET_KEY"),
        ({"EMULATOR_PORT": "high"}, "EMULATOR_PORT"),
        ({"BOT_URL": "somewhere"}, "BOT_URL"),
    ],
)
def test_it_refuses_to_start_with_one_sentence(environment: dict[str, str], word: str, tmp_path: Path) -> None:
    given = {"EXPRESS_BOT_ID": BOT_ID, "EXPRESS_SECRET_KEY": SECRET_KEY, "PYTHONPATH": str(ROOT / "src")}
    kept = {name: value for name, value in os.environ.items() if name not in ("LANG", "LC_ALL", "EXPRESS_BOT_LOCALE")}
    done = subprocess.run(
        [sys.executable, "-m", "express_bot.emulator"],
        env=kept | given | environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n"), done.stdout) == (1, 1, "")
    assert word in done.stderr
    assert SECRET_KEY not in done.stderr


def test_long_chats_and_many_files_are_forgotten_from_their_beginning() -> None:
    chat, files = Chat(uuid4(), "chat", "x", uuid4(), []), Files()
    for number in range(KEPT_MESSAGES + 5):
        chat.add(Message(chat.id, chat.creator, str(number)))
    ids = [files.add(chat.id, "a", bytes(ROOM // 4)).id for _ in range(6)]
    assert next(iter(chat.messages.values())).body == "5"
    assert [files.get(file_id) is not None for file_id in ids] == [False, False, True, True, True, True]
    for _ in range(MAX_COUNT + 1):
        files.add(chat.id, "b", b"")
    assert files.get(ids[-1]) is None


def test_a_product_that_is_away_is_said_to_be(emulator: Emulator) -> None:
    status, document = emulator.call("GET", "/emulator/house?persona=employee")
    assert (status, document["away"]["code"]) == (200, "house_away")
    assert emulator.call("POST", "/emulator/clock", {"to": "now"})[1] == {"code": "house_away"}
    assert emulator.call("GET", "/emulator/house?persona=nobody")[0] == 404


def test_a_link_into_the_app_leads_to_the_page(emulator: Emulator) -> None:
    connection = HTTPConnection("localhost", emulator.port)
    connection.request("GET", f"/open/smartapp/{BOT_ID}?to=r&id=2027-0142")
    answer = connection.getresponse()
    connection.close()
    assert (answer.status, answer.headers["Location"]) == (307, f"/?app={BOT_ID}&to=r&id=2027-0142")


def test_the_page_has_one_name(emulator: Emulator) -> None:
    connection = HTTPConnection("127.0.0.1", emulator.port)
    connection.request("GET", "/?tour=auto")
    answer = connection.getresponse()
    connection.close()
    assert (answer.status, answer.headers["Location"]) == (307, f"{emulator.url}/?tour=auto")
