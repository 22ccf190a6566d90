"""What both messengers share about files: the spool, the upload to the core, and names that may be repeated."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from express_bot.channels.dialogs.door import Acting
from express_bot.channels.dialogs.incoming import NotTaken
from express_bot.channels.shelf import AT_ONCE, Shelf
from express_bot.channels.spool import IN_MEMORY, Spool, TooLong
from express_bot.channels.uploads import MAX_NAME, key_of, name_of
from express_bot.core_client import CoreClient, CoreError, CoreGone
from tests.channels.express.fake_core import KEY, FakeCore

WHO = Acting("7b0f6f5e-1f0a-5d7e-9a51-2c4f0b6d1a01", "express", "en")
BIG = bytes(range(256)) * (1 << 14)  # 4 MB, of all bytes


@pytest.fixture
def core() -> Iterator[FakeCore]:
    fake = FakeCore()
    yield fake
    fake.close()


def take(core: FakeCore, *parts: bytes, key: str = "k1", failure: Exception | None = None, **how: Any) -> Any:
    """A file fetched in these parts."""

    async def fetch(spool: Spool) -> None:
        for part in parts:
            spool.add(part)
        if failure is not None:
            raise failure

    async def whole() -> Any:
        async with CoreClient(core.url, KEY, "express") as client:
            told = {"name": "план.pdf", "media_type": "application/pdf"} | how
            return await Shelf(client).take(WHO, fetch, key=key, **told)

    return asyncio.run(whole())


def test_what_was_written_is_read_again_from_the_beginning() -> None:
    async def read(spool: Spool) -> bytes:
        return b"".join([part async for part in spool.stream()])

    with Spool() as spool:
        for start in range(0, len(BIG), 70_000):
            spool.add(BIG[start : start + 70_000])
        assert (spool.size, asyncio.run(read(spool)), asyncio.run(read(spool))) == (len(BIG), BIG, BIG)
        assert len(BIG) > IN_MEMORY
        spool.empty()
        spool.add(b"x")
        assert (spool.size, asyncio.run(read(spool))) == (1, b"x")


def test_a_spool_takes_so_much_and_not_a_byte_more() -> None:
    with Spool(limit=10) as spool:
        spool.add(b"0123456789")
        with pytest.raises(TooLong):
            spool.add(b"x")


def test_a_file_arrives_whole_with_its_name_and_its_owner(core: FakeCore) -> None:
    view = take(core, BIG[:100_000], BIG[100_000:])
    [kept] = core.files.values()
    assert hashlib.sha256(kept["content"]).digest() == hashlib.sha256(BIG).digest()
    assert (kept["name"], kept["type"], kept["owner"]) == ("план.pdf", "application/pdf", WHO.user_id)
    assert view["id"] == kept["id"]


def test_the_same_key_is_the_same_file(core: FakeCore) -> None:
    assert take(core, b"a")["id"] == take(core, b"a")["id"] != take(core, b"a", key="k2")["id"]
    assert len(core.files) == 2


@pytest.mark.parametrize(
    "odd", ["", "text/html\r\nX-Evil: 1", "../..", "application/" + "x" * 200, "текст/обычный", None]
)
def test_what_is_no_type_is_not_repeated(core: FakeCore, odd: str | None) -> None:
    take(core, b"a", media_type=odd)
    assert [file["type"] for file in core.files.values()] == ["application/octet-stream"]


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("план полётов.pdf", "план полётов.pdf"),
        ("a\r\nSet-Cookie: x\x00.pdf", "aSet-Cookie: x.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * (MAX_NAME - 4) + ".pdf"),
    ],
)
def test_a_name_is_a_name_and_nothing_else(core: FakeCore, told: str, kept: str) -> None:
    assert name_of(told) == kept
    take(core, b"a", name=told)
    assert [file["name"] for file in core.files.values()] == [kept]


def test_what_proves_too_long_is_refused_and_nothing_is_stored(core: FakeCore) -> None:
    with pytest.raises(NotTaken, match="too_large") as no:
        take(core, *[BIG] * 6)
    assert no.value.figures == {"mb": 20}
    assert core.files == {}


def test_a_refusal_of_the_store_comes_through_in_its_words(core: FakeCore) -> None:
    core.refusal = (415, "file_type_refused")
    with pytest.raises(CoreError) as refusal:
        take(core, b"MZ")
    assert (refusal.value.code, refusal.value.problem["detail"]) == ("file_type_refused", "Нет: file_type_refused.")


def test_a_core_that_is_away_is_told_as_such_and_nothing_is_lost(core: FakeCore) -> None:
    core.away = True
    with pytest.raises(CoreGone):
        take(core, b"a")
    core.away = False
    take(core, b"a")
    assert len(core.files) == 1


def test_a_failure_of_the_far_side_stores_nothing(core: FakeCore) -> None:
    with pytest.raises(ZeroDivisionError):
        take(core, b"half", failure=ZeroDivisionError())
    assert core.files == {}


def test_a_far_side_that_gives_nothing_is_not_waited_for_long(core: FakeCore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("express_bot.channels.shelf.FETCH_SECONDS", 0.05)

    async def fetch(_spool: Spool) -> None:
        await asyncio.Event().wait()

    async def whole() -> None:
        async with CoreClient(core.url, KEY, "express") as client:
            await Shelf(client).take(WHO, fetch, name="a", media_type=None, key="k")

    with pytest.raises(TimeoutError):
        asyncio.run(whole())
    assert core.files == {}


def test_only_a_few_are_on_their_way_at_a_time(core: FakeCore) -> None:
    running, most = 0, 0

    async def fetch(spool: Spool) -> None:
        nonlocal running, most
        running, most = running + 1, max(most, running + 1)
        await asyncio.sleep(0)
        spool.add(b"a")
        await asyncio.sleep(0)
        running -= 1

    async def whole() -> None:
        async with CoreClient(core.url, KEY, "express") as client:
            shelf = Shelf(client)
            named: Callable[[int], Any] = lambda n: shelf.take(WHO, fetch, name="a", media_type=None, key=f"k{n}")  # noqa: E731
            await asyncio.gather(*map(named, range(12)))

    asyncio.run(whole())
    assert (most, len(core.files)) == (AT_ONCE, 12)


def test_each_file_of_each_event_has_a_key_of_its_own() -> None:
    keys = {key_of("express", "e", 0), key_of("express", "e", 1), key_of("telegram", "e"), key_of("express", "f")}
    assert len(keys) == 4
    assert key_of("express", "e") in keys
