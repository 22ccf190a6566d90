"""A scanner that is fair, slow, odd or gone: a file is ready only when somebody has called it clean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from express_bot.core.db.session import Connection
from express_bot.core.files import scanner, tidying
from express_bot.core.files.scanner import Scanner
from tests.conftest import Api
from tests.core.files import corpus, material
from tests.core.files.clamd import Clamd, Mood
from tests.core.files.conftest import begin, put, send

INFECTED = material.pdf(body=corpus.EICAR)
LONG = material.pdf(body=bytes(3 << 20))


@pytest.fixture(params=["tcp", "unix"])
def clamd(
    request: pytest.FixtureRequest, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Clamd]:
    """A scanner at either kind of address; our patience with it is short here."""
    double = Clamd(tmp_path / "clamd" if request.param == "unix" else None)
    monkeypatch.setattr(scanner, "TIMEOUT", 0.3)
    app.extensions["house"].files.__dict__["scanner"] = Scanner(double.address)
    yield double
    double.close()


def test_what_the_scanner_calls_clean_is_ready_and_it_saw_every_byte(anna: Api, clamd: Clamd) -> None:
    assert put(anna, LONG).json["state"] == "ready"
    assert clamd.scanned == [LONG]


def test_eicar_in_one_go_and_in_parts_is_refused_by_its_own_code(anna: Api, clamd: Clamd, stored: Any) -> None:
    answer = put(anna, INFECTED)
    assert (answer.status_code, answer.json["code"]) == (422, "file_infected")
    upload = begin(anna, INFECTED).json["id"]
    half = len(INFECTED) // 2
    send(anna, upload, 0, INFECTED[:half])
    told = send(anna, upload, half, INFECTED[half:]).json
    assert (told["state"], told["file"]["reason"]) == ("refused", "file_infected")
    assert stored() == []


@pytest.mark.parametrize("mood", ["slow", "gone", "odd", "full", "stuck"])
def test_without_its_word_a_file_waits_and_is_judged_when_it_is_back(
    anna: Api, clamd: Clamd, mood: Mood, app: Flask, db: Connection, stored: Any
) -> None:
    clamd.mood = mood
    answers = [put(anna, LONG, key="a-clean-file"), put(anna, INFECTED, key="an-infected-file")]
    assert [(answer.status_code, answer.json["state"]) for answer in answers] == [(201, "checking")] * 2
    ids = [answer.json["id"] for answer in answers]
    assert anna.get(f"/api/smartapp/files/{ids[0]}").json["code"] == "file_not_ready"

    files = app.extensions["house"].files
    tidying.check_waiting(db, files, idle=timedelta())
    assert {anna.get(f"/api/smartapp/files/{each}/info").json["state"] for each in ids} == {"checking"}

    clamd.mood = "fair"
    tidying.check_waiting(db, files, idle=timedelta())
    told = [anna.get(f"/api/smartapp/files/{each}/info").json for each in ids]
    assert [(each["state"], each["reason"]) for each in told] == [("ready", None), ("refused", "file_infected")]
    assert stored() == [LONG]


def test_a_scanner_that_is_not_there_lets_nothing_through(anna: Api, clamd: Clamd) -> None:
    clamd.close()
    assert put(anna, LONG).json["state"] == "checking"
