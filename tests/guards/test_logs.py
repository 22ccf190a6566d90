"""Logs tell of calls and failures, and of nobody (trust A23)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from express_bot.core.db.embedded import EmbeddedPostgres
from tests.guards.talkative_core import SECRETS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def lines(server: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What a core logged at the most talkative level; the tokens in use are looked for at once."""
    tmp_path = tmp_path_factory.mktemp("talkative")
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as admin:
        admin.execute(f"create database talkative template {template} strategy file_copy")
    dsn = server.dsn("talkative")
    done = subprocess.run(
        [sys.executable, "-m", "tests.guards.talkative_core", dsn, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]), "PYTHONIOENCODING": "utf-8"},
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    log = done.stderr.decode()
    assert done.returncode == 0, log[-3000:]
    tokens = done.stdout.decode().split()
    assert len(tokens) == 3
    for token in tokens:
        assert token not in log
    return log.splitlines()


def test_no_line_tells_of_anybody_or_of_a_secret(lines: list[str]) -> None:
    said = "\n".join(map(_told, lines))
    told = [secret for secret in SECRETS if secret.lower() in said.lower()]
    assert told == []
    assert len(lines) > 20, "a core that says nothing proves nothing"
    incidents = [json.loads(line) for line in lines if '"internal error"' in line]
    assert len(incidents) == 2
    assert all(incident["incident"].startswith("EB-") and incident["exception"] for incident in incidents)


def _told(line: str) -> str:
    """A line without the moment and the id that we make up ourselves: sooner or later any six digits stand in those."""
    event = json.loads(line)
    return json.dumps(
        {name: value for name, value in event.items() if name not in ("timestamp", "request_id", "ms")},
        ensure_ascii=False,
    )


def test_every_line_is_one_json_object_with_time_level_and_request(lines: list[str]) -> None:
    for line in lines:
        event = json.loads(line)
        assert {"timestamp", "level", "event"} <= set(event), event
        if event.get("logger") == "express_bot.access":
            assert {"request_id", "method", "rule", "status", "ms"} <= set(event), event
