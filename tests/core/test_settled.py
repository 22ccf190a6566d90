"""A process that serves never looks again through what it was built of: that stops all of its threads at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LOOK = "import gc, {module}; print(gc.get_freeze_count(), len(gc.get_objects(generation=2)))"


@pytest.mark.parametrize("module", ["express_bot.core.wsgi", "express_bot.gateway.asgi"])
def test_what_is_there_when_it_begins_to_serve_is_left_alone(module: str, dsn: str, tmp_path: Path) -> None:
    told = {"EXPRESS_BOT_MODE": "test", "EXPRESS_BOT_VAR": str(tmp_path), "DATABASE_URL": dsn}
    done = subprocess.run(
        [sys.executable, "-c", LOOK.format(module=module)],
        env=os.environ | told,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    left_alone, looked_through = map(int, done.stdout.split())
    assert left_alone > 50_000
    assert looked_through < left_alone / 50
