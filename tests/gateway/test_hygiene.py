"""What every stranger may send to the front door, and what it says."""

from __future__ import annotations

import pytest

PROBLEM = "application/problem+json"


def test_an_unknown_address_is_a_problem_document_with_everything_in_it(gateway, core):
    said = gateway.get("/nothing/here", Accept_Language="en")
    assert (said.status, said.headers["Content-Type"], said.headers["Content-Language"]) == (404, PROBLEM, "en")
    assert set(said.json) == {"type", "title", "status", "code", "detail", "errors"}
    assert said.json["type"] == "urn:express-bot:problem:not_found"
    assert said.headers["X-Request-ID"]
    assert core.heard == []


@pytest.mark.parametrize("path", ["/", "/assets/main-4f3c2b1a.js", "/health/ready", "/openapi.json", "/metrics"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_our_own_addresses_are_only_for_reading(gateway, core, path, method):
    said = gateway.call(method, path, b"{}" if method == "POST" else None)
    assert (said.status, said.headers["Content-Type"], said.json["code"]) == (405, PROBLEM, "method_not_allowed")
    assert set(said.headers["Allow"].split(", ")) == {"GET", "HEAD"}
    assert core.heard == []


def test_an_endless_address_is_refused(gateway, core):
    said = gateway.get("/api/smartapp/info?" + "x" * 9000)
    assert (said.status, said.json["code"], core.heard) == (414, "bad_request", [])


def test_headers_without_measure_are_refused(gateway, core):
    said = gateway.get("/api/smartapp/info", X_Large="x" * 40_000)
    assert (said.status, said.json["code"], core.heard) == (431, "bad_request", [])


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
def test_no_other_site_is_ever_allowed_to_read_or_to_send(gateway, core, origin):
    preflight = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x"}
    answers = [
        gateway.call("OPTIONS", "/api/smartapp/submit", headers=preflight),
        gateway.call("POST", "/api/smartapp/submit", b"{}", {"Origin": origin}),
        gateway.call("GET", "/", headers={"Origin": origin}),
        gateway.call("GET", "/nothing", headers={"Origin": origin}),
    ]
    assert [name for said in answers for name in said.headers if name.lower().startswith("access-control")] == []


@pytest.mark.parametrize("path", ["/api/smartapp/info", "/health", "/nothing", "/metrics"])
def test_data_may_neither_run_nor_be_framed(gateway, path):
    headers = gateway.get(path).headers
    assert headers.get_all("Content-Security-Policy") == ["default-src 'none'; sandbox; frame-ancestors 'none'"]
    assert headers.get_all("X-Frame-Options") == ["DENY"]
    assert headers.get_all("X-Content-Type-Options") == ["nosniff"]


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"POST /api/smartapp/submit HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/smartapp/submit HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\nConnection: close\r\n\r\n",
        b"GET http://evil.example/api/service/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_garbage_is_refused_and_the_door_stays_open(gateway, core, garbage):
    received = gateway.raw(garbage)
    assert not received.startswith(b"HTTP/1.1 5")
    assert not received.startswith(b"HTTP/1.1 2")
    assert core.heard == []
    assert gateway.get("/health/live").status == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "CF-Connecting-IP", "Forwarded", "X-Real-IP"])
def test_counters_are_not_for_those_who_come_through_a_proxy(gateway, header):
    assert gateway.call("GET", "/metrics", headers={header: "10.0.0.1"}).status == 404


def test_counters_tell_routes_and_statuses_and_take_no_word_from_callers(gateway, core):
    gateway.get("/api/smartapp/applications/2027-0142")
    gateway.get("/invented-by-a-stranger")
    page = gateway.get("/metrics").body.decode()
    assert 'express_bot_gateway_answers_total{route="smartapp",status="200"}' in page
    assert 'express_bot_gateway_seconds_bucket{le="0.15",route="smartapp"}' in page
    assert "express_bot_gateway_in_flight 1.0" in page
    assert "2027-0142" not in page
    assert "invented" not in page
