"""``express-bot notify``: what is dead is listed, shown and sent again, by the numbers of the list."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from express_bot.contracts.notifications import Event
from express_bot.core.notifications import outbox, repository
from tests.cli.conftest import FOREIGN, ROOT
from tests.conftest import NOW


@pytest.fixture
def notify(dsn, tmp_path):
    """The command on this test's database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    own = {"DATABASE_URL": dsn, "EXPRESS_BOT_MODE": "test", "EXPRESS_BOT_VAR": str(tmp_path / "var")}
    environment = {**kept, **own, "PYTHONPATH": str(ROOT / "src"), "EXPRESS_BOT_LOCALE": "ru"}

    def run(*arguments):
        command = [sys.executable, "-m", "express_bot.cli", "notify", *arguments]
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def dead(db):
    """A dead notification; its number."""
    person = db.execute("select id from users where not probe limit 1").fetchone()["id"]
    outbox.promise(db, Event.LINKED, user_id=person, at=NOW)
    line = db.execute("select max(id) as id from outbox").fetchone()["id"]
    repository.note(db, line, "dead", "blocked")
    repository.settle(db, line)
    return db.execute("select max(id) as id from deliveries").fetchone()["id"]


def test_the_list_names_what_is_dead_and_why(notify, dead):
    listed = json.loads(notify("dead", "--json").stdout)
    assert [(row["id"], row["event"], row["reason"]) for row in listed] == [(dead, "channel_linked", "blocked")]
    assert "blocked" in notify("dead").stdout
    shown = notify("show", str(dead))
    assert (shown.returncode, "blocked" in shown.stdout) == (0, True)


def test_what_is_sent_again_leaves_the_list_and_a_line_in_the_audit(notify, dead, rows):
    assert json.loads(notify("resend", str(dead), "--json").stdout) == {"resent": [dead]}
    assert rows("outbox", "event = 'channel_linked' and relayed_at is null and settled_at is null") == 1
    assert rows("audit_log", f"act = 'notification.resend' and object_id = '{dead}'") == 1
    assert json.loads(notify("dead", "--json").stdout) == []


def test_what_is_not_there_is_said_in_a_sentence(notify, rows):
    before = rows("audit_log")
    answer = notify("resend", "4000000000")
    assert (answer.returncode, "4000000000" in answer.stderr) == (1, True)
    assert notify("resend").returncode == 2
    assert json.loads(notify("resend", "--all", "--json").stdout) == {"resent": []}
    assert rows("audit_log") == before
