"""The OpenAPI document of the core, true to the byte: what the doors of ``core/*/api.py`` take and answer."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_openapi import OpenAPI
from pydantic import BaseModel

from express_bot.contracts.info import Health
from express_bot.core.http import PUBLIC, answer, operation

VERSION = "3.1.0"
SECURITY: dict[str, Any] = {"token": {"type": "http", "scheme": "bearer"}}
_PROBLEM = {
    "description": "The reason and the next step, in the caller's language",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "made by the client once per intent; the same key and body give the same answer again",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{8,128}$"},
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "the `ETag` the caller has read: refused with 412 when the thing has changed since, and for any tag"
    " that is none of ours; `*` is whatever there is",
    "schema": {"type": "string", "examples": ['"3"', "*"]},
}
#: Members of an answer that are of the moment of asking, for those who keep the rest of it.
_PRESENT = {"X-Present": {"description": "members as they are now, as JSON", "schema": {"type": "string"}}}
#: No parameter: whatever a caller writes into ``If-None-Match`` is allowed, and only the tag of this answer counts.
_UNCHANGED = {"description": "nothing has changed since the `ETag` in `If-None-Match`", "headers": _PRESENT}
_NAME = {
    "name": "Content-Disposition",
    "in": "header",
    "required": False,
    "description": "`attachment; filename*=UTF-8''…`: what the file is called",
    "schema": {"type": "string"},
}
_SUM = {
    "name": "Content-Digest",
    "in": "header",
    "required": False,
    "description": "`sha-256=:…:` (RFC 9530): compared with what arrives",
    "schema": {"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"},
}
_OFFSET = {
    "name": "Upload-Offset",
    "in": "header",
    "required": True,
    "description": "where in the file the part begins: where the upload stands",
    "schema": {"type": "string", "pattern": "^[0-9]{1,12}$"},
}
#: Headers of a raw body, by what it is.
_RAW = {"file": (_NAME, _SUM), "part": (_OFFSET,)}
_BINARY = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_ANY = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
_RANGE = {
    "name": "Range",
    "in": "header",
    "required": False,
    "description": "`bytes=0-1023`: a part of it",
    "schema": {"type": "string"},
}
#: What any operation may refuse with.
REFUSALS = ("400", "401", "403", "404", "409", "412", "413", "415", "422", "429", "500", "503")


def operation_id(*, name: str, **_place: str) -> str:
    """``submit``, ``read_form``…: the view's name is the operation's name."""
    return name.rpartition(".")[2]


def wire(app: OpenAPI) -> None:
    """Serves ``/openapi.json``."""
    app.openapi_version = VERSION

    @operation(PUBLIC)
    def document() -> Response:
        if not app.spec_json:
            app.generate_spec_json()  # type: ignore[no-untyped-call]  # the library's own gap
            _complete(app)
        return answer(app.spec_json)

    app.add_url_rule("/openapi.json", view_func=document)


def _complete(app: OpenAPI) -> None:
    """What the library does not know: refusals, keys, who may call, the doors of health and of counters."""
    document = app.spec_json
    document["security"] = [{"token": []}]
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            _describe(described, public=_is_public(app, path, method))
    document["components"]["schemas"]["Health"] = _schema(Health)
    document["paths"].update(_health_paths())


def _describe(described: dict[str, Any], *, public: bool) -> None:
    described["responses"].update(dict.fromkeys(REFUSALS, _PROBLEM))
    if described.pop("x-key", False):
        described.setdefault("parameters", []).append(_KEY)
    if described.pop("x-if-match", False):
        described.setdefault("parameters", []).append(_IF_MATCH)
    if described.pop("x-kept", False):
        described["responses"]["304"] = _UNCHANGED
    other = described.pop("x-or", None)
    if other:
        content = described["responses"]["200"]["content"]["application/json"]
        content["schema"] = {"anyOf": [content["schema"], {"$ref": f"#/components/schemas/{other}"}]}
    if raw := described.pop("x-raw", None):
        described.setdefault("parameters", []).extend(_RAW[raw])
        described["requestBody"] = {"required": True, "content": _BINARY}
    if described.pop("x-bytes", False):
        described.setdefault("parameters", []).append(_RANGE)
        described["responses"].update(_bytes_responses())
    if public:
        described["security"] = []


def _bytes_responses() -> dict[str, Any]:
    """What a file answers with besides its refusals."""
    return {
        "200": {"description": "all of it", "content": _ANY},
        "206": {"description": "the range asked for", "content": _ANY},
        "304": {"description": "unchanged"},
        "410": _PROBLEM,
        "416": _PROBLEM,
    }


def _is_public(app: OpenAPI, path: str, method: str) -> bool:
    views = app.view_functions
    rule = path.replace("{", "<").replace("}", ">")
    return any(
        getattr(views[found.endpoint], "permission", None) == PUBLIC
        for found in app.url_map.iter_rules()
        if found.rule == rule and method.upper() in (found.methods or ())
    )


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema(ref_template="#/components/schemas/{model}")


def _health_paths() -> dict[str, Any]:
    health = {"application/json": {"schema": {"$ref": "#/components/schemas/Health"}}}
    alive = {"application/json": {"schema": {"type": "object", "properties": {"status": {"const": "ok"}}}}}

    def door(name: str, summary: str, content: dict[str, Any], *, may_fail: bool) -> dict[str, Any]:
        responses: dict[str, Any] = {"200": {"description": summary, "content": content}}
        if may_fail:
            responses["503"] = {"description": "not now", "content": content}
        return {"get": {"operationId": name, "summary": summary, "security": [], "responses": responses}}

    return {
        "/health": door("health", "What works and what does not", health, may_fail=False),
        "/health/live": door("health_live", "The process answers", alive, may_fail=False),
        "/health/ready": door("health_ready", "Calls can be taken", health, may_fail=True),
        "/metrics": _counters(),
    }


def _counters() -> dict[str, Any]:
    text = {"text/plain": {"schema": {"type": "string"}}}
    responses = {"200": {"description": "Counters", "content": text}, "404": _PROBLEM}
    return {
        "get": {"operationId": "metrics", "summary": "Counters for Prometheus", "security": [], "responses": responses}
    }
