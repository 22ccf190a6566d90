"""Whatever is sent: it is filed, or refused with fields that exist; never a failure of ours, never half a trace."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from express_bot.core.db.session import connect
from tests.conftest import Api
from tests.core.conftest import Standing

QUICK = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
FLIGHT = ("location", "unit", "position", "full_name", "personnel_number", "direction", "date", "wishes")
CERTIFICATE = ("document", "copies", "needed_by", "delivery", "email", "address", "comment")
LIKELY: dict[str, list[Any]] = {
    "location": ["msk", "spb", "aer"],
    "unit": ["msk-oke-1", "spb-oke-4", "aer-oke"],
    "position": ["bp", "ipb"],
    "full_name": ["Воронцова Анна", "анна  ВОРОНЦОВА", "O’Neil"],
    "personnel_number": ["100234", "100 234", "12345a"],
    "direction": ["vvo", "aer", {"other": "Рим"}, {"other": "Я"}, {"other": "  "}, {"other": 5}],
    "date": ["2027-01-15", "2027-01-01", "2027-02-01", "2027-02-30", ""],
    "wishes": ["", "утро\r\n\r\n\r\nили вечер", "я" * 301, "😀" * 300],
    "document": ["income", {"other": "копия приказа"}],
    "copies": [1, 10, 11, 1.0, 1.5, "3", "1,5", True],
    "needed_by": ["2026-12-01", "2026-11-24", "2027-12-01"],
    "delivery": ["office", "email", "post"],
    "email": ["anna@example.ru", "@"],
    "address": ["105064, Москва, ул. Казакова, 5", "дом"],
    "comment": ["срочно", ""],
}
#: What one may meet in a JSON document: any text with NUL and lone surrogates, any number, any nesting.
TEXT = st.text(max_size=30) | st.sampled_from(["\0", "\ud800", "a\udc00", "\u202e", "\ufeff", "null", "__proto__"])
SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
JSON = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=12
)


RIGHT = {"direction": "vvo", "date": "2027-01-15", "document": "income", "copies": 1, "needed_by": "2026-12-01"}


def answers_of(fields: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Right answers, nearly right ones, and anything at all."""
    known = {name: st.sampled_from(LIKELY[name]) for name in fields}
    right = {name: value for name, value in (RIGHT | {"delivery": "office"}).items() if name in fields}
    changed = st.dictionaries(st.sampled_from(fields), st.none(), max_size=2).flatmap(
        lambda names: st.fixed_dictionaries({name: known[name] | JSON for name in names})
    )
    return (
        changed.map(lambda other: right | other)
        | st.fixed_dictionaries({}, optional=known)
        | st.dictionaries(st.sampled_from(fields) | TEXT, JSON, max_size=5)
    )


def _send(caller: Api, method: str, path: str, body: Any, **headers: str) -> TestResponse:
    # json.dumps and not orjson: it also writes NaN, lone surrogates and endless numbers
    return caller.call(method, path, data=json.dumps(body), content_type="application/json", headers=dict(headers))


def _assert_clean_refusal(answer: TestResponse, fields: tuple[str, ...], sent: dict[str, Any]) -> None:
    """Every error is about a field of ours, or a name that the caller made up."""
    document = json.loads(answer.data)
    assert answer.status_code in (400, 409, 413, 422), answer.text
    assert document["detail"]
    assert "{" not in document["detail"]
    strangers = set(json.loads(json.dumps(sent))) - set(fields)
    for error in document["errors"]:
        assert error["message"]
        assert error["field"].partition(".")[0] in fields or error["field"] in strangers, error
        assert (error["code"] == "unknown_field") == (error["field"] in strangers), error
    assert document["errors"] or answer.status_code != 422


@pytest.mark.parametrize(("form", "fields"), [("flight", FLIGHT), ("certificate", CERTIFICATE)])
def test_any_answers_are_filed_or_refused_with_known_fields(
    api: Api, dsn: str, rows: Any, form: str, fields: tuple[str, ...]
) -> None:
    employee, outcomes = api.as_("employee"), set()

    @QUICK
    @given(answers_of(fields))
    def file(answers: dict[str, Any]) -> None:
        counts = rows("applications"), rows("application_events"), rows("users", "profile->>'personnel_number' is null")
        body = {"form": form, "answers": answers}
        answer = _send(employee, "POST", "/api/smartapp/submit", body, **{"Idempotency-Key": "key-of-any-answers"})
        outcomes.add(answer.status_code)
        if answer.status_code == 201:
            _assert_kept(employee, answer.json)
            _undo(dsn)
        else:
            _assert_clean_refusal(answer, (*fields, "answers"), answers)
        after = rows("applications"), rows("application_events"), rows("users", "profile->>'personnel_number' is null")
        assert after == counts

    file()
    assert {201, 422} <= outcomes


def _assert_kept(caller: Api, filed: dict[str, Any]) -> None:
    found = caller.get(f"/api/smartapp/applications/{filed['number']}").json
    assert (found["answers"], found["display"], found["title"]) == (filed["answers"], filed["display"], filed["title"])


def _undo(dsn: str) -> None:
    """Takes the application filed by the example out again, so that the next one starts alike."""
    with connect(dsn) as db, db.transaction():
        last = "(select max(id) from applications)"
        for table in ("application_events", "outbox"):
            db.execute(f"delete from {table} where application_id = {last}")
        db.execute(f"delete from applications where id = {last}")


def test_any_draft_comes_back_as_it_went_or_is_refused(api: Api) -> None:
    employee = api.as_("employee")

    @QUICK
    @given(answers_of(FLIGHT), st.lists(st.sampled_from(FLIGHT) | TEXT, max_size=3), st.none() | st.integers(0, 5))
    def keep(answers: dict[str, Any], changed: list[str], base: int | None) -> None:
        employee.delete("/api/smartapp/draft?form=flight")
        body = {
            "form": "flight",
            "answers": answers,
            "changed": changed,
            "base_version": base,
            "client_key": "key-of-any-draft",
        }
        answer = _send(employee, "PUT", "/api/smartapp/draft", body)
        if answer.status_code == 200:
            kept = employee.get("/api/smartapp/draft?form=flight").text
            assert _as_in_javascript(kept)["draft"]["answers"] == _as_in_javascript(json.dumps(answers))
        else:
            _assert_clean_refusal(answer, ("answers", "changed"), answers)

    keep()


def _as_in_javascript(document: str) -> Any:
    """One kind of number: 5e16 and 50000000000000000 are the same."""
    return json.loads(document, parse_int=float)


def test_any_profile_is_taken_or_refused_with_known_fields(api: Api, one: Any) -> None:
    newcomer, facts = api.as_("newcomer"), FLIGHT[:5]

    @QUICK
    @given(answers_of(facts))
    def change(profile: dict[str, Any]) -> None:
        before = newcomer.get("/api/smartapp/me").json
        answer = _send(newcomer, "PATCH", "/api/smartapp/me", {"profile": profile})
        if answer.status_code == 200:
            assert answer.json == newcomer.get("/api/smartapp/me").json
            assert set(answer.json["profile"]) <= set(facts)
        else:
            _assert_clean_refusal(answer, (*facts, "profile"), profile)
            assert newcomer.get("/api/smartapp/me").json == before

    change()


def test_any_edit_is_made_or_refused_with_known_fields(api: Api) -> None:
    employee = api.as_("employee")
    address = f"/api/smartapp/applications/{employee.submit().json['number']}"
    keys = iter(range(10**6))

    @QUICK
    @given(answers_of(FLIGHT), st.integers(-1, 1) | st.none())
    def edit(answers: dict[str, Any], ahead: int | None) -> None:
        before = employee.get(address).json
        body = {"version": before["version"] + (ahead or 0), "answers": answers}
        answer = _send(employee, "PATCH", address, body, **{"Idempotency-Key": f"any-edit-{next(keys)}"})
        after = employee.get(address).json
        if answer.status_code == 200:
            assert (after["version"], len(after["timeline"])) == (before["version"] + 1, len(before["timeline"]) + 1)
        elif answer.status_code == 412:
            assert (ahead, after) == (ahead or 1, before)
        else:
            _assert_clean_refusal(answer, (*FLIGHT, "answers", "version"), answers)
            assert after == before

    edit()


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(body=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(standing: Standing, body: bytes) -> None:
    caller = standing.as_("employee")
    for method, path in (("PATCH", "me"), ("POST", "submit"), ("PUT", "draft")):
        answer = caller.call(
            method,
            f"/api/smartapp/{path}",
            data=body,
            content_type="application/json",
            headers={"Idempotency-Key": "key-of-any-bytes"},
        )
        assert answer.status_code in (400, 422), (path, answer.text)
