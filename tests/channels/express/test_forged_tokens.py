"""The corpus of forged proofs at the front door: none is believed, none makes the server stumble, none says why."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from express_bot.gateway.app import create_app
from tests.channels.express.events import HUID, callback, said
from tests.channels.express.forgeries import forgeries
from tests.channels.express.tokens import BOT, HOST, OLD_SECRET, bearer, claims, proof, token

DOORS = ("/command", "/notification/callback", "/smartapps/request", "/webhook/command")
#: Longer than any honest headers: refused by the front door before anybody looks at them.
TOO_LONG = {"a megabyte"}


@pytest.fixture
def stranger(configured, spa_folder):
    """Speaks to the doors without being the server. Nothing runs behind them."""
    return TestClient(create_app(configured(express_botx_url=f"https://{HOST}"), spa_folder=spa_folder))


@pytest.fixture
def changing(configured, spa_folder):
    """The same while the secret is being changed."""
    settings = configured(express_botx_url=f"https://{HOST}", express_secret_key_old=OLD_SECRET)
    return TestClient(create_app(settings, spa_folder=spa_folder))


def knock(stranger, path, headers, content):
    return stranger.post(path, headers=[(b"Authorization", header) for header in headers], content=content)


@pytest.mark.parametrize("when", ["stranger", "changing"])
def test_nothing_of_the_corpus_gets_in_and_every_no_is_the_same(request, when, core):
    stranger = request.getfixturevalue(when)
    answers = [
        (forgery.name, knock(stranger, "/command", forgery.headers, b'{"broken": '))
        for forgery in forgeries()
        if not any(b"\xa0" in header for header in forgery.headers)  # no client would send this as a header
    ]
    assert len(answers) >= 300
    odd = {name for name, answer in answers if answer.status_code != 401}
    assert odd == TOO_LONG
    assert len({answer.content for name, answer in answers if name not in odd}) == 1
    assert answers[0][1].json()["reason"] == "unverified_request"
    assert core.inbox == {}


@pytest.mark.parametrize("path", DOORS[1:])
def test_no_other_door_is_weaker(stranger, core, path):
    signed = [forgery for forgery in forgeries() if forgery.headers][::9]
    answers = {knock(stranger, path, forgery.headers, b"{}").status_code for forgery in signed}
    assert answers <= {401, 431}
    assert core.heard("callback") == []


def test_the_menu_is_not_for_strangers(stranger, core):
    query = {"bot_id": BOT, "user_huid": HUID, "chat_type": "chat"}
    for forgery in forgeries()[::9]:
        headers = [(b"Authorization", header) for header in forgery.headers]
        assert stranger.get("/status", params=query, headers=headers).status_code in (401, 431)
    assert core.people == {}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=st.binary(max_size=40) | st.dictionaries(st.sampled_from(["alg", "typ", "crit", "kid"]), st.text(max_size=6)),
    iat=st.integers(-(10**12), 10**12) | st.text(max_size=5) | st.none(),
)
def test_grown_proofs_get_a_clean_no(stranger, head, iat):
    answer = knock(stranger, "/command", (bearer(token(claims(iat=iat), header=head)),), b"{}")
    assert answer.status_code == 401


def test_a_true_proof_does_not_carry_an_event_of_another_bot(stranger, core):
    event = said("/start") | {"bot_id": HUID}
    answer = stranger.post("/command", json=event, headers=[(b"Authorization", proof())])
    assert (answer.status_code, answer.json()["reason"]) == (401, "unverified_request")
    assert core.inbox == {}


def test_an_unsigned_callback_of_nothing_is_refused_like_any_stranger(stranger):
    for body in (b"", b"[]", b"{}", b"{", b"null", b'{"sync_id":"x","status":"ok"}', b'{"status":"ok","result":{}}'):
        assert stranger.post("/notification/callback", content=body).status_code == 401
    broken = callback(HUID) | {"status": "maybe"}
    assert stranger.post("/notification/callback", json=broken).status_code == 401


def test_a_wrong_signature_is_worse_than_none(stranger, core):
    headers = [(b"Authorization", bearer(token(claims(), key="another" * 6)))]
    assert stranger.post("/notification/callback", json=callback(HUID), headers=headers).status_code == 401
    assert core.heard("callback") == []
