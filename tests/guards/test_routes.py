"""Every door of the core says who may open it, and stands in the OpenAPI document."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from express_bot.core.http import PUBLIC
from express_bot.domain.roles import Permission
from tests.conftest import Api

#: Open to everybody: health, the description of the doors, and the door where one proves who one is.
OPEN = {
    ("GET", "/health"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/openapi.json"),
    ("POST", "/api/smartapp/session"),
}


def doors(app: Flask) -> list[tuple[str, str, Any]]:
    """Method, path and view of every route."""
    return [
        (method, rule.rule, app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_every_route_says_who_may_call_it(app: Flask) -> None:
    silent = {path for _, path, view in doors(app) if not hasattr(view, "permission")}
    assert silent == set()


def test_only_health_the_description_and_login_are_open_to_everybody(app: Flask) -> None:
    assert {(method, path) for method, path, view in doors(app) if view.permission == PUBLIC} == OPEN


def test_without_a_token_every_other_door_answers_401_whatever_comes_with_the_call(api: Api, app: Flask) -> None:
    for method, path, _ in doors(app):
        if (method, path) not in OPEN:
            answer = api.call(method, path.replace("<number>", "2027-0001"), {"nonsense": True}, key="key-of-nobody")
            assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated"), (method, path)


def test_the_openapi_document_lists_every_route_and_no_other(api: Api, app: Flask) -> None:
    paths = api.get("/openapi.json").json["paths"]
    described = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    real = {(method, path.replace("<", "{").replace(">", "}")) for method, path, _ in doors(app)}
    assert described == real - {("GET", "/openapi.json")}


@pytest.mark.parametrize(
    ("persona", "allowed"), [("employee", False), ("dispatcher", False), ("admin", True)], ids=str
)
def test_only_an_administrator_moves_the_clock_of_the_demo(api: Api, persona: str, allowed: bool) -> None:
    answer = api.as_(persona).put("/api/demo/clock", {"now": None})
    assert answer.status_code == (200 if allowed else 403)


def test_every_permission_that_a_route_asks_for_is_held_by_somebody(app: Flask) -> None:
    asked = {view.permission for _, _, view in doors(app)} - {PUBLIC}
    assert asked <= set(Permission)
