"""``kill -9`` at random parts of the product at random moments."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.stack import Aim, Program, Stack

#: After a volley the product must answer again within this time, without anybody's help.
BACK_WITHIN = 60.0
#: Every backend of PostgreSQL is a group of its own, so a shot at its group would be one at the postmaster.
AIMS = {"core": tuple(Aim), "gateway": tuple(Aim), "postgres": (Aim.MAIN, Aim.CHILD)}

#: Waits so many seconds for a sign of life that is newer than the question; whether there was one.
Alive = Callable[[float], bool]


@dataclass
class Shots:
    """What was hit, and how long it took until the product answered again."""

    kills: Counter[str] = field(default_factory=Counter)
    gaps: list[float] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.kills.total()

    def lines(self, seconds: float) -> list[str]:
        """For a report."""
        gaps = sorted(self.gaps) or [0.0]
        return [
            f"kills          {self.total} in {seconds:.0f} s ({self.total / seconds:.1f}/s)",
            *(f"  {what:<22}{count}" for what, count in sorted(self.kills.items())),
            f"back after     median {gaps[len(gaps) // 2]:.2f} s, worst {gaps[-1]:.2f} s",
        ]


class Marksman:
    """Shoots at the parts of a stack, and lets at least one call through before the next volley."""

    def __init__(self, stack: Stack, parts: tuple[str, ...], chance: random.Random, alive: Alive) -> None:
        self._stack, self._chance, self._alive = stack, chance, alive
        self._parts: list[Program] = [getattr(stack, part) for part in parts]
        self.shots = Shots()

    def shoot(self, kills: int, *, until: float, ready: Callable[[int], object] = lambda kills: None) -> None:
        """So many kills, or those until a moment; ``ready`` may hold the next volley back, told the kills so far."""
        while self.shots.total < kills and time.monotonic() < until:
            self._await_life()
            ready(self.shots.total)
            for program in self._next_targets(kills - self.shots.total):
                time.sleep(self._chance.uniform(0, 0.2))
                self._hit(program)
        self._await_life()

    def _await_life(self) -> None:
        """Wait for an answer to a call, so that every volley meets a product at work."""
        since = time.monotonic()
        assert self._alive(BACK_WITHIN), f"nothing was answered for {BACK_WITHIN:g} s\n{self._stack.logs()}"
        self.shots.gaps.append(time.monotonic() - since)

    def _next_targets(self, at_most: int) -> list[Program]:
        """One part, or several that fall while the first is still getting up."""
        return self._chance.sample(self._parts, min(at_most, self._chance.randint(1, len(self._parts))))

    def _hit(self, program: Program) -> None:
        aim = self._chance.choice(AIMS[program.name])
        if program.kill(aim):
            self.shots.kills[f"{program.name} {aim}"] += 1
