"""Who answers the people in the chats."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Api
from tests.dispatcher import Dispatcher


@pytest.fixture
def dispatcher(api: Api) -> Dispatcher:
    """Olga at the desk."""
    desk = api.as_("dispatcher")

    def call(method: str, path: str, body: Any, key: str | None) -> tuple[int, Any]:
        answer = desk.call(method, path, body, key=key)
        return answer.status_code, answer.json

    return Dispatcher(call)
