"""Tokens of our own services: only the right key, algorithm, audience and a short life open the core."""

from __future__ import annotations

import base64
import time
from typing import Any
from uuid import uuid4

import jwt
import pytest

from tests.conftest import Api
from tests.core.conftest import Standing
from tests.core.proofs import SERVICE_KEY, claims, raw_token, service_token


def _unsigned(header: str) -> str:
    head = base64.urlsafe_b64encode(header.encode()).rstrip(b"=").decode()
    return f"{head}.{service_token().split('.')[1]}."


def _tampered() -> str:
    head, body, signature = service_token().split(".")
    return f"{head}.{body}.{signature[::-1]}"


def _claim(name: str, *values: Any) -> dict[str, str]:
    # no moment in the names: every process of the run must collect the same ones
    return {
        f"{name} is {type(value).__name__} {number}": raw_token(claims() | {name: value})
        for number, value in enumerate(values)
    }


def forged() -> dict[str, str]:
    """Every token as of now: one that waited for its turn in a long run would be refused for its age alone."""
    now = int(time.time())
    return {
        "signed by another key": service_token(key="x" * 40),
        "signed by no key": raw_token(claims(), key=""),
        "said to be HS512": raw_token(claims(), header={"alg": "HS512", "typ": "JWT"}),
        "said to be RS256": raw_token(claims(), header={"alg": "RS256", "typ": "JWT"}),
        "said to be ES256": raw_token(claims(), header={"alg": "ES256"}),
        "unsigned": jwt.encode(claims(), None, "none"),
        "unsigned in capitals": _unsigned('{"alg":"NONE"}'),
        "unsigned and empty": _unsigned('{"alg":""}'),
        "alg is a list": _unsigned('{"alg":["HS256"]}'),
        "alg is a number": raw_token(claims(), header={"alg": 256}),
        "no alg": raw_token(claims(), header={"typ": "JWT"}),
        "an unknown critical header": raw_token(claims(), header={"alg": "HS256", "crit": ["x"], "x": 1}),
        "crit is a text": raw_token(claims(), header={"alg": "HS256", "crit": "b64", "b64": False}),
        "header is a list": raw_token(claims(), header=["HS256"]),
        "a signature turned round": _tampered(),
        "expired": service_token(iat=now - 400, exp=now - 100),
        "long expired": service_token(iat=0, exp=1),
        "too long-lived": service_token(exp=now + 301 + 10),
        "living for ever": service_token(exp=now + 10**9),
        "living for ever, made long ago": service_token(iat=0, exp=now + 100),
        "made in the future": service_token(iat=now + 600, exp=now + 700),
        "not yet valid": service_token(nbf=now + 600),
        "for another audience": service_token(aud="gateway"),
        "for nobody": service_token(aud=[]),
        "for a part of the core": service_token(aud="cor"),
        "claims are a list": raw_token(["core"]),
        "claims are a text": raw_token("core"),
        "claims are no JSON": raw_token(b"{"),
        "claims are deep": raw_token(b'{"a":' * 2000 + b"1" + b"}" * 2000),
        "claims with NaN": raw_token(b'{"iss":"gateway","sub":"gateway","aud":"core","iat":NaN,"exp":%d}' % (now + 60)),
        "claims with Infinity": raw_token(
            b'{"iss":"gateway","sub":"gateway","aud":"core","iat":%d,"exp":Infinity}' % now
        ),
        "claims with 1e400": raw_token(b'{"iss":"gateway","sub":"gateway","aud":"core","iat":%d,"exp":1e400}' % now),
        "5,000 digits": raw_token(
            b'{"iss":"gateway","sub":"gateway","aud":"core","iat":%d,"exp":%s}' % (now, b"9" * 5000)
        ),
        "acting for nobody known": service_token(act=str(uuid4())),
        "acting for a text": service_token(act="vorontsova"),
        "1 MB": "eyJ" + "a" * 1_000_000,
        "dots": "...",
        "two parts": "a.b",
        "four parts": service_token() + ".x",
        "Cyrillic": "токен.токен.токен".encode().decode("latin-1"),
        **{f"without {name}": service_token(**{name: None}) for name in ("iss", "sub", "aud", "iat", "exp")},
        **_claim("iss", 5, None, ["gateway"], {"a": 1}, ""),
        **_claim("sub", 5, ["gateway"], {"a": 1}),
        **_claim("aud", 5, {"core": 1}, None, [5], [["core"]], True),
        **_claim("iat", "now", None, [now], {"a": 1}, str(now), True, -1e300),
        **_claim("exp", "soon", None, [now + 60], {"a": 1}, str(now + 60), True, 1e300, -1),
        **_claim("nbf", "now", [now], {"a": 1}),
        **_claim("act", 5, True, [], ["a"], {"a": 1}, "", "00000000-0000-0000-0000-000000000000\x00"),
        **_claim("channel", 5, [], {"a": 1}, "x" * 1000, "a\x00b"),
    }


@pytest.mark.parametrize("what", forged())
def test_a_token_that_is_not_quite_right_opens_nothing(untouched: Standing, what: str) -> None:
    caller = Api(untouched.app, forged()[what])
    for path in ("/api/smartapp/form", "/api/smartapp/me"):
        refused = caller.get(path)
        assert (refused.status_code, refused.get_json(force=True)["code"]) == (401, "unauthenticated")
        assert refused.headers["WWW-Authenticate"] == "Bearer"
    filed = caller.submit()
    assert (filed.status_code, filed.get_json(force=True)["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic dTpw",
        "Digest x",
        "bearer",
        "Token {}",
        "{}",
        "Bearer  {}",
        "Bearer {} x",
        "Bearer,{}",
    ],
)
def test_another_way_of_saying_a_good_token_opens_nothing(untouched: Standing, header: str) -> None:
    said = header.format(service_token())
    refused = Api(untouched.app).get("/api/smartapp/form", headers={"Authorization": said})
    assert (refused.status_code, refused.get_json(force=True)["code"]) == (401, "unauthenticated")


def test_a_service_reads_forms_but_has_nothing_of_its_own(untouched: Standing) -> None:
    service = Api(untouched.app, service_token())
    assert service.get("/api/smartapp/form").status_code == 200
    assert service.get("/api/smartapp/periods").status_code == 200
    for path in ("me", "info", "applications", "draft?form=flight"):
        refused = service.get(f"/api/smartapp/{path}")
        assert (refused.status_code, refused.get_json(force=True)["code"]) == (403, "forbidden")
    assert service.submit().status_code == 403


def test_a_service_acts_for_a_person_with_that_persons_rights_and_channel(api: Api, one: Any) -> None:
    person = api.as_("employee").get("/api/smartapp/me").json["user"]
    service = Api(api.app, service_token(act=person["id"], channel="express"))
    filed = service.submit()
    assert (filed.status_code, filed.json["channel"]) == (201, "express")
    assert service.get("/api/smartapp/me").json["user"] == person
    assert service.put("/api/demo/clock", {"now": None}).status_code == 403
    row = one("select actor_id::text, actor_role, channel from audit_log where object_id = %s", filed.json["number"])
    assert row == {"actor_id": person["id"], "actor_role": "employee", "channel": "express"}


def test_nobody_acts_for_a_person_who_has_left(api: Api, db: Any, rows: Any) -> None:
    person = api.as_("employee").get("/api/smartapp/me").json["user"]["id"]
    service, before = Api(api.app, service_token(act=person)), rows("applications")
    db.execute("update users set active = false, version = version + 1 where id = %s", (person,))
    assert service.submit().status_code == 401
    assert rows("applications") == before


def test_a_person_by_session_and_by_service_shares_one_key(api: Api, rows: Any) -> None:
    employee = api.as_("employee")
    person, before = employee.get("/api/smartapp/me").json["user"]["id"], rows("applications")
    first = employee.submit(key="one-intent-two-doors")
    again = Api(api.app, service_token(act=person, channel="express")).submit(key="one-intent-two-doors")
    assert (again.status_code, again.json["number"]) == (201, first.json["number"])
    assert rows("applications") == before + 1


def test_the_key_of_services_never_leaves_the_house(untouched: Standing) -> None:
    answers = [Api(untouched.app, token).get("/api/smartapp/form").text for token in list(forged().values())[:20]]
    assert all(SERVICE_KEY not in answer for answer in answers)
