"""Waits until the test run is gone, however it went, and ends what its stack has left behind.

``python -m tests.stack.guard VAR_DIR TEMPORARY_DIR``, with a pipe for its input that closes when the run ends.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from express_bot.cli.stack import leftovers


def main(var_dir: Path, temporary: Path) -> None:
    """Returns when no process of the stack is left."""
    sys.stdin.read()
    leftovers.end(var_dir)
    shutil.rmtree(temporary, ignore_errors=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
