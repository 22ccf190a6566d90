"""The gateway's ``/openapi.json``: the core's operations that pass through here, and the gateway's own.

Built from the core's document, so an operation is described once, where it is defined (design §2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

import orjson
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from express_bot.contracts.errors import CoreUnavailable
from express_bot.contracts.info import Health
from express_bot.contracts.problems import Problem
from express_bot.core_client import CoreClient, CoreGone
from express_bot.gateway import openapi_messengers
from express_bot.gateway.forward import PREFIXES

_PASSED = tuple(prefix.decode() for prefix in PREFIXES)
_METHODS = frozenset({"get", "put", "post", "delete", "patch", "head", "options", "trace"})
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
#: What the gateway may answer instead of the core.
_REFUSALS = {
    "414": "The address is too long",
    "431": "The headers are too large",
    "503": "The core cannot be reached; the same call may be repeated",
}
_BODY_REFUSALS = {"408": "The body did not come", "413": "The body is larger than 1 MB"}


class Document:
    """The document, rebuilt only when the core's has changed."""

    def __init__(self, core: CoreClient, version: str, *, messengers: Collection[str] = ()) -> None:
        """``messengers``: those whose servers have doors here."""
        self._core = core
        self._version = version
        self._messengers = messengers
        self._core_etag: str | None = None
        self._body = b""
        self._etag = ""

    async def serve(self, request: Request) -> Response:
        """Answers with the document; raises ``CoreUnavailable`` when the core never told its part."""
        await self._refresh()
        headers = {"ETag": self._etag, "Cache-Control": "no-cache"}
        if self._etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(self._body, headers=headers, media_type="application/json")

    async def _refresh(self) -> None:
        try:
            answer = await self._core.get("/openapi.json", etag=self._core_etag)
        except CoreGone as gone:
            if not self._body:
                raise CoreUnavailable from gone
            return
        if answer.status == 200:
            document = public_document(orjson.loads(answer.body), self._version, messengers=self._messengers)
            self._body = orjson.dumps(document)
            self._etag = f'"{hashlib.sha256(self._body).hexdigest()[:24]}"'
            self._core_etag = answer.headers.get("ETag")


def public_document(core: dict[str, Any], version: str, *, messengers: Collection[str] = ()) -> dict[str, Any]:
    """The core's document as it is true at the gateway."""
    passed = {path: _passed(item) for path, item in core["paths"].items() if path.startswith(_PASSED)}
    components = core.get("components", {})
    schemas = {model.__name__: _schema(model) for model in (Problem, Health)} | components.get("schemas", {})
    proofs = components.get("securitySchemes", {}) | openapi_messengers.security(messengers)
    return core | {
        "info": core["info"] | {"title": "Express Bot API", "version": version},
        "servers": [{"url": "/"}],
        "paths": passed | _OWN_PATHS | openapi_messengers.paths(messengers),
        "components": components | {"schemas": schemas, "securitySchemes": proofs},
    }


def _passed(item: dict[str, Any]) -> dict[str, Any]:
    return {
        key: part | {"responses": _refusals(part) | part["responses"]} if key in _METHODS else part
        for key, part in item.items()
    }


def _refusals(operation: dict[str, Any]) -> dict[str, Any]:
    possible = _REFUSALS | (_BODY_REFUSALS if "requestBody" in operation else {})
    return {status: {"description": text, "content": _PROBLEM} for status, text in possible.items()}


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema(ref_template="#/components/schemas/{model}")


def _own(summary: str, responses: dict[str, tuple[str, str | None]]) -> dict[str, Any]:
    """One GET of the gateway itself, open to everybody: no security requirement."""
    return {
        "get": {
            "summary": summary,
            "tags": ["gateway"],
            "security": [],
            "responses": {status: _response(*what) for status, what in responses.items()},
        }
    }


def _response(description: str, content: str | None) -> dict[str, Any]:
    return {"description": description} | ({"content": _CONTENTS[content]} if content else {})


_STATE = {"type": "object", "required": ["status"], "properties": {"status": {"enum": ["ok", "down"]}}}
_CONTENTS: dict[str, dict[str, Any]] = {
    "health": {"application/json": {"schema": {"$ref": "#/components/schemas/Health"}}},
    "state": {"application/json": {"schema": _STATE}},
    "problem": _PROBLEM,
    "json": {"application/json": {"schema": {"type": "object"}}},
    "page": {"text/html": {"schema": {"type": "string"}}},
    "text": {"text/plain": {"schema": {"type": "string"}}},
}
_OWN_PATHS = {
    "/": _own("The app", {"200": ("The page", "page"), "503": ("The app is not built", "page")}),
    "/health": _own("All components", {"200": ("Works", "health"), "503": ("Does not work", "health")}),
    "/health/live": _own("The process answers", {"200": ("It does", "state")}),
    "/health/ready": _own("Calls are welcome", {"200": ("They are", "state"), "503": ("Going away", "state")}),
    "/metrics": _own(
        "Counters for Prometheus", {"200": ("Counters", "text"), "404": ("Asked through a proxy", "problem")}
    ),
    "/openapi.json": _own(
        "This document", {"200": ("The document", "json"), "503": ("The core cannot be reached", "problem")}
    ),
}
