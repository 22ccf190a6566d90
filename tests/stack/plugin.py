"""The running product as a fixture: ``from tests.stack.plugin import stack as stack`` in a ``conftest.py``.

Each folder that imports it gets a stack of its own, started at its first test: what one folder breaks or which clock
it moves is no business of another.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stack.house import Stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """PostgreSQL, core and gateway, healthy."""
    with Stack() as running:
        yield running
