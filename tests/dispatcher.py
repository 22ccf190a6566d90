"""Somebody at the desk: what is done there over its HTTP API, in a process or over the network."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

_keys = count(1)

#: ``call(method, path, body, key)``: status and JSON of the answer.
Call = Callable[[str, str, Any, str | None], tuple[int, Any]]


class Dispatcher:
    """A dispatcher's session; what the desk refuses fails the test."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def look(self, number: str) -> Any:
        """One application as the desk sees it."""
        return self._do("GET", f"applications/{number}")

    def ask(self, number: str, question: str, **more: Any) -> Any:
        """Asks its owner; ``proposal`` is what a yes would write."""
        return self._upon(number, "POST", "question", question=question, **more)

    def take_up(self, number: str) -> Any:
        """Takes it into review; a question that was open is taken back."""
        return self._upon(number, "POST", "review")

    def decide(self, number: str, outcome: str, **more: Any) -> Any:
        """A draft of a decision: nobody else sees it."""
        return self._upon(number, "PUT", "decision", outcome=outcome, **more)

    def publish(self, *numbers: str, form: str = "flight") -> Any:
        """The drafts of these applications become decisions."""
        return self._do("POST", "publications", {"form": form, "numbers": list(numbers)})

    def decide_and_publish(self, number: str, outcome: str, **more: Any) -> Any:
        self.decide(number, outcome, **more)
        published = self.publish(number)
        assert (published["published"], published["skipped"]) == (1, []), published
        return published

    def offer(self, number: str, until: str) -> Any:
        """A place for somebody on the reserve list."""
        return self._upon(number, "POST", "offer", until=until)

    def reply(self, number: str, text: str) -> Any:
        return self._do("POST", f"applications/{number}/reply", {"text": text})

    def _upon(self, number: str, method: str, what: str, **body: Any) -> Any:
        """An act upon the application as it stands."""
        version = self.look(number)["version"]
        return self._do(method, f"applications/{number}/{what}", {"version": version, **body})

    def _do(self, method: str, path: str, body: Any = None) -> Any:
        key = None if body is None else f"of-the-desk-{next(_keys)}"
        status, answer = self._call(method, f"/api/desk/{path}", body, key)
        assert status in (200, 201), (method, path, status, answer)
        return answer
