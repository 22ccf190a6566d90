"""The async side's door to the core: proves the service, names the person, never does anything twice."""

from __future__ import annotations

import asyncio
import json
from uuid import uuid4

import jwt
import pytest

from express_bot.core_client import CoreClient, CoreError, CoreGone
from tests.gateway.serving import SERVICE_KEY
from tests.gateway.stand_in import StandIn, answer, hang_up

PERSON = str(uuid4())


def calling(core, action):
    """Runs one coroutine with a client of the chat service."""

    async def run():
        async with CoreClient(f"http://127.0.0.1:{core.port}", SERVICE_KEY, "dialogs") as client:
            return await action(client)

    return asyncio.run(run())


def claims_of(heard) -> dict:
    token = heard.all("Authorization")[0].removeprefix("Bearer ")
    return jwt.decode(token, SERVICE_KEY, algorithms=["HS256"], audience="core")


def test_a_call_for_a_person_carries_proof_key_language_and_document(core):
    core.script("/api/smartapp/submit", answer(b'{"number":"2027-0001"}', "201 Created"))

    said = calling(
        core,
        lambda client: client.request(
            "POST",
            "/api/smartapp/submit",
            {"form": "flight"},
            acting_user=PERSON,
            channel="express",
            idempotency_key="key-12345678",
            locale="en",
        ),
    )

    heard = core.heard[0]
    claims = claims_of(heard)
    assert said == {"number": "2027-0001"}
    assert json.loads(heard.body) == {"form": "flight"}
    assert (heard.all("Idempotency-Key"), heard.all("Accept-Language")) == (["key-12345678"], ["en"])
    assert {name: claims[name] for name in ("iss", "sub", "aud", "act", "channel")} == {
        "iss": "dialogs",
        "sub": "dialogs",
        "aud": "core",
        "act": PERSON,
        "channel": "express",
    }
    assert claims["exp"] - claims["iat"] == 300


def test_a_token_speaks_for_one_person_only_and_is_used_again(core):
    async def three_calls(client):
        await client.request("GET", "/api/smartapp/me", acting_user=PERSON)
        await client.request("GET", "/api/smartapp/me", acting_user=PERSON)
        await client.request("GET", "/api/smartapp/me", acting_user=str(uuid4()))
        await client.request("GET", "/api/smartapp/me")

    calling(core, three_calls)
    tokens = [heard.all("Authorization")[0] for heard in core.heard]
    assert tokens[0] == tokens[1]
    assert len(set(tokens)) == 3
    assert "act" not in claims_of(core.heard[3])


def test_a_refusal_comes_with_its_problem_document(core):
    problem = b'{"code":"limit_reached","status":409,"number":"2027-0001"}'
    core.script("/api/smartapp/submit", answer(problem, "409 Conflict"))
    with pytest.raises(CoreError) as refused:
        calling(core, lambda client: client.request("POST", "/api/smartapp/submit", {}, idempotency_key="key-12345678"))
    assert (refused.value.status, refused.value.code) == (409, "limit_reached")
    assert refused.value.problem["number"] == "2027-0001"


def test_an_empty_answer_is_none(core):
    core.script("/api/smartapp/session", answer(b"", "204 No Content"))
    assert calling(core, lambda client: client.request("DELETE", "/api/smartapp/session")) is None


def test_a_keyed_call_is_repeated_once_and_a_bare_change_never(core):
    core.script("/api/smartapp/submit", hang_up, answer())
    calling(core, lambda client: client.request("POST", "/api/smartapp/submit", {}, idempotency_key="key-12345678"))
    core.script("/api/smartapp/draft", hang_up, answer())
    with pytest.raises(CoreGone) as lost:
        calling(core, lambda client: client.request("PUT", "/api/smartapp/draft", {}))
    assert (lost.value.status, lost.value.code) == (503, "core_unavailable")
    assert (len(core.calls("/api/smartapp/submit")), len(core.calls("/api/smartapp/draft"))) == (2, 1)


def test_health_of_a_sick_core_is_its_own_word_and_of_an_absent_one_an_error(core):
    core.script("/health", answer(b'{"status":"down"}', "503 Service Unavailable"))
    assert calling(core, lambda client: client.get_health()) == {"status": "down"}
    gone = StandIn()
    gone.close()
    with pytest.raises(CoreGone):
        calling(gone, lambda client: client.get_health())
