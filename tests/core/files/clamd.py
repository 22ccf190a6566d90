"""A scanner that speaks clamd's own protocol over a real socket, in all its moods."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import BinaryIO, Literal

#: ``slow`` takes everything and says nothing; ``gone`` hangs up amid the bytes; ``odd`` is no clamd at all;
#: ``full`` has a limit that is lower than ours; ``stuck`` takes nothing.
Mood = Literal["fair", "slow", "gone", "odd", "full", "stuck"]
SIGN = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class Clamd:
    """Listens on a port of this machine, or on a unix socket, until closed."""

    def __init__(self, path: Path | None = None) -> None:
        self.mood: Mood = "fair"
        self.scanned: list[bytes] = []
        self._over = Event()
        if path is None:
            self._line = socket.create_server(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{self._line.getsockname()[1]}"
        else:
            self._line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._line.bind(str(path))
            self._line.listen()
            self.address = f"unix://{path}"
        Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Nobody listens any more; whoever waits for an answer loses the line."""
        self._over.set()
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._line.accept()
                Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        with caller, suppress(OSError), caller.makefile("rb") as said:
            command = said.read(10)
            assert command == b"zINSTREAM\0", command
            act: Callable[..., None] = getattr(self, f"_{self.mood}")
            act(caller, said)

    def _fair(self, caller: socket.socket, said: BinaryIO) -> None:
        content = _stream(said)
        self.scanned.append(content)
        caller.sendall(b"stream: Eicar-Test-Signature FOUND\0" if SIGN in content else b"stream: OK\0")

    def _slow(self, caller: socket.socket, said: BinaryIO) -> None:
        self.scanned.append(_stream(said))
        self._over.wait(30)

    def _stuck(self, caller: socket.socket, said: BinaryIO) -> None:
        self._over.wait(30)

    def _gone(self, caller: socket.socket, said: BinaryIO) -> None:
        said.read(20)

    def _odd(self, caller: socket.socket, said: BinaryIO) -> None:
        _stream(said)
        caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    def _full(self, caller: socket.socket, said: BinaryIO) -> None:
        said.read(4 + 64)
        caller.sendall(b"INSTREAM size limit exceeded. ERROR\0")


def _stream(said: BinaryIO) -> bytes:
    content = b""
    while length := int.from_bytes(said.read(4), "big"):
        content += said.read(length)
    return content
