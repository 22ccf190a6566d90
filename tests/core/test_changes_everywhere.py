"""A change of reference data shows at every instance within a second: two real cores on a PostgreSQL of their own."""

from __future__ import annotations

import http.client
import json
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from express_bot.cli import period
from express_bot.core.clock import Clock
from express_bot.core.db import migrate
from express_bot.core.db.embedded import EmbeddedPostgres
from express_bot.core.db.session import connect
from express_bot.core.setup import install_defaults
from express_bot.settings import Settings
from tests.conftest import NOW
from tests.core.proofs import SERVICE_KEY, service_token
from tests.core.test_reference import A_SECOND
from tests.gateway.serving import free_ports
from tests.gateway.test_together import start, stop
from tests.waiting import until

RETIRE = "update directory_items set retired_at = now() where directory = 'direction' and code = %s"
DEAF, HEARS = "express_bot_core_ear 0.0", "express_bot_core_ear 1.0"


class Core:
    """One instance, asked over HTTP by one of our own services."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.process: subprocess.Popen[bytes] = start(settings, "core")

    def get(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.settings.core_port, timeout=20)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {service_token()}"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def directions(self) -> set[str]:
        """What is offered here now; nothing while there is no answer."""
        status, body = self.get("/api/smartapp/form")
        if status != 200:
            return set()
        fields = {field["name"]: field for field in json.loads(body)["form"]["fields"]}
        return {option["code"] for option in fields["direction"]["options"]}

    def periods(self) -> list[dict[str, Any]]:
        return list(json.loads(self.get("/api/smartapp/periods?form=flight")[1]).get("periods", []))

    def says(self, line: str) -> bool:
        """Whether a line stands among its counters."""
        with suppress(OSError):
            return line in self.get("/metrics")[1].decode()
        return False


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path_factory.mktemp("everywhere"), durable=False)
    server.start()
    migrate.upgrade(server.dsn())
    with connect(server.dsn()) as db:
        install_defaults(db, NOW)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def cores(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Core]]:
    """Two instances behind nobody, at ``NOW``."""
    folder, ports = tmp_path_factory.mktemp("cores"), free_ports(4)
    both = [
        Core(_settings(folder / str(number), postgres.dsn(), *ports[2 * number : 2 * number + 2]))
        for number in range(2)
    ]
    try:
        for core in both:
            until(lambda core=core: core.says(HEARS), seconds=60)
        yield both
    finally:
        for core in both:
            stop(core.process)


def _settings(var_dir: Path, dsn: str, inner: int, outer: int) -> Settings:
    settings = Settings(
        mode="test", var_dir=var_dir, core_port=inner, bot_port=outer, service_key=SERVICE_KEY, database_url=dsn
    )
    Clock(settings.demo_clock_file).move(NOW)
    return settings


def _shows_everywhere(cores: list[Core], postgres: EmbeddedPostgres, code: str) -> None:
    """One item retires by plain SQL: it is offered nowhere within a second, and was offered everywhere before."""
    assert all(code in core.directions() for core in cores)
    with connect(postgres.dsn()) as db:
        db.execute(RETIRE, (code,))
    until(lambda: all(code not in core.directions() for core in cores), seconds=A_SECOND)


def test_a_change_by_plain_sql_is_heard_at_both(cores: list[Core], postgres: EmbeddedPostgres) -> None:
    _shows_everywhere(cores, postgres, "vvo")
    assert all(core.says(HEARS) for core in cores)
    assert all(core.says('cache_invalidations_total{cache="reference"} 1.0') for core in cores)


def test_a_change_by_a_command_is_heard_at_both(
    cores: list[Core], postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with connect(postgres.dsn()) as db:
        db.execute("delete from periods where opens_at > %s", (NOW,))
    until(lambda: all(not _coming(core) for core in cores), seconds=A_SECOND)
    monkeypatch.setattr(period, "get_settings", lambda: cores[0].settings)
    assert CliRunner().invoke(period.app, ["open-by-rule"]).exit_code == 0
    until(lambda: all(_coming(core) for core in cores), seconds=A_SECOND)


def _coming(core: Core) -> bool:
    return any(one["state"] == "upcoming" for one in core.periods())


def test_whoever_loses_the_line_hears_again_and_misses_nothing(cores: list[Core], postgres: EmbeddedPostgres) -> None:
    with connect(postgres.dsn()) as db:
        ended = db.execute(
            "select pg_terminate_backend(pid) as done from pg_stat_activity where application_name = 'express-bot-ear'"
        )
        assert [row["done"] for row in ended] == [True, True]
        db.execute(RETIRE, ("mow",))
    _shows_everywhere(cores, postgres, "kja")
    for core in cores:
        until(lambda core=core: core.says(HEARS), seconds=20)
    _shows_everywhere(cores, postgres, "dyr")


def test_a_restart_of_the_database_makes_nobody_deaf_for_good(cores: list[Core], postgres: EmbeddedPostgres) -> None:
    postgres.stop()
    for core in cores:
        until(lambda core=core: core.says(DEAF), seconds=20)
    postgres.start()
    for core in cores:
        until(lambda core=core: core.get("/health/ready")[0] == 200, seconds=30)
    _shows_everywhere(cores, postgres, "kuf")
    for core in cores:
        until(lambda core=core: core.says(HEARS), seconds=30)
    _shows_everywhere(cores, postgres, "goj")


def test_what_changes_nothing_tells_nobody(postgres: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres.dsn(), autocommit=True) as listening, connect(postgres.dsn()) as db:
        listening.execute("listen express_bot_reference")
        before = db.execute("select version from reference_version").fetchone()
        db.execute("update directory_items set retired_at = now() where code = 'nowhere'")
        db.execute("insert into directories (code, title) select 'none', '{}' where false")
        assert list(listening.notifies(timeout=0.1)) == []
        assert db.execute("select version from reference_version").fetchone() == before
        with db.transaction():
            db.execute(RETIRE, ("hrg",))
            db.execute(RETIRE, ("ssh",))
        assert len(list(listening.notifies(timeout=5, stop_after=1))) == 1
