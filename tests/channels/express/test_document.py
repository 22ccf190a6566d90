"""The doors of the eXpress server answer as their document says, to strangers and to the server itself."""

from __future__ import annotations

import pytest

from tests.channels.express.fake_core import KEY
from tests.channels.express.tokens import BOT, SECRET, proof
from tests.gateway.serving import running_gateway
from tests.guards.storm import blow, over_http


@pytest.fixture
def address(core, cts, tmp_path, spa_folder):
    with running_gateway(
        core.port, tmp_path, EXPRESS_BOT_ID=BOT, EXPRESS_SECRET_KEY=SECRET, EXPRESS_BOTX_URL=cts.url,
        CORE_SERVICE_KEY=KEY, FLASK_API_URL=core.url, EXPRESS_PROOF_LIFETIME="3600",
    ) as gateway:  # fmt: skip
        yield f"http://127.0.0.1:{gateway.port}"


@pytest.mark.parametrize("proven", [False, True])
def test_no_call_meets_an_answer_that_is_not_described(address, proven):
    token = proof(2, aud="localhost").decode().removeprefix("Bearer ") if proven else "no.such.proof"
    weather = blow(over_http(address, token=token, examples=10))
    # A proven server that sends nonsense is told so with 503: that is the protocol's word for «not taken».
    odd = [story for story in weather.failures if not (proven and ' 503 b\'{"reason":"bot_disabled"' in story)]
    assert odd == [], "\n\n".join(odd[:10])
    assert {"POST /command", "GET /webhook/status"} <= weather.operations
    assert (401 in weather.statuses, 503 in weather.statuses) == (True, proven)
