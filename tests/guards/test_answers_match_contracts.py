"""What the core really answers is what ``contracts`` promises: no member more, none less."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from express_bot.contracts.applications import Application, CardPage, DraftAnswer
from express_bot.contracts.decisions import DeskApplication, DeskPage, Publication
from express_bot.contracts.info import DemoClockAnswer, Health, Info
from express_bot.contracts.links import LinkCode, Linked, LinkList
from express_bot.contracts.looking_in import Inside, Trail
from express_bot.contracts.messengers import (
    CallbackAnswer,
    Card,
    ClaimedCards,
    ClaimedEvents,
    Dialog,
    DialogVersion,
    ExtendedLease,
    HeldLease,
    Identity,
    StoredEvent,
)
from express_bot.contracts.periods import FormAnswer, PeriodList
from express_bot.contracts.problems import Problem
from express_bot.contracts.statistics import OwnStatistics, QuestionsAnswer, RowsPage, Statistics
from express_bot.contracts.users import Profile, Session
from express_bot.settings import Settings
from tests.conftest import Api
from tests.core.conftest import Standing
from tests.core.messenger import BOTH_MESSENGERS, Messenger, card


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A house that speaks both messengers."""
    return settings.model_copy(update=BOTH_MESSENGERS)


GET: list[tuple[str, str, type[BaseModel]]] = [
    ("employee", "/api/smartapp/info", Info),
    ("employee", "/api/smartapp/me", Profile),
    ("newcomer", "/api/smartapp/me", Profile),
    ("matched", "/api/smartapp/me", Profile),
    ("employee", "/api/smartapp/form", FormAnswer),
    ("employee", "/api/smartapp/form?form=certificate", FormAnswer),
    ("employee", "/api/smartapp/periods", PeriodList),
    ("employee", "/api/smartapp/periods?form=certificate", PeriodList),
    ("employee", "/api/smartapp/applications", CardPage),
    ("newcomer", "/api/smartapp/applications", CardPage),
    ("dispatcher", "/api/smartapp/applications/{filed}", Application),
    ("employee", "/api/smartapp/links", LinkList),
    ("newcomer", "/api/smartapp/links", LinkList),
    ("employee", "/api/smartapp/draft?form=flight", DraftAnswer),
    ("newcomer", "/api/smartapp/draft?form=flight", DraftAnswer),
    ("employee", "/api/smartapp/statistics", OwnStatistics),
    ("newcomer", "/api/smartapp/statistics?form=certificate", OwnStatistics),
    ("dispatcher", "/api/desk/applications?limit=100", DeskPage),
    ("admin", "/api/desk/applications?draft=any", DeskPage),
    ("dispatcher", "/api/desk/applications/{filed}", DeskApplication),
    ("dispatcher", "/api/desk/statistics?by=direction,location&compare=previous", Statistics),
    ("dispatcher", "/api/desk/statistics?form=certificate&by=status&grain=week", Statistics),
    ("dispatcher", "/api/desk/statistics/questions", QuestionsAnswer),
    ("dispatcher", "/api/desk/statistics/rows?channel=browser&limit=3", RowsPage),
    ("admin", "/api/desk/statistics/questions?form=certificate", QuestionsAnswer),
    ("nobody", "/health", Health),
    ("nobody", "/health/ready", Health),
    ("employee", "/api/smartapp/nothing", Problem),
    ("nobody", "/api/smartapp/me", Problem),
]


def assert_matches(model: type[BaseModel], document: dict[str, Any]) -> None:
    """Reads the document by the model and writes it again: what is added, lost or renamed shows."""
    read = TypeAdapter(model).validate_python(document, strict=False)
    assert _shape(read.model_dump(mode="json", by_alias=True)) == _shape(document)


def _shape(value: Any) -> Any:
    """Names all the way down; values may be written in other ways (a moment with Z or +00:00)."""
    if isinstance(value, dict):
        return {name: _shape(part) for name, part in value.items()}
    return [_shape(part) for part in value] if isinstance(value, list) else type(value).__name__


@pytest.mark.parametrize("locale", ["ru", "en"])
@pytest.mark.parametrize(("who", "path", "model"), GET)
def test_a_real_answer_has_the_promised_shape(
    untouched: Standing, who: str, path: str, model: type[BaseModel], locale: str
) -> None:
    caller = Api(untouched.app) if who == "nobody" else untouched.as_(who)
    answer = caller.in_(locale).get(path.format(filed=untouched.filed))
    assert_matches(model, answer.get_json(force=True))


def test_every_application_of_the_history_has_the_promised_shape(untouched: Standing) -> None:
    employee = untouched.as_("employee")
    for item in employee.get("/api/smartapp/applications").json["items"]:
        view = employee.get(f"/api/smartapp/applications/{item['number']}").json
        assert_matches(Application, view)
        assert {name: view[name] for name in item} == item


def test_the_answers_of_changes_have_the_promised_shape(api: Api) -> None:
    session = api.post("/api/smartapp/session", {"provider": "demo", "persona": "employee"})
    assert_matches(Session, session.json)
    employee, admin = api.as_("employee"), api.as_("admin")
    filed = employee.submit()
    address = f"/api/smartapp/applications/{filed.json['number']}"
    assert_matches(Application, filed.json)
    edit = {"version": 1, "answers": {"direction": "khv", "date": "2027-01-20"}}
    assert_matches(Application, employee.patch(address, edit, key="key-of-edit").json)
    assert_matches(Application, employee.post(f"{address}/withdraw", {}, key="key-of-withdraw").json)
    assert_matches(Application, employee.post(f"{address}/restore", key="key-of-restore").json)
    _links_have_the_promised_shape(api, employee)
    draft = {"form": "flight", "answers": {}, "client_key": "key-of-draft"}
    assert_matches(DraftAnswer, employee.put("/api/smartapp/draft", draft).json)
    assert_matches(Profile, employee.patch("/api/smartapp/me", {"locale": "ru"}).json)
    assert_matches(DemoClockAnswer, admin.put("/api/demo/clock", {"now": None}).json)
    assert_matches(Inside, employee.get("/api/demo/inside").json)
    assert_matches(Trail, admin.get("/api/demo/trail").json)


def test_the_answers_of_the_desk_have_the_promised_shape(api: Api) -> None:
    employee, desk = api.as_("employee"), api.as_("dispatcher")
    number = employee.submit().json["number"]
    own, theirs = f"/api/smartapp/applications/{number}", f"/api/desk/applications/{number}"
    ask = {"version": 1, "question": "Да?", "due_at": "2026-11-25T10:00:00Z", "proposal": {"date": "2027-01-16"}}
    assert_matches(DeskApplication, desk.post(f"{theirs}/question", ask, key="key-of-question").json)
    assert_matches(DeskPage, desk.get("/api/desk/applications?status=needs_info").json)
    asked = employee.get(own).json
    assert_matches(Application, asked)
    yes = {"question": asked["question"]["id"], "answer": "yes"}
    assert_matches(Application, employee.post(f"{own}/answer", yes, key="key-of-answer").json)
    decision = {"version": 3, "outcome": "waitlisted", "place": 1}
    assert_matches(DeskApplication, desk.put(f"{theirs}/decision", decision, key="key-of-draft").json)
    publish = {"form": "flight", "numbers": [number, "2027-9999"]}
    assert_matches(Publication, desk.post("/api/desk/publications", publish, key="key-of-publication").json)
    offer = {"version": 5, "until": "2026-11-25T10:00:00Z"}
    assert_matches(DeskApplication, desk.post(f"{theirs}/offer", offer, key="key-of-offer").json)
    offered = employee.get(own).json
    assert_matches(Application, offered)
    taken = employee.post(f"{own}/take", {"offer": offered["offer"]["id"]}, key="key-of-taking")
    assert taken.json["status"] == "approved", taken.text
    assert_matches(Application, taken.json)


def _links_have_the_promised_shape(api: Api, employee: Api) -> None:
    shown = employee.post("/api/smartapp/link-code", key="key-of-code").json
    assert_matches(LinkCode, shown)
    messenger = Messenger(api.app, "telegram")
    session = {"user_id": messenger.meet("1000")["user_id"], "provider": "telegram", "seconds": 60}
    guest = Api(api.app, messenger.post("sessions", session).json["access_token"])
    assert_matches(Linked, guest.post("/api/smartapp/links", {"code": shown["code"]}, key="key-of-link").json)
    assert_matches(LinkList, employee.delete("/api/smartapp/links/telegram").json)


def test_the_answers_to_services_have_the_promised_shape(api: Api) -> None:
    express, card_id = Messenger(api.app), card()
    assert_matches(StoredEvent, express.tell("e-1", text="x").json)
    lease = {"channel": "express", "limit": 5, "lease_seconds": 30}
    events = express.post("inbox/claim", lease).json
    assert len(events["events"]) == 1
    assert_matches(ClaimedEvents, events)
    extension = {"lease_until": events["events"][0]["lease_until"], "seconds": 3}
    assert_matches(ExtendedLease, express.post("inbox/express/e-1/extend", extension).json)
    person = express.meet(chat="chat-1")
    assert_matches(Identity, person)
    assert_matches(HeldLease, express.put("leases/of-a-test", {"holder": "instance-1", "seconds": 9}).json)
    session = {"user_id": person["user_id"], "provider": "express", "seconds": 60}
    assert_matches(Session, express.post("sessions", session).json)
    assert_matches(Dialog, express.dialog())
    assert_matches(DialogVersion, express.step((card_id, "text"), event_id="e-1").json)
    dialog = express.dialog()
    assert len(dialog["cards"]) == 1
    assert_matches(Dialog, dialog)
    express.step(chat="chat-2", state={"n": 1})
    whole = express.get(f"dialogs/express/chat-1?user_id={person['user_id']}").json
    assert len(whole["others"]) == 1
    assert_matches(Dialog, whole)
    cards = express.post("cards/claim", lease).json
    assert len(cards["cards"]) == 1
    assert_matches(ClaimedCards, cards)
    assert_matches(ExtendedLease, express.post(f"cards/{card_id}/extend", extension).json)
    express.shown(card_id, 1, "m-1")
    assert_matches(Card, express.get("cards/express/by-external/m-1").json)
    word = {"channel": "express", "external_id": "m-1", "status": "ok"}
    assert_matches(CallbackAnswer, express.post("cards/callback", word).json)


def test_the_answer_of_a_submit_is_what_is_found_again(api: Api) -> None:
    employee = api.as_("employee")
    filed = employee.submit(wishes="утро")
    found = employee.get(f"/api/smartapp/applications/{filed.json['number']}")
    assert found.json == filed.json
