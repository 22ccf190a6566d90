"""A small eXpress server: believes our tokens, keeps messages, and misbehaves when a test asks it to."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import jwt
from aiohttp import web

from tests.channels.express.far_side import FarSide
from tests.channels.express.tokens import BOT, SECRET

Document = dict[str, Any]
PREFIX = "/api/"


@dataclass
class Call:
    """One call of ours."""

    path: str
    body: Document
    authorization: str


class FakeCts(FarSide):
    """``fault`` is asked before each call: an answer, or an exception to break the connection with, or nothing."""

    def __init__(self, *, version: str = "v2") -> None:
        self.version = version
        self.calls: list[Call] = []
        self.messages: dict[str, Document] = {}
        self.order: list[tuple[str, str]] = []
        self.events: list[Document] = []
        self.profiles: dict[str, Document] = {}
        self.issued: list[str] = []
        self.files: dict[tuple[str, str], bytes] = {}
        """By chat and id."""
        self.fault: Callable[[str], web.Response | float | type[Exception] | None] = lambda _path: None
        super().__init__(self._answer)

    def bodies(self, chat: str) -> list[str]:
        """What stands in a chat now."""
        return [message["body"] for message in self.messages.values() if message["chat"] == chat]

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else dict(request.query)
        self.calls.append(Call(request.path, body, request.headers.get("Authorization", "")))
        fault = self.fault(request.path)
        if isinstance(fault, web.Response):
            return web.Response(body=fault.body, status=fault.status, headers=fault.headers)
        if isinstance(fault, float):
            await asyncio.sleep(fault)
        elif fault is not None:
            request.transport.abort()
            raise ConnectionResetError
        if request.path.endswith("/token"):
            return self._token(request)
        if not self._is_ours(request.headers.get("Authorization", "")):
            return web.json_response({"status": "error", "reason": "token", "errors": [], "error_data": {}}, status=401)
        *_, before, name = request.path.split("/")
        if name == "status":
            return self._status(before)
        return getattr(self, "_" + name)(body)

    def _token(self, request: web.Request) -> web.Response:
        wanted = hmac.new(SECRET.encode(), BOT.encode(), hashlib.sha256).hexdigest().upper()
        assert request.query["signature"] == wanted
        self.issued.append(uuid4().hex)
        return _ok(self.issued[-1], 200)

    def _is_ours(self, authorization: str) -> bool:
        token = authorization.removeprefix("Bearer ")
        if self.version == "v1":
            return bool(self.issued) and token == self.issued[-1]
        try:
            told = jwt.decode(token, SECRET, ["HS256"], audience="localhost", issuer=BOT)
        except jwt.InvalidTokenError:
            return False
        return told["version"] == 2

    def _direct(self, body: Document) -> web.Response:
        sync_id, notification = str(uuid4()), body["notification"]
        assert len(notification["body"]) <= 4096
        self.messages[sync_id] = {"chat": body["group_chat_id"], "body": notification["body"], "said": notification}
        self.order.append(("sent", sync_id))
        return _ok({"sync_id": sync_id})

    def _edit_event(self, body: Document) -> web.Response:
        message = self.messages.get(body["sync_id"])
        if message is None:
            return web.json_response({"status": "error", "reason": "sync_id_not_found"}, status=404)
        assert len(body["payload"]["body"]) <= 4096
        message |= {"body": body["payload"]["body"], "said": message["said"] | body["payload"]}
        self.order.append(("edited", body["sync_id"]))
        return _ok("bot_command_result_pushed")

    def _delete_event(self, body: Document) -> web.Response:
        if self.messages.pop(body["sync_id"], None) is None:
            return web.json_response({"status": "error", "reason": "sync_id_not_found"}, status=404)
        self.order.append(("deleted", body["sync_id"]))
        return _ok("event_deleted")

    def _status(self, sync_id: str) -> web.Response:
        message = self.messages.get(sync_id)
        if message is None:
            return web.json_response({"status": "error", "reason": "event_not_found"}, status=404)
        nobody: Document = {"sent_to": [], "read_by": [], "received_by": []}
        return _ok({"group_chat_id": message["chat"]} | nobody, 200)

    def _event(self, body: Document) -> web.Response:
        self.events.append(body)
        return _ok("smartapp_event_pushed")

    def _download(self, query: Document) -> web.Response:
        content = self.files.get((query["group_chat_id"], query["file_id"]))
        if content is None:
            return web.json_response({"status": "error", "reason": "file_metadata_not_found"}, status=404)
        return web.Response(body=content, content_type="application/octet-stream")

    def _by_huid(self, query: Document) -> web.Response:
        profile = self.profiles.get(query["user_huid"])
        if profile is None:
            return web.json_response({"status": "error", "reason": "user_not_found"}, status=404)
        return _ok(profile, 200)


def profile(huid: str, **facts: Any) -> Document:
    """A page of the phone book."""
    return {"user_huid": huid, "name": "Воронцова Анна Сергеевна", "user_kind": "cts_user", "emails": []} | facts


def _ok(result: Any, status: int = 202) -> web.Response:
    return web.json_response({"status": "ok", "result": result}, status=status)
