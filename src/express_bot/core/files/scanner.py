"""The scan hook: clamd, asked over its socket while the bytes flow by (``SCAN_SOCKET``)."""

from __future__ import annotations

import socket
import struct
from typing import IO, Literal
from urllib.parse import urlsplit

from express_bot.observability.logs import logger

Verdict = Literal["clean", "infected", "away"]
CHUNK = 64 << 10
TIMEOUT = 20.0

log = logger(__name__)


class Scanner:
    """A clamd behind ``unix:///path`` or ``tcp://host:port``; without an address everything is clean."""

    def __init__(self, address: str) -> None:
        self._address = address

    def scan(self, file: IO[bytes]) -> Verdict:
        """What the scanner says of the bytes; ``away`` when it says nothing that we understand."""
        if not self._address:
            return "clean"
        try:
            return _read(self._ask(file))
        except OSError as failure:
            log.warning("the scanner is away", reason=type(failure).__name__)
            return "away"

    def _ask(self, file: IO[bytes]) -> bytes:
        file.seek(0)
        with self._connect() as line:
            line.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
            line.sendall(struct.pack(">I", 0))
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < CHUNK and (said := line.recv(1024)):
                answer += said
        return answer.rstrip(b"\0")

    def _connect(self) -> socket.socket:
        address = urlsplit(self._address)
        if address.scheme == "tcp":
            return socket.create_connection((address.hostname or "", address.port or 3310), timeout=TIMEOUT)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(TIMEOUT)
        try:
            line.connect(address.path)
        except OSError:
            line.close()
            raise
        return line


def _read(answer: bytes) -> Verdict:
    if answer.endswith(b"FOUND"):
        log.warning("the scanner has found something", said=answer.decode("ascii", "replace")[:200])
        return "infected"
    if answer == b"stream: OK":
        return "clean"
    log.warning("the scanner could not scan", said=answer.decode("ascii", "replace")[:200])
    return "away"
