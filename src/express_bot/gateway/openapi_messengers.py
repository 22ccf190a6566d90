"""The messengers' webhooks in the gateway's document; present only while a messenger is spoken to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

_SECURITY: dict[str, dict[str, Any]] = {
    "express": {"type": "http", "scheme": "bearer", "description": "signed anew by the server for each call"},
    "telegram": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Telegram-Bot-Api-Secret-Token",
        "description": "the secret that we gave to Telegram",
    },
}
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


def security(messengers: Collection[str]) -> dict[str, Any]:
    """How the servers of these messengers prove themselves."""
    return {name: proof for name, proof in _SECURITY.items() if name in messengers}


def paths(messengers: Collection[str]) -> dict[str, Any]:
    """The doors of these messengers: eXpress has five at two places, Telegram one."""
    doors = {f"{prefix}{path}": door for prefix in ("", "/webhook") for path, door in _DOORS.items()}
    return (doors if "express" in messengers else {}) | (_TELEGRAM if "telegram" in messengers else {})


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
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_TELEGRAMS_REFUSALS = {
    "400": "No update that can be read",
    "401": "Nothing proves Telegram",
    "408": "The body did not come",
    "413": "The body is larger than 1 MB",
    "414": "The address is too long",
    "431": "The headers are too large",
    "503": "The update could not be stored; it has to be brought again",
}
_TELEGRAM = {
    "/webhook/telegram": {
        "post": {
            "summary": "An update of Telegram",
            "tags": ["Telegram"],
            "security": [{"telegram": []}],
            "requestBody": {"required": True, "content": _JSON},
            "responses": {"200": {"description": "Stored", "content": _JSON}}
            | {status: {"description": about, "content": _PROBLEM} for status, about in _TELEGRAMS_REFUSALS.items()},
        }
    }
}
