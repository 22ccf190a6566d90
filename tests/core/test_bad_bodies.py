"""What no door may take: bodies that are no honest JSON document, and headers that make no sense."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.core.conftest import Standing
from tests.core.refusals import DOORS, EVERY_DOOR, Door, assert_refused, fields

JSON = "application/json"
DEEP = 100_000


def with_member(valid: bytes, member: bytes) -> bytes:
    """A body that would be good but for one more member at its end."""
    return valid[:-1] + b"," + member + b"}"


def nested(valid: bytes, opening: bytes, closing: bytes) -> bytes:
    return with_member(valid, b'"x":' + opening * DEEP + b"1" + closing * DEEP)


#: name: (makes the body out of a good one, status, code)
BODIES: dict[str, tuple[Any, int, str]] = {
    "escaped NUL": (lambda good: with_member(good, rb'"x":"a\u0000b"'), 400, "text_not_storable"),
    "escaped NUL in a key": (lambda good: with_member(good, rb'"\u0000":1'), 400, "text_not_storable"),
    "NUL behind a backslash": (lambda good: with_member(good, rb'"x":"\\\u0000"'), 400, "text_not_storable"),
    "a real NUL": (lambda good: with_member(good, b'"x":"a\x00b"'), 400, "json_malformed"),
    "half a surrogate pair": (lambda good: with_member(good, rb'"x":"\ud83d"'), 400, "text_not_storable"),
    "the other half": (lambda good: with_member(good, rb'"x":["\uDE00"]'), 400, "text_not_storable"),
    "half a pair in a key": (lambda good: with_member(good, rb'"\ud800":1'), 400, "text_not_storable"),
    "a pair the wrong way round": (lambda good: with_member(good, rb'"x":"\ude00\ud83d"'), 400, "text_not_storable"),
    "a surrogate in raw bytes": (lambda good: with_member(good, b'"x":"\xed\xa0\x80"'), 400, "json_malformed"),
    "invalid UTF-8": (lambda good: with_member(good, b'"x":"\xff\xfe"'), 400, "json_malformed"),
    "Windows-1251": (lambda good: with_member(good, '"x":"Воронцова"'.encode("cp1251")), 400, "json_malformed"),
    "UTF-16": (lambda good: good.decode().encode("utf-16"), 400, "json_malformed"),
    "UTF-16 without a mark": (lambda good: good.decode().encode("utf-16-le"), 400, "json_malformed"),
    "NUL inside UTF-16": (
        lambda good: with_member(good, rb'"x":"\u0000"').decode().encode("utf-16-le"),
        400,
        "json_malformed",
    ),
    "UTF-32": (lambda good: good.decode().encode("utf-32"), 400, "json_malformed"),
    "a byte order mark": (lambda good: b"\xef\xbb\xbf" + good, 400, "json_malformed"),
    "100,000 lists deep": (lambda good: nested(good, b"[", b"]"), 400, "json_too_deep"),
    "100,000 objects deep": (lambda good: nested(good, b'{"x":', b"}"), 400, "json_too_deep"),
    "deep and never closed": (lambda _: b"[" * DEEP, 400, "json_too_deep"),
    "deep after a text of brackets": (
        lambda good: with_member(good, b'"x":"' + b"]" * DEEP + b'","y":' + b"[" * DEEP + b"]" * DEEP),
        400,
        "json_too_deep",
    ),
    "33 deep": (lambda good: with_member(good, b'"x":' + b"[" * 32 + b"]" * 32), 400, "json_too_deep"),
    "NaN": (lambda good: with_member(good, b'"x":NaN'), 400, "json_not_finite"),
    "Infinity": (lambda good: with_member(good, b'"x":Infinity'), 400, "json_not_finite"),
    "minus Infinity": (lambda good: with_member(good, b'"x":-Infinity'), 400, "json_not_finite"),
    "1e999": (lambda good: with_member(good, b'"x":1e999'), 400, "json_not_finite"),
    "5,000 digits": (lambda good: with_member(good, b'"x":' + b"9" * 5000), 400, "json_not_finite"),
    "5,000 digits and a fraction": (
        lambda good: with_member(good, b'"x":' + b"9" * 5000 + b".5"),
        400,
        "json_not_finite",
    ),
    "a key twice": (lambda good: with_member(good, b'"x":1,"x":2'), 400, "json_duplicate_key"),
    "a key twice inside": (lambda good: with_member(good, b'"x":[{"y":1,"y":1}]'), 400, "json_duplicate_key"),
    "a key twice, once escaped": (lambda good: with_member(good, rb'"x":1,"\u0078":2'), 400, "json_duplicate_key"),
    "nothing": (lambda _: b"", 400, "json_malformed"),
    "blanks": (lambda _: b" \n\t ", 400, "json_malformed"),
    "half a document": (lambda good: good[: len(good) // 2], 400, "json_malformed"),
    "two documents": (lambda good: good + good, 400, "json_malformed"),
    "a comma too many": (lambda good: good[:-1] + b",}", 400, "json_malformed"),
    "single quotes": (lambda good: good.replace(b'"', b"'"), 400, "json_malformed"),
    "a comment": (lambda good: b"/* hello */" + good, 400, "json_malformed"),
    "01": (lambda good: with_member(good, b'"x":01'), 400, "json_malformed"),
    "a tab inside a text": (lambda good: with_member(good, b'"x":"a\tb"'), 400, "json_malformed"),
    "a list": (lambda good: b"[" + good + b"]", 422, "invalid_body"),
    "a number": (lambda _: b"1", 422, "invalid_body"),
    "null": (lambda _: b"null", 422, "invalid_body"),
    "true": (lambda _: b"true", 422, "invalid_body"),
    "a text": (lambda _: b'"hello"', 422, "invalid_body"),
    "JSON inside JSON": (lambda good: json.dumps(good.decode()).encode(), 422, "invalid_body"),
    "an unknown member": (lambda good: with_member(good, b'"x":1'), 422, "invalid_body"),
    "10 MB": (lambda good: with_member(good, b'"x":"' + b"a" * 10_000_000 + b'"'), 413, "body_too_large"),
}


@pytest.mark.parametrize("bad", BODIES)
@pytest.mark.parametrize("door", DOORS, ids=str)
def test_a_broken_body_is_refused_and_leaves_no_trace(untouched: Standing, door: Door, bad: str) -> None:
    broken, status, code = BODIES[bad]
    caller = untouched.as_(door.persona)
    sent = {"data": broken(json.dumps(door.body).encode()), "content_type": JSON, "headers": door.headers()}
    document = assert_refused(caller, door.method, door.address(untouched), status, code, **sent)
    if code == "invalid_body":
        assert [error["message"] for error in document["errors"]]


TYPES = [
    None,
    "",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/problem+json",
    "application/json; charset=utf-16",
    "application/json; charset=windows-1251",
    "text/json",
    "application/jsonp",
]


@pytest.mark.parametrize("content_type", TYPES, ids=str)
@pytest.mark.parametrize("door", DOORS, ids=str)
def test_a_body_of_another_kind_is_refused(untouched: Standing, door: Door, content_type: str | None) -> None:
    sent = {"data": json.dumps(door.body), "content_type": content_type, "headers": door.headers()}
    caller = untouched.as_(door.persona)
    assert_refused(caller, door.method, door.address(untouched), 415, "unsupported_media_type", **sent)


#: A member without which the door cannot work.
NEEDED = {
    "session": "provider",
    "reminder": "choice",
    "submit": "form",
    "edit": "version",
    "draft": "client_key",
    "link": "code",
    "telemetry": "events",
    "clock": "now",
    "event": "payload",
    "claim-events": "lease_seconds",
    "extend-event": "lease_until",
    "event-failed": "permanent",
    "short-session": "seconds",
    "dialog": "version",
    "claim-cards": "channel",
    "extend-card": "seconds",
    "card-shown": "external_id",
    "card-failed": "reason",
    "callback": "status",
}


@pytest.mark.parametrize("door", [door for door in DOORS if door.name in NEEDED], ids=str)
def test_a_missing_member_is_named(untouched: Standing, door: Door) -> None:
    needed = NEEDED[door.name]
    body = {name: value for name, value in (door.body or {}).items() if name != needed}
    document = _refused_body(untouched, door, body)
    assert fields(document) == [(needed, "required")]


#: What each member takes besides its own kind; everything else of WRONG is refused.
MEMBERS: list[tuple[str, str, tuple[Any, ...]]] = [
    ("session", "provider", ()),
    ("session", "persona", ()),
    ("me", "profile", ({"a": 1},)),
    ("me", "locale", (None,)),
    ("notifications", "preferred", (None,)),
    ("notifications", "muted", (None,)),
    ("notifications", "quiet", (None,)),
    ("notifications", "timezone", (None, "text")),
    ("reminder", "choice", ()),
    ("submit", "form", ("text",)),
    ("submit", "answers", ({"a": 1},)),
    ("submit", "period", (None,)),
    ("edit", "version", ()),
    ("edit", "answers", ({"a": 1},)),
    ("withdraw", "version", (None,)),
    ("withdraw", "reason", (None, "text")),
    ("draft", "answers", ({"a": 1},)),
    ("draft", "changed", ([],)),
    ("draft", "base_version", (None,)),
    ("draft", "client_key", ()),
    ("link", "code", ()),
    ("telemetry", "events", ()),
    ("clock", "now", (None,)),
    ("event", "kind", ("text",)),
    ("event", "chat", (None, "text")),
    ("event", "payload", ({"a": 1},)),
    ("claim-events", "channel", ()),
    ("claim-events", "limit", ()),
    ("claim-events", "lease_seconds", ()),
    ("extend-event", "lease_until", ()),
    ("extend-event", "seconds", ()),
    ("event-failed", "reason", ("text",)),
    ("event-failed", "permanent", (True,)),
    ("identity", "full_name", (None, "text")),
    ("identity", "locale", (None,)),
    ("identity", "host_profile", (None,)),
    ("identity", "chat", (None, "text")),
    ("short-session", "user_id", ()),
    ("short-session", "provider", ()),
    ("short-session", "seconds", ()),
    ("dialog", "user_id", ()),
    ("dialog", "version", ()),
    ("dialog", "state", ({"a": 1},)),
    ("dialog", "cards", ([],)),
    ("dialog", "event_id", (None, "text")),
    ("dialog", "at", ()),
    ("card-shown", "rev", ()),
    ("card-shown", "external_id", ("text",)),
    ("card-failed", "permanent", (True,)),
    ("card-failed", "retry_after", (None,)),
    ("callback", "external_id", ("text",)),
    ("callback", "status", ()),
    ("callback", "reason", (None, "text")),
]
WRONG: list[Any] = [None, True, 1.5, "text", [], [1], {"a": 1}]


@pytest.mark.parametrize(
    ("name", "member", "value"),
    [(name, member, value) for name, member, taken in MEMBERS for value in WRONG if value not in taken],
)
def test_a_member_of_a_wrong_type_is_named(untouched: Standing, name: str, member: str, value: Any) -> None:
    door = next(door for door in DOORS if door.name == name)
    document = _refused_body(untouched, door, {**(door.body or {}), member: value})
    assert document["errors"]
    assert all(member in error["field"].split(".") for error in document["errors"]), document["errors"]


def _refused_body(house: Standing, door: Door, body: dict[str, Any]) -> dict[str, Any]:
    caller, headers = house.as_(door.persona), door.headers()
    return assert_refused(caller, door.method, door.address(house), 422, "invalid_body", body=body, headers=headers)


KEYS = {
    "7 characters": "a" * 7,
    "129 characters": "a" * 129,
    "10,000 characters": "a" * 10_000,
    "blanks inside": "key with blanks",
    "Cyrillic": "ключ-ключ-ключ".encode().decode("latin-1"),
    "a comma": "key-one-1,key-two-2",
    "a slash": "../../etc/passwd",
    "quotes": "'; drop table applications --",
    "percent": "%00%00%00%00",
}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("door", [door for door in EVERY_DOOR if door.keyed], ids=str)
def test_an_odd_idempotency_key_is_refused(untouched: Standing, door: Door, key: str) -> None:
    sent = {"body": door.body, "headers": {"Idempotency-Key": KEYS[key]}}
    caller = untouched.as_(door.persona)
    assert_refused(caller, door.method, door.address(untouched), 400, "idempotency_key_invalid", **sent)


@pytest.mark.parametrize("empty", [True, False], ids=["empty", "absent"])
@pytest.mark.parametrize("door", [door for door in EVERY_DOOR if door.keyed], ids=str)
def test_a_change_without_an_idempotency_key_is_refused(untouched: Standing, door: Door, empty: bool) -> None:
    sent = {"body": door.body, "headers": {"Idempotency-Key": ""} if empty else {}}
    caller = untouched.as_(door.persona)
    assert_refused(caller, door.method, door.address(untouched), 400, "idempotency_key_missing", **sent)


ODD = ["%ED%A0%80", "..%2f..%2fetc", "2027-" + "1" * 30, "💥", "' or 1=1 --", "2027-0001\u200b"]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"version": 1, "answers": {}}),
        ("POST", "/withdraw", {}),
        ("POST", "/restore", None),
        ("POST", "/seen", None),
    ],
)
def test_an_odd_number_is_not_found(untouched: Standing, method: str, path: str, body: Any, odd: str) -> None:
    caller = untouched.as_("employee")
    response = caller.call(method, f"/api/smartapp/applications/{odd}{path}", body, key="key-of-an-odd-number")
    assert (response.status_code, response.get_json(force=True)["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/applications?form=" + "x" * 41, 422, "form"),
        ("/applications?status=lost", 422, "status"),
        ("/applications?limit=0", 422, "limit"),
        ("/applications?limit=101", 422, "limit"),
        ("/applications?limit=many", 422, "limit"),
        ("/applications?limit=1e9", 422, "limit"),
        ("/applications?cursor=-1", 422, "cursor"),
        ("/applications?cursor=9999999999999999999", 422, "cursor"),
        ("/applications?page=2", 422, "page"),
        ("/form?form=", 422, "form"),
        ("/form?form=nothing", 404, None),
        ("/periods?form=%ff", 404, None),
        ("/draft", 422, "form"),
    ],
)
def test_an_odd_query_is_refused_with_its_member(
    untouched: Standing, path: str, status: int, field: str | None
) -> None:
    response = untouched.as_("employee").get(f"/api/smartapp{path}")
    assert response.status_code == status, response.text
    if field:
        assert [error["field"] for error in response.get_json(force=True)["errors"]] == [field]


@pytest.mark.parametrize("form", ["nothing", "%ED%A0%80"])
def test_forgetting_the_draft_of_an_odd_form_forgets_nothing(untouched: Standing, form: str) -> None:
    response = untouched.as_("employee").delete(f"/api/smartapp/draft?form={form}")
    assert (response.status_code, response.get_json(force=True)["code"]) == (404, "unknown_form")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/applications?form=%00"),
        ("GET", "/applications?status=%00"),
        ("GET", "/form?form=%00"),
        ("DELETE", "/draft?form=flight%00"),
        ("GET", "/applications/%00"),
        ("PATCH", "/applications/2027-0001%00"),
        ("POST", "/applications/2027-0001%00/withdraw"),
        ("POST", "/applications/%00/restore"),
        ("POST", "/applications/%00/seen"),
    ],
)
def test_a_nul_in_an_address_is_refused_before_any_database_sees_it(
    untouched: Standing, method: str, path: str
) -> None:
    assert_refused(untouched.as_("employee"), method, f"/api/smartapp{path}", 400, "text_not_storable", body={})


LANGUAGES = ["", "*", "xx", "ru-RU,ru;q=0.9", "en;q=nan", "en;q=-1,,,;", "\x00", "en" * 5000, "de-DE-u-co-phonebk"]


@pytest.mark.parametrize("asked", LANGUAGES, ids=repr)
def test_an_odd_language_still_gets_a_sentence(untouched: Standing, asked: str) -> None:
    refused = untouched.as_("employee").get("/api/smartapp/nothing", headers={"Accept-Language": asked})
    assert refused.status_code == 404
    assert refused.get_json(force=True)["detail"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "TRACE", "PROPFIND"])
def test_a_method_that_a_door_does_not_have_is_refused(untouched: Standing, method: str) -> None:
    document = assert_refused(
        untouched.as_("employee"), method, "/api/smartapp/submit", 405, "method_not_allowed", headers={}
    )
    assert document["errors"] == []
