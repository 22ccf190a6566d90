"""The web client's page, on a site of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.journeys import built

FOLDER = Path(__file__).parent


@contextmanager
def served() -> Iterator[str]:
    """The page's origin: by name, and the product by number, so that they are two sites as in real life."""
    with built.served(FOLDER) as address:
        yield address.replace("127.0.0.1", "localhost")
