"""A command's body on its way in: the bytes of attached files go aside while the rest is collected to be read.

The messenger sends a file inside the event, in base64 inside JSON. A body of thirty megabytes would be several times
that in memory once it was read; here a file never is more than a piece of it.
"""

from __future__ import annotations

import base64
import binascii
import re

from express_bot.channels.spool import Spool, TooLong

#: The one member of an event that holds bytes. Inside of a string the quotes would be escaped, so words that look like
#: this are never taken for it.
_OPENING = re.compile(rb'"content"\s{0,8}:\s{0,8}"data:((?:[^",\\]|\\/){0,160}?);base64,')
#: No opening is longer.
_LONGEST = 400
_NOISE = b"\\\r\n\t "
MARK = "~"


class Content:
    """The bytes of one attached file."""

    def __init__(self, media_type: str) -> None:
        self.media_type = media_type
        self.spool = Spool()
        self.problem: str | None = None
        """Why these bytes are of no use: the code of an error."""
        self._rest = b""
        self._is_over = False

    def add(self, text: bytes) -> None:
        """The next signs of base64."""
        if self.problem is not None:
            return
        self._rest += text.translate(None, _NOISE)
        whole = len(self._rest) - len(self._rest) % 4
        self._decode(self._rest[:whole])
        self._rest = self._rest[whole:]

    def end(self) -> None:
        """There are no more."""
        if self._rest and self.problem is None:
            self.problem = "file_damaged"

    def _decode(self, text: bytes) -> None:
        if text and self._is_over:
            self.problem = "file_damaged"
            return
        self._is_over = text.endswith(b"=")
        try:
            self.spool.add(base64.b64decode(text, validate=True))
        except binascii.Error:
            self.problem = "file_damaged"
        except TooLong:
            self.problem = "file_too_large"


class Sieve:
    """Takes a body piece by piece; ``contents`` are the files that were in it.

    In the event each of them is replaced by ``~`` and its place in the list.
    """

    def __init__(self) -> None:
        self.contents: list[Content] = []
        self._open: Content | None = None
        self._rest = b""

    def feed(self, part: bytes) -> bytes:
        """The next piece; returns what is not a file's."""
        self._rest += part
        passed = []
        while (piece := self._step()) is not None:
            passed.append(piece)
        return b"".join(passed)

    def end(self) -> bytes:
        """What was held back."""
        return self._rest

    def close(self) -> None:
        """The files are forgotten."""
        for content in self.contents:
            content.spool.close()

    def _step(self) -> bytes | None:
        """One stretch of the event, or of a file; ``None``: more has to come before anything can be said."""
        return self._outside() if self._open is None else self._inside(self._open)

    def _outside(self) -> bytes | None:
        found = _OPENING.search(self._rest)
        if found is None:
            passed, self._rest = self._rest[:-_LONGEST], self._rest[-_LONGEST:]
            return passed or None
        passed, self._rest = self._rest[: found.end()], self._rest[found.end() :]
        self._open = Content(found[1].replace(b"\\", b"").decode("ascii", "replace"))
        self.contents.append(self._open)
        return passed + f"{MARK}{len(self.contents) - 1}".encode()

    def _inside(self, content: Content) -> bytes | None:
        end = self._rest.find(b'"')
        content.add(self._rest if end < 0 else self._rest[:end])
        self._rest = b"" if end < 0 else self._rest[end:]
        if end < 0:
            return None
        content.end()
        self._open = None
        return b""


def place_of(content: object) -> int | None:
    """Which of the contents an attachment's ``content`` stands for."""
    if not isinstance(content, str):
        return None
    place = content.rpartition(f",{MARK}")[2]
    return int(place) if place.isdecimal() and content.startswith("data:") else None
