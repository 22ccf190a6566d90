"""How often one caller may call: a moving window per rate and caller, over all instances where Redis is configured."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TypeVar

from express_bot.contracts import errors
from express_bot.core.caches.counters import Counters
from express_bot.core.caches.shared import Shared
from express_bot.core.rates.windows import Memory, Together, Windows
from express_bot.domain.rates import Rate

Found = TypeVar("Found")


class Rates:
    """The rates of this house. A rate that is off, or that nobody has named, lets everybody through."""

    def __init__(self, table: Mapping[str, Rate], counters: Counters, shared: Shared | None = None) -> None:
        self._table = table
        self._counters = counters
        self._shared = shared
        self._own = Memory()
        self._together = Together(shared) if shared else None

    def ensure(self, name: str, whose: str, refusal: type[errors.AppError] = errors.TooManyCalls) -> None:
        """Counts a call. Raises ``refusal`` with the seconds to wait when there were too many."""
        self._ensure(name, lambda windows, rate: windows.take(rate, whose), refusal)

    def ensure_room(self, name: str, whose: str, refusal: type[errors.AppError]) -> None:
        """The same without counting."""
        self._ensure(name, lambda windows, rate: windows.look(rate, whose), refusal)

    def count(self, name: str, whose: str) -> None:
        """Counts a call that may go on whatever was before."""
        if rate := self._table.get(name):
            self._ask(lambda windows: windows.take(rate, whose))

    def forget(self, name: str, whose: str) -> None:
        """As if the caller had never called."""
        if rate := self._table.get(name):
            self._own.forget(rate, whose)
            self._ask(lambda windows: windows.forget(rate, whose))

    def _ensure(self, name: str, ask: Callable[[Windows, Rate], float], refusal: type[errors.AppError]) -> None:
        rate = self._table.get(name)
        wait = self._ask(lambda windows: ask(windows, rate)) if rate else 0
        if wait:
            self._counters.refused(name)
            raise refusal(retry_after=math.ceil(wait))

    def _ask(self, question: Callable[[Windows], Found]) -> Found:
        """Of all instances together; of this one alone while Redis is away."""
        if self._shared is not None and self._together is not None and self._shared.is_up:
            together = self._together
            found = self._shared.ask(lambda: (question(together),))
            if found is not None:
                return found[0]
        return question(self._own)
