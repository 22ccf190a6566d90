"""The doors of the statistics: figures, sentences, rights, and clear refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from express_bot.contracts.statistics import QuestionsAnswer, Statistics
from express_bot.core.db.session import Connection
from express_bot.core.reference import load
from express_bot.core.statistics import upkeep
from tests.conftest import NOW, Api

DESK = "/api/desk/statistics"


@pytest.fixture
def desk(api: Api) -> Callable[[str], dict[str, Any]]:
    """What the dispatcher is told."""
    dispatcher = api.as_("dispatcher")

    def ask(query: str = "") -> dict[str, Any]:
        answer = dispatcher.get(f"{DESK}{query}")
        assert answer.status_code == 200, answer.text
        shape = QuestionsAnswer if query.startswith("/questions") else Statistics
        assert shape.model_validate(answer.json).model_dump(mode="json", by_alias=True) == answer.json
        return dict(answer.json)

    return ask


def test_the_desk_counts_the_present_period_by_direction_with_names(desk: Callable[[str], dict[str, Any]]) -> None:
    told = desk("?by=direction")
    assert (told["basis"], told["from"], told["to"], told["total"]) == ("target", "2027-01-01", "2027-01-31", 60)
    first = told["groups"][0]
    assert first == {
        "key": {"direction": "kuf"},
        "labels": {"direction": "Самара"},
        "at": None,
        "count": 13,
        "statuses": {"submitted": 13},
    }
    assert sum(group["count"] for group in told["groups"]) == 60


def test_figures_are_the_same_before_and_after_the_fold_and_say_how_fresh_they_are(
    desk: Callable[[str], dict[str, Any]], db: Connection
) -> None:
    before = desk("?by=location,direction&grain=month&basis=filed&from=2026-01-01&to=2026-12-31&compare=previous")
    upkeep.fold(db, load(db))
    after = desk("?by=location,direction&grain=month&basis=filed&from=2026-01-01&to=2026-12-31&compare=previous")
    assert (before["pending"], after["pending"]) == (69, 0)
    assert {**before, "pending": 0, "as_of": ""} == {**after, "as_of": ""}


def test_status_is_a_dimension_and_a_filter_like_any_other(desk: Callable[[str], dict[str, Any]]) -> None:
    year = "from=2026-01-01&to=2027-12-31"
    assert {group["key"]["status"]: group["count"] for group in desk(f"?by=status&{year}")["groups"]} == {
        "submitted": 60,
        "approved": 1,
        "waitlisted": 1,
        "rejected": 1,
    }
    told = desk(f"?by=direction&status=rejected&{year}")
    assert [(group["key"], group["statuses"]) for group in told["groups"]] == [({"direction": "gdx"}, {"rejected": 1})]
    assert desk("?by=direction&location=aer")["total"] == desk("?location=aer")["total"] == 7


def test_an_own_answer_and_a_missing_one_have_names_too(desk: Callable[[str], dict[str, Any]], db: Connection) -> None:
    db.execute("update applications set answers = answers - 'direction' where id = 10")
    labels = {group["key"]["direction"]: group["labels"]["direction"] for group in desk("?by=direction")["groups"]}
    assert (labels["_other"], labels["_none"]) == ("Своё направление", "Не указано")


def test_the_time_before_is_compared(desk: Callable[[str], dict[str, Any]]) -> None:
    told = desk("?basis=filed&grain=day&from=2026-11-22&to=2026-11-23&compare=previous")
    before = told["previous"]
    assert (told["total"], before["from"], before["to"], before["total"]) == (22, "2026-11-20", "2026-11-21", 38)
    assert [group["at"] for group in before["groups"]] == ["2026-11-20", "2026-11-21"]


def test_a_known_answer_is_not_sent_again_until_something_changes(api: Api) -> None:
    dispatcher, employee = api.as_("dispatcher"), api.as_("employee")
    tag = dispatcher.get(DESK).headers["ETag"]
    assert dispatcher.get(DESK, headers={"If-None-Match": tag}).status_code == 304
    assert employee.submit().status_code == 201
    assert dispatcher.get(DESK, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("by=nothing", "unknown_dimension", "by"),
        ("by=direction,direction", "unknown_dimension", "by"),
        ("by=full_name", "unknown_dimension", "by"),
        ("colour=red", "unknown_dimension", "colour"),
        ("by=unit,position&location=msk", "too_many_dimensions", "by"),
        ("by=unit,direction&grain=day", "pairs_by_month", "grain"),
        ("by=unit,direction&from=2027-01-05&to=2027-01-09", "pairs_by_month", "grain"),
        ("from=2027-02-01&to=2027-01-01", "bad_range", "to"),
        ("from=2007-01-01&to=2027-01-01", "bad_range", "from"),
        ("from=0001-01-01&to=0001-02-01", "bad_range", "from"),
        ("from=2000-01-01&to=2000-01-31&compare=previous", "bad_range", "from"),
        ("by=direction&grain=day&from=2023-01-01&to=2027-01-01", "too_many_groups", "by"),
        ("grain=day&direction=vvo&from=2023-01-01&to=2027-01-01", "too_many_groups", "grain"),
        ("from=soon", "invalid_body", "from"),
        ("grain=hour", "invalid_body", "grain"),
        ("compare=next", "invalid_body", "compare"),
        ("direction=vvo&direction=khv", "invalid_body", "direction"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_with_its_reason(
    api: Api, query: str, code: str, field: str
) -> None:
    answer = api.as_("dispatcher").get(f"{DESK}?{query}")
    assert (answer.status_code, answer.json["code"]) == (422, code)
    [problem] = answer.json["errors"]
    assert problem["field"] == field
    assert problem["message"]


def test_a_form_nobody_knows_and_a_period_of_another_form_are_not_found(api: Api) -> None:
    dispatcher = api.as_("dispatcher")
    assert dispatcher.get(f"{DESK}?form=holiday").json["code"] == "unknown_form"
    assert dispatcher.get(f"{DESK}/questions?form=certificate&period=1").json["code"] == "not_found"


def test_employees_may_not_see_the_figures_of_the_desk(api: Api) -> None:
    employee = api.as_("employee")
    assert {employee.get(f"{DESK}{path}").status_code for path in ("", "/questions")} == {403}


# ── The eight questions ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def decided(db: Connection) -> None:
    """Of the period: 20 approved, 10 waitlisted, the rest undecided, all within the third day."""
    for status, wanted in (("approved", range(5)), ("waitlisted", range(5, 8))):
        db.execute(
            "update applications set status = %s, decision = jsonb_build_object('outcome', %s::text, 'decided_at',"
            " (filed_at + interval '60 hours')::text) where status = 'submitted' and id %% 10 = any(%s)",
            (status, status, list(wanted)),
        )


@pytest.mark.usefixtures("decided")
def test_every_question_has_its_figures_and_the_sentence_that_follows(desk: Callable[[str], dict[str, Any]]) -> None:
    told = desk("/questions")
    asked = told["questions"]
    rows = asked["directions"]["rows"]
    refused = sum(row["refused"] for row in rows)
    assert told["people"] == 60
    assert [sum(day[name] for day in asked["demand"]["days"]) for name in ("requested", "refused")] == [60, refused]
    assert len(asked["demand"]["days"]) == 31
    worst = rows[0]
    assert asked["directions"]["conclusion"].startswith(f"{worst['label']}: {worst['requested']} заяв")
    assert asked["demand"]["conclusion"].startswith(f"Нехватка на {asked['demand']['short_days']} из ")
    assert asked["progress"]["decided"] == asked["progress"]["days"][-1]["decided"] or asked["progress"]["due_at"]
    assert asked["progress"]["conclusion"] == f"Решено {asked['progress']['share']} %, по плану к сегодня 0 %"
    assert asked["filing"]["total"] == sum(day["count"] for day in asked["filing"]["days"]) == 60
    assert len(asked["filing"]["hours"]) == 48
    assert asked["durations"]["weeks"][-1]["p50_days"] == 2.5
    assert asked["channels"]["conclusion"] == "Браузер 100 %"
    assert {row["over"] for row in asked["fairness"]["rows"]} == {0}
    assert asked["health"]["conclusion"] == "Уведомления уходят вовремя, за сутки ошибок нет"


@pytest.mark.usefixtures("decided")
def test_the_questions_are_answered_in_the_callers_language(api: Api) -> None:
    asked = api.as_("dispatcher").in_("en").get(f"{DESK}/questions").json["questions"]
    assert asked["durations"]["conclusion"].startswith("Half of the decisions take ")
    assert asked["channels"]["conclusion"] == "Browser 100%"


def test_whoever_has_more_approvals_than_others_is_counted_without_a_name(
    desk: Callable[[str], dict[str, Any]], db: Connection
) -> None:
    """One person gets five approvals in one direction, in months of one year."""
    db.execute(
        """
        update applications set status = 'approved', limit_slot = null, answers = answers || '{"direction": "aer"}',
            target_date = date '2027-01-10' - (id % 5)::int * 30,
            applicant_id = (select min(applicant_id::text)::uuid from applications where id > 20)
        where id between 20 and 24
        """
    )
    told = desk("/questions")["questions"]["fairness"]
    assert told["rows"][0] | {"label": ""} == {
        "code": "aer",
        "label": "",
        "people": [{"approvals": 5, "people": 1}],
        "over": 1,
    }
    assert told["conclusion"] == "Сочи: у 1 человека больше 3 одобрений"


def test_a_form_without_periods_is_asked_about_its_last_days(api: Api, desk: Callable[[str], dict[str, Any]]) -> None:
    tomorrow = NOW.date().replace(day=28).isoformat()
    answers = {"document": "income", "copies": 1, "needed_by": tomorrow, "delivery": "office"}
    filed = api.as_("employee").submit(form="certificate", **answers)
    assert filed.status_code == 201, filed.text
    told = desk("/questions?form=certificate")
    assert (told["period"]["id"], told["period"]["to"], told["people"]) == (None, "2026-11-24", 1)
    assert told["questions"]["channels"]["total"] == told["questions"]["filing"]["last_two_days"] == 1


# ── One's own, and everybody's ───────────────────────────────────────────────────────────────────────────────────────


def test_ones_own_statistics_are_ones_own(api: Api) -> None:
    told = api.as_("employee").get("/api/smartapp/statistics").json
    assert (told["filed"], told["approved"], told["decision_days"]) == (3, 1, 20.0)
    assert {row["label"]: (row["filed"], row["approved"], row["last_date"]) for row in told["directions"]} == {
        "Владивосток": (1, 1, "2026-12-14"),
        "Хабаровск": (1, 0, None),
        "Магадан": (1, 0, None),
    }
    assert told["raises"][0].startswith("Заказ рейса\xa0— возможность")
    newcomer = api.as_("newcomer").get("/api/smartapp/statistics").json
    assert (newcomer["filed"], newcomer["directions"], newcomer["decision_days"]) == (0, [], None)


def test_groups_of_fewer_than_five_are_hidden_from_people(api: Api, desk: Callable[[str], dict[str, Any]]) -> None:
    public = api.as_("employee").get("/api/smartapp/statistics").json["public"]
    known = {group["key"]["direction"]: group["count"] for group in desk("?by=direction")["groups"]}
    assert {row["code"]: row["count"] for row in public["rows"]} == {
        code: count for code, count in known.items() if count >= 5
    }
    assert (public["total"], public["hidden"]) == (60, len([1 for count in known.values() if count < 5]))


def test_a_single_small_group_cannot_be_told_from_the_total(api: Api, db: Connection) -> None:
    db.execute(
        "update applications set answers = answers || '{\"direction\": \"kuf\"}' where status = 'submitted' and id > 10"
    )
    public = api.as_("employee").get("/api/smartapp/statistics").json["public"]
    assert sum(row["count"] for row in public["rows"]) not in range(public["total"] - 4, public["total"])
