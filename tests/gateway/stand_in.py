"""A core that does as it is told: the far side of the gateway for faults that the real core does not commit.

It speaks HTTP/1.1 over plain sockets, remembers byte for byte what it heard, and answers a path by its script.
"""

from __future__ import annotations

import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Heard:
    """One call as it arrived."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


Act = Callable[[socket.socket, Heard], bool]


def answer(body: bytes = b'{"ok":true}', status: str = "200 OK", headers: str = "") -> Act:
    """An ordinary answer; the connection stays open."""

    def act(connection: socket.socket, _heard: Heard) -> bool:
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        connection.sendall(head.encode() + body)
        return True

    return act


def send(*parts: bytes, pause: float = 0) -> Act:
    """These bytes as they are, with a pause before each, then the end of the connection."""

    def act(connection: socket.socket, _heard: Heard) -> bool:
        for part in parts:
            threading.Event().wait(pause)
            connection.sendall(part)
        return False

    return act


def hang_up(_connection: socket.socket, _heard: Heard) -> bool:
    """Closes without a word, as a core does that was killed after it read the call."""
    return False


def early(act: Act) -> Act:
    """Answers as soon as the headers are there, without asking for the body that is announced."""

    def hasty(connection: socket.socket, heard: Heard) -> bool:
        act(connection, heard)
        return False

    hasty.reads_nothing = True
    return hasty


def wait_for(event: threading.Event, then: Act) -> Act:
    """Answers only when the test lets it."""

    def act(connection: socket.socket, heard: Heard) -> bool:
        event.wait(20)
        return then(connection, heard)

    return act


class StandIn:
    """Listens on a port (a free one unless told which) until closed."""

    def __init__(self, port: int = 0) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self.heard: list[Heard] = []
        #: What has come of bodies so far, those under way and those that broke off too, by target.
        self.arrived: dict[str, bytearray] = defaultdict(bytearray)
        self.broken: list[str] = []
        self._scripts: dict[str, list[Act]] = defaultdict(list)
        self._connections: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def script(self, path: str, *acts: Act) -> None:
        """What happens to the next calls of a path, one act each; the last one stays."""
        self._scripts[path] = list(acts)

    def calls(self, path: str) -> list[Heard]:
        """The calls of a path so far."""
        return [heard for heard in self.heard if heard.target.split("?")[0] == path]

    def wait_for_bytes(self, target: str, count: int, seconds: float = 10) -> bool:
        """Whether so many bytes of a body have come before its time is over."""
        deadline = time.monotonic() + seconds
        while len(self.arrived[target]) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        return len(self.arrived[target]) >= count

    def drop_connections(self) -> None:
        """Cuts every open connection, idle ones too."""
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Nobody listens any more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
        self._listener.close()
        self.drop_connections()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._connections.add(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        reader = connection.makefile("rb")
        with suppress(OSError, EOFError), connection:
            while head := _read_head(reader):
                act = self._act(head)
                if not hasattr(act, "reads_nothing"):
                    head = self._read_whole(head, reader, connection)
                self.heard.append(head)
                if not act(connection, head):
                    break
        self._connections.discard(connection)

    def _read_whole(self, head: Heard, reader, connection: socket.socket) -> Heard:
        """The call with its body, which is asked for where the caller waits to be asked."""
        if head.all("Expect"):
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = self.arrived[head.target] = bytearray()
        try:
            _read_body(reader, head, body)
        except EOFError:
            self.broken.append(head.target)
            raise
        return replace(head, body=bytes(body))

    def _act(self, heard: Heard) -> Act:
        acts = self._scripts[heard.target.split("?")[0]]
        if not acts:
            return answer()
        return acts.pop(0) if len(acts) > 1 else acts[0]


def _read_head(reader) -> Heard | None:
    line = reader.readline()
    if not line:
        return None
    method, target, _ = line.decode("latin-1").split(" ")
    headers = []
    while (line := reader.readline().decode("latin-1").rstrip("\r\n")) != "":
        name, _, value = line.partition(":")
        headers.append((name, value.strip()))
    return Heard(method, target, headers, b"")


def _read_body(reader, head: Heard, body: bytearray) -> None:
    if head.all("Transfer-Encoding") != ["chunked"]:
        _exactly(reader, int((head.all("Content-Length") or ["0"])[0]), body)
        return
    while (size := int(_line(reader), 16)) > 0:
        _exactly(reader, size, body)
        _line(reader)
    _line(reader)


def _exactly(reader, size: int, body: bytearray) -> None:
    """A body that breaks off is no call: the real core would not take it for one either."""
    until = len(body) + size
    while len(body) < until:
        part = reader.read1(until - len(body))
        if not part:
            raise EOFError
        body += part


def _line(reader) -> bytes:
    line = reader.readline()
    if not line:
        raise EOFError
    return line
