"""The strict reading of the server's token, at the verifier itself."""

from __future__ import annotations

import time
from uuid import UUID

import jwt
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pybotx import Bot, BotAccountWithSecret, UnverifiedRequestError

from express_bot.channels.express.verify import LEEWAY, Unverified, Verifier
from express_bot.settings import Settings
from tests.channels.express import forgeries as forging
from tests.channels.express import tokens
from tests.channels.express.forgeries import forgeries
from tests.channels.express.tokens import BOT, HOST, LIFETIME, SECRET, bearer, claims, proof, token
from tests.channels.express.tokens import OLD_SECRET as OLD

VERIFIER = Verifier(BOT, HOST, SECRET, LIFETIME)
#: While the secret is being changed.
CHANGING = Verifier(BOT, HOST, SECRET, LIFETIME, old_secret=OLD)
#: Grown claims: any JSON that no honest server would say.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
CLAIMS = st.sampled_from(["iss", "aud", "iat", "exp", "version"])
GROWN = settings(max_examples=400, deadline=None)


def believes(*headers: bytes, verifier: Verifier = VERIFIER) -> bool:
    """Whether the headers prove the server; anything but a clean no fails the test."""
    try:
        verifier.verify(headers)
    except Unverified:
        return False
    return True


@pytest.mark.parametrize("version", [1, 2])
def test_an_honest_proof_of_either_version_is_believed(version):
    assert believes(proof(version))
    assert believes(proof(version, nbf=..., jti=...))


def test_the_second_version_may_leave_its_number_out():
    assert believes(proof(2, version=...))


@pytest.mark.parametrize(
    ("early", "late"), [({"iat": 4, "exp": 60}, True), ({"iat": -LIFETIME - 4, "exp": -4}, True), ({"iat": 7}, False)]
)
def test_clocks_may_differ_by_five_seconds_and_no_more(early, late):
    now = int(time.time())
    assert LEEWAY == 5
    assert believes(proof(2, nbf=..., **{name: now + seconds for name, seconds in early.items()})) is late


def test_the_corpus_is_large_and_nothing_of_it_is_believed():
    corpus = forgeries()
    assert len({forgery.headers for forgery in corpus}) >= 300
    assert [forgery.name for forgery in corpus if believes(*forgery.headers)] == []
    assert [forgery.name for forgery in corpus if believes(*forgery.headers, verifier=CHANGING)] == []


def test_nothing_of_the_corpus_is_believed_when_it_is_signed_with_the_secret_before(monkeypatch):
    monkeypatch.setattr(tokens.token, "__kwdefaults__", tokens.token.__kwdefaults__ | {"key": OLD})
    monkeypatch.setattr(forging, "SECRET", OLD)
    corpus = forgeries()
    assert CHANGING.verify([proof(2)]) == "old"
    assert len({forgery.headers for forgery in corpus}) >= 300
    assert [forgery.name for forgery in corpus if believes(*forgery.headers, verifier=CHANGING)] == []


@pytest.mark.parametrize("version", [1, 2])
def test_while_the_secret_is_being_changed_either_is_believed_and_nothing_else(version):
    now, before, other = (bearer(token(claims(version), key=key)) for key in (SECRET, OLD, "another" * 6))
    assert [CHANGING.verify([header]) for header in (now, before)] == ["new", "old"]
    assert not believes(other, verifier=CHANGING)
    assert not believes(before), "after the change the one before is anybody's"


def test_both_secrets_are_tried_whichever_fits(monkeypatch):
    tried = []
    decode = jwt.decode
    monkeypatch.setattr(jwt, "decode", lambda token, key, **how: tried.append(key) or decode(token, key, **how))
    for key in (SECRET, OLD, "another" * 6):
        believes(bearer(token(claims(), key=key)), verifier=CHANGING)
    assert tried == [SECRET, OLD] * 3


def test_an_empty_secret_before_is_none():
    nobodys = Verifier(BOT, HOST, SECRET, LIFETIME, old_secret="")
    assert not believes(bearer(token(claims(), key="")), verifier=nobodys)
    assert believes(proof(), verifier=nobodys)


def test_the_corpus_bites_the_library_itself_would_believe_some_of_it_and_stumble_over_more():
    account = BotAccountWithSecret(id=UUID(BOT), cts_url=f"https://{HOST}", secret_key=SECRET)
    bot = Bot(collectors=(), bot_accounts=[account])
    verdicts = [_of_the_library(bot, forgery.headers) for forgery in forgeries()]
    assert verdicts.count("believed") >= 20
    assert verdicts.count("stumbled") >= 3


def _of_the_library(bot: Bot, headers: tuple[bytes, ...]) -> str:
    try:
        bot._verify_request({"authorization": headers[0].decode("latin-1")} if headers else {})
    except UnverifiedRequestError:
        return "refused"
    except Exception:
        return "stumbled"
    return "believed"


@GROWN
@given(version=st.sampled_from([1, 2]), claim=CLAIMS, said=JSON)
def test_no_grown_claim_is_believed(version, claim, said):
    honest = claims(version)
    assume(claim != "version" or version == 2)
    assume(said != honest.get(claim) or type(said) is not type(honest.get(claim)))
    now = int(time.time())
    assume(claim not in ("iat", "exp") or type(said) is not int or abs(said - now) > 2 * LIFETIME)
    assert not believes(proof(version, **{claim: said}))


@GROWN
@given(head=st.binary(max_size=60) | JSON, body=st.binary(max_size=120) | JSON)
def test_no_grown_token_is_believed_though_rightly_signed(head, body):
    assert not believes(bearer(token(body, header=head)))


@GROWN
@given(place=st.integers(0, 10_000), sign=st.integers(0, 255), version=st.sampled_from([1, 2]))
def test_no_proof_survives_the_change_of_a_single_byte(place, sign, version):
    honest = proof(version)
    changed = bytearray(honest)
    changed[place % len(honest)] = sign
    assume(bytes(changed) != honest)
    assert not believes(bytes(changed))


@GROWN
@given(st.lists(st.binary(max_size=200), max_size=3))
def test_no_heap_of_bytes_is_believed(headers):
    assert not believes(*headers)


@GROWN
@given(key=st.text(max_size=60), version=st.sampled_from([1, 2]))
def test_no_other_key_signs_for_the_server(key, version):
    assume(key != SECRET)
    assert not believes(bearer(token(claims(version), key=key)))


def test_a_verifier_without_a_secret_cannot_be_made():
    with pytest.raises(ValueError, match="secret"):
        Verifier(BOT, HOST, "", LIFETIME)
    assert SECRET not in repr(VERIFIER)


def test_settings_give_bot_and_host_in_one_writing(tmp_path):
    settings_ = Settings(
        mode="test",
        var_dir=tmp_path,
        express_bot_id=BOT.upper(),
        express_secret_key=SECRET,
        express_botx_url="https://CTS.example:8443/api/botx",
    )
    verifier = Verifier.of(settings_)
    assert (verifier.bot_id, verifier.host, verifier.lifetime) == (BOT, HOST, LIFETIME)
