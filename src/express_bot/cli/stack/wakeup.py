"""Runs inside supervisord: restarts a dead program at once, and stops the next one at once.

Supervisor notices an end when the program's output closes, but acts on it only on its next round, up to a second
later. Told of the end, the next round begins immediately.
"""

from __future__ import annotations

from typing import Any

from supervisor import events


class Wakeup:
    """An RPC interface without calls of its own: the supervisor's documented place for additions."""

    def __init__(self, supervisord: Any) -> None:
        self._hurry = False
        self._poller = supervisord.options.poller
        self._poll = self._poller.poll
        self._poller.poll = self.poll
        for ending in (events.ProcessStateExitedEvent, events.ProcessStateStoppedEvent):
            events.subscribe(ending, self.note)

    def note(self, _event: Any) -> None:
        """A program has ended."""
        self._hurry = True

    def poll(self, timeout: float) -> Any:
        """Wait for news, except right after a death."""
        if self._hurry:
            self._hurry, timeout = False, 0
        return self._poll(timeout)


def make_interface(supervisord: Any) -> Wakeup:
    """The factory that the configuration names."""
    return Wakeup(supervisord)
