"""Calls to the core pass byte for byte; who calls is never taken from what the caller says about it."""

from __future__ import annotations

import re
import socket
import threading
import time

import jwt
import pytest

from tests.gateway.serving import SERVICE_KEY
from tests.gateway.stand_in import StandIn, answer, hang_up, send, wait_for
from tests.waiting import until

KEY = {"Idempotency-Key": "key-12345678"}
MIB = 1 << 20


class TestBytes:
    def test_a_call_and_its_answer_pass_unchanged(self, gateway, core):
        body = '{"wishes": "ёлка\\u0000", "wishes": NaN}'.encode()
        core.script(
            "/api/smartapp/submit",
            answer("{«нет»}".encode(), "418 Teapot", 'ETag: W/"7"\r\nX-Twice: a\r\nX-Twice: b\r\n'),
        )
        headers = {"Content-Type": "application/json", "Authorization": "Bearer t0ken", "Accept-Language": "en"}

        said = gateway.call("POST", "/api/smartapp/submit?form=a%2Fb&x=%20+;y", body, headers | KEY)

        heard = core.calls("/api/smartapp/submit")[0]
        assert (heard.method, heard.target, heard.body) == ("POST", "/api/smartapp/submit?form=a%2Fb&x=%20+;y", body)
        assert all(heard.all(name) == [value] for name, value in (headers | KEY).items())
        assert (said.status, said.body, said.headers["ETag"]) == (418, "{«нет»}".encode(), 'W/"7"')
        assert said.headers.get_all("X-Twice") == ["a", "b"]

    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
    def test_every_method_reaches_the_core_which_alone_knows_what_it_takes(self, gateway, core, method):
        core.script("/api/smartapp/draft", send(b"HTTP/1.1 405 No\r\nAllow: GET\r\nContent-Length: 0\r\n\r\n"))
        said = gateway.call(method, "/api/smartapp/draft")
        assert (said.status, said.headers["Allow"], core.heard[0].method) == (405, "GET", method)

    @pytest.mark.parametrize("prefix", ["/api/smartapp/x", "/api/desk/x", "/api/demo/clock"])
    def test_these_addresses_belong_to_the_core(self, gateway, core, prefix):
        assert gateway.get(prefix).status == 200
        assert len(core.calls(prefix)) == 1

    def test_the_operations_of_services_cannot_be_reached_from_outside(self, gateway, core):
        addresses = [
            "/api/service/inbox",
            "/api/smartapp/../service/inbox",
            "/api/smartapp/%2e%2e/service/inbox",
            "/api/smartapp/.%2E/service/inbox",
            "/api/smartapp/..%5cservice",
            "/api/smartapp//service",
            "/%61pi/service/inbox",
            "/api/smartapp/./info",
            "/api/smartapp",
            "/api/",
        ]
        assert [gateway.get(address).json["code"] for address in addresses] == ["not_found"] * len(addresses)
        assert core.heard == []

    def test_bytes_above_ascii_stay_what_they_are(self, gateway, core):
        received = gateway.raw(
            "GET /api/smartapp/form/ё?q=ж HTTP/1.1\r\nHost: x\r\nX-Note: ё\r\nConnection: close\r\n\r\n".encode()
        )
        assert b" 200 " in received.splitlines()[0]
        assert core.heard[0].target == "/api/smartapp/form/%D1%91?q=%D0%B6"
        assert core.heard[0].all("X-Note")[0].encode("latin-1").decode() == "ё"

    def test_a_long_answer_flows_before_it_is_complete(self, gateway, core):
        parts = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nslow\r\n", b"4\r\nness\r\n0\r\n\r\n"]
        core.script("/api/smartapp/files/1", send(*parts, pause=0.4))
        with socket.create_connection(("127.0.0.1", gateway.port), timeout=5) as connection:
            connection.sendall(b"GET /api/smartapp/files/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            first = b""
            while b"slow" not in first:
                first += connection.recv(65536)
            assert b"ness" not in first
            rest = b""
            while part := connection.recv(65536):
                rest += part
        assert b"ness" in rest

    def test_a_large_answer_arrives_whole(self, gateway, core):
        large = bytes(range(256)) * 40_000
        core.script("/api/smartapp/files/2", answer(large))
        assert gateway.get("/api/smartapp/files/2").body == large

    def test_an_answer_to_head_keeps_its_length_and_has_no_body(self, gateway, core):
        core.script("/api/smartapp/info", send(b"HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n"))
        said = gateway.call("HEAD", "/api/smartapp/info")
        assert (said.status, said.headers["Content-Length"], said.body) == (200, "1234", b"")

    def test_not_modified_has_no_body_and_keeps_its_tag(self, gateway, core):
        core.script("/api/smartapp/form", send(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'))
        said = gateway.get("/api/smartapp/form", If_None_Match='"1"')
        assert (said.status, said.headers["ETag"], said.body) == (304, '"1"', b"")
        assert core.heard[0].all("If-None-Match") == ['"1"']

    def test_a_redirect_of_the_core_is_the_callers_to_follow(self, gateway, core):
        core.script("/api/smartapp/old", send(b"HTTP/1.1 302 Found\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n"))
        assert gateway.get("/api/smartapp/old").headers["Location"] == "/new"
        assert len(core.heard) == 1


class TestIdentity:
    def test_headers_that_claim_an_identity_are_taken_away(self, gateway, core):
        claims = {
            "X-Peer-Address": "10.0.0.1",
            "X_Peer_Address": "10.0.0.2",
            "X-Gateway-Token": "mine",
            "X-Acting-User": "admin",
            "X-Forwarded-For": "10.0.0.3",
            "X-Forwarded-Host": "evil",
            "X-Real-IP": "10.0.0.4",
            "Forwarded": "for=10.0.0.5",
            "X-Original-URL": "/api/service/inbox",
            "CF-Connecting-IP": "10.0.0.6",
        }
        gateway.get("/api/smartapp/info", **claims)

        names = [name.lower().replace("_", "-") for name, _ in core.heard[0].headers]
        assert core.heard[0].all("X-Peer-Address") == ["127.0.0.1"]
        assert names.count("x-peer-address") == names.count("x-gateway-token") == 1
        assert not {"forwarded", "x-real-ip", "x-acting-user", "x-original-url", "cf-connecting-ip"} & set(names)
        assert not [name for name in names if name.startswith("x-forwarded")]

    def test_the_core_can_tell_that_the_address_comes_from_the_gateway(self, gateway, core):
        gateway.get("/api/smartapp/info")
        gateway.get("/api/smartapp/info")
        first, second = (heard.all("X-Gateway-Token")[0] for heard in core.heard)
        claims = jwt.decode(first, SERVICE_KEY, algorithms=["HS256"], audience="core")
        assert (claims["iss"], claims["exp"] - claims["iat"], "act" in claims) == ("gateway", 300, False)
        assert first == second

    def test_headers_about_the_connection_stay_on_their_connection(self, gateway, core):
        gateway.raw(
            b"GET /api/smartapp/info HTTP/1.1\r\nHost: x\r\nConnection: close, X-Secret\r\nX-Secret: 1\r\n"
            b"Keep-Alive: timeout=1\r\nProxy-Authorization: Basic eA==\r\nTE: trailers\r\nUpgrade: h2c\r\n\r\n"
        )
        names = {name.lower() for name, _ in core.heard[0].headers}
        assert not {"x-secret", "keep-alive", "proxy-authorization", "te", "upgrade", "connection"} & names

    def test_two_ways_to_say_the_length_never_mean_two_calls(self, gateway, core):
        """Request smuggling: whatever the front makes of it, the core hears at most one honest call."""
        smuggled = b"GET /api/service/secret HTTP/1.1\r\nHost: x\r\n\r\n"
        head = b"POST /api/smartapp/submit HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        for lengths in (
            b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
            b"Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
            b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        ):
            gateway.raw(head + lengths + smuggled)
        assert [heard.target for heard in core.heard if "service" in heard.target] == []
        assert all(len(heard.all("Content-Length") + heard.all("Transfer-Encoding")) <= 1 for heard in core.heard)


class TestRequestId:
    def test_an_honest_id_of_the_caller_goes_through(self, gateway, core):
        said = gateway.get("/api/smartapp/info", X_Request_ID="trace-0123.abc_DEF")
        assert said.headers.get_all("X-Request-ID") == ["trace-0123.abc_DEF"]
        assert core.heard[0].all("X-Request-ID") == ["trace-0123.abc_DEF"]

    @pytest.mark.parametrize("claimed", ["short", "a" * 65, 'quo"te-12345', "space 12345", "../../etc/passwd"])
    def test_an_id_of_another_shape_is_replaced(self, gateway, core, claimed):
        said = gateway.get("/api/smartapp/info", X_Request_ID=claimed)
        fresh = said.headers["X-Request-ID"]
        assert re.fullmatch(r"[0-9a-f]{24}", fresh)
        assert core.heard[0].all("X-Request-ID") == [fresh]


class TestLimits:
    @pytest.mark.parametrize("chunked", [False, True])
    def test_a_body_of_exactly_one_mebibyte_passes(self, gateway, core, chunked):
        body = b"x" * MIB
        data = iter([body[: MIB // 2], body[MIB // 2 :]]) if chunked else body
        headers = {"Transfer-Encoding": "chunked"} if chunked else {}
        assert gateway.call("POST", "/api/smartapp/submit", data, headers, chunked=chunked).status == 200
        assert core.heard[0].body == body

    def test_an_announced_larger_body_is_refused_before_it_is_read(self, gateway, core):
        received = gateway.raw(
            b"POST /api/smartapp/submit HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 10485760\r\n\r\n"
        )
        assert b" 413 " in received.splitlines()[0]
        assert b'"code":"body_too_large"' in received
        assert core.heard == []

    def test_a_chunked_larger_body_is_refused_and_the_core_never_gets_the_whole(self, gateway, core):
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        head = b"POST /api/smartapp/submit HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        received = gateway.raw(head, *[chunk] * 17)
        assert b" 413 " in received.splitlines()[0]
        assert [heard.target for heard in core.heard] == []

    def test_a_slow_small_body_costs_the_core_nothing_until_it_is_there(self, gateway, core):
        head = b"POST /api/smartapp/submit HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nConnection: close\r\n\r\n"
        with socket.create_connection(("127.0.0.1", gateway.port), timeout=5) as connection:
            connection.sendall(head + b"ab")
            time.sleep(0.3)
            assert core.heard == []
            connection.sendall(b"cd")
            assert b" 200 " in connection.recv(65536)
        assert core.heard[0].body == b"abcd"

    def test_a_caller_that_leaves_in_the_middle_of_its_body_leaves_no_call(self, gateway, core):
        with socket.create_connection(("127.0.0.1", gateway.port)) as connection:
            connection.sendall(b"POST /api/smartapp/submit HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\nab")
        time.sleep(0.3)
        assert core.heard == []
        assert gateway.get("/health/live").status == 200


class TestLostConnections:
    """A kept-alive connection may die under a call. Repeating is safe for reading and for what carries a key."""

    @pytest.mark.parametrize(("method", "headers"), [("GET", {}), ("POST", KEY), ("PATCH", KEY), ("DELETE", KEY)])
    def test_what_can_do_nothing_twice_is_tried_once_more(self, gateway, core, method, headers):
        core.script("/api/smartapp/submit", hang_up, answer())
        body = b'{"a":1}' if method != "GET" else None
        assert gateway.call(method, "/api/smartapp/submit", body, headers).status == 200
        assert [heard.body for heard in core.heard] == [body or b""] * 2

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    def test_a_change_without_a_key_is_never_repeated(self, gateway, core, method):
        core.script("/api/smartapp/draft", hang_up, answer())
        said = gateway.call(method, "/api/smartapp/draft", b"{}")
        assert (said.status, said.json["code"]) == (503, "core_unavailable")
        assert len(core.heard) == 1

    def test_nothing_is_repeated_for_ever(self, gateway, core):
        core.script("/api/smartapp/info", hang_up)
        assert gateway.get("/api/smartapp/info").status == 503
        assert len(core.heard) == 2

    def test_a_small_answer_that_breaks_off_is_asked_for_again(self, gateway, core):
        half = send(b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{")
        core.script("/api/smartapp/submit", half, answer(status="201 Created"))
        assert gateway.call("POST", "/api/smartapp/submit", b"{}", KEY).status == 201
        assert len(core.heard) == 2

    @pytest.mark.parametrize("head", ["Transfer-Encoding: chunked\r\n\r\n20000\r\n", "Content-Length: 200000\r\n\r\n"])
    def test_a_long_answer_that_breaks_off_never_looks_complete(self, gateway, core, head):
        core.script("/api/smartapp/files/3", send(f"HTTP/1.1 200 OK\r\n{head}".encode() + b"x" * 100, pause=0.1))
        received = gateway.raw(b"GET /api/smartapp/files/3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        _, _, body = received.partition(b"\r\n\r\n")
        assert not body.endswith(b"0\r\n\r\n")
        assert len(body) < 200_000

    def test_a_stranger_that_does_not_speak_http_is_an_absent_core(self, gateway, core):
        core.script("/api/smartapp/info", send(b"SSH-2.0-OpenSSH_9.6\r\n"))
        said = gateway.get("/api/smartapp/info")
        assert (said.status, said.json["code"]) == (503, "core_unavailable")

    def test_connections_that_died_while_idle_are_not_noticed_by_callers(self, gateway, core):
        for _ in range(5):
            assert gateway.call("PUT", "/api/smartapp/draft", b"{}").status == 200
            core.drop_connections()
            time.sleep(0.05)

    def test_connections_are_kept_between_calls(self, gateway, core):
        core.drop_connections()
        for _ in range(5):
            gateway.get("/api/smartapp/info")
        assert len(core._connections) == 1


class TestCoreAway:
    @pytest.mark.parametrize(("language", "letters"), [("ru", "[а-яё]"), ("de, en-GB;q=0.9, ru;q=0.1", "[a-z]")])
    def test_an_absent_core_is_said_in_the_callers_language(self, own_gateway, language, letters):
        gone = StandIn()
        gone.close()
        with own_gateway(gone.port) as gateway:
            said = gateway.get("/api/smartapp/info", Accept_Language=language)
        assert (said.status, said.headers["Content-Type"]) == (503, "application/problem+json")
        assert int(said.headers["Retry-After"]) > 0
        assert said.json["type"] == "urn:express-bot:problem:core_unavailable"
        assert re.fullmatch(rf"({letters}|[ ,.])+", said.json["detail"], re.IGNORECASE)

    def test_calls_work_again_as_soon_as_the_core_is_back(self, own_gateway):
        core = StandIn()
        with own_gateway(core.port) as gateway:
            assert gateway.get("/api/smartapp/info").status == 200
            core.close()
            time.sleep(0.1)
            assert gateway.get("/api/smartapp/info").status == 503
            back = StandIn(core.port)
            assert gateway.get("/api/smartapp/info").status == 200
            back.close()

    def test_a_slow_call_does_not_hold_up_the_others(self, gateway, core):
        release = threading.Event()
        core.script("/api/smartapp/slow", wait_for(release, answer(b'"late"')))
        late = []
        slow = threading.Thread(target=lambda: late.append(gateway.get("/api/smartapp/slow")))
        slow.start()
        for _ in range(20):
            assert gateway.get("/api/smartapp/info").status == 200
        assert late == []
        release.set()
        slow.join(5)
        assert late[0].body == b'"late"'


class TestLog:
    def test_one_line_per_call_without_anything_personal(self, gateway, core):
        gateway.get(
            "/api/smartapp/applications/2027-0142?name=Ivanova",
            Authorization="Bearer s3cret-t0ken",
            X_Request_ID="find-me-0001",
        )
        lines = until(lambda: [line for line in gateway.log_lines() if line.get("request_id") == "find-me-0001"])
        assert [(line["path"], line["status"], line["method"]) for line in lines] == [
            ("/api/smartapp/applications/*", 200, "GET")
        ]
        for canary in ("2027-0142", "Ivanova", "s3cret", "127.0.0.1:"):
            assert canary not in str(lines)
