"""One file before the judge, who looks into it while it is still arriving; and the judge's verdict."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, Self

from express_bot.contracts import errors
from express_bot.core.files.checks import is_picture
from express_bot.core.files.judge import Child, Gone, Judge
from express_bot.observability.logs import logger

#: A file that comes a little at a time is told of in steps.
STEP = 512 << 10
#: So much of a file tells whether it is a picture.
HEAD = 512
#: So often a file is given to another child.
TRIES = 3
_REFUSALS = {
    refusal.code: refusal
    for refusal in (errors.FileTypeRefused, errors.FileDamaged, errors.FileBomb, errors.FileUncheckable)
}
#: What a child means that was ended before it could say a word.
_SILENCE = json.dumps({"refused": errors.FileUncheckable.code, "reason": "ended"})

log = logger(__name__)


@dataclass(frozen=True)
class Verdict:
    """A file that is what it should be: its kind, whether something was left out of it, and what looking cost."""

    kind: str
    stripped: bool
    peak: int
    """The most memory that the child had, in bytes."""


class Hearing:
    """The case of one file, opened in a ``with``; its size is told as soon as it is known.

    ``into`` is asked for a place if a copy of the file has to be made.
    """

    def __init__(
        self, judge: Judge, file: IO[bytes], into: Callable[[], IO[bytes]], *, size: int | None, owner: object
    ) -> None:
        self._judge, self._file, self._into, self._size, self._owner = judge, file, into, size, owner
        self._child: Child | None = None
        self._told = 0
        self._fresh = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._dismiss()

    def _dismiss(self) -> None:
        """A child that still waits for more ends here."""
        if self._child is not None:
            self._child.close()
            self._child = None

    def arrived(self, there: int) -> None:
        """So many bytes are in the file. Nothing that goes wrong is told before the verdict."""
        if self._size is None or there >= self._size or there < max(HEAD, self._told + STEP):
            return  # of the last byte the child is told once, by who wants to know what it says
        with suppress(OSError, Gone):
            self._tell(there)

    def _tell(self, there: int) -> None:
        assert self._size is not None, "nobody is asked before"
        self._told = there
        if self._child is not None:
            self._child.tell(there)
            return
        self._child = self._judge.child(self._owner, fresh=self._fresh)
        needs_copy = is_picture(os.pread(self._file.fileno(), HEAD, 0))
        files = [self._file, self._into()] if needs_copy else [self._file]
        self._child.ask(files, size=self._size, there=there)

    def conclude(self, size: int) -> None:
        """The file is whole, with so many bytes; what is done before the verdict is asked for is done meanwhile."""
        self._size = size
        with suppress(OSError, Gone):
            self._tell(size)

    def verdict(self, size: int) -> Verdict:
        """Judges the file, which is whole; of a picture ``into`` then holds what may be kept.

        Raises ``FileTypeRefused``, ``FileDamaged``, ``FileBomb``, and ``FileUncheckable`` for a file that took more
        time or memory than any honest one, or that brought its child down; ``StorageUnavailable`` without a judge.
        """
        told = self.told(size)
        if "kind" in told:
            return Verdict(**told)
        if "reason" in told:
            log.warning("a file could not be checked", reason=told["reason"])
        raise _REFUSALS[told["refused"]]

    def told(self, size: int) -> dict[str, Any]:
        """What the child says of the whole file, in its own words; raises ``StorageUnavailable``."""
        self._size = size
        for _ in range(TRIES):
            try:
                said = self._said(size)
            except Gone:
                log.warning("the process that checks files is gone, and started anew")
            else:
                if said is not None:
                    return said
            self._dismiss()
            self._fresh = True
        raise errors.StorageUnavailable

    def _said(self, size: int) -> dict[str, Any] | None:
        """Its word; ``None`` when a file before this one may be the reason for it. Raises ``Gone``."""
        if self._child is None or self._told < size:
            with suppress(OSError):  # it has said its word already, or is gone
                self._tell(size)
        assert self._child is not None, "just asked"
        said: dict[str, Any] = json.loads(self._judge.hear(self._child) or _SILENCE)
        if self._child.files and said.get("refused") == errors.FileUncheckable.code:
            return None
        if "kind" in said:
            self._judge.keep(self._child)
            self._child = None
        return said
