"""Who may call what: every door of the core, every kind of caller."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from express_bot.core.http import PUBLIC
from express_bot.domain.roles import Permission, Role, is_allowed
from express_bot.gateway.forward import belongs_to_the_core
from tests.conftest import Api
from tests.core.conftest import Standing
from tests.core.proofs import service_token

OPEN_TO_ALL = {"/health", "/health/live", "/health/ready", "/openapi.json", "/api/smartapp/session"} | {
    "/api/smartapp/files/links/<token>",
    "/api/desk/statistics/files/<token>",
    "/metrics",
}
CALLERS = ("nobody", "guest", "employee", "newcomer", "dispatcher", "admin", "service", "service for a person")
PEOPLE = {"employee", "newcomer", "dispatcher", "admin", "service for a person"}
EVERYBODY = PEOPLE | {"service", "guest"}
KNOWN = PEOPLE | {"service"}
SELF = PEOPLE | {"guest"}
DESK = {"dispatcher", "admin"}
#: Who passes the guard of each door. A door without a line here fails the test below: think, then add it.
ALLOWED: dict[tuple[str, str], set[str]] = {
    ("GET", "/health"): {"nobody", *EVERYBODY},
    ("GET", "/health/live"): {"nobody", *EVERYBODY},
    ("GET", "/health/ready"): {"nobody", *EVERYBODY},
    ("GET", "/metrics"): {"nobody", *EVERYBODY},
    ("GET", "/openapi.json"): {"nobody", *EVERYBODY},
    ("POST", "/api/smartapp/session"): {"nobody", *EVERYBODY},
    ("DELETE", "/api/smartapp/session"): SELF,
    ("GET", "/api/smartapp/info"): SELF,
    ("GET", "/api/smartapp/me"): SELF,
    ("PATCH", "/api/smartapp/me"): PEOPLE,
    ("GET", "/api/smartapp/form"): KNOWN,
    ("GET", "/api/smartapp/periods"): KNOWN,
    ("GET", "/api/smartapp/me/notifications"): PEOPLE,
    ("PATCH", "/api/smartapp/me/notifications"): PEOPLE,
    ("GET", "/api/smartapp/periods/<number>/reminder"): PEOPLE,
    ("PUT", "/api/smartapp/periods/<number>/reminder"): PEOPLE,
    ("POST", "/api/smartapp/submit"): PEOPLE,
    ("GET", "/api/smartapp/applications"): PEOPLE,
    ("GET", "/api/smartapp/applications/<number>"): PEOPLE,
    ("PATCH", "/api/smartapp/applications/<number>"): PEOPLE,
    ("POST", "/api/smartapp/applications/<number>/withdraw"): PEOPLE,
    ("POST", "/api/smartapp/applications/<number>/restore"): PEOPLE,
    ("POST", "/api/smartapp/applications/<number>/seen"): PEOPLE,
    ("POST", "/api/smartapp/applications/<number>/answer"): PEOPLE,
    ("POST", "/api/smartapp/applications/<number>/take"): PEOPLE,
    ("POST", "/api/smartapp/applications/<number>/decline-offer"): PEOPLE,
    ("POST", "/api/smartapp/applications/<number>/ask"): PEOPLE,
    ("GET", "/api/smartapp/draft"): PEOPLE,
    ("PUT", "/api/smartapp/draft"): PEOPLE,
    ("DELETE", "/api/smartapp/draft"): PEOPLE,
    ("POST", "/api/smartapp/files"): PEOPLE,
    ("GET", "/api/smartapp/files/<file_id>"): PEOPLE,
    ("DELETE", "/api/smartapp/files/<file_id>"): PEOPLE,
    ("GET", "/api/smartapp/files/<file_id>/info"): PEOPLE,
    ("POST", "/api/smartapp/files/<file_id>/link"): PEOPLE,
    ("POST", "/api/smartapp/uploads"): PEOPLE,
    ("GET", "/api/smartapp/uploads/<upload_id>"): PEOPLE,
    ("PATCH", "/api/smartapp/uploads/<upload_id>"): PEOPLE,
    ("DELETE", "/api/smartapp/uploads/<upload_id>"): PEOPLE,
    ("GET", "/api/smartapp/files/links/<token>"): {"nobody", *EVERYBODY},
    ("POST", "/api/smartapp/telemetry"): KNOWN,
    ("GET", "/api/smartapp/statistics"): PEOPLE,
    ("GET", "/api/desk/applications"): DESK,
    ("GET", "/api/desk/applications/<number>"): DESK,
    ("PUT", "/api/desk/applications/<number>/decision"): DESK,
    ("DELETE", "/api/desk/applications/<number>/decision"): DESK,
    ("POST", "/api/desk/applications/<number>/review"): DESK,
    ("POST", "/api/desk/applications/<number>/withdrawal"): DESK,
    ("POST", "/api/desk/applications/<number>/question"): DESK,
    ("POST", "/api/desk/applications/<number>/reply"): DESK,
    ("POST", "/api/desk/applications/<number>/offer"): DESK,
    ("POST", "/api/desk/publications"): DESK,
    ("GET", "/api/desk/statistics"): DESK,
    ("GET", "/api/desk/statistics/questions"): DESK,
    ("GET", "/api/desk/statistics/rows"): DESK,
    ("GET", "/api/desk/statistics/export"): DESK,
    ("POST", "/api/desk/statistics/questions/file"): DESK,
    ("GET", "/api/desk/statistics/files/<token>"): {"nobody", *EVERYBODY},
    ("GET", "/api/smartapp/links"): SELF,
    ("POST", "/api/smartapp/links"): SELF,
    ("POST", "/api/smartapp/link-code"): SELF,
    ("DELETE", "/api/smartapp/links/<provider>"): SELF,
    ("GET", "/api/desk/notifications"): {"admin"},
    ("POST", "/api/desk/notifications/<delivery_id>/resend"): {"admin"},
    ("PUT", "/api/demo/clock"): {"admin", "service"},
    ("GET", "/api/demo/inside"): SELF,
    ("GET", "/api/demo/trail"): {"admin", "service"},
    ("PUT", "/api/service/inbox/<channel>/<event_id>"): {"service"},
    ("POST", "/api/service/inbox/claim"): {"service"},
    ("POST", "/api/service/inbox/<channel>/<event_id>/done"): {"service"},
    ("POST", "/api/service/inbox/<channel>/<event_id>/extend"): {"service"},
    ("POST", "/api/service/inbox/<channel>/<event_id>/failed"): {"service"},
    ("PUT", "/api/service/identities/<provider>/<subject>"): {"service"},
    ("POST", "/api/service/identities/<provider>/chats/<chat>/stop"): {"service"},
    ("PUT", "/api/service/leases/<name>"): {"service"},
    ("DELETE", "/api/service/leases/<name>/<holder>"): {"service"},
    ("POST", "/api/service/sessions"): {"service"},
    ("GET", "/api/service/dialogs/<channel>/<chat>"): {"service"},
    ("PUT", "/api/service/dialogs/<channel>/<chat>"): {"service"},
    ("GET", "/api/service/cards/<channel>/by-external/<external_id>"): {"service"},
    ("POST", "/api/service/cards/claim"): {"service"},
    ("POST", "/api/service/cards/<card_id>/shown"): {"service"},
    ("POST", "/api/service/cards/<card_id>/extend"): {"service"},
    ("POST", "/api/service/cards/<card_id>/failed"): {"service"},
    ("POST", "/api/service/cards/callback"): {"service"},
    ("POST", "/api/service/cards/unknown"): {"service"},
    ("POST", "/api/service/cards/pace"): {"service"},
    ("GET", "/api/service/cards/<card_id>/traces"): {"service"},
}
#: What stands in an address for each of its parts: something that is not there.
PARTS = {
    "<delivery_id>": "4000000000",
    "<number>": "2027-9999",
    "<provider>": "telegram",
    "<file_id>": "00000000-0000-4000-8000-000000000000",
    "<upload_id>": "00000000-0000-4000-8000-000000000000",
    "<card_id>": "00000000-0000-4000-8000-000000000000",
}


def _address(rule: str) -> str:
    return re.sub("<[a-z_]+>", lambda part: PARTS.get(part[0], "express"), rule)


def _doors(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in ("HEAD", "OPTIONS")
    }


def test_every_route_says_who_may_call_it(standing: Standing) -> None:
    said = {name: getattr(view, "permission", None) for name, view in standing.app.view_functions.items()}
    silent = {name for name, permission in said.items() if permission != PUBLIC and permission not in set(Permission)}
    assert silent == set()


def test_only_health_the_document_and_the_login_are_open_to_all(standing: Standing) -> None:
    views = standing.app.view_functions
    public = {
        (rule.rule, method)
        for rule in standing.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if getattr(views[rule.endpoint], "permission", None) == PUBLIC
    }
    assert {rule for rule, _ in public} == OPEN_TO_ALL
    assert ("/api/smartapp/session", "DELETE") not in public


def test_only_submit_and_upload_trust_a_caller_remembered_from_moments_ago(standing: Standing) -> None:
    """Their own statements prove the session again; a view that does not may not."""
    views = standing.app.view_functions
    trusting = {name for name, view in views.items() if getattr(view, "trusted_late", False)}
    assert {name.rpartition(".")[2] for name in trusting} == {"submit", "upload_file"}


def test_the_table_of_this_test_knows_every_door(standing: Standing) -> None:
    assert set(ALLOWED) == _doors(standing.app)


def _caller(house: Standing, who: str) -> Api:
    if who == "nobody":
        return Api(house.app)
    if who == "service":
        return Api(house.app, service_token())
    if who == "service for a person":
        person = house.as_("employee").get("/api/smartapp/me").json["user"]["id"]
        return Api(house.app, service_token(act=person, channel="express"))
    if who == "guest":
        return Api(house.app, service_token(act=house.guest, channel="telegram"))
    return house.as_(who)


@pytest.mark.parametrize("who", CALLERS)
@pytest.mark.parametrize(("method", "rule"), ALLOWED, ids=lambda part: part)
def test_a_door_opens_to_those_it_is_for_and_to_nobody_else(
    untouched: Standing, method: str, rule: str, who: str
) -> None:
    caller, address = _caller(untouched, who), _address(rule)
    if (method, rule) == ("DELETE", "/api/smartapp/session") and who in ALLOWED[method, rule]:
        caller = _caller(untouched, "service for a person")  # a person of the shared house stays signed in
    answer = caller.call(method, address, **_harmless(method, rule))
    if who in ALLOWED[method, rule]:
        assert answer.status_code not in (401, 403), answer.text
    else:
        expected = (401, "unauthenticated") if who == "nobody" else (403, "forbidden")
        assert (answer.status_code, answer.get_json(force=True)["code"]) == expected


def _harmless(method: str, rule: str) -> dict[str, Any]:
    """A body that passes the guard and changes nothing: the guard stands before any reading."""
    if rule.endswith("/link-code"):
        return {}
    if method in ("GET", "DELETE"):
        return {"query_string": {"form": "certificate"}} if rule.endswith("draft") else {}
    return {"data": b"{", "content_type": "application/json", "headers": {"Idempotency-Key": "key-of-the-matrix"}}


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PROPFIND"])
@pytest.mark.parametrize(("_", "rule"), [door for door, who in ALLOWED.items() if "nobody" not in who])
def test_no_method_is_a_way_around_the_guard(untouched: Standing, _: str, rule: str, method: str) -> None:
    answer = Api(untouched.app).call(method, _address(rule))
    # the session's address is open for signing in: there a wrong method is told so
    expected = {401, 405} if rule == "/api/smartapp/session" else {401}
    assert answer.status_code in expected or (method, rule) == ("OPTIONS", "/api/smartapp/session")


def test_the_operations_of_services_are_for_services_alone(standing: Standing) -> None:
    """Whatever is added under their address, no person's role opens it."""
    views = standing.app.view_functions
    permissions = {
        getattr(views[rule.endpoint], "permission", None)
        for rule in standing.app.url_map.iter_rules()
        if rule.rule.startswith("/api/service/")
    }
    assert permissions == {Permission.MESSENGERS_SERVE}
    assert {role.value for role in Role if is_allowed([role], Permission.MESSENGERS_SERVE)} == {"service"}


def test_the_gateway_lets_nobody_through_to_the_operations_of_services(standing: Standing) -> None:
    rules = [rule for _, rule in ALLOWED if rule.startswith("/api/service/")]
    assert len(rules) > 10
    for address in map(_address, rules):
        assert not belongs_to_the_core({"raw_path": address.encode(), "path": address}), address
    assert belongs_to_the_core({"raw_path": b"/api/smartapp/me", "path": "/api/smartapp/me"})


def test_the_permissions_of_roles_are_what_was_decided() -> None:
    """A change of the table is a decision: it is made here too."""
    from express_bot.domain.roles import GUEST, PERMISSIONS

    guest = {"self.read", "link.own"}
    own = guest | {
        "forms.read",
        "periods.read",
        "profile.own",
        "drafts.own",
        "applications.own",
        "files.own",
        "telemetry.write",
    }
    own |= {"statistics.own"}
    desk = {"applications.read_any", "applications.decide", "statistics.read_all"}
    office = {"forms.manage", "directories.manage", "periods.manage", "users.manage", "audit.read", "clock.set"}
    office |= {"notifications.manage"}
    assert {role.value: {right.value for right in rights} for role, rights in PERMISSIONS.items()} == {
        "employee": own,
        "dispatcher": own | desk,
        "admin": own | desk | office,
        "service": {"forms.read", "periods.read", "telemetry.write", "clock.set", "users.act_for", "messengers.serve"},
    }
    assert {right.value for right in GUEST} == guest


def test_no_role_is_a_guest_and_an_unknown_role_is_nothing() -> None:
    may = {right for right in Permission if is_allowed([], right)}
    assert may == {Permission.SELF_READ, Permission.LINK_OWN}
    assert not any(is_allowed(["visitor"], right) for right in Permission)
