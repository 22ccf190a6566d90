"""The document of the core tells of every door: who it is for, what it takes, what it may refuse with."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from express_bot.core.http import PUBLIC
from tests.core.conftest import Standing
from tests.guards.test_routes import ALLOWED

METHODS = ("get", "post", "put", "patch", "delete")
KEYED = {
    ("POST", "/api/smartapp/submit"),
    ("PATCH", "/api/smartapp/applications/{number}"),
    ("POST", "/api/smartapp/applications/{number}/withdraw"),
    ("POST", "/api/smartapp/applications/{number}/restore"),
    ("POST", "/api/smartapp/applications/{number}/answer"),
    ("POST", "/api/smartapp/applications/{number}/take"),
    ("POST", "/api/smartapp/applications/{number}/decline-offer"),
    ("POST", "/api/smartapp/applications/{number}/ask"),
    ("PUT", "/api/desk/applications/{number}/decision"),
    ("DELETE", "/api/desk/applications/{number}/decision"),
    ("POST", "/api/desk/applications/{number}/review"),
    ("POST", "/api/desk/applications/{number}/withdrawal"),
    ("POST", "/api/desk/applications/{number}/question"),
    ("POST", "/api/desk/applications/{number}/reply"),
    ("POST", "/api/desk/applications/{number}/offer"),
    ("POST", "/api/desk/publications"),
    ("POST", "/api/smartapp/links"),
    ("POST", "/api/smartapp/files"),
    ("POST", "/api/smartapp/uploads"),
    ("POST", "/api/smartapp/link-code"),
}


@pytest.fixture
def document(standing: Standing) -> dict[str, Any]:
    return dict(standing.as_("employee").get("/openapi.json").json)


def _operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    }


def test_every_route_is_in_the_document_and_nothing_else(document: dict[str, Any]) -> None:
    described = {(method, path.replace("{", "<").replace("}", ">")) for method, path in _operations(document)}
    assert described == set(ALLOWED) - {("GET", "/openapi.json")}


def test_the_document_says_of_each_door_whether_a_token_is_needed(document: dict[str, Any], standing: Standing) -> None:
    views = standing.app.view_functions
    public = {
        (method, rule.rule.replace("<", "{").replace(">", "}"))
        for rule in standing.app.url_map.iter_rules()
        for method in rule.methods or ()
        if getattr(views[rule.endpoint], "permission", None) == PUBLIC
    }
    for door, operation in _operations(document).items():
        assert (operation.get("security", document["security"]) == []) == (door in public), door


def test_operations_have_names_and_sentences_of_their_own(document: dict[str, Any]) -> None:
    operations = _operations(document)
    names = [operation["operationId"] for operation in operations.values()]
    assert len(set(names)) == len(names)
    assert all(operation["summary"] for operation in operations.values())


def test_what_needs_a_key_says_so(document: dict[str, Any]) -> None:
    keyed = {
        door
        for door, operation in _operations(document).items()
        if any(p["name"] == "Idempotency-Key" and p["required"] for p in operation.get("parameters", []))
    }
    assert keyed == KEYED


def test_every_refusal_is_a_problem_document(document: dict[str, Any]) -> None:
    for door, operation in _operations(document).items():
        if door[1].startswith("/api/"):
            refusals = {status: answer for status, answer in operation["responses"].items() if status >= "4"}
            assert {"400", "401", "404", "409", "422", "503"} <= set(refusals), door
            assert all(list(answer["content"]) == ["application/problem+json"] for answer in refusals.values()), door


def test_every_schema_is_a_schema_and_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        jsonschema_rs.Draft202012Validator(schema | {"components": document["components"]})
        assert isinstance(schema, dict), name
    for reference in _references(document):
        node: Any = document
        for part in reference.removeprefix("#/").split("/"):
            assert part in node, reference
            node = node[part]


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for part in node.values() for found in _references(part)]
    return [found for part in node for found in _references(part)] if isinstance(node, list) else []


def test_the_document_is_the_same_for_everybody(standing: Standing, document: dict[str, Any]) -> None:
    from tests.conftest import Api

    assert Api(standing.app).get("/openapi.json").json == document
