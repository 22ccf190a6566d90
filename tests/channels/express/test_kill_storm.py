"""Nothing that was accepted is lost or done twice, whatever is killed meanwhile."""

from __future__ import annotations

import os

import psycopg
import pytest

from tests.channels.express import kill_storm

pytestmark = pytest.mark.stack

#: A release runs 50 (``FAULT_KILLS=50``, or the module by itself); every check a few.
KILLS = min(int(os.environ.get("FAULT_KILLS", "4")), 50)


def test_every_event_is_handled_once_while_gateway_and_core_are_killed_in_turn(server, template, tmp_path):
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as admin:
        admin.execute(f"create database storm template {template}")
    report = kill_storm.run(tmp_path, server.dsn("storm"), events=10 * KILLS, kills=KILLS)
    print(report)
    assert report.is_clean, report
    assert (report.accepted, report.kills.total()) == (10 * KILLS, KILLS)
    assert report.messages > 0
