"""The negative control: a core that calls a file ready a moment before its bytes are where they are kept.

The product has no such switch. This module, which only a harness starts, lets the row be written while the bytes are
still on their way; whoever is killed in between has promised what is not there.
"""

from __future__ import annotations

from pathlib import Path
from threading import Timer
from uuid import uuid4

from express_bot.core.files.store import KEPT, Folder, Work

_keep = Folder.keep


def _keep_later(self: Folder, work: Work, name: str) -> None:
    assert work.path is not None
    if not name.startswith(KEPT):
        _keep(self, work, name)
        return
    aside = Path(f"{work.path}-{uuid4().hex}")
    work.path.rename(aside)
    Timer(0.4, lambda: _keep(self, Work(aside.open("r+b", buffering=0), aside), name)).start()


Folder.keep = _keep_later  # type: ignore[method-assign]  # that is the control

from express_bot.core.wsgi import app  # noqa: E402 # after the patch

__all__ = ["app"]
