"""A gateway that is told to stop finishes what it has begun and takes nothing new."""

from __future__ import annotations

import http.client
import socket
import threading
import time

import pytest

from tests.gateway.stand_in import answer, wait_for

KEPT = b"GET /api/smartapp/info HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def leaving(own_gateway, core):
    """A gateway with one slow call in flight that has just been told to stop, and the way to let the call end."""
    release, late = threading.Event(), []
    core.script("/api/smartapp/submit", wait_for(release, answer(b'"kept"', "201 Created")))
    with own_gateway() as gateway:
        slow = threading.Thread(target=lambda: late.append(gateway.call("POST", "/api/smartapp/submit", b"{}")))
        slow.start()
        while not core.calls("/api/smartapp/submit"):
            time.sleep(0.01)
        idle = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=5)
        idle.request("GET", "/health/ready")
        assert idle.getresponse().read()
        gateway.process.terminate()
        time.sleep(0.15)

        def finish():
            release.set()
            slow.join(5)
            return late[0]

        yield gateway, idle, finish
        release.set()


def test_calls_in_flight_finish_and_then_it_ends_without_a_trace(leaving):
    gateway, _, finish = leaving
    time.sleep(1)
    assert gateway.process.poll() is None
    said = finish()
    assert (said.status, said.body) == (201, b'"kept"')
    assert gateway.process.wait(5) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", gateway.port), timeout=1)


def test_it_gives_notice_before_it_closes_the_door(leaving):
    """Whoever keeps a connection is told to leave it, so the next call is not lost on it."""
    gateway, idle, finish = leaving
    idle.request("GET", "/health/ready")
    ready = idle.getresponse()
    assert (ready.status, ready.read(), ready.headers["Connection"]) == (503, b'{"status":"down"}', "close")
    assert gateway.get("/api/smartapp/info").status == 200
    finish()


def test_no_call_is_lost_by_callers_that_keep_their_connections(own_gateway, core):
    """Eight callers without keys or retries of any kind, stopped in full swing: each call has its answer."""
    answered, lost, done = [0] * 8, [], threading.Event()

    def caller(index: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=5)
        while not done.is_set():
            fresh = connection.sock is None
            try:
                connection.request("PUT", "/api/smartapp/draft", b"{}")
                connection.getresponse().read()
                answered[index] += 1
            except ConnectionRefusedError:
                return  # never sent: the next instance takes it
            except (OSError, http.client.HTTPException) as error:
                lost.append((fresh, error))
                return

    with own_gateway() as gateway:
        callers = [threading.Thread(target=caller, args=(index,)) for index in range(8)]
        for thread in callers:
            thread.start()
        time.sleep(0.5)
        gateway.process.terminate()
        gateway.process.wait(10)
        done.set()
        for thread in callers:
            thread.join()
    # A connection made in the very moment the listener closes was not served yet: refused, only less politely.
    assert [error for fresh, error in lost if not fresh] == []
    assert min(answered) > 10
    assert len(core.calls("/api/smartapp/draft")) == sum(answered)
