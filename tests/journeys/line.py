"""A network between a device and the house that breaks where a test wants it to."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

_CHUNK = 64 << 10
_OFFSET = re.compile(rb"upload-offset: (\d+)", re.IGNORECASE)


class Line:
    """Passes bytes on as they come; ``cut_after`` breaks the next part of an upload in its middle."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._server = socket.create_server(("127.0.0.1", 0))
        self._left: int | None = None
        #: Each part that was sent: where it began, and how much of the call has gone up.
        self.parts: list[list[int]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def cut_after(self, size: int) -> None:
        """The connection closes when so many more bytes of parts have gone up; the network is whole again then."""
        self._left = size

    def serve(self) -> None:
        while True:
            try:
                device, _ = self._server.accept()
            except OSError:
                return
            house = socket.create_connection(("127.0.0.1", self._port))
            Thread(target=self._up, args=(device, house), daemon=True).start()
            Thread(target=_down, args=(house, device), daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _up(self, device: socket.socket, house: socket.socket) -> None:
        is_part = False
        with suppress(OSError):
            while data := device.recv(_CHUNK):
                if re.match(rb"[A-Z]{3,7} /", data):
                    is_part = data.startswith(b"PATCH ")
                    self.parts += [[int(found), 0] for found in _OFFSET.findall(data)] if is_part else []
                if is_part and self._is_over(len(data)):
                    break
                house.sendall(data)
        _close(device, house)

    def _is_over(self, size: int) -> bool:
        self.parts[-1][1] += size
        if self._left is None:
            return False
        self._left -= size
        if self._left >= 0:
            return False
        self._left = None
        return True


def _down(house: socket.socket, device: socket.socket) -> None:
    with suppress(OSError):
        while data := house.recv(_CHUNK):
            device.sendall(data)
    _close(house, device)


def _close(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """A line to this port of loopback."""
    line = Line(port)
    Thread(target=line.serve, daemon=True).start()
    try:
        yield line
    finally:
        line.close()
