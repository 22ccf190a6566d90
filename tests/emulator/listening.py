"""A reader of the messenger's stream of events."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import Any, Self

from tests.emulator.serving import Emulator


class Listener:
    """Events from now on, or after a number. Use as a context manager."""

    def __init__(self, emulator: Emulator, after: int | None = None) -> None:
        self._connection = HTTPConnection("localhost", emulator.port, timeout=30)
        self._after = emulator.state()["seq"] if after is None else after

    def __enter__(self) -> Self:
        self._connection.request("GET", "/emulator/events", headers={"Last-Event-ID": str(self._after)})
        self._frames = self._read(self._connection.getresponse())
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _read(self, response: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        name = ""
        for line in response:
            text = line.decode().rstrip("\n")
            if text.startswith("event: "):
                name = text.removeprefix("event: ")
            elif text.startswith("data: "):
                yield name, json.loads(text.removeprefix("data: "))
                name = ""

    def next(self) -> tuple[str, dict[str, Any]]:
        """The next frame: its name (empty for ordinary ones) and what it says."""
        return next(self._frames)

    def until(self, matches: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next event that matches."""
        return next(event for _, event in self._frames if matches(event))
