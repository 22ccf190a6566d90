"""Uploading in parts: the offset is the truth, what arrived of a broken part is kept, and nothing is counted twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from express_bot.contracts.files import PART_SIZE
from express_bot.core.files import parts, tidying
from express_bot.settings import Settings
from express_bot.worker import upkeep
from tests.conftest import Api
from tests.core.files import material
from tests.core.files.conftest import begin, put, send

Stored = Callable[[], list[bytes]]
CONTENT = material.pdf(body=b"% " + b"0123456789abcdef" * 4096)


class _Broken:
    """A connection that goes away in the middle of its body."""

    def __init__(self, content: bytes) -> None:
        self._left = content

    def read(self, size: int) -> bytes:
        if not self._left:
            raise ConnectionResetError
        chunk, self._left = self._left[:size], self._left[size:]
        return chunk

    def close(self) -> None:
        """It is closed already."""


def _sent_whole(api: Api, content: bytes, *, key: str = "key-of-an-upload", size: int = 20_000) -> Any:
    upload = begin(api, content, key=key).json
    for offset in range(0, len(content), size):
        answer = send(api, upload["id"], offset, content[offset : offset + size])
        assert answer.status_code == 200, answer.text
        upload = answer.json
    return upload


def test_parts_become_one_file(anna: Api, stored: Stored, rows: Any) -> None:
    told = begin(anna, CONTENT, sha256=hashlib.sha256(CONTENT).hexdigest())
    assert told.status_code == 201
    assert told.json | {"id": None} == {"id": None, "offset": 0, "size": len(CONTENT), "part_size": PART_SIZE,
                                        "state": "uploading", "file": None}  # fmt: skip
    done = _sent_whole(anna, CONTENT, key="another-upload")
    assert (done["state"], done["offset"], done["file"]["id"]) == ("ready", len(CONTENT), done["id"])
    assert done["file"]["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert anna.get(f"/api/smartapp/files/{done['id']}").data == CONTENT
    assert (stored(), rows("file_parts"), rows("audit_log", "act = 'file.upload'")) == ([CONTENT], 0, 1)


def test_what_arrived_of_a_broken_part_is_kept_and_told(anna: Api, stored: Stored) -> None:
    upload = begin(anna, CONTENT).json["id"]
    broken = anna.app.test_client().patch(
        f"/api/smartapp/uploads/{upload}",
        environ_overrides={"wsgi.input": _Broken(CONTENT[:30_000]), "CONTENT_LENGTH": "50000"},
        headers={"Authorization": f"Bearer {anna.token}", "Upload-Offset": "0"},
    )
    assert broken.status_code == 200
    assert anna.get(f"/api/smartapp/uploads/{upload}").json["offset"] == 30_000
    assert stored() == [CONTENT[:30_000]]
    assert send(anna, upload, 30_000, CONTENT[30_000:]).json["state"] == "ready"
    assert stored() == [CONTENT]


@pytest.mark.parametrize("offset", [0, 19_999, 20_001, len(CONTENT)])
def test_a_part_that_does_not_follow_is_refused_with_the_right_place(anna: Api, stored: Stored, offset: int) -> None:
    upload = begin(anna, CONTENT).json["id"]
    send(anna, upload, 0, CONTENT[:20_000])
    answer = send(anna, upload, offset, CONTENT[offset : offset + 20_000] or b"more")
    assert (answer.status_code, answer.json["code"], answer.json["offset"]) == (409, "wrong_offset", 20_000)
    assert stored() == [CONTENT[:20_000]]


def test_a_part_without_its_place_is_not_read(anna: Api, stored: Stored) -> None:
    upload = begin(anna, CONTENT).json["id"]
    for said in ({}, {"Upload-Offset": "-1"}, {"Upload-Offset": "1e3"}):
        answer = anna.patch(f"/api/smartapp/uploads/{upload}", data=CONTENT, headers=said)
        assert (answer.status_code, answer.json["code"]) == (422, "invalid_body")
    assert stored() == []


def test_more_than_was_announced_is_refused(anna: Api, stored: Stored) -> None:
    upload = begin(anna, CONTENT).json["id"]
    answer = send(anna, upload, 0, CONTENT + b"more")
    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")
    assert stored() == []
    assert anna.get(f"/api/smartapp/uploads/{upload}").json["offset"] == 0


def test_the_last_part_sent_again_is_told_that_all_is_there(anna: Api, rows: Any) -> None:
    upload = _sent_whole(anna, CONTENT)
    again = send(anna, upload["id"], len(CONTENT) - 4, CONTENT[-4:])
    assert (again.status_code, again.json["code"], again.json["offset"]) == (409, "wrong_offset", len(CONTENT))
    assert anna.get(f"/api/smartapp/uploads/{upload['id']}").json["file"]["state"] == "ready"
    assert rows("files") == 1


def test_an_announcement_repeated_tells_where_the_upload_stands(anna: Api, rows: Any) -> None:
    upload = begin(anna, CONTENT).json["id"]
    send(anna, upload, 0, CONTENT[:20_000])
    again = begin(anna, CONTENT)
    assert (again.json["id"], again.json["offset"], again.headers["Idempotency-Replayed"]) == (upload, 20_000, "true")
    other = begin(anna, CONTENT, name="other.pdf")
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert put(anna, CONTENT, key="key-of-an-upload").json["code"] == "idempotency_key_reused"
    assert rows("files") == 1


@pytest.mark.parametrize(
    ("more", "content", "code"),
    [
        ({"sha256": "0" * 64}, CONTENT, "file_damaged"),
        ({}, b"<html>" + CONTENT, "file_type_refused"),
        ({}, CONTENT[:-8], "file_damaged"),
    ],
)
def test_a_refused_upload_says_why_and_keeps_no_byte(
    anna: Api, stored: Stored, rows: Any, more: dict[str, Any], content: bytes, code: str
) -> None:
    upload = begin(anna, content, **more).json["id"]
    answer = send(anna, upload, 0, content).json
    assert (answer["state"], answer["file"]["reason"]) == ("refused", code)
    assert anna.get(f"/api/smartapp/files/{upload}").status_code == 404
    assert (stored(), rows("file_parts"), rows("files", "state = 'refused'")) == ([], 0, 1)


@pytest.mark.parametrize(("size", "status", "code"), [(0, 422, "file_empty"), (21 << 20, 413, "file_too_large")])
def test_what_could_never_be_taken_is_refused_before_a_byte_travels(
    anna: Api, rows: Any, size: int, status: int, code: str
) -> None:
    answer = anna.post("/api/smartapp/uploads", {"name": "a.pdf", "size": size, "type": "x/y"}, key="key-of-an-upload")
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert rows("files") == 0


def test_an_upload_given_up_is_gone_with_its_parts(anna: Api, stored: Stored, rows: Any) -> None:
    upload = begin(anna, CONTENT).json["id"]
    send(anna, upload, 0, CONTENT[:20_000])
    assert anna.delete(f"/api/smartapp/uploads/{upload}").status_code == 204
    assert anna.get(f"/api/smartapp/uploads/{upload}").json["code"] == "unknown_file"
    assert (stored(), rows("files"), rows("file_parts")) == ([], 0, 0)


def test_the_uploads_of_others_do_not_exist(anna: Api, boris: Api, stored: Stored) -> None:
    upload = begin(anna, CONTENT).json["id"]
    path = f"/api/smartapp/uploads/{upload}"
    answers = [boris.get(path), boris.delete(path), send(boris, upload, 0, CONTENT)]
    assert {(answer.status_code, answer.json["code"]) for answer in answers} == {(404, "unknown_file")}
    assert stored() == []
    assert anna.get(path).json["offset"] == 0


@pytest.fixture
def keeper(app: Flask, settings: Settings, dsn: str) -> Settings:
    return settings.model_copy(update={"database_url": type(settings.service_key)(dsn)})


def test_a_file_that_the_scanner_has_not_seen_is_served_to_nobody(
    app: Flask, keeper: Settings, anna: Api, stored: Stored, db: Any, clamd: Any
) -> None:
    clamd.away()
    whole = put(anna, CONTENT, key="key-of-a-whole-file")
    assert (whole.status_code, whole.json["state"]) == (201, "checking")
    parts = _sent_whole(anna, CONTENT)
    assert parts["state"] == "checking"
    for file in (whole.json["id"], parts["id"]):
        answer = anna.get(f"/api/smartapp/files/{file}")
        assert (answer.status_code, answer.json["code"]) == (409, "file_not_ready")
    clamd.back()
    assert tidying.check_waiting(db, app.extensions["house"].files, idle=timedelta(0)) == 2
    for file in (whole.json["id"], parts["id"]):
        assert anna.get(f"/api/smartapp/files/{file}").data == CONTENT
    assert stored() == [CONTENT, CONTENT]


def test_what_the_scanner_finds_is_refused_and_gone(
    app: Flask, anna: Api, stored: Stored, rows: Any, clamd: Any
) -> None:
    bad = material.pdf(body=b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*")
    clamd.back()
    answer = put(anna, bad)
    assert (answer.status_code, answer.json["code"]) == (422, "file_infected")
    assert _sent_whole(anna, bad)["file"]["reason"] == "file_infected"
    assert put(anna, CONTENT, key="key-of-an-honest-file").json["state"] == "ready"
    assert stored() == [CONTENT]
    assert rows("files", "state = 'ready'") == 1


def test_an_upload_whose_process_died_before_the_verdict_gets_one(
    keeper: Settings, app: Flask, anna: Api, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begin(anna, CONTENT).json["id"]
    with monkeypatch.context() as dying:
        dying.setattr(parts, "finish", lambda *_, **__: (_ for _ in ()).throw(SystemError("killed")))
        assert send(anna, upload, 0, CONTENT).status_code == 500
    assert anna.get(f"/api/smartapp/uploads/{upload}").json["state"] == "checking"
    db.execute("update files set touched_at = now() - interval '1 minute'")
    upkeep.check_files(keeper)
    assert anna.get(f"/api/smartapp/files/{upload}").data == CONTENT


def test_loose_uploads_go_after_a_day_unless_a_draft_names_them(
    keeper: Settings, app: Flask, anna: Api, stored: Stored, db: Any, rows: Any
) -> None:
    named, loose, fresh = (put(anna, CONTENT, key=f"key-of-file-{n}").json["id"] for n in range(3))
    half = begin(anna, CONTENT).json["id"]
    send(anna, half, 0, CONTENT[:20_000])
    draft = {"form": "flight", "answers": {"files": [named]}, "client_key": "key-of-a-draft"}
    assert anna.put("/api/smartapp/draft", draft).status_code == 200
    db.execute("update files set touched_at = now() - interval '25 hours' where id <> %s", (fresh,))
    upkeep.prune_files(keeper)
    assert {str(row["id"]) for row in db.execute("select id from files")} == {named, fresh}
    files = app.extensions["house"].files
    assert tidying.sweep(db, files) == 0  # nobody's for a moment only
    assert tidying.sweep(db, files, life=timedelta(0)) == 2
    assert stored() == [CONTENT, CONTENT]
    assert anna.get(f"/api/smartapp/files/{loose}").status_code == 404
