"""A core that keeps its promises to messengers in memory: inbox, cards, people, dialogs, and what it was asked."""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import jwt
from aiohttp import web

from tests.channels.express.far_side import FarSide

KEY = "k" * 40
Document = dict[str, Any]
PUBLIC: Document = {
    "/health": {
        "status": "ok", "components": {"core": "ok", "database": "ok"}, "version": "1",
        "details": {"inbox_waiting": 3, "inbox_oldest_seconds": 7, "oldest_card_seconds": 11},
    },
    "/openapi.json": {"openapi": "3.1.0", "info": {"title": "core"}, "paths": {}, "components": {}},
}  # fmt: skip


@dataclass
class Row:
    """One event or card of the fake."""

    id: str
    facts: Document
    chat: str | None
    state: str = "waiting"
    until: float = 0.0
    attempts: int = 0
    number: int = field(default_factory=itertools.count().__next__)

    @property
    def lease(self) -> str:
        """The lease's end as the core tells it."""
        return datetime.fromtimestamp(round(self.until, 2), UTC).isoformat()


@dataclass
class Asked:
    """One call of ``/api/smartapp`` or ``/api/desk``."""

    method: str
    target: str
    body: Any
    acting: str | None
    channel: str | None
    key: str | None
    language: str | None


class FakeCore(FarSide):
    """Follows the service API to the letter, as far as the channel uses it."""

    def __init__(self, channel: str = "express") -> None:
        self.channel = channel
        self.leases: dict[str, tuple[str, float]] = {}
        self.inbox: dict[str, Row] = {}
        self.cards: dict[str, Row] = {}
        self.people: dict[str, Document] = {}
        self.dialogs: dict[str, Document] = {}
        self.sessions: list[Document] = []
        self.told: list[tuple[str, Document]] = []
        self.asked: list[Asked] = []
        self.answers: dict[str, tuple[int, Any]] = {}
        self.traces: dict[str, Document] = {}
        """By card."""
        self.verdict = "foreign"
        """About every message that no card knows."""
        self.files: dict[str, Document] = {}
        """By their keys; ``content`` is what arrived."""
        self.refusal: tuple[int, str] | None = None
        """Status and code of every file's refusal."""
        #: ``True``: nobody answers. A status: it answers, and has no database.
        self.away: bool | int = False
        self.first_backoff = 0.05
        super().__init__(self._answer)

    # ── what tests do ────────────────────────────────────────────────────────────────────────────────────────────────

    def want(self, chat: str, view: Document, *, card_id: str | None = None) -> str:
        """A conversation asks for a message."""
        card_id = card_id or str(uuid4())
        row = self.cards.get(card_id)
        if row is None:
            row = self.cards[card_id] = Row(card_id, {"external_id": None, "shown_rev": 0, "rev": 0}, chat)
        row.facts |= {"view": view, "rev": row.facts["rev"] + 1}
        row.state, row.until, row.attempts = "waiting", 0.0, 0
        return card_id

    def states(self) -> list[str]:
        """What became of the events, oldest first."""
        return [row.state for row in self.inbox.values()]

    def heard(self, what: str) -> list[Document]:
        """What we told it about the ends of our work: ``callback``, ``event_failed`` or ``card_failed``."""
        return [document for name, document in self.told if name == what]

    # ── the service API ──────────────────────────────────────────────────────────────────────────────────────────────

    async def _answer(self, request: web.Request) -> web.Response:
        if self.away is True:
            request.transport.abort()
            raise ConnectionResetError
        if self.away:
            return web.json_response({"code": "database_unavailable", "detail": "?"}, status=self.away)
        if request.path in PUBLIC:
            return web.json_response(PUBLIC[request.path])
        claims = jwt.decode(request.headers["Authorization"].split()[1], KEY, ["HS256"], audience="core")
        if (request.method, request.path) == ("POST", "/api/smartapp/files"):
            return await self._take_file(request, claims)
        body = await request.json() if request.can_read_body else None
        if request.path.startswith(("/api/smartapp", "/api/desk")):
            return self._operation(request, claims, body)
        assert "act" not in claims, "service operations act for nobody"
        for pattern, handler in self._routes():
            if found := re.fullmatch(pattern, f"{request.method} {request.path}"):
                status, document = handler(*found.groups(), body) if body is not None else handler(*found.groups())
                return web.json_response(document, status=status) if document is not None else web.Response(status=204)
        return web.json_response({"code": "not_found", "status": 404, "detail": "?"}, status=404)

    async def _take_file(self, request: web.Request, claims: Document) -> web.Response:
        """Keeps it once under its key."""
        content = await request.read()
        if self.refusal is not None:
            status, code = self.refusal
            return web.json_response({"code": code, "status": status, "detail": f"Нет: {code}."}, status=status)
        name = unquote(request.headers["Content-Disposition"].partition("filename*=UTF-8''")[2])
        known = {"name": name, "type": request.content_type, "size": len(content), "state": "ready"}
        facts = {"id": str(uuid4()), "content": content, "owner": claims["act"], "times": 0} | known
        kept = self.files.setdefault(request.headers["Idempotency-Key"], facts)
        kept["times"] += 1
        return web.json_response({name: kept[name] for name in ("id", *known)}, status=201)

    def _routes(self) -> list[tuple[str, Any]]:
        inbox = f"/api/service/inbox/{self.channel}"
        return [
            (rf"PUT {inbox}/([^/]+)", self._store),
            (r"POST /api/service/inbox/claim", self._claim_events),
            (
                rf"POST {inbox}/([^/]+)/extend",
                lambda name, body: _extended(self.inbox[name], body),
            ),
            (rf"POST {inbox}/([^/]+)/done", self._done),
            (rf"POST {inbox}/([^/]+)/failed", self._failed),
            (rf"PUT /api/service/identities/{self.channel}/([^/]+)", self._identify),
            (rf"POST /api/service/identities/{self.channel}/chats/([^/]+)/stop", self._stop_chat),
            (r"PUT /api/service/leases/([^/]+)", self._hold),
            (r"DELETE /api/service/leases/([^/]+)/([^/]+)", self._let_go),
            (rf"GET /api/service/cards/{self.channel}/by-external/([^/]+)", self._card),
            (r"POST /api/service/sessions", self._open_session),
            (rf"GET /api/service/dialogs/{self.channel}/([^/]+)", self._read_dialog),
            (rf"PUT /api/service/dialogs/{self.channel}/([^/]+)", self._put_dialog),
            (r"POST /api/service/cards/claim", self._claim_cards),
            (r"POST /api/service/cards/callback", self._callback),
            (r"POST /api/service/cards/unknown", self._judge),
            (r"POST /api/service/cards/pace", lambda _body: (200, {"allowed": True})),
            (r"GET /api/service/cards/([^/]+)/traces", lambda card_id: (200, self.traces[card_id])),
            (r"POST /api/service/cards/([^/]+)/extend", lambda name, body: _extended(self.cards[name], body)),
            (r"POST /api/service/cards/([^/]+)/shown", self._shown),
            (r"POST /api/service/cards/([^/]+)/failed", self._card_failed),
        ]

    def _operation(self, request: web.Request, claims: Document, body: Any) -> web.Response:
        headers = request.headers
        asked = Asked(request.method, request.path_qs, body, claims.get("act"), claims.get("channel"),
                      headers.get("Idempotency-Key"), headers.get("Accept-Language"))  # fmt: skip
        self.asked.append(asked)
        status, document = self.answers.get(f"{request.method} {request.path}", (200, {"ok": True}))
        if document is None:
            return web.Response(status=status)
        return web.json_response(document, status=status)

    def _store(self, event_id: str, body: Document) -> tuple[int, Document]:
        assert len(event_id) <= 200
        fresh = event_id not in self.inbox
        if fresh:
            now = datetime.now(UTC).isoformat()
            self.inbox[event_id] = Row(event_id, body | {"received_at": now}, body["chat"])
        return (201, {"fresh": True}) if fresh else (200, {"fresh": False})

    def _claim_events(self, body: Document) -> tuple[int, Document]:
        rows = _claimed(self.inbox, body)
        events = [
            {"channel": self.channel, "event_id": row.id, "attempts": row.attempts, "lease_until": row.lease}
            | row.facts
            for row in rows
        ]
        return 200, {"events": events}

    def _done(self, event_id: str, _body: Document) -> tuple[int, None]:
        self.inbox[event_id].state = "done"
        return 204, None

    def _failed(self, event_id: str, body: Document) -> tuple[int, None]:
        self.told.append(("event_failed", body))
        _put_off(self.inbox[event_id], self.first_backoff, dead=body["permanent"])
        return 204, None

    def _identify(self, subject: str, body: Document) -> tuple[int, Document]:
        created = subject not in self.people
        person = self.people.setdefault(
            subject,
            {"user_id": str(uuid4()), "active": True, "full_name": "", "locale": "ru", "roles": ["employee"],
             "profile_complete": False, "chat": None, "host_profile": {}},
        )  # fmt: skip
        person |= {name: value for name, value in body.items() if value is not None}
        return 200, person | {"created": created}

    def _stop_chat(self, chat: str, body: Document) -> tuple[int, None]:
        self.told.append(("stopped", body | {"chat": chat}))
        return 204, None

    def _hold(self, name: str, body: Document) -> tuple[int, Document]:
        holder, until = self.leases.get(name, (body["holder"], 0.0))
        held = holder == body["holder"] or until <= time.monotonic()
        if held:
            self.leases[name] = body["holder"], time.monotonic() + body["seconds"]
        return 200, {"held": held}

    def _let_go(self, name: str, holder: str) -> tuple[int, None]:
        if self.leases.get(name, ("", 0))[0] == holder:
            del self.leases[name]
        return 204, None

    def _card(self, external_id: str) -> tuple[int, Document]:
        row = next((row for row in self.cards.values() if row.facts["external_id"] == unquote(external_id)), None)
        if row is None:
            return 404, {"code": "not_found", "status": 404, "detail": "?"}
        shown = {"external_id": external_id, "wanted_rev": row.facts["rev"], "shown_rev": row.facts["shown_rev"]}
        return 200, shown | {"id": row.id, "chat": row.chat, "wanted": row.facts["view"]}

    def _open_session(self, body: Document) -> tuple[int, Document]:
        self.sessions.append(body)
        return 200, {"access_token": "short-lived", "token_type": "Bearer", "expires_in": body["seconds"], "user": {}}

    def _read_dialog(self, chat: str) -> tuple[int, Document]:
        none = {"user_id": None, "state": {}, "version": 0, "at": None}
        cards = [
            {"id": row.id, "external_id": row.facts["external_id"], "wanted_rev": row.facts["rev"],
             "shown_rev": row.facts["shown_rev"]}
            for row in reversed(self.cards.values()) if row.chat == chat
        ]  # fmt: skip
        return 200, self.dialogs.get(chat, none) | {"cards": cards, "others": []}

    def _put_dialog(self, chat: str, body: Document) -> tuple[int, Document]:
        version = self.dialogs.get(chat, {"version": 0})["version"]
        if body["version"] != version:
            return 409, {"code": "version_conflict", "status": 409, "detail": "?"}
        kept = {name: body[name] for name in ("user_id", "state", "at")}
        self.dialogs[chat] = kept | {"version": version + 1}
        for card in body["cards"]:
            self.want(chat, card["view"], card_id=card["id"])
        if body["event_id"]:
            self.inbox[body["event_id"]].state = "done"
        return 200, {"version": version + 1}

    def _claim_cards(self, body: Document) -> tuple[int, Document]:
        rows = _claimed(self.cards, body)
        names = ("external_id", "view", "rev")
        return 200, {
            "cards": [
                {"id": row.id, "chat": row.chat, "attempts": row.attempts, "doubts": 0, "lease_until": row.lease}
                | {n: row.facts[n] for n in names}
                for row in rows
            ]
        }

    def _shown(self, card_id: str, body: Document) -> tuple[int, None]:
        row = self.cards[card_id]
        row.facts |= {"external_id": body["external_id"], "shown_rev": body["rev"]}
        row.state = "done" if body["rev"] == row.facts["rev"] else "waiting"
        return 204, None

    def _card_failed(self, card_id: str, body: Document) -> tuple[int, None]:
        self.told.append(("card_failed", body))
        _put_off(self.cards[card_id], body.get("retry_after") or self.first_backoff, dead=body["permanent"])
        return 204, None

    def _judge(self, body: Document) -> tuple[int, Document]:
        self.told.append(("judged", body))
        return 200, {"verdict": self.verdict}

    def _callback(self, body: Document) -> tuple[int, Document]:
        known = any(row.facts["external_id"] == body["external_id"] for row in self.cards.values())
        self.told.append(("callback", body | {"known": known}))
        return 200, {"known": known}


def _claimed(rows: dict[str, Row], body: Document) -> list[Row]:
    """Oldest first, leased, never two of one chat."""
    assert 1 <= body["limit"] <= 50
    now, taken, busy = time.monotonic(), [], set()
    for row in rows.values():
        if row.state in ("done", "dead"):
            continue
        if row.until <= now and row.chat not in busy and len(taken) < body["limit"]:
            row.until, row.state = now + body["lease_seconds"], "leased"
            taken.append(row)
        if row.chat is not None:
            busy.add(row.chat)
    return taken


def _extended(row: Row, body: Document) -> tuple[int, Document]:
    """Later, if the lease is the one that is named and has not run out."""
    held = row.state == "leased" and row.lease == body["lease_until"] and row.until > time.monotonic()
    if held:
        row.until += body["seconds"]
    return 200, {"held": held}


def _put_off(row: Row, seconds: float, *, dead: bool) -> None:
    row.attempts += 1
    row.state = "dead" if dead or row.attempts >= 8 else "waiting"
    row.until = time.monotonic() + seconds
