"""Answers that break a rule: each refusal names the field, in both languages, and nothing is kept or lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import NOW, Api
from tests.core.conftest import Standing
from tests.core.refusals import assert_refused, fields

GOOD = {"direction": "vvo", "date": "2027-01-15"}
#: What is wrong: the answers that say so, and the field with its code.
ANSWERS: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "an unknown base": ({"location": "lon"}, [("location", "unknown_option")]),
    "an unknown unit": ({"unit": "msk-oke-9"}, [("unit", "unknown_option")]),
    "a unit of another base": ({"unit": "spb-oke-4"}, [("unit", "wrong_parent")]),
    "an unknown position": ({"position": "pilot"}, [("position", "unknown_option")]),
    "an unknown direction": ({"direction": "lax"}, [("direction", "unknown_option")]),
    "a direction of another base": ({"direction": "vog"}, [("direction", "wrong_parent")]),
    "another base, the rest as before": (
        {"location": "spb"},
        [("unit", "wrong_parent"), ("direction", "wrong_parent")],
    ),
    "a direction in another case": ({"direction": "VVO"}, [("direction", "unknown_option")]),
    "no direction": ({"direction": None}, [("direction", "required")]),
    "an empty direction": ({"direction": ""}, [("direction", "required")]),
    "a typed direction of one letter": ({"direction": {"other": "Я"}}, [("direction", "too_short")]),
    "a typed direction of one letter and blanks": ({"direction": {"other": " Я  "}}, [("direction", "too_short")]),
    "a typed direction of 61 letters": ({"direction": {"other": "Я" * 61}}, [("direction", "too_long")]),
    "a typed direction of nothing": ({"direction": {"other": " "}}, [("direction", "required")]),
    "a typed direction that is a number": ({"direction": {"other": 5}}, [("direction", "wrong_type")]),
    "a typed direction with more": ({"direction": {"other": "Рим", "x": 1}}, [("direction", "wrong_type")]),
    "a list of directions": ({"direction": ["vvo"]}, [("direction", "wrong_type")]),
    "a day before the target": ({"date": "2026-12-31"}, [("date", "too_early")]),
    "a day after the target": ({"date": "2027-02-01"}, [("date", "too_late")]),
    "a day given out": ({"date": "2027-01-02"}, [("date", "excluded_date")]),
    "the 30th of February": ({"date": "2027-02-30"}, [("date", "not_a_date")]),
    "a day in words": ({"date": "15 января"}, [("date", "not_a_date")]),
    "a moment": ({"date": "2027-01-15T00:00:00Z"}, [("date", "not_a_date")]),
    "a short date": ({"date": "2027-1-5"}, [("date", "not_a_date")]),
    "a week": ({"date": "2027-W02-5"}, [("date", "not_a_date")]),
    "digits without dashes": ({"date": "20270115"}, [("date", "not_a_date")]),
    "Arabic digits": ({"date": "٢٠٢٧-٠١-١٥"}, [("date", "not_a_date")]),
    "a day as a number": ({"date": 20270115}, [("date", "wrong_type")]),
    "a personnel number with letters": ({"personnel_number": "10O234"}, [("personnel_number", "bad_format")]),
    "a personnel number of 5 digits": ({"personnel_number": "10023"}, [("personnel_number", "too_short")]),
    "a personnel number of 7 digits": ({"personnel_number": "1002345"}, [("personnel_number", "too_long")]),
    "a personnel number of foreign digits": (
        {"personnel_number": "１００２３４"},
        [("personnel_number", "bad_format")],
    ),
    "a personnel number as a number": ({"personnel_number": 100234}, [("personnel_number", "wrong_type")]),
    "a name of one letter": ({"full_name": "Я"}, [("full_name", "too_short")]),
    "a name of 101 letters": ({"full_name": "Я" * 101}, [("full_name", "too_long")]),
    "a name of digits": ({"full_name": "12345"}, [("full_name", "bad_format")]),
    "a name with a tag": ({"full_name": "<script>alert(1)</script>"}, [("full_name", "bad_format")]),
    "wishes of 301 letters": ({"wishes": "я" * 301}, [("wishes", "too_long")]),
    "wishes as a list": ({"wishes": ["утро"]}, [("wishes", "wrong_type")]),
    "an unknown field": ({"seat": "1A"}, [("seat", "unknown_field")]),
    "a field of the other form": ({"copies": 1}, [("copies", "unknown_field")]),
    "everything at once": (
        {"direction": "lax", "date": "2026-01-01", "wishes": 5, "zz": 1, "aa": 1},
        [
            ("direction", "unknown_option"),
            ("date", "too_early"),
            ("wishes", "wrong_type"),
            ("aa", "unknown_field"),
            ("zz", "unknown_field"),
        ],
    ),
}
CERTIFICATE = {"document": "income", "copies": 1, "needed_by": "2026-12-01", "delivery": "office"}
CERTIFICATE_ANSWERS: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "no copies": ({"copies": 0}, [("copies", "too_small")]),
    "11 copies": ({"copies": 11}, [("copies", "too_large")]),
    "half a copy": ({"copies": 1.5}, [("copies", "not_integer")]),
    "copies in words": ({"copies": "две"}, [("copies", "wrong_type")]),
    "yes as copies": ({"copies": True}, [("copies", "wrong_type")]),
    "needed today": ({"needed_by": "2026-11-24"}, [("needed_by", "too_early")]),
    "needed in two months": ({"needed_by": "2027-01-24"}, [("needed_by", "too_late")]),
    "by mail without an address": ({"delivery": "email"}, [("email", "required")]),
    "an address nobody asked for": ({"email": "anna@example.ru"}, [("email", "not_applicable")]),
    "no mail address": ({"delivery": "email", "email": "anna at example"}, [("email", "bad_format")]),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_an_application_that_breaks_a_rule_is_refused_with_its_field(untouched: Standing, what: str) -> None:
    wrong, expected = ANSWERS[what]
    body = {"form": "flight", "answers": GOOD | wrong}
    document = assert_refused(
        untouched.as_("employee"),
        "POST",
        "/api/smartapp/submit",
        422,
        "invalid_answers",
        body=body,
        key="key-of-bad-one",
    )
    assert fields(document) == expected


@pytest.mark.parametrize("what", ANSWERS)
def test_an_edit_that_breaks_a_rule_is_refused_with_its_field(untouched: Standing, what: str) -> None:
    wrong, expected = ANSWERS[what]
    document = assert_refused(
        untouched.as_("dispatcher"),
        "PATCH",
        f"/api/smartapp/applications/{untouched.filed}",
        422,
        "invalid_answers",
        body={"version": 1, "answers": GOOD | wrong},
        key="key-of-bad-edit",
    )
    assert fields(document) == expected


@pytest.mark.parametrize("what", CERTIFICATE_ANSWERS)
def test_the_second_form_is_judged_by_the_same_rules(untouched: Standing, what: str) -> None:
    wrong, expected = CERTIFICATE_ANSWERS[what]
    body = {"form": "certificate", "answers": CERTIFICATE | wrong}
    document = assert_refused(
        untouched.as_("newcomer"),
        "POST",
        "/api/smartapp/submit",
        422,
        "invalid_answers",
        body=body,
        key="key-of-bad-one",
    )
    assert fields(document) == expected


PROFILE = ("location", "unit", "position", "full_name", "personnel_number")


@pytest.mark.parametrize("what", [what for what, (wrong, _) in ANSWERS.items() if set(wrong) <= set(PROFILE)])
def test_a_profile_that_breaks_a_rule_is_refused_with_its_field(untouched: Standing, what: str) -> None:
    wrong, expected = ANSWERS[what]
    document = assert_refused(
        untouched.as_("employee"), "PATCH", "/api/smartapp/me", 422, "invalid_answers", body={"profile": wrong}
    )
    assert fields(document) == [found for found in expected if found[0] in PROFILE]


def test_a_profile_has_no_answers_that_are_no_profile(untouched: Standing) -> None:
    document = assert_refused(
        untouched.as_("employee"), "PATCH", "/api/smartapp/me", 422, "invalid_answers", body={"profile": GOOD}
    )
    assert fields(document) == [("date", "unknown_field"), ("direction", "unknown_field")]


def test_a_newcomer_is_told_every_fact_that_is_missing(untouched: Standing) -> None:
    document = assert_refused(
        untouched.as_("newcomer"),
        "POST",
        "/api/smartapp/submit",
        422,
        "invalid_answers",
        body={"form": "flight", "answers": GOOD},
        key="key-of-newcomer",
    )
    assert fields(document) == [(name, "required") for name in PROFILE]


def test_an_unknown_form_is_refused_by_its_name(untouched: Standing) -> None:
    document = assert_refused(
        untouched.as_("employee"),
        "POST",
        "/api/smartapp/submit",
        404,
        "unknown_form",
        body={"form": "vacation", "answers": GOOD},
        key="key-of-no-form",
    )
    assert document["form"] == "vacation"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "form"), ("GET", "periods"), ("GET", "draft"), ("DELETE", "draft")]
)
def test_reading_an_unknown_form_is_refused(untouched: Standing, method: str, path: str) -> None:
    assert_refused(untouched.as_("employee"), method, f"/api/smartapp/{path}?form=vacation", 404, "unknown_form")


def test_a_draft_of_an_unknown_form_is_refused(untouched: Standing) -> None:
    body = {"form": "vacation", "answers": {}, "client_key": "draft-of-vacation"}
    assert_refused(untouched.as_("employee"), "PUT", "/api/smartapp/draft", 404, "unknown_form", body=body)


@pytest.fixture
def at(untouched: Standing) -> Iterator[Callable[[str], None]]:
    """Moves the business clock of the standing house, and back at the end."""
    clock = untouched.app.extensions["house"].clock
    yield lambda moment: clock.move(type(NOW).fromisoformat(moment))
    clock.move(NOW)


def _submit(house: Standing, persona: str, status: int, code: str, **more: Any) -> dict[str, Any]:
    body = {"form": "flight", "answers": GOOD} | more
    caller: Api = house.as_(persona)
    return assert_refused(caller, "POST", "/api/smartapp/submit", status, code, body=body, key="key-too-late-or-early")


def test_between_two_periods_the_next_opening_is_told(untouched: Standing, at: Callable[[str], None]) -> None:
    at("2026-12-05T18:00:00+03:00")
    document = _submit(untouched, "employee", 409, "period_not_open")
    assert document["opens_at"] == "2026-12-20T06:00:00+00:00"
    assert "20 декабря, 09:00 (МСК)" in document["detail"]


def test_the_period_that_was_asked_for_is_over(untouched: Standing, at: Callable[[str], None]) -> None:
    period = untouched.as_("employee").get("/api/smartapp/form").json["period"]
    at("2026-12-05T18:00:00+03:00")
    document = _submit(untouched, "employee", 409, "period_closed", period=period["id"])
    assert document["closes_at"] == "2026-12-05T15:00:00+00:00"
    assert "5 декабря, 18:00 (МСК)" in document["detail"]


def test_a_period_to_come_takes_nothing_yet(untouched: Standing) -> None:
    coming = untouched.as_("employee").get("/api/smartapp/periods?form=flight").json["periods"][-1]
    assert coming["state"] == "upcoming"
    _submit(untouched, "employee", 409, "period_not_open", period=coming["id"])


@pytest.mark.parametrize("period", [0, -1, 999_999, 9_999_999_999_999_999])
def test_a_period_nobody_made_takes_nothing(untouched: Standing, period: int) -> None:
    _submit(untouched, "employee", 409, "period_not_open", period=period)


def test_a_second_application_for_the_month_names_the_first_in_both_languages(untouched: Standing) -> None:
    document = _submit(untouched, "dispatcher", 409, "limit_reached")
    assert document["number"] == untouched.filed
    assert untouched.filed in document["detail"]


def test_a_personnel_number_of_somebody_else_is_refused_wherever_it_is_given(untouched: Standing) -> None:
    facts = {
        "location": "msk",
        "unit": "msk-oke-1",
        "position": "bp",
        "full_name": "Лебедев Илья Андреевич",
        "personnel_number": "100234",
    }
    newcomer = untouched.as_("newcomer")
    by_profile = assert_refused(
        newcomer, "PATCH", "/api/smartapp/me", 409, "personnel_number_taken", body={"profile": facts}
    )
    by_filing = _submit(untouched, "newcomer", 409, "personnel_number_taken", answers=GOOD | facts)
    assert fields(by_profile) == fields(by_filing) == [("personnel_number", "personnel_number_taken")]


def test_somebody_elses_application_does_not_exist(untouched: Standing) -> None:
    address, stranger = f"/api/smartapp/applications/{untouched.filed}", untouched.as_("employee")
    calls = [
        ("GET", "", None),
        ("PATCH", "", {"version": 1, "answers": GOOD}),
        ("POST", "/withdraw", {}),
        ("POST", "/restore", None),
        ("POST", "/seen", None),
    ]
    for method, path, body in calls:
        document = assert_refused(
            stranger, method, address + path, 404, "not_found", body=body, key="key-of-a-stranger"
        )
        unknown = stranger.call(method, f"/api/smartapp/applications/2027-9999{path}", body, key="key-of-a-stranger")
        assert unknown.get_json(force=True) == document


def test_a_stale_version_is_told_the_present_one(untouched: Standing) -> None:
    address, owner = f"/api/smartapp/applications/{untouched.filed}", untouched.as_("dispatcher")
    edit = assert_refused(
        owner, "PATCH", address, 412, "version_conflict", body={"version": 7, "answers": GOOD}, key="key-stale-1"
    )
    withdrawal = assert_refused(
        owner, "POST", address + "/withdraw", 412, "version_conflict", body={"version": 7}, key="key-stale-2"
    )
    assert (edit["version"], withdrawal["version"]) == (1, 1)
