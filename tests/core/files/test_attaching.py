"""Files become part of an application with it, or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from express_bot.core.forms import repository as forms
from express_bot.core.setup import install_defaults
from express_bot.domain.defaults import default_form
from tests.conftest import NOW, Api
from tests.core.files import material
from tests.core.files.conftest import begin, put

NOBODYS = "00000000-0000-4000-8000-000000000000"


def _bound(db: Any) -> dict[str, int | None]:
    return {str(row["id"]): row["application_id"] for row in db.execute("select id, application_id from files")}


def test_an_application_has_the_files_it_was_sent_with(anna: Api, db: Any, one: Any) -> None:
    ids = [put(anna, material.pdf(), f"{n}.pdf", key=f"key-of-file-{n}").json["id"] for n in (1, 2)]
    answer = anna.submit(files=ids[::-1])
    assert answer.status_code == 201
    assert [file["name"] for file in answer.json["files"]] == ["2.pdf", "1.pdf"]
    assert {"field": "files", "label": "Файлы", "value": "2 файла"} in answer.json["display"]
    application = one("select id from applications where number = %s", answer.json["number"])["id"]
    assert _bound(db) == dict.fromkeys(ids, application)
    again = anna.get(f"/api/smartapp/applications/{answer.json['number']}")
    assert again.json["files"] == answer.json["files"]


def test_without_files_an_application_has_none(anna: Api, pdf: dict[str, Any], db: Any) -> None:
    assert anna.submit().json["files"] == []
    assert _bound(db) == {pdf["id"]: None}


def test_a_submit_repeated_answers_with_its_files_and_attaches_once(anna: Api, pdf: dict[str, Any], rows: Any) -> None:
    first, again = (anna.submit(files=[pdf["id"]]) for _ in range(2))
    assert (again.status_code, again.json, again.headers["Idempotency-Replayed"]) == (201, first.json, "true")
    assert (rows("applications", "client_key = 'key-of-this-test'"), rows("files")) == (1, 1)


@pytest.mark.parametrize("wrong", ["nobodys", "foreign", "upper", "nonsense", "uploading", "refused", "used"])
def test_a_file_that_is_not_there_to_be_taken_takes_nothing_along(
    anna: Api, boris: Api, pdf: dict[str, Any], rows: Any, db: Any, wrong: str
) -> None:
    bad = {
        "nobodys": lambda: NOBODYS,
        "foreign": lambda: put(boris, material.pdf()).json["id"],
        "upper": lambda: pdf["id"].upper(),
        "nonsense": lambda: "x" * 36,
        "uploading": lambda: begin(anna, material.pdf()).json["id"],
        "refused": lambda: _refused(anna, db),
        "used": lambda: _used(anna),
    }[wrong]()
    before = rows("applications")
    answer = anna.submit(key="key-of-the-second", files=[pdf["id"], bad], date="2027-01-20")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_answers")
    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [("files", "unknown_file")]
    assert answer.json["errors"][0]["message"] == "Этого файла больше нет. Прикрепите его ещё раз"
    assert rows("applications") == before
    assert _bound(db)[pdf["id"]] is None


def _refused(anna: Api, db: Any) -> str:
    upload: str = begin(anna, material.pdf()).json["id"]
    db.execute("update files set state = 'refused', reason = 'file_damaged' where id = %s", (upload,))
    return upload


def _used(anna: Api) -> str:
    file: str = put(anna, material.pdf(), key="key-of-a-used-file").json["id"]
    assert anna.submit(files=[file]).status_code == 201
    return file


@pytest.mark.parametrize("code", ["file_type_refused", "file_too_large", "too_many", "repeated"])
def test_a_form_takes_only_what_it_asks_for(anna: Api, pdf: dict[str, Any], rows: Any, db: Any, code: str) -> None:
    changes = {"file_type_refused": "type = 'text/plain'", "file_too_large": "received = 20971521"}
    if code in changes:
        db.execute(f"update files set {changes[code]}")
    ids = {"too_many": [NOBODYS[:-1] + str(n) for n in range(6)], "repeated": [pdf["id"]] * 2}.get(code, [pdf["id"]])
    answer = anna.submit(files=ids)
    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [("files", code)]
    assert rows("applications", "client_key = 'key-of-this-test'") == 0


def test_two_applications_at_once_do_not_share_a_file(app: Flask, anna: Api, pdf: dict[str, Any], db: Any) -> None:
    db.execute("update periods set application_limit = 9")
    app.extensions["house"].reference._current = None
    db.execute("update reference_version set version = version + 1")
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda n: anna.submit(key=f"key-of-racer-{n}", files=[pdf["id"]], date=f"2027-01-1{n}"), range(4))
        )
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]
    filed = next(answer for answer in answers if answer.status_code == 201)
    assert [file["id"] for file in filed.json["files"]] == [pdf["id"]]


def test_an_edit_takes_files_in_and_lets_files_go(anna: Api, db: Any) -> None:
    old, new = (put(anna, material.pdf(), f"{n}.pdf", key=f"key-of-file-{n}").json["id"] for n in (1, 2))
    filed = anna.submit(files=[old]).json
    body = {"version": filed["version"], "answers": filed["answers"] | {"files": [new]}}
    edited = anna.patch(f"/api/smartapp/applications/{filed['number']}", body, key="key-of-an-edit")
    assert [file["id"] for file in edited.json["files"]] == [new]
    assert _bound(db)[old] is None
    assert anna.delete(f"/api/smartapp/files/{old}").status_code == 204
    used = anna.delete(f"/api/smartapp/files/{new}")
    assert (used.status_code, used.json["code"]) == (409, "file_in_use")
    assert list(_bound(db)) == [new]


def test_an_edit_that_is_refused_moves_no_file(anna: Api, boris: Api, pdf: dict[str, Any], db: Any) -> None:
    filed = anna.submit(files=[pdf["id"]]).json
    before = _bound(db)
    foreign = put(boris, material.pdf()).json["id"]
    body = {"version": filed["version"], "answers": filed["answers"] | {"files": [foreign]}}
    edited = anna.patch(f"/api/smartapp/applications/{filed['number']}", body, key="key-of-an-edit")
    assert edited.json["errors"][0]["code"] == "unknown_file"
    assert _bound(db) == before | {foreign: None}


def test_who_may_read_the_application_may_read_its_files_and_leaves_a_trace(
    anna: Api, boris: Api, dispatcher: Api, pdf: dict[str, Any], rows: Any, one: Any
) -> None:
    filed = anna.submit(files=[pdf["id"]]).json
    assert dispatcher.get(f"/api/smartapp/files/{pdf['id']}").data == material.pdf()
    assert one("select * from audit_log where act = 'file.read'")["details"] == {"application": filed["number"]}
    assert boris.get(f"/api/smartapp/files/{pdf['id']}").status_code == 404
    assert anna.get(f"/api/smartapp/files/{pdf['id']}").status_code == 200
    assert rows("audit_log", "act = 'file.read'") == 1


def test_the_quick_way_without_files_is_still_one_statement(anna: Api, pdf: dict[str, Any], db: Any) -> None:
    """The statement of a submit without files names no file."""
    from express_bot.core.applications.repository import _FILING

    assert all(("files" in statement) == with_files for (_, _, with_files), statement in _FILING.items())
    assert anna.submit().status_code == 201
    assert _bound(db) == {pdf["id"]: None}


def test_a_house_of_before_gets_the_question_as_a_new_version_and_keeps_the_old_one(
    app: Flask, anna: Api, pdf: dict[str, Any], db: Any, rows: Any
) -> None:
    old = default_form("flight").model_copy(update={"version": 2, "fields": default_form("flight").fields[:-1]})
    db.execute("update forms set current_version = 2 where id = 'flight'")
    forms.publish(db, old, position=0)
    before = db.execute("select definition from form_versions where version = 2 and form_id = 'flight'").fetchone()
    install_defaults(db, NOW)
    assert (
        db.execute("select definition from form_versions where version = 2 and form_id = 'flight'").fetchone() == before
    )
    app.extensions["house"].reference._current = None
    assert anna.submit(files=[pdf["id"]]).json["files"][0]["id"] == pdf["id"]
    assert rows("applications", "form_version = 3 and client_key = 'key-of-this-test'") == 1
