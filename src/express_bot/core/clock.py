"""The business clock: when periods open and close, and what "today" is.

It is the real time, except in demo and test mode, where a moment can be set to stand at (time travel). Sessions and
tokens never use it: they live by the real time.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path


class Clock:
    """Tells the business time; with a ``file`` (demo and test mode only) that time can be moved for all processes.

    The file holds the offset from the real time in seconds, so that a moved clock goes on running.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._read_at = 0
        self._offset = 0.0

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
        self._file.write_text(str(offset), encoding="ascii")
        return self.now()

    def _current_offset(self) -> float:
        assert self._file is not None
        try:
            changed = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return 0.0
        if changed != self._read_at:
            self._offset, self._read_at = float(self._file.read_text(encoding="ascii") or 0), changed
        return self._offset
