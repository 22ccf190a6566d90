"""The bytes of files go aside while an event is read, however the event is cut into pieces."""

from __future__ import annotations

import asyncio
import base64
import tracemalloc
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from express_bot.channels.express.sieve import Content, Sieve, place_of
from express_bot.channels.spool import MAX_BYTES


def sifted(body: bytes, size: int) -> tuple[Any, list[Content]]:
    sieve = Sieve()
    passed = [sieve.feed(body[start : start + size]) for start in range(0, len(body), size)]
    return orjson.loads(b"".join([*passed, sieve.end()])), sieve.contents


def bytes_of(content: Content) -> bytes:
    async def read() -> bytes:
        return b"".join([part async for part in content.spool.stream()])

    return asyncio.run(read())


def data_url(content: bytes, mime: str = "image/png") -> str:
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"


def event(*contents: bytes, body: str = "вот") -> bytes:
    files = [{"type": "image", "data": {"file_name": "a.png", "content": data_url(one)}} for one in contents]
    return orjson.dumps({"command": {"body": body}, "attachments": files, "from": {"host": "localhost"}})


@given(st.lists(st.binary(max_size=2000), max_size=3), st.text(max_size=50), st.integers(1, 3000))
def test_every_byte_of_a_file_goes_aside_and_nothing_else_does(contents: list[bytes], body: str, size: int) -> None:
    document, found = sifted(event(*contents, body=body), size)
    assert [bytes_of(one) for one in found] == contents
    assert [one.problem for one in found] == [None] * len(contents)
    assert document["command"]["body"] == body
    assert [place_of(file["data"]["content"]) for file in document["attachments"]] == list(range(len(contents)))
    assert document["from"] == {"host": "localhost"}


@pytest.mark.parametrize(
    "body",
    [
        '"content": "data:image/png;base64,QUJD"',
        'data:image/png;base64,QUJD',
        '\\"content":"data:image/png;base64,QUJD',
        '{"attachments":[{"data":{"content":"data:;base64,QUJD"}}]}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_words_that_look_like_a_file_stay_words(body: str, size: int) -> None:
    document, found = sifted(event(body=body), size)
    assert (document["command"]["body"], found) == (body, [])


def test_escaped_slashes_and_line_breaks_are_no_part_of_it() -> None:
    content = bytes(range(256))
    body = event(content).replace(b"/", b"\\/")
    document, [found] = sifted(body, 50)
    assert (bytes_of(found), found.media_type) == (content, "image/png")
    assert place_of(document["attachments"][0]["data"]["content"]) == 0


@pytest.mark.parametrize("odd", ["QUJ", "Q", "Ы", "QQ==QUJD", "=", "QU*D", "~0"])
def test_what_is_no_base64_is_said_to_be_damaged(odd: str) -> None:
    text = orjson.dumps({"content": f"data:image/png;base64,{odd}"})
    _, [found] = sifted(text, 3)
    assert found.problem == "file_damaged"


def test_a_file_of_no_bytes_is_one_all_the_same() -> None:
    _, [found] = sifted(event(b""), 10)
    assert (bytes_of(found), found.problem) == (b"", None)


def test_what_is_longer_than_any_form_takes_is_not_kept() -> None:
    sieve = Sieve()
    passed = sieve.feed(b'{"content":"data:;base64,')
    for _ in range(28):
        passed += sieve.feed(b"A" * (1 << 20))
    passed += sieve.feed(b'"}') + sieve.end()
    [found] = sieve.contents
    assert (found.problem, passed) == ("file_too_large", b'{"content":"data:;base64,~0"}')
    sieve.close()


def test_a_long_file_takes_little_memory() -> None:
    piece = base64.b64encode(bytes(48 << 10))
    sieve = Sieve()
    tracemalloc.start()
    sieve.feed(b'{"content":"data:;base64,')
    for _ in range(MAX_BYTES // (48 << 10)):
        sieve.feed(piece)
    sieve.feed(b'"}')
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    [found] = sieve.contents
    assert (found.problem, found.spool.size // (48 << 10)) == (None, MAX_BYTES // (48 << 10))
    assert peak < 2 << 20
    sieve.close()


@pytest.mark.parametrize("content", [None, "", "~0", "data:image/png;base64,", "data:x,~-1", "data:x,~a", 5, "x,~0"])
def test_only_our_own_mark_is_a_place(content: Any) -> None:
    assert place_of(content) is None
