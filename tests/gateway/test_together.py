"""The real pair: gateway and core as the product starts them, on a real database, through the gateway's door."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace

import psutil
import psycopg
import pytest

from express_bot.cli.stack.programs import environment, programs
from express_bot.core.clock import Clock
from express_bot.settings import Settings
from tests.conftest import NOW
from tests.gateway.serving import Gateway, free_ports

ANSWERS = {"direction": "vvo", "date": "2027-01-15"}


@dataclass
class House:
    """Both processes and the way to call the outer one."""

    settings: Settings
    gateway: Gateway
    core: subprocess.Popen
    token: str = ""

    def call(self, method: str, path: str, body=None, **headers: str):
        """One call as the signed-in person; keywords are headers."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        return self.gateway.call(method, path, None if body is None else json.dumps(body), sent)

    def as_(self, persona: str):
        """Signed in as a person of the demo."""
        said = self.call("POST", "/api/smartapp/session", {"provider": "demo", "persona": persona})
        assert said.status == 200, said.body
        return replace(self, token=said.json["access_token"])

    def submit(self, key: str, **answers: str):
        body = {"form": "flight", "answers": ANSWERS | answers}
        return self.call("POST", "/api/smartapp/submit", body, Idempotency_Key=key)


@pytest.fixture(scope="module")
def database(server, template):
    """A database that outlives a test, for processes that do too."""
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as admin:
        admin.execute(f"create database together template {template}")
        yield server.dsn("together")
        admin.execute("drop database together with (force)")


@pytest.fixture(scope="module")
def pair(database, tmp_path_factory):
    """Core and gateway, started by the product's own commands."""
    folder = tmp_path_factory.mktemp("together")
    inner, outer = free_ports(2)
    settings = Settings(
        mode="test",
        var_dir=folder / "var",
        core_port=inner,
        bot_port=outer,
        service_key="k" * 40,
        database_url=database,
    )
    Clock(settings.demo_clock_file).move(NOW)
    core, gateway = (start(settings, name) for name in ("core", "gateway"))
    try:
        wait_until_well(settings, core, gateway)
        yield House(settings, Gateway(settings.bot_port, gateway, folder / "var" / "gateway.log"), core)
    finally:
        stop(gateway)
        stop(core)


@pytest.fixture
def house(pair):
    """Nobody signed in."""
    return replace(pair, token="")


def start(settings: Settings, name: str) -> subprocess.Popen:
    """One program of the house in a group of its own."""
    command = next(program.command for program in programs(settings) if program.name == name)
    own = {
        "EXPRESS_BOT_MODE": "test",
        "CORE_PORT": str(settings.core_port),
        "BOT_PORT": str(settings.bot_port),
        "CORE_SERVICE_KEY": settings.service_key.get_secret_value(),
        "DATABASE_URL": settings.dsn(),
    }
    with (settings.var_dir / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            command, env=environment(settings) | own, stdout=log, stderr=log, start_new_session=True
        )


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def wait_until_well(settings: Settings, *processes: subprocess.Popen) -> None:
    """Until the gateway says that all of it works."""
    door = Gateway(settings.bot_port, processes[-1], settings.var_dir / "gateway.log")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert all(process.poll() is None for process in processes), [*map(log_of, settings.var_dir.glob("*.log"))]
        with suppress(OSError):
            if door.get("/health").json["components"].get("database") == "ok":
                return
        time.sleep(0.1)
    raise AssertionError([*map(log_of, settings.var_dir.glob("*.log"))])


def log_of(path) -> str:
    return path.read_text()[-2000:]


def test_a_person_signs_in_files_finds_and_withdraws(house):
    anna = house.as_("employee")
    filed = anna.submit("together-anna-1")
    assert (filed.status, filed.json["status"]) == (201, "submitted")
    number = filed.json["number"]

    found = anna.call("GET", f"/api/smartapp/applications/{number}")
    assert (found.status, found.json["answers"]["direction"]) == (200, "vvo")

    path = f"/api/smartapp/applications/{number}/withdraw"
    withdrawn = anna.call("POST", path, {"version": found.json["version"]}, Idempotency_Key="together-anna-2")
    assert (withdrawn.status, withdrawn.json["status"]) == (200, "withdrawn")


def test_the_same_key_gives_the_same_answer_and_another_body_is_refused(house):
    maria = house.as_("matched")
    profile = {"location": "spb", "unit": "spb-oke-4", "position": "sbe", "direction": "aer"}
    person = {"full_name": "Соколова Мария Павловна", "personnel_number": "100417"}
    first = maria.submit("together-maria", **profile, **person)
    again = maria.submit("together-maria", **profile, **person)
    other = maria.submit("together-maria", **profile, **person, wishes="иначе")
    assert (first.status, again.status, again.json["number"]) == (201, 201, first.json["number"])
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")


def test_one_key_from_many_sides_at_once_is_one_application(house):
    olga = house.as_("dispatcher")
    me = olga.call("GET", "/api/smartapp/me").json["profile"]
    profile = {"location": "msk", "unit": "msk-oke-1", "position": "bp", "personnel_number": "700001"} | me
    with ThreadPoolExecutor(32) as pool:
        said = list(pool.map(lambda _: olga.submit("together-olga", **profile), range(64)))
    assert {answer.status for answer in said} == {201}
    assert len({answer.json["number"] for answer in said}) == 1


@pytest.mark.parametrize(("language", "letters"), [("ru", "а-яё"), ("en", "a-z")])
def test_a_forged_token_is_refused_by_the_core_in_the_callers_language(house, language, letters):
    said = house.call("GET", "/api/smartapp/info", Authorization="Bearer " + "x" * 43, Accept_Language=language)
    assert (said.status, said.json["code"]) == (401, "unauthenticated")
    assert any(letter in said.json["detail"].lower() for letter in letters)


def test_a_form_is_sent_once_and_then_only_confirmed(house):
    anna = house.as_("employee")
    first = anna.call("GET", "/api/smartapp/form?form=flight")
    second = anna.call("GET", "/api/smartapp/form?form=flight", If_None_Match=first.headers["ETag"])
    assert (first.status, second.status, second.body) == (200, 304, b"")


def test_the_brake_on_logins_goes_by_the_true_address_whatever_the_caller_claims(house):
    tries = [
        house.call(
            "POST",
            "/api/smartapp/session",
            {"provider": "local", "login": f"nobody-{number}", "password": "wrong"},
            X_Peer_Address=f"10.0.0.{number}",
            X_Forwarded_For=f"10.0.0.{number}",
        ).status
        for number in range(32)
    ]
    assert tries[0] == 401
    assert tries[-1] == 429


def test_the_document_describes_what_is_there_and_hides_what_is_not_for_outside(house):
    document = house.call("GET", "/openapi.json").json
    assert {"/api/smartapp/submit", "/api/smartapp/session", "/health", "/"} <= set(document["paths"])
    assert [path for path in document["paths"] if path.startswith("/api/service")] == []
    submit = document["paths"]["/api/smartapp/submit"]["post"]
    assert {"201", "401", "413", "422", "503"} <= set(submit["responses"])


def test_health_tells_of_every_part(house):
    health = house.call("GET", "/health").json
    assert health["components"] | {"spa": ""} == {"core": "ok", "database": "ok", "gateway": "ok", "spa": ""}


def test_a_killed_core_costs_a_moment_and_no_application(house):
    """``kill -9`` of the core's worker under a call with a key: the caller repeats it and finds one application."""
    admin = house.as_("admin")
    profile = {"location": "msk", "unit": "msk-oke-1", "position": "bp", "personnel_number": "700002"}
    profile |= admin.call("GET", "/api/smartapp/me").json["profile"]
    worker = psutil.Process(house.core.pid).children()[0]
    worker.kill()
    seen, deadline = [], time.monotonic() + 20
    while time.monotonic() < deadline:
        seen.append(admin.submit("together-killed", **profile))
        if seen[-1].status == 201:
            break
        time.sleep(0.1)
    assert seen[-1].status == 201, [said.body for said in seen[-2:]]
    assert {(said.status, said.json["code"]) for said in seen[:-1]} <= {(503, "core_unavailable")}
    listed = admin.call("GET", "/api/smartapp/applications").json["items"]
    assert len(listed) == 1
