"""Login and password in a browser: argon2, and a brake per account and per source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from werkzeug.test import TestResponse

from express_bot.core.sessions import local
from express_bot.core.users import repository as users
from tests.conftest import Api
from tests.core.proofs import service_token

PASSWORD = "верный пароль 7"


@pytest.fixture(autouse=True)
def _quick_hash(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """A hundred logins of full strength would take most of the suite's time; one test keeps the real strength."""
    if "real_hash" not in request.fixturenames:
        monkeypatch.setattr(local, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    local._nobodys_hash.cache_clear()
    yield
    local._nobodys_hash.cache_clear()


@pytest.fixture
def real_hash() -> None:
    """Asks for the product's own strength."""


@pytest.fixture
def anna(db: Any) -> str:
    """A person with a local login; returns the id."""
    user_id = users.insert(db, full_name="Местная Анна Ивановна")
    users.insert_identity(db, user_id, "local", "anna", local.hash_password(PASSWORD))
    users.grant(db, user_id, "employee")
    return str(user_id)


def _login(api: Api, password: str = PASSWORD, login: str = "anna", **headers: str) -> TestResponse:
    body = {"provider": "local", "login": login, "password": password}
    return api.post("/api/smartapp/session", body, headers={name.replace("_", "-"): v for name, v in headers.items()})


def _from(address: str) -> dict[str, str]:
    return {"X_Peer_Address": address, "X_Gateway_Token": service_token()}


@pytest.mark.parametrize("login", ["anna", "ANNA", "  Anna "])
def test_the_right_password_opens_a_session(api: Api, anna: str, login: str) -> None:
    answer = _login(api, login=login)
    assert (answer.status_code, answer.json["user"]["id"]) == (200, anna)
    assert Api(api.app, answer.json["access_token"]).get("/api/smartapp/me").status_code == 200


def test_the_password_is_kept_as_a_strong_argon2id_hash(real_hash: None, anna: str, one: Any) -> None:
    row = one("select secret_hash from identities where provider = 'local' and subject = 'anna'")
    assert row["secret_hash"].startswith("$argon2id$")
    assert extract_parameters(row["secret_hash"]).memory_cost >= 19 * 1024
    assert PASSWORD not in row["secret_hash"]


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("anna", "wrong"),
        ("anna", PASSWORD + " "),
        ("anna", PASSWORD.upper()),
        ("nobody", PASSWORD),
        ("vorontsova", "x"),
    ],
)
def test_a_wrong_login_and_a_wrong_password_get_the_same_answer(
    api: Api, anna: str, rows: Any, login: str, password: str
) -> None:
    refused = _login(api, password, login)
    assert (refused.status_code, refused.json["code"]) == (401, "wrong_credentials")
    assert refused.json == _login(api, "another wrong one", "nobody-at-all").json
    assert rows("sessions") == 0


def test_the_login_of_the_demo_is_no_local_login(api: Api, db: Any) -> None:
    db.execute("update identities set secret_hash = %s where provider = 'demo'", (local.hash_password(PASSWORD),))
    assert _login(api, PASSWORD, "vorontsova").status_code == 401


def test_the_eleventh_wrong_try_for_an_account_is_not_looked_at(api: Api, anna: str, rows: Any) -> None:
    for n in range(10):
        assert _login(api, f"wrong-{n}", **_from(f"10.0.0.{n}")).status_code == 401
    stopped = _login(api, PASSWORD, **_from("10.0.0.99"))
    assert (stopped.status_code, stopped.json["code"]) == (429, "too_many_attempts")
    assert 0 < int(stopped.headers["Retry-After"]) <= 300
    assert stopped.json["retry_after"] == int(stopped.headers["Retry-After"])
    assert rows("sessions") == 0


def test_the_brake_of_one_account_does_not_stop_another(api: Api, anna: str) -> None:
    for n in range(11):
        _login(api, f"wrong-{n}", "somebody-else", **_from(f"10.0.0.{n}"))
    assert _login(api).status_code == 200


def test_sixteen_tries_at_once_are_not_looked_at_more_than_ten_times(
    api: Api, anna: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    check = local._matches
    monkeypatch.setattr(local, "_matches", lambda stored, given: looked_at.append(given) or check(stored, given))
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: _login(api, f"wrong-{n}", **_from(f"10.0.1.{n}")), range(32)))
    assert sorted(answer.status_code for answer in answers) == [401] * 10 + [429] * 22
    assert len(looked_at) == 10


def test_the_right_password_makes_earlier_mistakes_forgotten(api: Api, anna: str) -> None:
    for round_ in range(3):
        for n in range(6):
            assert _login(api, f"wrong-{n}", **_from(f"10.0.{round_}.{n}")).status_code == 401
        assert _login(api).status_code == 200


def test_a_source_that_tries_many_accounts_is_stopped(api: Api, anna: str) -> None:
    for n in range(30):
        assert _login(api, "guess", f"somebody-{n}", **_from("203.0.113.7")).status_code == 401
    stopped = _login(api, PASSWORD, **_from("203.0.113.7"))
    assert (stopped.status_code, stopped.json["code"]) == (429, "too_many_attempts")
    assert _login(api, PASSWORD, **_from("203.0.113.8")).status_code == 200


def test_a_crowd_behind_one_address_signs_in(api: Api, anna: str) -> None:
    assert {_login(api, **_from("203.0.113.9")).status_code for _ in range(35)} == {200}


@pytest.mark.parametrize(
    "proof",
    [
        pytest.param(lambda: None, id="none"),
        pytest.param(lambda: "", id="empty"),
        pytest.param(lambda: "x", id="no token"),
        pytest.param(lambda: service_token(key="x" * 40), id="signed by another key"),
        pytest.param(lambda: service_token(aud="gateway"), id="for another audience"),
    ],
)
def test_an_address_told_without_the_gateways_proof_is_not_believed(
    api: Api, anna: str, proof: Callable[[], str | None]
) -> None:
    told = {} if (said := proof()) is None else {"X_Gateway_Token": said}
    for n in range(30):
        _login(api, "guess", f"somebody-{n}", X_Peer_Address=f"198.51.100.{n}", **told)
    stopped = _login(api, PASSWORD, X_Peer_Address="198.51.100.200", **told)
    assert (stopped.status_code, stopped.json["code"]) == (429, "too_many_attempts")


@pytest.mark.parametrize(
    ("member", "value"),
    [("login", ""), ("login", "x" * 101), ("password", ""), ("password", "x" * 201), ("login", 5), ("password", None)],
)
def test_an_odd_login_is_refused_with_its_member(api: Api, rows: Any, member: str, value: Any) -> None:
    body = {"provider": "local", "login": "anna", "password": PASSWORD} | {member: value}
    refused = api.post("/api/smartapp/session", body)
    assert (refused.status_code, [e["field"] for e in refused.json["errors"]]) == (422, [member])
    assert rows("sessions") == 0
