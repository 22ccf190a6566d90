"""The app's calls over the bridge: the core's own operations, answers and refusals, asked for the sender alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from express_bot.channels.express.rpc import METHODS, SESSION
from tests.channels.express.events import CHAT, HUID, app_event, app_request
from tests.channels.express.tokens import BOT
from tests.waiting import until

NUMBER = "2027-0142"
API = Path(__file__).parents[3] / "src" / "express_bot" / "core"


@pytest.fixture
def call(door, core):
    """A synchronous call of the app and its answer."""

    def ask(method, **params):
        answer = door.post("/smartapps/request", app_request(method, params))
        return answer.status_code, answer.json()

    return ask


def error(answer):
    """The one error of an answer."""
    [told] = answer["errors"]
    return told


def test_a_submit_is_the_cores_submit_for_the_sender_with_the_apps_key(call, core):
    core.answers["POST /api/smartapp/submit"] = (201, {"number": NUMBER})
    body = {"form": "flight", "answers": {"direction": "aer"}}
    status, answer = call("submit", client_key="key-of-the-app", locale="en", body=body)
    assert (status, answer["result"]["data"]) == (200, {"status": 201, "body": {"number": NUMBER}})
    [asked] = core.asked
    assert (asked.method, asked.target, asked.body) == ("POST", "/api/smartapp/submit", body)
    assert (asked.key, asked.language, asked.channel) == ("key-of-the-app", "en", "express")
    assert asked.acting == core.people[HUID]["user_id"]


@pytest.mark.parametrize(
    ("method", "params", "wanted"),
    [
        ("info", {}, "GET /api/smartapp/info"),
        ("form", {"form": "flight"}, "GET /api/smartapp/form?form=flight"),
        ("periods", {"form": "flight"}, "GET /api/smartapp/periods?form=flight"),
        ("me", {}, "GET /api/smartapp/me"),
        ("me.patch", {"body": {"locale": "en"}}, "PATCH /api/smartapp/me"),
        ("me.notifications", {}, "GET /api/smartapp/me/notifications"),
        ("me.notifications.patch", {"body": {"quiet": None}}, "PATCH /api/smartapp/me/notifications"),
        ("reminder.read", {"number": "7"}, "GET /api/smartapp/periods/7/reminder"),
        ("reminder.put", {"number": "7", "body": {"choice": "wanted"}}, "PUT /api/smartapp/periods/7/reminder"),
        ("session.delete", {}, "DELETE /api/smartapp/session"),
        ("applications.list", {"limit": 5, "status": "filed"}, "GET /api/smartapp/applications?limit=5&status=filed"),
        ("applications.read", {"number": NUMBER}, f"GET /api/smartapp/applications/{NUMBER}"),
        ("applications.edit", {"number": NUMBER, "body": {}}, f"PATCH /api/smartapp/applications/{NUMBER}"),
        ("applications.withdraw", {"number": NUMBER, "body": {}}, f"POST /api/smartapp/applications/{NUMBER}/withdraw"),
        ("applications.restore", {"number": NUMBER}, f"POST /api/smartapp/applications/{NUMBER}/restore"),
        ("applications.seen", {"number": NUMBER}, f"POST /api/smartapp/applications/{NUMBER}/seen"),
        ("applications.answer", {"number": NUMBER, "body": {}}, f"POST /api/smartapp/applications/{NUMBER}/answer"),
        ("applications.take", {"number": NUMBER, "body": {}}, f"POST /api/smartapp/applications/{NUMBER}/take"),
        (
            "applications.decline_offer",
            {"number": NUMBER, "body": {}},
            f"POST /api/smartapp/applications/{NUMBER}/decline-offer",
        ),
        ("applications.ask", {"number": NUMBER, "body": {}}, f"POST /api/smartapp/applications/{NUMBER}/ask"),
        ("desk.applications", {"draft": "any"}, "GET /api/desk/applications?draft=any"),
        ("desk.decision.put", {"number": NUMBER, "body": {}}, f"PUT /api/desk/applications/{NUMBER}/decision"),
        ("desk.publish", {"body": {}}, "POST /api/desk/publications"),
        ("draft.read", {"form": "a&b=c"}, "GET /api/smartapp/draft?form=a%26b%3Dc"),
        ("draft.save", {"body": {"form": "flight"}}, "PUT /api/smartapp/draft"),
        ("draft.delete", {"form": "flight"}, "DELETE /api/smartapp/draft?form=flight"),
        ("links.list", {}, "GET /api/smartapp/links"),
        ("links.code", {}, "POST /api/smartapp/link-code"),
        ("links.redeem", {"body": {"code": "123456"}}, "POST /api/smartapp/links"),
        ("links.remove", {"provider": "telegram"}, "DELETE /api/smartapp/links/telegram"),
        ("statistics", {"form": "flight"}, "GET /api/smartapp/statistics?form=flight"),
        ("telemetry", {"body": {"events": []}}, "POST /api/smartapp/telemetry"),
        ("desk.statistics", {"by": "direction,status"}, "GET /api/desk/statistics?by=direction%2Cstatus"),
        ("desk.statistics.questions", {"period": "7"}, "GET /api/desk/statistics/questions?period=7"),
        ("desk.statistics.rows", {"direction": "vvo"}, "GET /api/desk/statistics/rows?direction=vvo"),
    ],
)
def test_every_method_leads_to_its_operation(call, core, method, params, wanted):
    assert call(method, **params)[0] == 200
    [asked] = core.asked
    assert (f"{asked.method} {asked.target}", asked.body) == (wanted, params.get("body"))


def test_every_operation_of_the_core_has_a_method_and_every_method_an_operation():
    routes = re.compile(r"@api\.(get|post|put|patch|delete)\(\s*\"([^\"]+)\"")
    files = [file for file in API.glob("*/*api.py") if 'url_prefix="/api/smartapp"' in file.read_text()]
    theirs = {
        f"{verb.upper()} {path.replace('<', '{').replace('>', '}')}"
        for file in files
        for verb, path in routes.findall(file.read_text())
    }
    ours = {f"{each.http} {each.path}" for each in METHODS.values() if each.base == "/api/smartapp"}
    bytes_ = {"POST /files", "POST /uploads", "GET /uploads/{upload_id}", "PATCH /uploads/{upload_id}"} | {
        "DELETE /uploads/{upload_id}", "GET /files/{file_id}", "GET /files/links/{token}"}  # fmt: skip
    # auth.session is the bridge's own way to sign in; files travel beside it, as files of the messenger
    assert theirs - ours == {"POST /session"} | bytes_
    assert ours - theirs == set()


def test_an_answer_without_a_body_is_null(call, core):
    core.answers["DELETE /api/smartapp/draft"] = (204, None)
    assert call("draft.delete", form="flight")[1]["result"]["data"] == {"status": 204, "body": None}


def test_a_refusal_of_the_core_travels_whole(call, core):
    problem = {"type": "urn:x", "title": "Приём закрыт", "status": 409, "code": "period_closed",
               "detail": "Приём закрылся.", "errors": [], "closes_at": "2026-12-05"}  # fmt: skip
    core.answers["POST /api/smartapp/submit"] = (409, problem)
    status, answer = call("submit", client_key="k" * 8, body={})
    assert (status, answer["status"], answer["reason"]) == (400, "error", "smartapp_error")
    assert error(answer) == {"reason": "Приём закрылся.", "id": "PERIOD_CLOSED", "meta": problem}


def test_a_core_that_is_away_is_said_in_the_callers_words(call, core):
    call("info")
    core.away = True
    told = error(call("info", locale="en")[1])
    assert (told["id"], told["meta"]["status"], told["meta"]["code"]) == ("CORE_UNAVAILABLE", 503, "core_unavailable")
    assert told["reason"] == told["meta"]["detail"]
    assert re.search("[a-z]", told["reason"])


def test_an_unknown_method_is_named(call, core):
    assert error(call("applications.delete_all")[1])["id"] == "METHOD_NOT_FOUND"
    assert core.asked == []


@pytest.mark.parametrize(
    ("method", "params", "wanted"),
    [
        ("applications.read", {}, "VALUE_ERROR"),
        ("applications.read", {"number": "../me"}, "STRING_PATTERN_MISMATCH"),
        ("applications.read", {"number": 5}, "TYPE_ERROR"),
        ("submit", {"client_key": 5}, "TYPE_ERROR"),
        ("submit", {"client_key": "a\r\nX-Evil: 1"}, "STRING_PATTERN_MISMATCH"),
        ("submit", {"body": "text"}, "TYPE_ERROR"),
        ("info", {"locale": "fr"}, "LITERAL_ERROR"),
        ("form", {"form": {"$ne": 1}}, "TYPE_ERROR"),
        ("form", {"form": ["flight"]}, "TYPE_ERROR"),
    ],
)
def test_parameters_are_checked_before_anybody_is_asked(call, core, method, params, wanted):
    assert wanted in {told["id"] for told in call(method, **params)[1]["errors"]}
    assert core.asked == []


def test_a_defect_has_one_name_and_a_number_and_no_class_leaks(call, core, monkeypatch):
    def broken(*_, **__):
        raise KeyError("secret of ours")

    monkeypatch.setattr("express_bot.channels.express.rpc.address_of", broken)
    told = error(call("info")[1])
    assert told["id"] == "INTERNAL_ERROR"
    assert re.fullmatch(r"EB-[0-9a-f]{6}", told["meta"]["incident"])
    assert told["meta"]["incident"] in told["reason"]
    assert "KeyError" not in str(told)
    assert "secret" not in str(told)


def test_nothing_in_the_parameters_changes_who_calls(call, core):
    call("info", user_huid=BOT, user_id="1", acting_user="2", sender="3")
    assert list(core.people) == [HUID]
    assert core.asked[0].acting == core.people[HUID]["user_id"]


def test_the_app_gets_a_short_session_for_plain_http(call, core):
    status, answer = call(SESSION)
    assert (status, answer["result"]["data"]["body"]["access_token"]) == (200, "short-lived")
    assert core.sessions == [{"user_id": core.people[HUID]["user_id"], "provider": "express", "seconds": 600}]


def test_an_asynchronous_call_is_the_same_call(door, core, cts):
    core.answers["POST /api/smartapp/submit"] = (201, {"number": NUMBER})
    event = app_event("submit", {"client_key": "key-of-the-app", "body": {"form": "flight"}})
    door.command(event)
    [answer] = until(lambda: cts.events)
    assert answer["data"]["result"] == {"status": 201, "body": {"number": NUMBER}}
    assert (answer["group_chat_id"], answer["smartapp_id"], core.asked[0].key) == (CHAT, BOT, "key-of-the-app")


def test_an_asynchronous_call_that_is_none_is_answered_too(door, cts):
    door.command(app_event("", data={"type": "smartapp_rpc", "params": []}))
    [answer] = until(lambda: cts.events)
    assert answer["data"]["status"] == "error"
    assert {told["id"] for told in answer["data"]["errors"]} == {"VALUE_ERROR", "TYPE_ERROR"}


def test_the_work_is_done_once_though_its_answer_had_to_be_sent_again(door, core, cts, monkeypatch):
    monkeypatch.setattr("express_bot.channels.express.replies.PAUSES", (0.05, 0.05))
    from express_bot.channels.express.bot import ExpressBot

    sends, honest = [], ExpressBot.send_smartapp_event

    async def first_in_vain(self, **event):
        import httpx

        sends.append(event)
        if len(sends) < 3:
            raise httpx.ConnectError("not now")
        await honest(self, **event)

    monkeypatch.setattr(ExpressBot, "send_smartapp_event", first_in_vain)
    door.command(app_event("me.patch", {"body": {}}))
    until(lambda: cts.events)
    assert (len(sends), len(core.asked), len(cts.events)) == (3, 1, 1)


def test_an_answer_that_cannot_be_delivered_is_not_worked_out_again(door, core, cts):
    cts.fault = lambda path: ConnectionResetError if path.endswith("/event") else None
    door.command(app_event("me.patch", {"body": {}}))
    until(lambda: core.states() == ["done"])
    assert (len(core.asked), core.heard("event_failed")) == (1, [])
    assert 'sends_total{outcome="answer_lost"} 1.0' in door.client.get("/metrics").text


@pytest.mark.parametrize(
    "change",
    [{"method": 5}, {"sender_info": None}, {"sender_info": {}}, {"payload": {"data": []}}, {"group_chat_id": "x"}],
)
def test_a_synchronous_call_that_is_none_is_not_taken(door, core, change):
    answer = door.post("/smartapps/request", app_request("info") | change)
    assert (answer.status_code, answer.json()["reason"]) == (503, "bot_disabled")
    assert core.asked == []


def test_a_synchronous_call_needs_no_more_than_the_protocol_promises(door, core):
    request = app_request("info")
    del request["payload"]["files"], request["sender_info"]["udid"], request["sender_info"]["platform"]
    assert door.post("/smartapps/request", request).status_code == 200
