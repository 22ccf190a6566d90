"""The business clock: when periods open and close, and what "today" is.

It is the real time, except in demo and test mode, where a moment can be set to stand at (time travel). Sessions and
tokens never use it: they live by the real time.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from threading import get_ident


class Clock:
    """Tells the business time; with a ``file`` (demo and test mode only) that time can be moved for all processes.

    The file holds the offset from the real time in seconds, so that a moved clock goes on running.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        # one value, exchanged as a whole: threads read it while another one renews it
        self._known: tuple[tuple[int, int], float] = ((0, 0), 0.0)

    def now(self) -> datetime:
        """The business time, aware, UTC."""
        real = datetime.now(UTC)
        return datetime.fromtimestamp(real.timestamp() + self._current_offset(), UTC) if self._file else real

    def move(self, to: datetime | None) -> datetime:
        """Sets the time to ``to`` (aware), or back to the real one; raises ``RuntimeError`` outside the demo."""
        if self._file is None:
            raise RuntimeError("the clock of production cannot be set")
        offset = (to - datetime.now(UTC)).total_seconds() if to else 0.0
        self._file.parent.mkdir(parents=True, exist_ok=True)
        # in one step: a reader in another process must not see an empty file and take it for the real time
        draft = self._file.with_name(f"{self._file.name}.{os.getpid()}.{get_ident()}")
        draft.write_text(str(offset), encoding="ascii")
        draft.replace(self._file)
        return self.now()

    @property
    def is_moved(self) -> bool:
        """Somebody has set another time than the real one."""
        return self._file is not None and self._current_offset() != 0.0

    def _current_offset(self) -> float:
        assert self._file is not None
        try:
            state = self._file.stat()
        except FileNotFoundError:
            return 0.0
        seen, offset = self._known
        if (state.st_ino, state.st_mtime_ns) != seen:
            offset = float(self._file.read_text(encoding="ascii") or 0)
            self._known = (state.st_ino, state.st_mtime_ns), offset
        return offset
