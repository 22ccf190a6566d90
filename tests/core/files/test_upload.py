"""Uploading in one go: what is kept, what is refused, and that nothing of what was refused stays."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from express_bot.contracts.files import MAX_FILE_BYTES
from express_bot.core.db.session import Connection
from tests.conftest import Api
from tests.core.files import material
from tests.core.files.conftest import digest, put

Stored = Callable[[], list[bytes]]


def test_a_file_is_kept_as_it_was_sent(anna: Api, stored: Stored, one: Any) -> None:
    content = material.pdf()
    answer = put(anna, content, Content_Digest=digest(content))
    assert answer.status_code == 201
    told = answer.json
    assert told | {"id": None, "created_at": None} == {
        "id": None, "created_at": None, "name": "справка.pdf", "size": len(content), "type": "application/pdf",
        "sha256": hashlib.sha256(content).hexdigest(), "state": "ready", "received": len(content), "reason": None,
    }  # fmt: skip
    assert stored() == [content]
    row = one("select * from files")
    assert "справка" not in row["object"]
    assert str(row["owner_id"]) not in row["object"]
    assert one("select * from audit_log where act = 'file.upload'")["object_id"] == told["id"]


@pytest.mark.parametrize(
    ("content", "told", "kind"),
    [
        (material.pdf(), "a.pdf", "application/pdf"),
        (material.jpeg(), "a.jpg", "image/jpeg"),
        (material.png(), "a.png", "image/png"),
        (material.heic(), "a.heic", "image/heic"),
        (material.office("docx"), "a.docx", material.DOCX),
        (material.office("xlsx"), "a.xlsx", material.XLSX),
    ],
)
def test_every_kind_on_the_list_is_taken(anna: Api, content: bytes, told: str, kind: str) -> None:
    answer = put(anna, content, told)
    assert (answer.status_code, answer.json["type"], answer.json["name"]) == (201, kind, told)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\anna\\отпуск.pdf", "отпуск.pdf"),
        ("a\u202efdp.exe", "afdp.exe.pdf"),
        ("photo.html", "photo.html.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("", "file.pdf"),
        ("..", "file.pdf"),
        ("ж" * 300 + ".pdf", "ж" * 116 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(anna: Api, stored: Stored, told: str, kept: str) -> None:
    assert put(anna, material.pdf(), told).json["name"] == kept
    assert len(stored()) == 1


def test_the_same_call_again_answers_the_same_and_keeps_one(anna: Api, stored: Stored, rows: Any) -> None:
    first, again = (put(anna, material.pdf()) for _ in range(2))
    assert (first.json, again.status_code, again.headers["Idempotency-Replayed"]) == (again.json, 201, "true")
    assert (len(stored()), rows("files"), rows("audit_log", "act = 'file.upload'")) == (1, 1, 1)


def test_the_same_key_with_other_bytes_is_refused(anna: Api, stored: Stored) -> None:
    put(anna, material.pdf())
    answer = put(anna, material.png(), "a.png")
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")
    assert stored() == [material.pdf()]


def test_calls_with_one_key_at_once_make_one_file(anna: Api, stored: Stored, rows: Any) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: put(anna, material.pdf()), range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert (len(stored()), rows("files"), rows("audit_log", "act = 'file.upload'")) == (1, 1, 1)


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b"", {}, 422, "file_empty"),
        (material.pdf(), {"Content_Digest": digest(b"something else")}, 422, "file_damaged"),
        (material.pdf(), {"Content_Digest": "sha-256=nonsense"}, 422, "invalid_body"),
        (b"<html><script>alert(1)</script></html>", {}, 415, "file_type_refused"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", {}, 415, "file_type_refused"),
        (b"MZ\x90\0", {}, 415, "file_type_refused"),
    ],
)
def test_what_is_refused_leaves_nothing(
    anna: Api, stored: Stored, rows: Any, content: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    answer = put(anna, content, "photo.png", **headers)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert (stored(), rows("files"), rows("file_parts"), rows("audit_log", "act like 'file%'")) == ([], 0, 0, 0)


def test_a_byte_too_many_is_too_many_whether_announced_or_not(app: Flask, anna: Api, stored: Stored, rows: Any) -> None:
    content = b"%PDF-" + bytes(MAX_FILE_BYTES)
    announced = put(anna, content)
    flowing = anna.app.test_client().post(
        "/api/smartapp/files",
        headers={"Authorization": f"Bearer {anna.token}", "Idempotency-Key": "flowing-by"},
        environ_overrides={"wsgi.input_terminated": True, "wsgi.input": _Flow(content)},
    )
    for answer in (announced, flowing):
        assert (answer.status_code, answer.json["code"], answer.json["limit"]) == (413, "file_too_large", 20 << 20)
    assert "20 МБ" in announced.json["detail"]
    assert (stored(), rows("files")) == ([], 0)


class _Flow:
    """A body that nobody has told the length of."""

    def __init__(self, content: bytes) -> None:
        self._left = content

    def read(self, size: int) -> bytes:
        chunk, self._left = self._left[:size], self._left[size:]
        return chunk

    def close(self) -> None:
        """There is nothing to close."""


def test_without_a_key_nothing_happens(anna: Api, stored: Stored, rows: Any) -> None:
    answer = anna.post("/api/smartapp/files", data=material.pdf())
    assert (answer.status_code, answer.json["code"]) == (400, "idempotency_key_missing")
    assert (stored(), rows("files")) == ([], 0)


def test_a_person_keeps_no_more_than_their_share(app: Flask, anna: Api, boris: Api, rows: Any) -> None:
    app.extensions["house"].files.__dict__["quota"] = 2 * len(material.pdf())
    assert [put(anna, material.pdf(), key=f"key-of-file-{n}").status_code for n in range(3)] == [201, 201, 409]
    assert put(anna, material.pdf(), key="key-of-file-3").json["code"] == "quota_exceeded"
    assert put(boris, material.pdf()).status_code == 201
    assert rows("files") == 3


def test_uploads_without_an_application_are_few(app: Flask, anna: Api, rows: Any) -> None:
    app.extensions["house"].files.__dict__["loose"] = 2
    answers = [put(anna, material.pdf(), key=f"key-of-file-{n}") for n in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert answers[2].json["code"] == "too_many_files"
    assert rows("files") == 2


def test_of_many_uploads_at_once_no_more_get_through_than_may_stay(
    app: Flask, anna: Api, stored: Stored, rows: Any
) -> None:
    app.extensions["house"].files.__dict__["loose"] = 2
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: put(anna, material.pdf(), key=f"key-of-file-{n}"), range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409, 409]
    assert (len(stored()), rows("files")) == (2, 2)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ("update sessions set revoked_at = now()", 401, "token_expired"),
        ("update users set active = false", 401, "token_expired"),
        ("delete from roles; update users set version = version + 1", 403, "forbidden"),
        ("update users set version = version + 1", 201, None),
    ],
)
def test_whoever_is_remembered_is_proven_again_before_a_file_is_written_down(
    anna: Api, db: Connection, stored: Stored, rows: Any, change: str, status: int, code: str | None
) -> None:
    anna.get("/api/smartapp/me")
    remembered = dict(anna.app.extensions["house"].doors.remembered)
    assert len(remembered) == 1
    db.execute(change)
    if code is not None:
        refused = put(anna, b"<html>", key="key-of-no-file")
        assert (refused.status_code, refused.json["code"]) == (status, code)
    anna.app.extensions["house"].doors.remembered.update(remembered)
    answer = put(anna, material.pdf())
    assert (answer.status_code, answer.json.get("code")) == (status, code)
    assert (len(stored()), rows("files")) == ((1, 1) if code is None else (0, 0))


def test_a_store_that_is_away_is_said_and_nothing_is_promised(
    app: Flask, anna: Api, stored: Stored, rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("express_bot.core.files.store.os.fsync", away)
        answer = put(anna, material.pdf())
    assert (answer.status_code, answer.json["code"], answer.headers["Retry-After"]) == (503, "storage_unavailable", "2")
    assert (stored(), rows("files")) == ([], 0)
    assert put(anna, material.pdf()).status_code == 201
