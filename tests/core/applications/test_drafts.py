"""Unfinished applications: shared by all doors, merged by field, gone with the submit, never lost by a refusal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.conftest import Api
from tests.core.applications.conftest import fresh_key
from tests.core.proofs import service_token

DRAFT = "/api/smartapp/draft"


def _save(caller: Api, answers: dict[str, Any], **more: Any) -> Any:
    return caller.put(DRAFT, {"form": "flight", "answers": answers, "client_key": "draft-key-1"} | more)


def _read(caller: Api, form: str = "flight") -> Any:
    return caller.get(f"{DRAFT}?form={form}").json["draft"]


def test_there_is_no_draft_until_one_is_kept(api: Api) -> None:
    employee = api.as_("employee")
    assert employee.get(f"{DRAFT}?form=flight").json == {"draft": None, "merged": False}
    saved = _save(employee, {"direction": "vvo"})
    assert (saved.status_code, saved.json["merged"], saved.json["draft"]["version"]) == (200, False, 1)
    assert _read(employee) == saved.json["draft"]
    assert (saved.json["draft"]["answers"], saved.json["draft"]["client_key"]) == ({"direction": "vvo"}, "draft-key-1")


def test_a_draft_may_be_wrong_and_half_done(api: Api) -> None:
    answers = {"direction": {"other": "Я"}, "date": "31 февраля", "wishes": "x" * 5000, "nothing": [1, {"a": None}]}
    employee = api.as_("employee")
    assert _save(employee, answers).status_code == 200
    assert _read(employee)["answers"] == answers


def test_the_same_door_goes_on_where_it_was(api: Api) -> None:
    employee = api.as_("employee")
    _save(employee, {"direction": "vvo", "wishes": "утро"})
    later = _save(employee, {"direction": "khv"}, base_version=1, changed=["direction", "wishes"])
    assert (later.json["merged"], later.json["draft"]["answers"]) == (False, {"direction": "khv"})
    assert later.json["draft"]["version"] == 2


def test_two_doors_are_merged_by_field_and_the_latest_edit_wins(api: Api) -> None:
    browser = api.as_("employee")
    person = browser.get("/api/smartapp/me").json["user"]["id"]
    messenger = Api(api.app, service_token(act=person, channel="express"))
    _save(browser, {"direction": "vvo", "wishes": "утро"})
    _save(messenger, {"direction": "khv", "wishes": "утро"}, base_version=1, changed=["direction"])
    stale = _save(
        browser,
        {"direction": "vvo", "date": "2027-01-15"},
        base_version=1,
        changed=["date", "wishes"],
        client_key="draft-key-2",
    )
    assert stale.json["merged"] is True
    draft = _read(messenger)
    assert draft["answers"] == {"direction": "khv", "date": "2027-01-15"}
    assert (draft["version"], draft["channel"], draft["client_key"]) == (3, "browser", "draft-key-1")


def test_a_door_that_knows_of_no_draft_does_not_wipe_one_out(api: Api) -> None:
    employee = api.as_("employee")
    _save(employee, {"direction": "vvo", "wishes": "утро"})
    new = _save(employee, {"date": "2027-01-15"}, base_version=None, changed=["date"])
    expected = {"direction": "vvo", "wishes": "утро", "date": "2027-01-15"}
    assert (new.json["merged"], new.json["draft"]["answers"]) == (True, expected)


def test_sixteen_doors_at_once_lose_no_field(api: Api) -> None:
    employee = api.as_("employee")

    def save(n: int) -> int:
        answers = {f"field-{n}": n}
        return int(_save(employee, answers, base_version=None, changed=list(answers)).status_code)

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(save, range(16))) == {200}
    draft = _read(employee)
    assert draft["answers"] == {f"field-{n}": n for n in range(16)}
    assert draft["version"] == 16


def test_drafts_are_per_person_and_form(api: Api, rows: Any) -> None:
    employee, dispatcher = api.as_("employee"), api.as_("dispatcher")
    _save(employee, {"wishes": "моё"})
    _save(employee, {"comment": "и это"}, form="certificate")
    assert (_read(dispatcher), _read(employee)["answers"]) == (None, {"wishes": "моё"})
    assert employee.delete(f"{DRAFT}?form=flight").status_code == 204
    assert (_read(employee), _read(employee, "certificate")["answers"]) == (None, {"comment": "и это"})
    assert rows("drafts") == 1


def test_forgetting_twice_is_no_mistake(api: Api) -> None:
    employee = api.as_("employee")
    _save(employee, {})
    assert [employee.delete(f"{DRAFT}?form=flight").status_code for _ in range(2)] == [204, 204]


def test_what_is_filed_is_no_draft_any_more(api: Api, rows: Any) -> None:
    employee = api.as_("employee")
    _save(employee, {"direction": "vvo"})
    _save(employee, {"comment": "остаётся"}, form="certificate")
    assert employee.submit(key="draft-key-1").status_code == 201
    assert (_read(employee), rows("drafts")) == (None, 1)


def test_a_refused_submit_leaves_the_draft_as_it_was(api: Api, travel: Any) -> None:
    employee = api.as_("employee")
    draft = _save(employee, {"direction": "vvo", "wishes": "утро"}).json["draft"]
    assert employee.submit(date="2026-01-01").status_code == 422
    travel("2026-12-05T18:00:00+03:00")
    assert employee.submit(key=fresh_key()).status_code == 409
    assert _read(employee) == draft


def test_a_repeated_submit_does_not_take_the_next_draft_away(api: Api) -> None:
    employee = api.as_("employee")
    employee.submit(key="filed-first")
    draft = _save(employee, {"wishes": "для февраля"}, client_key="draft-key-2").json["draft"]
    assert employee.submit(key="filed-first").headers["Idempotency-Replayed"] == "true"
    assert _read(employee) == draft


def test_odd_numbers_and_words_come_back_as_they_went(api: Api) -> None:
    answers = {
        "numbers": [0, -1, 9007199254740991, 1.5, 1e300, 5e-324, -0.1],
        "words": ["", " ", "\t\n", "👩‍✈️", "e\u0301", "\u202e", "\\u0000", "\ufeff", "\U0010ffff", "'; drop table"],
        "": None,
        "deep": {"a": [{"b": {"c": [True, False, None]}}]},
    }
    employee = api.as_("employee")
    assert _save(employee, answers).status_code == 200
    assert _read(employee)["answers"] == answers


FILES = [f"0000000{number}-0000-4000-8000-000000000000" for number in range(8)]


def _attach(caller: Api, files: list[str], base: list[str], version: int | None, **more: Any) -> Any:
    return _save(caller, {"files": files}, base={"files": base}, base_version=version, changed=["files"], **more)


def test_what_two_doors_attach_at_once_is_all_there(api: Api) -> None:
    employee = api.as_("employee")
    _attach(employee, FILES[:2], [], None)
    _attach(employee, [*FILES[:2], FILES[2]], FILES[:2], 1)
    later = _attach(employee, [FILES[1], FILES[3]], FILES[:2], 1)  # took the first one out, put another one in
    assert (later.json["merged"], later.json["draft"]["answers"]["files"]) == (True, FILES[1:4])
    emptied = _save(employee, {}, base={"files": FILES[1:3]}, base_version=2, changed=["files"])
    assert emptied.json["draft"]["answers"] == {"files": [FILES[3]]}
    again = _attach(employee, FILES[1:3], FILES[1:3], 2)
    assert again.json["draft"]["answers"]["files"] == [FILES[3]], "removed by one door, untouched by the other"


def test_a_door_that_does_not_say_what_it_began_with_takes_nothing_away(api: Api) -> None:
    employee = api.as_("employee")
    _save(employee, {"files": FILES[:2]})
    later = _save(employee, {"files": FILES[2:3]}, changed=["files"])
    assert later.json["draft"]["answers"]["files"] == FILES[:3]


def test_the_same_number_of_another_draft_is_another_version(api: Api) -> None:
    employee = api.as_("employee")
    _attach(employee, FILES[:1], [], None)
    employee.delete(f"{DRAFT}?form=flight")
    _attach(employee, FILES[1:2], [], None, client_key="draft-key-2")
    late = _attach(employee, [FILES[0], FILES[2]], FILES[:1], 1)
    assert (late.json["merged"], late.json["draft"]["answers"]["files"]) == (True, FILES[1:3])


def test_together_they_attach_no_more_than_the_question_takes(api: Api) -> None:
    employee = api.as_("employee")
    _attach(employee, FILES[:3], [], None)
    _attach(employee, FILES[:5], FILES[:3], 1)
    sixth = _attach(employee, [*FILES[:3], FILES[5]], FILES[:3], 1)
    assert (sixth.status_code, sixth.json["code"]) == (422, "invalid_answers")
    assert sixth.json["errors"] == [
        {"field": "files", "code": "too_many", "message": "Можно прикрепить не больше 5 файлов"}
    ]
    assert _read(employee)["answers"]["files"] == FILES[:5]
    assert _attach(employee, FILES[:6], [], None).status_code == 422, "nor does one alone"
    exchanged = _attach(employee, [*FILES[1:3], FILES[5]], FILES[:3], 1)
    assert exchanged.json["draft"]["answers"]["files"] == [*FILES[1:5], FILES[5]]
