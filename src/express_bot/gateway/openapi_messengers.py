"""The messengers' webhooks in the gateway's document; present only while a messenger is spoken to."""

from __future__ import annotations

from typing import Any

SECURITY = {"express": {"type": "http", "scheme": "bearer", "description": "signed anew by the server for each call"}}
_OBJECT = {"type": "object"}
_JSON = {"application/json": {"schema": _OBJECT}}
_REFUSAL = {
    "type": "object",
    "required": ["reason", "errors", "error_data"],
    "properties": {
        "reason": {"enum": ["bot_disabled", "unverified_request"]},
        "errors": {"type": "array"},
        "error_data": {"type": "object", "properties": {"status_message": {"type": "string"}}},
    },
}
_NO = {"application/json": {"schema": _REFUSAL}}
_REFUSALS = {
    "400": {"description": "The call broke off, or the synchronous request failed", "content": _JSON},
    "401": {"description": "Nothing proves the messenger's server", "content": _NO},
    "408": {"description": "The body did not come"},
    "503": {"description": "Not taken; `status_message` is shown to the person", "content": _NO},
}


def paths() -> dict[str, Any]:
    """The five doors at both places."""
    return {f"{prefix}{path}": door for prefix in ("", "/webhook") for path, door in _DOORS.items()}


def _taken(summary: str, success: str, *, signed: bool = True) -> dict[str, Any]:
    operation = _operation("post", summary, success, signed=signed)
    operation["post"]["requestBody"] = {"required": True, "content": _JSON}
    return operation


def _operation(method: str, summary: str, success: str, *, signed: bool = True) -> dict[str, Any]:
    security: list[dict[str, list[str]]] = [{"express": []}] if signed else [{"express": []}, {}]
    done = {success: {"description": "Done", "content": _JSON}}
    described = {"summary": summary, "tags": ["eXpress"], "security": security, "responses": done | _REFUSALS}
    return {method: described}


def _query(name: str, *, required: bool) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": {"type": "string"}}


def _menu() -> dict[str, Any]:
    operation = _operation("get", "The bot's menu for one person", "200")
    required, optional = ("bot_id", "user_huid", "chat_type"), ("ad_login", "ad_domain", "is_admin")
    operation["get"]["parameters"] = [
        *(_query(name, required=True) for name in required),
        *(_query(name, required=False) for name in optional),
    ]
    return operation


def _files() -> dict[str, Any]:
    path = {"name": "path", "in": "path", "required": True, "schema": {"type": "string"}}
    responses = {"200": {"description": "The file"}, "404": {"description": "No such file"}}
    described = {"summary": "The app's files", "tags": ["eXpress"], "security": [], "parameters": [path]}
    return {"get": described | {"responses": responses | {"503": {"description": "The app is not built"}}}}


_DOORS = {
    "/command": _taken("A message or an event", "202"),
    "/status": _menu(),
    "/notification/callback": _taken("What became of a message of ours", "202", signed=False),
    "/smartapps/request": _taken("A synchronous request of the app", "200"),
    "/smartapp_files/static/{path}": _files(),
}
