"""Our own PostgreSQL: it starts fast, keeps what it has confirmed, and comes back whatever happened to it."""

from __future__ import annotations

import os
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from express_bot.core.db.embedded import EmbeddedPostgres
from express_bot.settings import MAX_SOCKET_DIR_BYTES, socket_dir


@pytest.fixture
def var_dir(tmp_path: Path) -> Path:
    return tmp_path / "with 'quotes' and \"more\"" / "var"


@pytest.fixture
def postgres(var_dir: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(var_dir)
    server.start()
    yield server
    server.stop()


def kill(server: EmbeddedPostgres) -> None:
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while server.pid() == pid:
        time.sleep(0.01)


def setting(server: EmbeddedPostgres, name: str) -> str:
    with psycopg.connect(server.dsn()) as connection:
        row = connection.execute("select current_setting(%s)", (name,)).fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize("name", ["fsync", "synchronous_commit", "full_page_writes"])
def test_it_is_durable_unless_it_is_told_otherwise(postgres: EmbeddedPostgres, name: str) -> None:
    assert setting(postgres, name) == "on"


def test_it_listens_on_a_socket_of_its_owner_only(postgres: EmbeddedPostgres) -> None:
    assert setting(postgres, "listen_addresses") == ""
    assert stat.S_IMODE(postgres.socket_dir.stat().st_mode) == 0o700


def test_russian_letters_have_upper_and_lower_case(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.dsn()) as connection:
        row = connection.execute("select lower('ЁЖ'), upper('ёж')").fetchone()
    assert row == ("ёж", "ЁЖ")


def test_what_was_confirmed_survives_a_kill(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("create table kept as select 1 as one")
    kill(postgres)
    postgres.start()
    with psycopg.connect(postgres.dsn()) as connection:
        assert connection.execute("select one from kept").fetchone() == (1,)


def test_a_killed_server_with_busy_backends_comes_back_soon(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.dsn(), autocommit=True) as busy:
        busy.execute("select 1")
        kill(postgres)
        began = time.monotonic()
        postgres.start()
    assert time.monotonic() - began < 8


def test_a_lock_whose_number_now_belongs_to_another_process_does_not_block_the_start(
    postgres: EmbeddedPostgres,
) -> None:
    kill(postgres)
    lock = postgres.data_dir / "postmaster.pid"
    lines = lock.read_text(encoding="utf-8").splitlines()
    lock.write_text("\n".join([str(os.getpid()), *lines[1:]]), encoding="utf-8")
    postgres.start()
    assert postgres.is_ready()
    assert postgres.pid() != os.getpid()


def test_an_interrupted_first_start_leaves_nothing_half_made(var_dir: Path) -> None:
    (var_dir / "postgres.draft").mkdir(parents=True)
    (var_dir / "postgres.draft" / "PG_VERSION").write_text("18")
    server = EmbeddedPostgres(var_dir, durable=False)
    assert not server.is_initialised
    with server.running() as dsn:
        assert psycopg.connect(dsn).execute("select 1").fetchone() == (1,)
    assert not (var_dir / "postgres.draft").exists()


def test_a_command_starts_the_server_only_for_itself(var_dir: Path) -> None:
    server = EmbeddedPostgres(var_dir, durable=False)
    with server.running():
        assert server.is_ready()
    assert server.pid() is None


def test_a_running_server_is_left_running(postgres: EmbeddedPostgres, var_dir: Path) -> None:
    with EmbeddedPostgres(var_dir).running():
        pass
    assert postgres.is_ready()


def test_a_deep_folder_gets_a_short_socket_that_goes_away_again(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-rather-long-name"] * 8)
    with EmbeddedPostgres(deep, durable=False).running() as dsn:
        assert psycopg.connect(dsn).execute("select 1").fetchone() == (1,)
    assert not socket_dir(deep).exists()
    assert len(os.fsencode(socket_dir(deep))) <= MAX_SOCKET_DIR_BYTES
    assert socket_dir(deep) != socket_dir(deep / "other")
