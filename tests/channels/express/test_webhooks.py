"""What the eXpress server may expect of our five doors."""

from __future__ import annotations

from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from tests.channels.express.conftest import INDEX
from tests.channels.express.events import CHAT, HUID, app_event, callback, chat_created, said, system
from tests.channels.express.tokens import BOT, OLD_SECRET, bearer, claims, token, true_proof
from tests.core.proofs import service_token
from tests.waiting import until


@pytest.mark.parametrize("prefix", ["", "/webhook"])
@pytest.mark.parametrize("version", [1, 2])
def test_an_event_is_accepted_after_it_was_stored(door, core, prefix, version):
    event = said("/start")
    answer = door.post(f"{prefix}/command", event, proof_=true_proof(version))
    assert (answer.status_code, answer.json()) == (202, {"result": "accepted"})
    row = core.inbox[event["sync_id"]]
    assert (row.facts["kind"], row.chat, row.facts["payload"]["command"]["body"]) == ("message", CHAT, "/start")


def test_while_the_secret_is_being_changed_events_signed_with_either_are_taken_and_ours_with_the_new_one(
    conversation, gateway, core, cts
):
    door = gateway(express_secret_key_old=OLD_SECRET)
    before, now = said("раз"), said("два")
    old_proof = bearer(token(claims(aud="localhost"), key=OLD_SECRET))
    assert [door.post("/command", before, proof_=old_proof).status_code, door.command(now).status_code] == [202, 202]
    assert {before["sync_id"], now["sync_id"]} == set(core.inbox)
    assert 'express_bot_express_events_total{kind="call",outcome="old_secret"} 1.0' in metrics(door)
    until(lambda: len(cts.messages) == 2)  # a server that knows the new secret alone has taken them


def test_after_the_change_the_secret_before_proves_nothing(door, core):
    old_proof = bearer(token(claims(aud="localhost"), key=OLD_SECRET))
    assert door.post("/command", said("раз"), proof_=old_proof).status_code == 401
    assert core.inbox == {}


def test_the_same_event_again_is_accepted_and_stored_once(door, core):
    event = said("/start")
    assert [door.command(event).status_code for _ in range(3)] == [202, 202, 202]
    assert len(core.inbox) == 1


def test_without_the_core_nothing_is_accepted_and_people_read_a_sentence(door, core):
    core.away = True
    answer = door.command(said("/start"))
    assert (answer.status_code, answer.json()["reason"]) == (503, "bot_disabled")
    assert "Отправьте ещё раз" in answer.json()["error_data"]["status_message"]
    core.away = False
    assert core.inbox == {}


@pytest.mark.parametrize(
    ("name", "chat"),
    [("smartapp_event", None), ("internal_bot_notification", None), ("cts_login", None), ("chat_created", CHAT)],
)
def test_events_wait_in_line_by_chat_and_calls_of_the_app_in_none(door, core, name, chat):
    events = {
        "smartapp_event": app_event("info"),
        "chat_created": chat_created(),
        "internal_bot_notification": system("internal_bot_notification", {"data": {}, "opts": {}}),
        "cts_login": system("cts_login", {"user_huid": HUID, "cts_id": str(uuid4())}, sender={"group_chat_id": None}),
    }
    assert door.command(events[name]).status_code == 202
    [row] = core.inbox.values()
    assert (row.facts["kind"], row.chat) == (name, chat)


def test_a_chat_is_found_in_the_data_where_the_sender_names_none(door, core):
    data = {"user_huid": HUID, "group_chat_id": CHAT}
    door.command(system("chat_deleted_by_user", data, sender={"group_chat_id": None}))
    assert [row.chat for row in core.inbox.values()] == [CHAT]


def test_an_unknown_system_event_is_accepted_counted_and_dropped(door, core):
    assert door.command(system("call_started", {"call_id": "1"})).status_code == 202
    assert core.inbox == {}
    assert 'express_bot_express_events_total{kind="unknown",outcome="ignored"} 1.0' in metrics(door)


def test_every_edit_of_a_message_is_an_event_of_its_own(door, core):
    first = said("Сочи")
    edits = [system("event_edit", {"body": text}, sync_id=first["sync_id"], sender={"group_chat_id": CHAT})
             for text in ("Сочи!", "Сочи!!", "Сочи!!")]  # fmt: skip
    assert [door.command(event).status_code for event in (first, *edits)] == [202] * 4
    assert len(core.inbox) == 3


@pytest.mark.parametrize(
    "change",
    [
        {"proto_version": 3},
        {"proto_version": "4"},
        {"proto_version": True},
        {"sync_id": None},
        {"sync_id": "not-a-uuid"},
        {"command": None},
        {"command": {"body": None, "command_type": "user"}},
        {"command": {"body": "x", "command_type": "robot"}},
        {"command": {"body": "added_to_chat", "command_type": "system"}},
        {"from": None},
        {"from": {"user_huid": None, "group_chat_id": CHAT}},
        {"from": {"user_huid": HUID}},
    ],
)
def test_what_is_no_event_is_not_taken(door, core, change):
    answer = door.command(said("x") | change)
    assert (answer.status_code, answer.json()["reason"]) == (503, "bot_disabled")
    assert core.inbox == {}


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"null", b'"x"', b"{", b'{"a":NaN}', b'{"a":1,"a":2}', b"[" * 100, b'{"a":"\\u0000"}', b"\xff\xfe{}"],
)
def test_what_is_no_document_is_not_taken(door, core, content):
    answer = door.command(None, content=content)
    assert answer.status_code in (401, 503)
    assert core.inbox == {}


def test_the_bytes_of_files_stay_outside(door, core):
    content = "data:image/png;base64," + "A" * (2 << 20)
    event = said("вот", attachments=[{"type": "image", "data": {"file_name": "a.png", "content": content}}])
    assert door.command(event).status_code == 202
    [row] = core.inbox.values()
    [attachment] = row.facts["payload"]["attachments"]
    assert attachment["data"] == {"file_name": "a.png", "content": "data:image/png;base64,"}
    assert attachment["stored"] == {"id": attachment["stored"]["id"], "name": "a.png", "type": "image/png",
                                    "size": 1572864}  # fmt: skip


def test_a_file_without_measure_is_refused_in_words(door, core):
    event = said("x", attachments=[{"type": "document", "data": {"file_name": "a", "content": "A" * (9 << 20)}}])
    answer = door.command(event)
    assert answer.status_code == 503
    assert "слишком большой" in answer.json()["error_data"]["status_message"]
    assert core.inbox == {}


def test_only_configured_sources_may_call_whatever_headers_say(gateway, core):
    allowed = {"express_allowed_sources": "10.0.0.0/8 192.168.7.7"}
    inside = gateway(peer="10.1.2.3", **allowed)
    outside = gateway(peer="192.0.2.1", **allowed)
    assert inside.command(said("x")).status_code == 202
    answers = [
        outside.command(said("x")),
        outside.client.post("/notification/callback", json=callback(HUID), headers={"X-Forwarded-For": "10.1.2.3"}),
        gateway(peer="", **allowed).command(said("x")),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert gateway(peer="::ffff:192.168.7.7", **allowed).command(said("x")).status_code == 202
    assert (len(core.inbox), core.heard("callback")) == (2, [])


def test_a_gateway_that_is_leaving_takes_nothing_more(door, core):
    drain = next(m.kwargs["drain"] for m in door.client.app.user_middleware)
    drain.leaving = True
    answer = door.command(said("x"))
    assert (answer.status_code, answer.json()["reason"]) == (503, "bot_disabled")
    assert "вернётся" in answer.json()["error_data"]["status_message"]
    assert door.get("/status", bot_id=BOT, user_huid=HUID, chat_type="chat").status_code == 503
    drain.leaving = False
    assert core.inbox == {}


@pytest.mark.parametrize("prefix", ["", "/webhook"])
def test_the_app_lies_where_the_messenger_looks_for_it(door, prefix):
    base = f"{prefix}/smartapp_files/static"
    pages = [door.client.get(f"{base}/{name}") for name in ("", "index.html")]
    assert {page.status_code for page in pages} == {200}
    assert all(INDEX[-40:] in page.content for page in pages)
    assert "frame-ancestors" in pages[0].headers["Content-Security-Policy"]
    assert door.client.get(f"{base}/assets/a.js").headers["Content-Type"].startswith("text/javascript")
    assert door.client.get(f"{base}/../app.py").status_code == 404
    assert door.client.post(f"{base}/assets/a.js").status_code == 405


def test_the_app_finds_the_api_beside_its_own_page(door, core):
    core.answers["GET /api/smartapp/info"] = (200, {"now": 1})
    core.answers["POST /api/smartapp/submit"] = (201, {"number": "1"})
    base = "/webhook/smartapp_files/static/api/smartapp"
    token = {"Authorization": f"Bearer {service_token()}"}
    said_ = door.client.get(f"{base}/info?x=1", headers=token)
    assert (said_.status_code, said_.json()) == (200, {"now": 1})
    assert door.client.post(f"{base}/submit", json={"a": 1}, headers=token).status_code == 201
    assert [asked.target for asked in core.asked] == ["/api/smartapp/info?x=1", "/api/smartapp/submit"]
    assert "frame-ancestors 'none'" in said_.headers["Content-Security-Policy"]
    for path in ("api/service/inbox/claim", "api/smartapp/../service/x", "api/smartapp//x"):
        assert door.client.post(f"/smartapp_files/static/{path}", json={}, headers=token).status_code in (404, 405)
    assert len(core.asked) == 2


def test_the_doors_are_described_where_they_are_open(door):
    document = door.client.get("/openapi.json").json()
    assert {"/command", "/webhook/status", "/smartapps/request"} <= set(document["paths"])
    assert document["paths"]["/command"]["post"]["security"] == [{"express": []}]


def test_without_a_bot_account_there_are_no_doors_at_all(gateway):
    silent = gateway(express_bot_id=None)
    assert silent.command(said("x")).status_code == 404
    assert silent.client.get("/smartapp_files/static/index.html").status_code == 404
    assert "/command" not in silent.client.get("/openapi.json").json()["paths"]
    assert "express" not in silent.client.get("/health").json()["components"]


def test_health_tells_how_the_line_to_the_server_does(door):
    assert until(lambda: door.client.get("/health").json()["components"]["express"] == "ok")


def test_what_old_configurations_name_and_nobody_uses_is_said_once(gateway, cts):
    with capture_logs() as lines:
        gateway(express_bot_token="an-old-static-token", express_botx_url=f"{cts.url}/api/botx")
    said_ = [line["event"] for line in lines if "not used" in line["event"]]
    assert len(said_) == 2
    assert "an-old-static-token" not in str(lines)


def metrics(door) -> str:
    return door.client.get("/metrics").text
