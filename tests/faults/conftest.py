"""One running product for the faults that it survives without anybody's help."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.filing import Wishes
from tests.stack import NewPerson, Stack
from tests.stack.plugin import stack as stack


@pytest.fixture
def house(stack: Stack) -> Iterator[Stack]:
    """The product, healthy before the test and healthy again after it."""
    stack.wait_healthy()
    yield stack
    stack.wait_healthy()


@pytest.fixture
def people(house: Stack) -> list[NewPerson]:
    """Enough for one test; nobody else knows them."""
    return house.new_people(64)


@pytest.fixture
def wishes(house: Stack, people: list[NewPerson]) -> Wishes:
    """What those people may ask for."""
    return Wishes(house, people)
