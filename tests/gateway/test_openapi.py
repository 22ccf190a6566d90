"""The gateway's document describes what passes through it, and itself."""

from __future__ import annotations

import json

import pytest

from tests.gateway.stand_in import answer, hang_up

CORE = {
    "openapi": "3.1.0",
    "info": {"title": "Core", "version": "1"},
    "servers": [{"url": "http://127.0.0.1:5002"}],
    "paths": {
        "/api/smartapp/submit": {
            "parameters": [],
            "post": {"requestBody": {}, "responses": {"201": {"description": "kept"}, "503": {"description": "own"}}},
        },
        "/api/service/inbox": {"get": {"responses": {"200": {"description": "for services"}}}},
        "/health": {"get": {"responses": {"200": {"description": "the core's own"}}}},
    },
    "components": {"securitySchemes": {"session": {"type": "http", "scheme": "bearer"}}},
}


@pytest.fixture
def fresh(own_gateway):
    with own_gateway() as gateway:
        yield gateway


def test_the_cores_operations_and_our_own_stand_in_one_document(fresh, core):
    core.script("/openapi.json", answer(json.dumps(CORE).encode()))
    document = fresh.get("/openapi.json").json
    own = {"/", "/health", "/health/live", "/health/ready", "/metrics", "/openapi.json"}
    assert set(document["paths"]) == {"/api/smartapp/submit"} | own
    assert document["servers"] == [{"url": "/"}]
    assert document["components"]["securitySchemes"] == CORE["components"]["securitySchemes"]
    assert document["paths"]["/health"]["get"]["security"] == []


def test_what_the_gateway_may_answer_instead_is_said_and_the_cores_word_wins(fresh, core):
    core.script("/openapi.json", answer(json.dumps(CORE).encode()))
    responses = fresh.get("/openapi.json").json["paths"]["/api/smartapp/submit"]["post"]["responses"]
    assert set(responses) == {"201", "408", "413", "414", "431", "503"}
    assert responses["503"]["description"] == "own"


def test_it_is_built_anew_only_when_the_core_has_another_one(fresh, core):
    same = answer(b"", "304 Not Modified")
    changed = answer(json.dumps(CORE | {"info": {"title": "x", "version": "2"}, "x-new": 1}).encode())
    core.script("/openapi.json", answer(json.dumps(CORE).encode(), headers='ETag: "one"\r\n'), same, changed)
    first = fresh.get("/openapi.json")
    second = fresh.get("/openapi.json", If_None_Match=first.headers["ETag"])
    third = fresh.get("/openapi.json", If_None_Match=first.headers["ETag"])
    assert [heard.all("If-None-Match") for heard in core.calls("/openapi.json")] == [[], ['"one"'], ['"one"']]
    assert (first.status, second.status, third.status) == (200, 304, 200)
    assert third.json["x-new"] == 1


def test_without_the_core_the_last_document_stands_and_before_the_first_there_is_none(fresh, core):
    core.script("/openapi.json", hang_up)
    assert (fresh.get("/openapi.json").status, fresh.get("/openapi.json").json["code"]) == (503, "core_unavailable")
    core.script("/openapi.json", answer(json.dumps(CORE).encode()))
    known = fresh.get("/openapi.json")
    core.script("/openapi.json", hang_up)
    assert fresh.get("/openapi.json").body == known.body
