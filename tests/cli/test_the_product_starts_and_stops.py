"""``up``, ``status``, ``down`` on the whole product, in one order: each test leaves what the next one needs."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from urllib.request import urlopen

import psutil
import pytest

from express_bot.cli.stack.ports import is_free
from tests.cli.conftest import Cli

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def product(make_cli: Callable[[], Cli]) -> Cli:
    cli = make_cli()
    started = cli("up")
    assert started.returncode == 0, started.stdout + started.stderr
    return cli


def supervisor(product: Cli) -> psutil.Process:
    return psutil.Process(int((product.var_dir / "supervisord.pid").read_text()))


def test_a_second_start_says_that_it_runs(product: Cli) -> None:
    before = supervisor(product).pid
    again = product("up")
    assert again.returncode == 0, again.stderr
    assert "Уже работало" in again.stdout
    assert supervisor(product).pid == before


def test_the_status_tells_what_runs(product: Cli) -> None:
    status = product("status", "--json")
    report = json.loads(status.stdout)
    assert (status.returncode, report["status"] in ("ok", "degraded")) == (0, True)
    assert {program["name"] for program in report["programs"]} == {"postgres", "core", "gateway", "emulator", "worker"}
    assert 0 < report["memory_mb"] < 700
    assert report["period"] is not None


def test_the_messenger_is_there_and_told_about(product: Cli) -> None:
    address = f"http://localhost:{product.emulator_port}/"
    with urlopen(f"{address}emulator/state") as answer:
        state = json.load(answer)
    assert (state["botUrl"], len(state["people"])) == (f"http://localhost:{product.bot_port}", 5)
    assert address in product("up").stdout
    assert address.rstrip("/") in product("status").stdout
    assert json.loads(product("emulator", "--json").stdout) == {"ok": True, "already": True, "address": address}


def test_no_command_of_a_program_shows_a_secret(product: Cli) -> None:
    secret = (product.var_dir / "secrets" / "express_secret_key").read_text().strip()
    commands = [" ".join(process.cmdline()) for process in product.processes()]
    assert (len(commands) > 4, any(secret in command for command in commands)) == (True, False)
    assert secret not in (product.var_dir / "supervisor.conf").read_text()


def test_the_self_check_leaves_no_open_application(product: Cli) -> None:
    done = product("db", "dsn", "--json")
    import psycopg

    with psycopg.connect(json.loads(done.stdout)["dsn"]) as db:
        row = db.execute(
            "select count(*), count(*) filter (where a.status <> 'withdrawn')"
            " from applications a join users u on u.id = a.applicant_id where u.probe"
        ).fetchone()
    assert row is not None
    assert row[0] >= 1
    assert row[1] == 0


def test_logs_hold_json_lines_and_no_people(product: Cli) -> None:
    lines = json.loads(product("logs", "core", "--json", "-n", "1000").stdout)["core"]
    assert any(json.loads(line)["event"] == "call" for line in lines if line.startswith("{"))
    assert "Проверка Системы" not in "".join(lines)


def test_other_ports_need_a_restart(product: Cli) -> None:
    moved = Cli(product.folder, product.bot_port + 1, product.core_port, product.emulator_port)
    refused = moved("up")
    assert refused.returncode == 1
    assert f"на {product.bot_port}" in refused.stderr
    assert product("status").returncode == 0


def test_a_person_is_added_listed_and_closed(product: Cli) -> None:
    added = product(
        *("user", "add", "--login", "Petrov", "--name", "Петров Пётр", "--role", "dispatcher", "--password-stdin"),
        stdin="correct horse battery\n",
    )
    assert added.returncode == 0, added.stderr
    assert product("user", "disable", "--login", "petrov").returncode == 0
    people = json.loads(product("user", "list", "--json").stdout)
    (petrov,) = [person for person in people if "local:petrov" in person["identities"]]
    assert (petrov["roles"], petrov["active"]) == (["dispatcher"], False)


def test_after_a_killed_supervisor_stop_leaves_no_process_and_no_port(product: Cli) -> None:
    os.kill(supervisor(product).pid, signal.SIGKILL)
    assert len(product.processes()) >= 4
    stopped = product("down")
    assert stopped.returncode == 0, stopped.stderr
    assert product.processes() == []
    assert is_free("127.0.0.1", product.bot_port)
    assert is_free("127.0.0.1", product.core_port)
    assert is_free("127.0.0.1", product.emulator_port)


def test_stopping_what_does_not_run_is_fine(product: Cli) -> None:
    nothing = product("down")
    assert (nothing.returncode, nothing.stderr) == (0, "")
    assert product("status").returncode == 1
