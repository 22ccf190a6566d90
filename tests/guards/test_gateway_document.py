"""P8 at the outer door: the gateway's document, over real HTTP, before a real core."""

from __future__ import annotations

from time import time
from typing import Any

from tests.core.proofs import service_token
from tests.gateway.test_together import House, database, pair
from tests.guards.storm import blow, over_http

__all__ = ["database", "pair"]


def test_no_call_through_the_gateway_meets_an_undocumented_answer(pair: House) -> None:
    address = f"http://127.0.0.1:{pair.gateway.port}"
    person = pair.as_("admin").call("GET", "/api/smartapp/me").json["user"]["id"]
    weather = blow(over_http(address, token=service_token(act=person, exp=int(time()) + 300), examples=5))
    assert not weather.failures, str(weather)
    assert {200, 400, 404, 415, 422} <= set(weather.statuses), weather.statuses
    assert "POST /api/smartapp/submit" in weather.operations
    assert "GET /metrics" in weather.operations


def test_the_gateway_describes_every_operation_of_the_core(pair: House) -> None:
    outer = set(_operations(pair.call("GET", "/openapi.json").json))
    core = set(_operations(_core_document(pair)))
    assert {operation for operation in core if operation[1].startswith("/api/smartapp/")} <= outer
    assert not [path for _, path in outer if path.startswith("/api/service")]


def _operations(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (method, path) for path, methods in document["paths"].items() for method in methods if method != "parameters"
    ]


def _core_document(pair: House) -> dict[str, Any]:
    from urllib.request import urlopen

    import orjson

    with urlopen(f"http://127.0.0.1:{pair.settings.core_port}/openapi.json") as answer:
        return dict(orjson.loads(answer.read()))
