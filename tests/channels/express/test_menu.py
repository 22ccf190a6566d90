"""What ``/status`` shows to whom."""

from __future__ import annotations

import pytest

from express_bot.channels.express.words import catalog
from tests.channels.express.events import HUID
from tests.channels.express.tokens import BOT


def menu(door, **query):
    usual = {"bot_id": BOT, "user_huid": HUID, "ad_login": "", "ad_domain": "", "is_admin": "", "chat_type": "chat"}
    return door.get("/status", **(usual | query))


def names(answer):
    return [command["body"] for command in answer.json()["result"]["commands"]]


def test_a_person_sees_the_commands_in_their_language(door, core):
    answer = menu(door)
    assert (answer.status_code, answer.json()["status"], answer.json()["result"]["enabled"]) == (200, "ok", True)
    assert {"/start", "/заявка", "/мои", "/отмена"} <= set(names(answer))
    assert {command["name"] for command in answer.json()["result"]["commands"]} == set(names(answer))
    core.people["11111111-1111-5111-8111-111111111111"] = core.people[HUID] | {"locale": "en"}
    assert "/new" in names(menu(door, user_huid="11111111-1111-5111-8111-111111111111"))


def test_a_group_is_offered_nothing_personal(door):
    assert names(menu(door, chat_type="group_chat")) == ["/start", "/помощь"]
    assert names(menu(door, chat_type="of tomorrow")) == ["/start", "/помощь"]
    assert len(names(menu(door, chat_type="notes"))) > 2


def test_a_person_who_was_shut_out_sees_no_commands_and_why(door, core):
    core.people[HUID] = core._identify(HUID, {})[1] | {"active": False}
    answer = menu(door)
    assert names(answer) == []
    assert "закрыт" in answer.json()["result"]["status_message"]


def test_the_menu_of_a_person_is_remembered_for_a_moment(door, core):
    first = menu(door).json()
    core.people.clear()
    assert menu(door).json() == first
    assert core.people == {}


@pytest.mark.parametrize(
    ("query", "status"), [({"bot_id": HUID}, 401), ({"bot_id": "x"}, 401), ({"user_huid": ""}, 503)]
)
def test_what_is_no_question_for_a_menu(door, core, query, status):
    assert menu(door, **query).status_code == status
    assert core.people == {}


def test_without_the_core_there_is_a_sentence(door, core):
    core.away = True
    answer = menu(door)
    assert (answer.status_code, answer.json()["reason"]) == (503, "bot_disabled")


def test_both_languages_say_everything():
    assert _keys(catalog("ru")) == _keys(catalog("en"))


def _keys(branch):
    return {f"{name}.{key}" for name, inner in branch.items() for key in (inner if isinstance(inner, dict) else [""])}
