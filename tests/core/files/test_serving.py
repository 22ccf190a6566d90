"""Who sees a file, how it is sent, and that nothing in it ever runs."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from flask import Flask

from express_bot.core.files import links
from tests.conftest import Api
from tests.core.files import material
from tests.core.files.conftest import put

FILE = "/api/smartapp/files/{id}"
NOBODYS = "00000000-0000-4000-8000-000000000000"


def test_a_file_is_saved_and_never_run(anna: Api, pdf: dict[str, Any]) -> None:
    answer = anna.get(FILE.format(**pdf))
    assert (answer.status_code, answer.data) == (200, material.pdf())
    told = answer.headers
    assert told["Content-Type"] == "application/pdf"
    assert told["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Cache-Control"] == "private, no-store"
    assert told["Content-Disposition"] == (
        "attachment; filename=\"_______.pdf\"; filename*=UTF-8''%D1%81%D0%BF%D1%80%D0%B0%D0%B2%D0%BA%D0%B0.pdf"
    )
    assert told["ETag"] == f'"{hashlib.sha256(material.pdf()).hexdigest()}"'
    assert told["Content-Length"] == str(len(material.pdf()))
    assert "Set-Cookie" not in told


def test_the_head_of_a_file_is_its_answer_without_the_bytes(anna: Api, pdf: dict[str, Any]) -> None:
    whole, head = anna.get(FILE.format(**pdf)), anna.call("HEAD", FILE.format(**pdf))
    assert (head.status_code, head.data) == (200, b"")
    assert {**head.headers, "X-Request-ID": None} == {**whole.headers, "X-Request-ID": None}


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("bytes=0-3", 206, 0, 4),
        ("bytes=5-", 206, 5, None),
        ("bytes=-6", 206, -6, None),
        ("bytes=2-100000", 206, 2, None),
        ("bytes=0-1,3-4", 200, 0, None),
        ("lines=1-2", 200, 0, None),
        ("bytes=abc", 200, 0, None),
        ("bytes=9-2", 200, 0, None),
    ],
)
def test_a_range_is_that_part_of_it(
    anna: Api, pdf: dict[str, Any], asked: str, status: int, start: int, end: int | None
) -> None:
    answer, wanted = anna.get(FILE.format(**pdf), headers={"Range": asked}), material.pdf()[start:end]
    assert (answer.status_code, answer.data) == (status, wanted)
    if status == 206:
        first = start % len(material.pdf())
        last = first + len(wanted) - 1
        assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(material.pdf())}"


def test_a_range_behind_the_end_is_refused(anna: Api, pdf: dict[str, Any]) -> None:
    answer = anna.get(FILE.format(**pdf), headers={"Range": "bytes=100000-"})
    assert (answer.status_code, answer.json["code"]) == (416, "range_behind_end")
    assert answer.headers["Content-Range"] == f"bytes */{len(material.pdf())}"


def test_a_client_that_has_it_is_told_so(anna: Api, pdf: dict[str, Any]) -> None:
    tag = anna.get(FILE.format(**pdf)).headers["ETag"]
    same = anna.get(FILE.format(**pdf), headers={"If-None-Match": tag})
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tag)
    stale = anna.get(FILE.format(**pdf), headers={"Range": "bytes=0-3", "If-Range": '"of another state"'})
    assert (stale.status_code, stale.data) == (200, material.pdf())


def test_others_do_not_learn_that_a_file_exists(
    app: Flask, anna: Api, boris: Api, dispatcher: Api, pdf: dict[str, Any], rows: Any
) -> None:
    for person in (boris, dispatcher):
        for path in (FILE.format(**pdf), f"{FILE.format(**pdf)}/info"):
            there, nowhere = person.get(path), person.get(path.replace(pdf["id"], NOBODYS))
            assert (there.status_code, there.json) == (404, nowhere.json)
        assert person.post(f"{FILE.format(**pdf)}/link").status_code == 404
        assert person.delete(FILE.format(**pdf)).status_code == 404
    assert Api(app).get(FILE.format(**pdf)).status_code == 401
    assert rows("files") == 1
    assert anna.get(f"{FILE.format(**pdf)}/info").json == pdf


def test_a_file_thrown_away_is_gone_with_its_bytes(anna: Api, pdf: dict[str, Any], stored: Any, one: Any) -> None:
    assert anna.delete(FILE.format(**pdf)).status_code == 204
    answer = anna.get(FILE.format(**pdf))
    assert (answer.status_code, answer.json["code"]) == (404, "unknown_file")
    assert stored() == []
    assert one("select * from audit_log where act = 'file.delete'")["object_id"] == pdf["id"]


def test_a_link_opens_without_a_session_for_five_minutes(app: Flask, anna: Api, pdf: dict[str, Any]) -> None:
    made = anna.post(f"{FILE.format(**pdf)}/link").json
    path = made["url"].removeprefix(app.extensions["house"].settings.public_url)
    until = datetime.fromisoformat(made["expires_at"])
    assert timedelta() < until - datetime.now(UTC) <= timedelta(minutes=5)
    opened = Api(app).get(path)
    assert (opened.status_code, opened.data) == (200, material.pdf())
    assert opened.headers["Content-Security-Policy"].startswith("sandbox;")
    with time_machine.travel(until, tick=False):
        late = Api(app).get(path)
    assert (late.status_code, late.json["code"]) == (410, "link_expired")


def test_a_link_that_we_did_not_make_opens_nothing(app: Flask, anna: Api, pdf: dict[str, Any]) -> None:
    token = anna.post(f"{FILE.format(**pdf)}/link").json["url"].rpartition("/")[2]
    later = links.make(UUID(pdf["id"]), UUID(NOBODYS), datetime.now(UTC) + timedelta(hours=1), "another key")
    forged = [token[:-1] + ("A" if token[-1] != "A" else "B"), "A" + token[1:], token[:20], "x", "%00", "ж", later]
    answers = [Api(app).get(f"/api/smartapp/files/links/{wrong}") for wrong in forged]
    assert {(answer.status_code, answer.json["code"]) for answer in answers} == {(404, "unknown_file")}


def test_a_link_dies_with_the_person_it_was_made_for(app: Flask, anna: Api, pdf: dict[str, Any], db: Any) -> None:
    url = anna.post(f"{FILE.format(**pdf)}/link").json["url"]
    db.execute("update users set active = false where id = (select owner_id from files)")
    answer = Api(app).get(url.removeprefix(app.extensions["house"].settings.public_url))
    assert (answer.status_code, answer.json["code"]) == (404, "unknown_file")


@pytest.mark.parametrize(
    ("content", "name"), [(material.jpeg(), "a.jpg"), (material.png(), "a.png"), (material.heic(), "a.heic")]
)
def test_a_picture_is_kept_without_where_and_by_whom_it_was_taken(
    anna: Api, stored: Any, content: bytes, name: str
) -> None:
    assert material.PLACE in content
    told = put(anna, content, name).json
    kept = anna.get(FILE.format(**told)).data
    assert material.PLACE not in kept
    assert (told["size"], told["sha256"]) == (len(kept), hashlib.sha256(content).hexdigest())
    assert stored() == [kept]
