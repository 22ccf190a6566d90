"""Signing in from a Telegram Mini App: what Telegram has signed counts, once and fresh; nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from express_bot.core.sessions import local, repository, telegram
from express_bot.core.sessions.telegram import NotProven, read
from express_bot.settings import Settings
from tests.conftest import Api
from tests.core.looking import digest
from tests.core.messenger import Messenger
from tests.core.sessions.launches import ANNA, OTHER_TOKEN, TOKEN, encoded, hash_of, odd, signed

Rows = Callable[..., int]
AT = datetime(2026, 11, 24, 7, tzinfo=UTC)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"telegram_bot_token": type(settings.service_key)(TOKEN)})


def login(api: Api, init_data: object) -> Any:
    return api.post("/api/smartapp/session", {"provider": "telegram", "init_data": init_data})


class TestWhoIsProven:
    def test_a_stranger_becomes_a_guest_with_a_session(self, api: Api, rows: Rows) -> None:
        answer = login(api, signed(now()))
        assert answer.status_code == 200, answer.text
        assert (answer.json["user"]["full_name"], answer.json["user"]["roles"]) == ("Анна Воронцова", [])
        guest = Api(api.app, answer.json["access_token"])
        assert guest.get("/api/smartapp/applications").status_code == 403
        assert rows("identities", "provider = 'telegram' and subject = '5550001'") == 1
        assert rows("audit_log", "act = 'user.create' and details->>'provider' = 'telegram'") == 1
        assert rows("audit_log", "act = 'session.open' and details->>'provider' = 'telegram'") == 1

    def test_a_linked_person_is_who_they_are(self, api: Api, db: Any) -> None:
        employee = api.as_("employee").get("/api/smartapp/me").json["user"]["id"]
        db.execute(
            "insert into identities (provider, subject, user_id) values ('telegram', '5550001', %s)", (employee,)
        )
        answer = login(api, signed(now()))
        assert answer.json["user"]["id"] == employee
        person = Api(api.app, answer.json["access_token"])
        assert person.submit(key="from-the-mini-app").json["channel"] == "telegram"

    def test_the_bot_and_the_app_meet_the_same_person(self, api: Api) -> None:
        met = Messenger(api.app, "telegram").meet("5550001")
        assert login(api, signed(now())).json["user"]["id"] == met["user_id"]

    def test_where_newcomers_are_welcome_they_are_employees(self, api: Api, settings: Settings) -> None:
        settings.telegram_newcomers = "welcome"
        assert login(api, signed(now())).json["user"]["roles"] == ["employee"]

    def test_who_has_left_is_nobody(self, api: Api, db: Any, rows: Rows) -> None:
        met = Messenger(api.app, "telegram").meet("5550001")
        db.execute("update users set active = false where id = %s", (met["user_id"],))
        assert login(api, signed(now())).status_code == 401
        assert rows("sessions", "provider = 'telegram'") == 0

    @pytest.mark.parametrize(
        ("person", "name", "locale"),
        [
            ({"id": 1}, None, None),
            ({"id": 1, "first_name": "  ", "language_code": "de"}, None, None),
            ({"id": 1, "first_name": "Ann", "language_code": "en-GB"}, "Ann", "en"),
            ({"id": 1, "first_name": "A\u0000n\u202en\u200b", "last_name": 7, "language_code": 7}, "Ann", None),
            ({"id": 1, "first_name": "ы" * 300, "is_bot": False}, "ы" * 200, None),
        ],
    )
    def test_a_name_is_only_words(self, person: dict[str, Any], name: str | None, locale: str | None) -> None:
        launch = read(signed(AT, user=person), TOKEN, now=AT)
        assert (launch.full_name, launch.locale) == (name, locale)

    def test_the_order_of_fields_and_the_way_of_escaping_do_not_matter(self) -> None:
        good = signed(AT)
        turned = "&".join(reversed(good.split("&"))).replace("%3A", ":").replace("%2C", ",")
        assert read(turned, TOKEN, now=AT).digest == read(good, TOKEN, now=AT).digest

    def test_fields_that_telegram_may_add_are_signed_too(self) -> None:
        assert read(signed(AT, chat_instance="-3788475", start_param="r_2027-0142", chat_type=""), TOKEN, now=AT)
        assert read(signed(AT, without=("signature", "query_id")), TOKEN, now=AT)


class TestOnceAndFresh:
    @pytest.mark.parametrize("seconds", [-60, 0, 3599, 3600])
    def test_fresh_is_an_hour_and_a_little_of_the_future(self, seconds: int) -> None:
        assert read(signed(AT), TOKEN, now=AT + timedelta(seconds=seconds)).subject == "5550001"

    @pytest.mark.parametrize("seconds", [-61, 3601])
    def test_beyond_that_it_is_nothing(self, seconds: int) -> None:
        with pytest.raises(NotProven, match="not fresh"):
            read(signed(AT), TOKEN, now=AT + timedelta(seconds=seconds))

    def test_the_business_clock_of_the_demo_does_not_make_it_fresh(self, api: Api, travel: Any) -> None:
        travel("2030-01-01T00:00:00+00:00")
        assert login(api, signed(datetime(2030, 1, 1, tzinfo=UTC))).status_code == 401
        assert login(api, signed(now())).status_code == 200

    def test_it_counts_once_however_it_is_written(self, api: Api, rows: Rows) -> None:
        good = signed(now())
        assert login(api, good).status_code == 200
        for again in (good, "&".join(reversed(good.split("&"))), good.replace("%3A", ":")):
            assert (login(api, again).status_code, rows("sessions", "provider = 'telegram'")) == (401, 1)

    def test_ten_at_once_are_one(self, app: Flask, rows: Rows) -> None:
        good = signed(now())
        with ThreadPoolExecutor(10) as pool:
            answers = [answer.status_code for answer in pool.map(lambda _: login(Api(app), good), range(10))]
        assert (sorted(answers), rows("sessions", "provider = 'telegram'")) == ([200] + [401] * 9, 1)

    def test_a_mark_is_kept_until_the_proof_is_too_old_anyway(self) -> None:
        launch = read(signed(AT), TOKEN, now=AT)
        with pytest.raises(NotProven):
            read(signed(AT), TOKEN, now=launch.expires_at)

    def test_the_marks_of_yesterday_are_forgotten(self, api: Api, db: Any, rows: Rows) -> None:
        assert login(api, signed(now())).status_code == 200
        assert (repository.prune_spent(db, before=now()), rows("spent_proofs")) == (0, 1)
        assert (repository.prune_spent(db, before=now() + timedelta(hours=2)), rows("spent_proofs")) == (1, 0)


class TestWhatProvesNobody:
    def test_the_corpus_is_large(self) -> None:
        names = [name for name, _ in odd(AT)]
        assert len(names) >= 300
        assert len(names) == len(set(names))

    def test_nothing_of_the_corpus_is_accepted(self) -> None:
        assert [name for name, text in odd(AT) if _is_accepted(text)] == []

    def test_nothing_of_the_corpus_does_anything_at_the_door(
        self, app: Flask, db: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(local.Attempts, "begin_from", lambda *_: None)
        before, answers = digest(db), {}
        for name, text in odd(now()):
            answers[name] = login(Api(app), text).status_code
        assert {name: status for name, status in answers.items() if status != 401} == {}
        assert digest(db) == before

    @given(st.text(max_size=300))
    @example("hash=" + "0" * 64)
    def test_no_text_is_a_proof(self, text: str) -> None:
        assert not _is_accepted(text)

    @given(st.dictionaries(st.text(max_size=12), st.text(max_size=40), max_size=8), st.booleans())
    def test_no_fields_signed_by_somebody_else_are_a_proof(self, fields: dict[str, str], is_raw: bool) -> None:
        fields = {key: value for key, value in fields.items() if key != "hash"}
        assert not _is_accepted(encoded(fields | {"hash": hash_of(fields, OTHER_TOKEN)}, raw=is_raw))

    @given(st.integers(0, 400), st.characters(min_codepoint=32, max_codepoint=126))
    def test_no_changed_sign_leaves_it_a_proof_of_something_else(self, place: int, sign: str) -> None:
        good = signed(AT)
        place %= len(good)
        changed = good[:place] + sign + good[place + 1 :]
        try:
            launch = read(changed, TOKEN, now=AT)
        except NotProven:
            return
        assert launch == read(good, TOKEN, now=AT)  # the same thing in other letters: «%3a» for «%3A»

    def test_without_a_bot_nobody_signs_in_so(self, settings: Settings, dsn: str, app: Flask) -> None:
        app.extensions["house"].settings.telegram_bot_token = None
        assert login(Api(app), signed(now(), token="")).status_code == 401
        assert login(Api(app), signed(now())).status_code == 401

    @pytest.mark.parametrize("init_data", [None, 1, True, [], {}, ["hash=1"], "a" * 16_385])
    def test_what_is_no_text_is_no_body(self, api: Api, init_data: object) -> None:
        assert login(api, init_data).status_code == 422

    def test_the_answer_tells_nothing(self, api: Api) -> None:
        """Nobody learns from it how far they have come."""
        told = {
            login(api, text).text
            for text in (signed(now(), token=OTHER_TOKEN), signed(now() - timedelta(hours=2)), "x")
        }
        stripped = {text.split('"request_id"')[0] for text in told}
        assert len(stripped) == 1
        assert "hash" not in next(iter(told))

    def test_guesses_from_one_place_are_slowed_down_and_a_right_login_is_not(self, api: Api) -> None:
        for _ in range(25):
            assert login(api, signed(now(), token=OTHER_TOKEN)).status_code == 401
        assert login(api, signed(now())).status_code == 200
        answers = [login(api, signed(now(), token=OTHER_TOKEN)).status_code for _ in range(6)]
        assert answers == [401] * 5 + [429]


def test_hashes_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, int]] = []
    compare = telegram.hmac.compare_digest

    def look(one: bytes, other: bytes) -> bool:
        seen.append((len(one), len(other)))
        return compare(one, other)

    monkeypatch.setattr(telegram.hmac, "compare_digest", look)
    assert _is_accepted(signed(AT))
    assert not _is_accepted(signed(AT, token=OTHER_TOKEN))
    assert seen == [(32, 32), (32, 32)]


def _is_accepted(text: str) -> bool:
    try:
        return read(text, TOKEN, now=AT).subject == str(ANNA["id"])
    except NotProven:
        return False
