"""Closed-loop callers in one light process: plain sockets, kept alive, one epoll loop.

``python submit_load.py PLAN.json`` files one application per person; each caller has people of its own and sends the
next call when the answer of the last one is there. Prints its figures as JSON.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PATIENCE = 30


class Caller:
    """One connection with its own people."""

    def __init__(self, port: int, calls: Iterator[bytes]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._calls = calls
        self._received = b""
        self.sent_at = 0.0

    def send_next(self) -> bool:
        """Sends the next person's call; ``False`` when all have called."""
        call = next(self._calls, None)
        if call is None:
            return False
        self.sent_at = time.perf_counter()
        self.socket.sendall(call)
        return True

    def receive(self) -> int | None:
        """The status of the answer once it is complete."""
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("the server closed the connection")
        self._received += part
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator or len(body) < _length(head):
            return None
        status, self._received = int(self._received[9:12]), b""
        return status


def _length(head: bytes) -> int:
    lowered = head.lower()
    at = lowered.find(b"content-length: ")
    return int(lowered[at + 16 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


def run(callers: list[Caller], *, expected: int, until: float) -> dict[str, Any]:
    """Drives the callers until they have no people left or the time is over; calls in flight are finished."""
    selector, latencies, others = selectors.DefaultSelector(), [], []
    started = time.perf_counter()
    for caller in callers:
        if caller.send_next():
            selector.register(caller.socket, selectors.EVENT_READ, caller)
    while selector.get_map():
        for key, _ in selector.select(PATIENCE) or _too_slow():
            caller = key.data
            status = caller.receive()
            if status is None:
                continue
            now = time.perf_counter()
            (latencies if status == expected else others).append(now - caller.sent_at if status == expected else status)
            if now - started > until or not caller.send_next():
                selector.unregister(caller.socket)
    return {"seconds": time.perf_counter() - started, "latencies": latencies, "others": others}


def _too_slow() -> list[Any]:
    raise TimeoutError(f"no answer for {PATIENCE} s")


def request(method: str, path: str, person: dict[str, str], body: bytes) -> bytes:
    """One call as a browser would send it."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: localhost:5006",
        f"Authorization: Bearer {person['token']}",
        f"X-Person: {person['id']}",
        f"Idempotency-Key: bench-{person['id']}",
        "Accept: application/json",
        "Accept-Encoding: gzip, deflate, br",
        "Accept-Language: ru",
        "Content-Type: application/json",
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def main(plan: dict[str, Any]) -> dict[str, Any]:
    """Carries out one plan: port, path, people, clients, seconds, and whether people are seen once before."""
    people, clients = plan["people"], plan["clients"]
    shares = [people[index::clients] for index in range(clients)]
    if plan["warm"]:
        looks = [iter([request("GET", plan["warm"], person, b"") for person in share]) for share in shares]
        seen = run([Caller(plan["port"], calls) for calls in looks], expected=200, until=PATIENCE)
        assert not seen["others"], seen["others"][:5]
    calls = [
        iter([request("POST", plan["path"], person, _body(person)) for person in share if share]) for share in shares
    ]
    return run([Caller(plan["port"], share) for share in calls], expected=201, until=plan["seconds"])


def _body(person: dict[str, str]) -> bytes:
    return json.dumps({"form": "flight", "answers": person["answers"]}, ensure_ascii=False).encode()


if __name__ == "__main__":
    print(json.dumps(main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
