"""Nobody gets in by guessing: few tries for each, few for all guests together, few codes to be guessed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from express_bot.core.links.service import CODES, GUESTS_TRIES, TRIES
from tests.core.links.conftest import Side

Meet = Callable[..., Side]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def let_time_pass(db: Any, interval: str) -> None:
    db.execute(f"update link_tries set at = at - interval '{interval}'")
    db.execute(f"update link_codes set created_at = created_at - interval '{interval}'")


def test_five_tries_and_then_not_even_the_right_code(anna: Side, guest: Side, db: Any) -> None:
    code = anna.code()
    assert [guest.enter(wrong(code)).json["code"] for _ in range(5)] == ["code_wrong"] * 5
    refused = guest.enter(code)
    assert (refused.status_code, refused.json["code"]) == (429, "too_many_attempts")
    assert 500 < refused.json["retry_after"] <= 600
    assert guest.who()["roles"] == []
    let_time_pass(db, "10 minutes")
    assert guest.enter(code).status_code == 200


def test_tries_at_once_do_not_slip_by_one_another(anna: Side, guest: Side) -> None:
    code = anna.code()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: guest.enter(wrong(code)).json["code"], range(24)))
    assert answers.count("code_wrong") == TRIES[0][0]
    assert set(answers) == {"code_wrong", "too_many_attempts"}


def test_an_expired_code_is_a_try_and_a_right_one_is_none(anna: Side, guest: Side, rows: Any, db: Any) -> None:
    code = anna.code()
    db.execute("update link_codes set expires_at = clock_timestamp()")
    assert guest.enter(code).json["code"] == "code_expired"
    assert rows("link_tries") == 1
    assert guest.enter(anna.code()).status_code == 200
    assert rows("link_tries") == 1


def test_patience_is_limited_by_the_day(anna: Side, guest: Side, db: Any) -> None:
    code, tried = anna.code(), 0
    for _ in range(8):
        tried += [guest.enter(wrong(code)).json["code"] for _ in range(6)].count("code_wrong")
        let_time_pass(db, "11 minutes")
    assert tried == TRIES[1][0]


def test_all_codes_tried_by_a_crowd_of_guests_let_nobody_in(anna: Side, meet: Meet, db: Any, rows: Any) -> None:
    """A million guesses of as many accounts as one likes: 60 are looked at in ten minutes, 300 in a day."""
    code = int(anna.code())
    looked_at = 0
    for number in range(80):
        stranger = meet("telegram", f"9{number:05}")
        answer = stranger.enter(f"{(code + 1 + number) % 10**6:06}")
        looked_at += answer.json["code"] == "code_wrong"
    assert looked_at == GUESTS_TRIES[0][0]
    assert rows("identities", f"user_id = '{anna.user_id}'") == 1
    # whatever the order of a million guesses, the code ends before they reach a hundredth of one percent of them
    assert GUESTS_TRIES[0][0] / 10**6 < 1 / 10_000
    assert meet("telegram", "999999").enter(f"{code:06}").json["code"] == "too_many_attempts"


def test_the_limit_of_guests_does_not_stop_people_who_are_known(anna: Side, guest: Side, db: Any) -> None:
    db.execute(
        "insert into link_tries (user_id, by_guest, at)"
        " select gen_random_uuid(), true, clock_timestamp() from generate_series(1, 100)"
    )
    assert guest.enter("123456").json["code"] == "too_many_attempts"
    assert anna.enter(guest.code()).status_code == 200


def test_codes_are_rationed(anna: Side, db: Any, rows: Any) -> None:
    for _ in range(CODES[0]):
        anna.code()
    refused = anna.ask()
    assert (refused.status_code, refused.json["code"]) == (429, "too_many_attempts")
    assert rows("link_codes", "expires_at > clock_timestamp()") == 1
    let_time_pass(db, "10 minutes")
    assert anna.ask().status_code == 200


def test_every_refused_try_is_in_the_audit(guest: Side, db: Any) -> None:
    guest.enter("123456")
    found = db.execute("select actor_role, channel, details from audit_log where act = 'link.refused'").fetchall()
    assert found == [{"actor_role": "guest", "channel": "telegram", "details": {"code": "code_wrong"}}]


def test_codes_differ_and_fill_their_room(meet: Meet) -> None:
    codes = {meet("telegram", f"6{number:04}").code() for number in range(40)}
    assert len(codes) == 40
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
