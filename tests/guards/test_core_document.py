"""P8: whatever a client makes of the core's document, the core answers by it and never breaks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from time import time

import pytest
import structlog

from tests.conftest import Api
from tests.core.proofs import service_token
from tests.guards.storm import blow, over_wsgi
from tests.guards.test_routes import ALLOWED

#: Operations of the document; it does not describe itself.
OPERATIONS = {f"{method} {rule}".replace("<", "{").replace(">", "}") for method, rule in ALLOWED if "json" not in rule}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of calls, thousands of lines."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize(("persona", "examples"), [("admin", 12), ("newcomer", 3)])
def test_no_call_of_a_person_meets_an_undocumented_answer(api: Api, persona: str, examples: int) -> None:
    # by a service token: a sign-out in the middle of the storm must not end it
    person = api.as_(persona).get("/api/smartapp/me").json["user"]["id"]
    weather = blow(over_wsgi(api.app, token=service_token(act=person, exp=int(time()) + 300), examples=examples))
    assert not weather.failures, str(weather)
    assert weather.operations == OPERATIONS
    assert {200, 400, 404, 415, 422} <= set(weather.statuses), weather.statuses
    assert not [status for status in weather.statuses if status >= 500]


def test_no_call_of_a_service_meets_an_undocumented_answer(api: Api) -> None:
    weather = blow(over_wsgi(api.app, token=service_token(exp=int(time()) + 300), examples=12))
    assert not weather.failures, str(weather)
    assert {200, 201, 204, 400, 403, 404, 415, 422} <= set(weather.statuses), weather.statuses
    assert not [status for status in weather.statuses if status >= 500]


def test_no_call_without_a_token_does_anything_but_sign_in(api: Api) -> None:
    weather = blow(over_wsgi(api.app, token=None, examples=3))
    assert not weather.failures, str(weather)
    assert {200, 401} <= set(weather.statuses)
