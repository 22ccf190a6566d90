"""Waits until the test run is gone, however it went, and ends what its stack has left behind.

``python -P tests/stack/guard.py VAR_DIR TEMPORARY_DIR``, with a pipe for its input that closes when the run ends. A
stack that has cleared up by itself says so there. Until then it knows nothing of the product: one such process waits
beside every stack, and importing the house costs more than many a test.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

#: What a stack says when nothing of it is left.
CLEARED = b"cleared"


def main(var_dir: Path, temporary: Path) -> None:
    """Returns when no process of the stack is left."""
    if sys.stdin.buffer.read() != CLEARED:
        clear(var_dir, temporary)


def clear(var_dir: Path, temporary: Path) -> None:
    """Ends what still runs and removes the folder."""
    from express_bot.cli.stack import leftovers

    leftovers.end(var_dir)
    shutil.rmtree(temporary, ignore_errors=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
