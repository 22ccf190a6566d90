"""Files pass the gateway as they come, both ways: long, whole or visibly broken, and never in everybody's way."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import closing, suppress

import psutil
import pytest

from tests.gateway.serving import running_gateway
from tests.gateway.stand_in import answer, early, send, wait_for

MIB = 1 << 20
FILES, PART = "/api/smartapp/files", "/api/smartapp/uploads/5f0c"
PLACES = [("POST", FILES), ("PATCH", PART)]


def head(method: str, path: str, *lines: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *lines, "", ""]).encode()


def length(count: int) -> str:
    return f"Content-Length: {count}"


CHUNKED = "Transfer-Encoding: chunked"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


@pytest.fixture
def caller(gateway):
    """A connection to the gateway, in our own hands."""
    with closing(socket.create_connection(("127.0.0.1", gateway.port), timeout=20)) as connection:
        yield connection


@pytest.fixture(scope="module")
def hasty(stage):
    """A gateway whose patience is short, before a core of three threads."""
    folder, core = stage
    with running_gateway(core.port, folder, module="tests.gateway.hasty", CORE_THREADS="3") as gateway:
        yield gateway


@pytest.fixture
def hurried(hasty, core):
    """That gateway before a core with an empty memory."""
    return hasty


def read_all(connection: socket.socket) -> bytes:
    received = b""
    with suppress(ConnectionError):
        while part := connection.recv(1 << 16):
            received += part
    return received


class TestUp:
    @pytest.mark.parametrize(("method", "path"), PLACES)
    def test_twenty_megabytes_arrive_byte_for_byte(self, gateway, core, method, path):
        body = bytes(range(256)) * (20 * MIB // 256)
        core.script(path, answer(status="201 Created"))
        said = gateway.call(method, path, body, {"Content-Type": "image/png"})
        assert said.status == 201
        [heard] = core.heard
        assert heard.body == body
        assert (heard.all("Content-Length"), heard.all("Content-Type")) == ([str(20 * MIB)], ["image/png"])

    def test_bytes_are_passed_on_while_they_come(self, caller, core):
        caller.sendall(head("PATCH", PART, length(MIB)) + b"a" * (MIB // 2))
        assert core.wait_for_bytes(PART, MIB // 2)
        assert core.heard == []
        caller.sendall(b"b" * (MIB // 2))
        assert b" 200 " in caller.recv(4096)

    @pytest.mark.parametrize(("method", "path"), PLACES)
    def test_one_byte_more_is_refused_before_it_is_read(self, gateway, core, method, path):
        received = gateway.raw(head(method, path, length(20 * MIB + 1), "Connection: close"))
        assert b" 413 " in received.splitlines()[0]
        assert b'"code":"file_too_large"' in received
        assert core.heard == []

    def test_ten_gigabytes_in_chunks_end_at_twenty_megabytes(self, caller, core):
        caller.sendall(head("POST", FILES, CHUNKED))
        sent = 0
        with suppress(ConnectionError):
            while sent < 10 << 30:
                caller.sendall(chunk(b"x" * MIB))
                sent += MIB
        assert sent < 40 * MIB
        with suppress(ConnectionError):
            assert b'"code":"file_too_large"' in read_all(caller)
        assert core.heard == []
        assert len(core.arrived[FILES]) <= 20 * MIB

    @pytest.mark.parametrize("path", ["/api/smartapp/filesx", "/api/smartapp/files/1/link", "/api/smartapp/uploads"])
    def test_no_other_address_takes_more_than_a_document(self, gateway, core, path):
        received = gateway.raw(head("POST", path, length(MIB + 1), "Connection: close"))
        assert b" 413 " in received.splitlines()[0]
        assert core.heard == []

    @pytest.mark.parametrize("framing", [length(MIB), CHUNKED])
    def test_a_body_that_breaks_off_reaches_the_core_as_broken(self, gateway, caller, core, framing):
        part = b"a" * (MIB // 2)
        caller.sendall(head("PATCH", PART, framing) + (chunk(part) if framing == CHUNKED else part))
        assert core.wait_for_bytes(PART, MIB // 2)
        caller.close()
        deadline = time.monotonic() + 5
        while not core.broken and time.monotonic() < deadline:
            time.sleep(0.01)
        assert core.broken == [PART]
        assert bytes(core.arrived[PART]) == part
        assert core.heard == []

    @pytest.mark.parametrize("size", [MIB, 8 * MIB])
    def test_a_refusal_before_the_body_is_heard_by_a_caller_that_is_still_sending(self, gateway, core, size):
        """Else the app would take «your session has ended» for a lost line, and send all of it again."""
        core.script(FILES, early(answer(b'{"code":"token_expired"}', "401 Unauthorized")))
        for _ in range(10):
            said = gateway.call("POST", FILES, b"x" * size)
            assert (said.status, said.json["code"]) == (401, "token_expired")
        assert len(core.arrived[FILES]) == 0

    def test_a_slow_sender_gets_its_fifteen_seconds_and_more(self, hurried, core):
        """The time the core has for an answer begins when it has heard all."""
        with socket.create_connection(("127.0.0.1", hurried.port), timeout=20) as caller:
            caller.sendall(head("PATCH", PART, length(10 * 65536)))
            for _ in range(10):
                caller.sendall(b"x" * 65536)
                time.sleep(0.25)
            assert b" 200 " in caller.recv(4096)
        assert len(core.heard[0].body) == 10 * 65536

    def test_a_sender_that_falls_silent_is_told_so_and_the_core_hears_no_end(self, hurried, core):
        with socket.create_connection(("127.0.0.1", hurried.port), timeout=20) as caller:
            caller.sendall(head("PATCH", PART, length(MIB)) + b"a" * 100_000)
            assert core.wait_for_bytes(PART, 100_000)
            received = read_all(caller)
        assert b" 408 " in received.splitlines()[0]
        assert core.heard == []

    def test_a_sender_of_single_bytes_is_not_waited_for_for_ever(self, hurried, core):
        with socket.create_connection(("127.0.0.1", hurried.port), timeout=20) as caller, suppress(ConnectionError):
            caller.sendall(head("PATCH", PART, length(MIB)))
            for _ in range(100):
                caller.sendall(b"a")
                time.sleep(0.1)
            pytest.fail("it was waited for")
        assert core.heard == []

    def test_a_core_that_takes_nothing_more_is_given_up(self, hurried, core):
        over = threading.Event()
        core.script(PART, early(wait_for(over, answer())))
        said = hurried.call("PATCH", PART, b"x" * (2 * MIB))
        over.set()
        assert (said.status, said.json["code"]) == (503, "core_unavailable")


class TestDown:
    def test_a_range_is_the_cores_to_cut(self, gateway, core):
        core.script(
            f"{FILES}/1",
            answer(b"bcd", "206 Partial Content", "Content-Range: bytes 1-3/9\r\nAccept-Ranges: bytes\r\n"),
        )
        said = gateway.get(f"{FILES}/1", Range="bytes=1-3", If_Range='"e"')
        assert (said.status, said.body, said.headers["Content-Range"]) == (206, b"bcd", "bytes 1-3/9")
        assert (core.heard[0].all("Range"), core.heard[0].all("If-Range")) == (["bytes=1-3"], ['"e"'])

    def test_a_range_beyond_the_end_keeps_its_answer(self, gateway, core):
        core.script(f"{FILES}/1", answer(b"", "416 Range Not Satisfiable", "Content-Range: bytes */9\r\n"))
        said = gateway.get(f"{FILES}/1", Range="bytes=100-")
        assert (said.status, said.headers["Content-Range"]) == (416, "bytes */9")

    def test_head_of_a_file_tells_its_length_and_sends_nothing(self, gateway, core):
        core.script(f"{FILES}/1", send(b'HTTP/1.1 200 OK\r\nContent-Length: 5242880\r\nETag: "x"\r\n\r\n'))
        said = gateway.call("HEAD", f"{FILES}/1")
        assert (said.status, said.headers["Content-Length"], said.headers["ETag"], said.body) == (
            *(200, "5242880"),
            *('"x"', b""),
        )

    def test_what_protects_a_file_passes_and_nothing_of_it_twice(self, gateway, core):
        protection = (
            "Content-Disposition: attachment; filename*=UTF-8''%D0%B0.pdf\r\nX-Content-Type-Options: nosniff\r\n"
            "Content-Security-Policy: sandbox; default-src 'none'\r\nCache-Control: private, no-store\r\n"
        )
        core.script(f"{FILES}/1", answer(b"%PDF-", headers=protection))
        said = gateway.get(f"{FILES}/1")
        assert said.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%D0%B0.pdf"
        assert said.headers.get_all("X-Content-Type-Options") == ["nosniff"]
        assert said.headers["Cache-Control"] == "private, no-store"
        assert all("sandbox" in policy for policy in said.headers.get_all("Content-Security-Policy"))

    def test_a_slow_reader_of_a_long_file_gets_all_of_it(self, hurried, core):
        body = bytes(range(256)) * (16 * MIB // 256)
        core.script(f"{FILES}/1", answer(body))
        with socket.socket() as caller:
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
            caller.connect(("127.0.0.1", hurried.port))
            caller.sendall(head("GET", f"{FILES}/1", "Connection: close"))
            time.sleep(2.5)  # longer than the core may be silent
            received = read_all(caller)
        assert received.partition(b"\r\n\r\n")[2] == body

    def test_a_reader_that_takes_nothing_costs_no_memory_and_is_left(self, hurried, core):
        core.script(f"{FILES}/1", answer(b"x" * (64 * MIB)))
        worker = psutil.Process(hurried.process.pid).children()[0]
        before = worker.memory_info().rss
        with socket.create_connection(("127.0.0.1", hurried.port), timeout=20) as caller:
            caller.sendall(head("GET", f"{FILES}/1"))
            time.sleep(1)
            assert worker.memory_info().rss - before < 8 * MIB
            time.sleep(3)
            assert len(read_all(caller)) < 64 * MIB


class TestLanes:
    """Long bodies leave half of the core's threads to everybody else; this gateway knows of a core with three."""

    def test_the_next_long_body_waits_until_the_one_before_is_through(self, hurried, core):
        first, second = (socket.create_connection(("127.0.0.1", hurried.port), timeout=20) for _ in range(2))
        with first, second:
            first.sendall(head("PATCH", PART, length(MIB)) + b"a" * 100_000)
            assert core.wait_for_bytes(PART, 100_000)
            second.sendall(head("PATCH", PART + "2", length(MIB)) + b"b" * 100_000)
            assert not core.wait_for_bytes(PART + "2", 1, seconds=0.3)
            for _ in range(10):
                assert hurried.get("/api/smartapp/info").status == 200
            first.sendall(b"a" * (MIB - 100_000))
            assert b" 200 " in first.recv(4096)
            second.sendall(b"b" * (MIB - 100_000))
            assert b" 200 " in second.recv(4096)
        assert [heard.target for heard in core.heard if "uploads" in heard.target] == [PART, PART + "2"]

    def test_whoever_waits_too_long_is_told_to_come_again(self, hurried, core):
        with socket.create_connection(("127.0.0.1", hurried.port), timeout=20) as first:
            first.sendall(head("PATCH", PART, length(MIB)) + b"a" * 100_000)
            assert core.wait_for_bytes(PART, 100_000)
            said = hurried.call("PATCH", PART + "2", b"x" * MIB)
        assert (said.status, said.json["code"]) == (503, "core_unavailable")
        assert int(said.headers["Retry-After"]) > 0
        assert PART + "2" not in core.arrived
