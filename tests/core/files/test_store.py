"""The store keeps its word on a folder and on a bucket alike: one contract, two addresses."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from express_bot.contracts import errors
from express_bot.core.app import create_app
from express_bot.core.db.session import connect
from express_bot.core.files import tidying
from express_bot.core.files.store import KEPT, PARTS, Store, Work, open_store, random_name
from express_bot.settings import Settings
from tests.conftest import NOW, Api
from tests.core.files import material
from tests.core.files.buckets import BUCKET, environment, moto
from tests.core.files.conftest import begin, put, send

MIB = 1 << 20


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with moto(tmp_path_factory.mktemp("moto")) as address, pytest.MonkeyPatch.context() as patch:
        for name, value in environment(address).items():
            patch.setenv(name, value)
        yield f"s3://{BUCKET}"


@pytest.fixture(params=["file", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty place of either kind."""
    if request.param == "file":
        return (tmp_path / "files").as_uri()
    return f"{request.getfixturevalue('bucket')}/{tmp_path.name}"


@pytest.fixture
def store(url: str) -> Store:
    return open_store(url)


def keep(store: Store, content: bytes, folder: str = KEPT) -> str:
    name = random_name(folder)
    with store.work() as work:
        write(work, content)
        store.keep(work, name)
    return name


def write(work: Work, content: bytes) -> None:
    for start in range(0, len(content), MIB):
        work.take(content[start : start + MIB])


@pytest.mark.parametrize("size", [1, 255, 256 << 10, 5 * MIB, 5 * MIB + 1, 20 * MIB])
def test_what_is_kept_is_read_as_it_was(store: Store, size: int) -> None:
    content = os.urandom(size)
    name = keep(store, content)
    assert b"".join(store.read(name, 0, size)) == content
    assert store.has(name)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (0, 1), (5, 5), (999, 1000), (100, 70_000), (0, 3 * MIB)])
def test_a_piece_is_that_piece(store: Store, start: int, end: int) -> None:
    content = os.urandom(3 * MIB)
    name = keep(store, content)
    assert b"".join(store.read(name, start, end)) == content[start:end]


def test_a_long_file_is_read_a_little_at_a_time(store: Store) -> None:
    name = keep(store, bytes(20 * MIB))
    before, pieces = psutil.Process().memory_info().rss, 0
    for piece in store.read(name, 0, 20 * MIB):
        pieces += 1
        assert len(piece) <= 2 * MIB
    assert pieces >= 10
    assert psutil.Process().memory_info().rss - before < 24 * MIB


def test_what_is_deleted_is_gone_and_may_be_deleted_again(store: Store) -> None:
    kept, gone = keep(store, b"kept"), keep(store, b"gone")
    store.delete(gone, gone, random_name(KEPT))
    assert (store.has(kept), store.has(gone)) == (True, False)
    with pytest.raises(FileNotFoundError):
        list(store.read(gone, 0, 4))


def test_all_that_somebody_may_own_is_listed_with_its_age(store: Store) -> None:
    names = {keep(store, b"x"), keep(store, b"y", PARTS)}
    found = list(store.all())
    assert {each.name for each in found} == names
    assert all(each.changed_at.tzinfo is not None for each in found)


def test_work_that_is_not_kept_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with store.work() as work:
        write(work, b"half")
    assert list(store.all()) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_disk_that_takes_less_than_it_was_given_gets_the_rest_too(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda file, content, place: whole(file, content[:1000], place))
    content = os.urandom(5_500)
    assert b"".join(store.read(keep(store, content), 0, len(content))) == content


def test_a_full_disk_is_an_outage_and_nothing_is_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(errors.StorageUnavailable):
        keep(store, b"content")
    assert list(store.all()) == []


def test_many_at_once_do_not_disturb_each_other(store: Store) -> None:
    contents = [os.urandom(300_000 + number) for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        names = list(pool.map(lambda content: keep(store, content), contents))
    assert [
        b"".join(store.read(name, 0, len(content))) for name, content in zip(names, contents, strict=True)
    ] == contents


def test_a_name_leads_nowhere_else(store: Store) -> None:
    name = random_name(KEPT)
    assert ".." not in name
    assert name.startswith(f"{KEPT}/")
    assert not name.startswith("/")


def test_a_bucket_that_is_not_there_is_our_own_word_for_an_outage(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    away = open_store("s3://no-such-bucket")
    with pytest.raises(errors.StorageUnavailable):
        keep(away, b"x")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    for outage in (lambda: keep(open_store(bucket), b"x"), lambda: list(open_store(bucket).all())):
        with pytest.raises(errors.StorageUnavailable):
            outage()


def test_a_folder_that_has_gone_is_an_outage_too(tmp_path: Path) -> None:
    store = open_store((tmp_path / "files").as_uri())
    with store.work() as work:
        shutil.rmtree(tmp_path / "files")
        with pytest.raises(errors.StorageUnavailable):
            store.keep(work, random_name(KEPT))
    with pytest.raises(errors.StorageUnavailable):
        store.work()


def test_the_whole_product_works_on_a_bucket(dsn: str, bucket: str, tmp_path: Path) -> None:
    """In one go and in parts, given out whole and in ranges, deleted, and orphans swept."""
    url = f"{bucket}/{tmp_path.name}"
    app = create_app(Settings(mode="test", var_dir=tmp_path / "var", service_key="k" * 40, files_url=url), dsn)
    app.extensions["house"].clock.move(NOW)
    anna, content = Api(app).as_("employee"), material.pdf(body=os.urandom(6 * MIB))
    one = put(anna, content).json
    upload = begin(anna, content).json
    for offset in range(0, len(content), upload["part_size"]):
        told = send(anna, upload["id"], offset, content[offset : offset + upload["part_size"]]).json
    assert (one["state"], told["state"]) == ("ready", "ready")
    for file in (one["id"], upload["id"]):
        assert anna.get(f"/api/smartapp/files/{file}").data == content
        piece = anna.get(f"/api/smartapp/files/{file}", headers={"Range": "bytes=100-199"})
        assert (piece.status_code, piece.data) == (206, content[100:200])
    assert anna.delete(f"/api/smartapp/files/{one['id']}").status_code == 204

    store = open_store(url)
    orphan = keep(store, b"nobody's")
    with connect(dsn) as db:
        assert tidying.sweep(db, app.extensions["house"].files, life=timedelta(seconds=-5)) == 1
    assert not store.has(orphan)
    assert len(list(store.all())) == 1
    app.extensions["house"].pool.close()
