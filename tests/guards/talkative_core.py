"""A core that logs everything it can, used and abused by people whose facts are easy to recognise.

``python -m tests.guards.talkative_core DSN VAR``; the test that starts it reads what it logged.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

from express_bot.core.app import create_app
from express_bot.core.db.session import connect
from express_bot.core.sessions import local
from express_bot.core.users import repository as users
from express_bot.observability.logs import configure
from express_bot.settings import Settings
from tests.conftest import NOW, Api
from tests.core.proofs import service_token

SERVICE_KEY = "canary-key-of-services-0123456789-abcdef"
FACTS = {
    "location": "msk",
    "unit": "msk-oke-1",
    "position": "bp",
    "full_name": "Кварцхелия Аполлинария Порфирьевна",
    "personnel_number": "907713",
}
ANSWERS = {
    "direction": {"other": "Тмутаракань Канареечная"},
    "date": "2027-01-15",
    "wishes": "жёлтая канарейка у окна",
}
CERTIFICATE = {
    "document": {"other": "выписка о канарейках"},
    "copies": 1,
    "needed_by": "2026-12-01",
    "delivery": "email",
    "email": "kanareika@primer.example",
}
REASON = "канарейка заболела"
LOGIN, PASSWORD = "kanareika-login", "канареечный пароль 99"
#: What must be in no line, besides the tokens, which are told on standard output.
SECRETS = [
    *("Кварцхелия", "Аполлинария", "907713", "Канареечная", "канарейка", "канарейках", "kanareika", "канареечный"),
    SERVICE_KEY,
]


def main(dsn: str, var: str) -> None:
    settings = Settings(mode="test", var_dir=Path(var), service_key=SERVICE_KEY, log_level="DEBUG")
    configure(settings, "core")
    app = create_app(settings, dsn)
    app.extensions["house"].clock.move(NOW)
    api = Api(app)
    newcomer, employee = api.as_("newcomer"), api.as_("employee")
    service = Api(app, service_token(key=SERVICE_KEY))
    print(newcomer.token, employee.token, service.token, sep="\n")
    _live(newcomer)
    _log_in(api, dsn)
    employee.patch("/api/smartapp/me", {"profile": FACTS})  # a number that is taken by now
    employee.call("GET", "/api/smartapp/me?full_name=Кварцхелия", headers={"Authorization": "Bearer kanareika"})
    service.get("/api/smartapp/form")
    _chat(service)
    _break(dsn, newcomer)
    app.extensions["house"].pool.close()


def _live(newcomer: Api) -> None:
    newcomer.put("/api/smartapp/draft", {"form": "flight", "answers": ANSWERS, "client_key": "draft-of-canary"})
    newcomer.submit(**FACTS, **ANSWERS | {"date": "2026-01-01"})
    number = newcomer.submit(**FACTS, **ANSWERS).json["number"]
    newcomer.submit(key="another-of-canary", **ANSWERS)
    newcomer.submit(form="certificate", key="certificate-of-canary", **CERTIFICATE)
    address = f"/api/smartapp/applications/{number}"
    newcomer.patch(address, {"version": 1, "answers": ANSWERS | {"date": "2027-01-20"}}, key="edit-of-canary")
    newcomer.post(f"{address}/withdraw", {"reason": REASON}, key="withdrawal-of-canary")
    newcomer.get(address)
    newcomer.get("/api/smartapp/me")
    newcomer.post("/api/smartapp/submit", {"form": "Кварцхелия", "answers": ANSWERS}, key="unknown-form-1")
    newcomer.call("POST", "/api/smartapp/submit", data='{"канарейка":'.encode(), content_type="application/json")
    newcomer.post("/api/smartapp/telemetry", {"events": [{"kind": "error", "name": "x", "message": "907713"}]})


def _chat(service: Api) -> None:
    """Events that fail, a person, a step and a card that is given up: each told of with somebody's words in it."""

    def post(path: str, **body: object) -> dict[str, Any]:
        return dict(service.post(f"/api/service/{path}", body).get_json(silent=True) or {})

    event = {"kind": "text", "chat": "kanareika-chat", "payload": {"text": REASON}}
    for event_id in ("e-1", "e-2"):
        service.put(f"/api/service/inbox/express/{event_id}", event | {"chat": None})
    post("inbox/claim", channel="express", limit=5, lease_seconds=60)
    for event_id, permanent in (("e-1", True), ("e-2", False)):
        post(f"inbox/express/{event_id}/failed", reason=REASON, permanent=permanent)
    told = {"full_name": FACTS["full_name"], "host_profile": FACTS, "chat": "kanareika-chat"}
    person = service.put("/api/service/identities/express/kanareika-huid", told).json["user_id"]
    post("sessions", user_id=person, provider="express", seconds=60)
    card = str(uuid4())
    step = {"user_id": person, "version": 0, "state": ANSWERS, "at": "2026-11-24T10:00:00+03:00"}
    wanted = [{"id": card, "view": {"text": REASON}}]
    for event_id in ("e-2", None):  # the second step meets a conflict
        body = step | {"event_id": event_id, "cards": wanted}
        service.put("/api/service/dialogs/express/kanareika-chat", body)
    post("cards/claim", channel="express", limit=5, lease_seconds=60)
    post(f"cards/{card}/failed", rev=1, reason=REASON, permanent=True)
    post("cards/callback", channel="express", external_id="kanareika-1", status="error", reason=REASON)


def _log_in(api: Api, dsn: str) -> None:
    with connect(dsn) as db:
        user_id = users.insert(db, full_name=FACTS["full_name"])
        users.insert_identity(db, user_id, "local", LOGIN, local.hash_password(PASSWORD))
    for password in (PASSWORD, PASSWORD + "?"):
        api.post("/api/smartapp/session", {"provider": "local", "login": LOGIN, "password": password})


def _break(dsn: str, newcomer: Api) -> None:
    """Failures of ours whose messages carry rows: a check that refuses the row, a table that is gone."""
    with connect(dsn) as db:
        db.execute("alter table applications add constraint no_wishes check (answers->>'wishes' is null) not valid")
    assert newcomer.submit(key="broken-of-canary-1", **ANSWERS).status_code == 500
    with connect(dsn) as db:
        db.execute("alter table applications drop constraint no_wishes")
        db.execute("alter table outbox rename to gone")
    assert newcomer.submit(key="broken-of-canary-2", **ANSWERS).status_code == 500


if __name__ == "__main__":
    main(*sys.argv[1:])
