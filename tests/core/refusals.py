"""How a refusal must look: a stable code, a sentence in each language, the field it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from tests.conftest import Api
from tests.core.conftest import Standing


@dataclass(frozen=True)
class Door:
    """A mutating operation with a body that it would take."""

    name: str
    method: str
    path: str
    body: dict[str, Any] | None
    persona: str = "employee"
    keyed: bool = False
    public: bool = False

    def address(self, house: Standing) -> str:
        return self.path.format(filed=house.filed)

    def headers(self) -> dict[str, str]:
        return {"Idempotency-Key": f"key-for-{self.name}"} if self.keyed else {}

    def __str__(self) -> str:
        return self.name


NOBODY = "00000000-0000-4000-8000-000000000000"
LEASE = {"channel": "express", "limit": 5, "lease_seconds": 30}
EXTENSION = {"lease_until": "2026-11-24T10:00:00+03:00", "seconds": 3}
STEP = {
    "user_id": NOBODY,
    "version": 0,
    "state": {},
    "cards": [],
    "event_id": None,
    "at": "2026-11-24T10:00:00+03:00",
}
#: Doors of our own services: (name, method, path under /api/service, body).
SERVICES = [
    Door(name, method, f"/api/service/{path}", body, persona="service")
    for name, method, path, body in (
        ("event", "PUT", "inbox/express/e-1", {"kind": "text", "chat": "chat", "payload": {}}),
        ("claim-events", "POST", "inbox/claim", LEASE),
        ("extend-event", "POST", "inbox/express/e-1/extend", EXTENSION),
        ("event-failed", "POST", "inbox/express/e-1/failed", {"reason": "why", "permanent": False}),
        ("identity", "PUT", "identities/express/huid-1", {"full_name": "Анна"}),
        ("short-session", "POST", "sessions", {"user_id": NOBODY, "provider": "express", "seconds": 60}),
        ("dialog", "PUT", "dialogs/express/chat", STEP),
        ("claim-cards", "POST", "cards/claim", LEASE),
        ("extend-card", "POST", f"cards/{NOBODY}/extend", EXTENSION),
        ("card-shown", "POST", f"cards/{NOBODY}/shown", {"rev": 1, "external_id": "m-1"}),
        ("card-failed", "POST", f"cards/{NOBODY}/failed", {"rev": 1, "reason": "why", "permanent": False}),
        ("callback", "POST", "cards/callback", {"channel": "express", "external_id": "m-1", "status": "ok"}),
    )
]
FLIGHT = {"direction": "vvo", "date": "2027-01-15"}
DOORS = [
    Door("session", "POST", "/api/smartapp/session", {"provider": "demo", "persona": "employee"}, public=True),
    Door("link", "POST", "/api/smartapp/links", {"code": "000000"}, keyed=True),
    Door("me", "PATCH", "/api/smartapp/me", {"profile": {"position": "sbe"}}),
    Door("notifications", "PATCH", "/api/smartapp/me/notifications", {"timezone": "Asia/Omsk"}),
    Door("reminder", "PUT", "/api/smartapp/periods/1/reminder", {"choice": "wanted"}),
    Door("submit", "POST", "/api/smartapp/submit", {"form": "flight", "answers": FLIGHT}, keyed=True),
    Door(
        "edit",
        "PATCH",
        "/api/smartapp/applications/{filed}",
        {"version": 1, "answers": FLIGHT},
        persona="dispatcher",
        keyed=True,
    ),
    Door(
        "withdraw",
        "POST",
        "/api/smartapp/applications/{filed}/withdraw",
        {"version": 1},
        persona="dispatcher",
        keyed=True,
    ),
    Door(
        "draft",
        "PUT",
        "/api/smartapp/draft",
        {"form": "flight", "answers": FLIGHT, "changed": [], "base_version": None, "client_key": "another-draft"},
    ),
    Door("telemetry", "POST", "/api/smartapp/telemetry", {"events": [{"kind": "load", "name": "start"}]}),
    Door("clock", "PUT", "/api/demo/clock", {"now": None}, persona="admin"),
    *SERVICES,
]
WITHOUT_BODY = [
    Door("link-code", "POST", "/api/smartapp/link-code", None, keyed=True),
    Door("unlink", "DELETE", "/api/smartapp/links/telegram", None),
    Door("sign-out", "DELETE", "/api/smartapp/session", None),
    Door("restore", "POST", "/api/smartapp/applications/{filed}/restore", None, persona="dispatcher", keyed=True),
    Door("seen", "POST", "/api/smartapp/applications/{filed}/seen", None, persona="dispatcher"),
    Door("forget-draft", "DELETE", "/api/smartapp/draft?form=flight", None),
]
EVERY_DOOR = [*DOORS, *WITHOUT_BODY]


def assert_refused(caller: Api, method: str, path: str, status: int, code: str, **sent: Any) -> dict[str, Any]:
    """Calls in Russian and in English; returns the Russian document."""
    russian, english = (
        _document(caller.in_(locale).call(method, path, **_copied(sent)), status, code) for locale in ("ru", "en")
    )
    assert russian["title"] != english["title"]
    assert russian["detail"] != english["detail"]
    assert [(e["field"], e["code"]) for e in russian["errors"]] == [(e["field"], e["code"]) for e in english["errors"]]
    for here, there in zip(russian["errors"], english["errors"], strict=True):
        assert here["message"] != there["message"], (here, there)
        assert "{" not in here["message"] + there["message"], "a figure of the sentence is missing"
    return russian


def _copied(sent: dict[str, Any]) -> dict[str, Any]:
    return sent | {"headers": dict(sent.get("headers", {}))}


def _document(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    document: dict[str, Any] = response.get_json(force=True)
    assert (response.status_code, document["code"]) == (status, code), response.text[:500]
    assert response.content_type == "application/problem+json"
    assert (document["status"], document["type"]) == (status, f"urn:express-bot:problem:{code}")
    assert document["title"]
    assert document["detail"]
    assert "{" not in document["detail"], "a figure of the sentence is missing"
    return document


def fields(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(error["field"], error["code"]) for error in document["errors"]]
