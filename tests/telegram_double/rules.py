"""What the real Bot API refuses, in its own sentences."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

MAX_TEXT = 4096
MAX_DATA = 64
MAX_BUTTONS = 100
#: What a bot may download, by the count of the real one.
MAX_DOWNLOAD = 20 << 20
KINDS = ("url", "callback_data", "web_app", "login_url", "switch_inline_query", "pay")

Document = dict[str, Any]


class Refusal(Exception):
    """An answer of the Bot API that is no ``ok``."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.document: Document = {"ok": False, "error_code": status, "description": description}
        if parameters:
            self.document["parameters"] = parameters


def bad(sentence: str) -> Refusal:
    """A 400."""
    return Refusal(400, f"Bad Request: {sentence}")


def text_of(form: Document) -> str:
    """The text of a message to be."""
    text = str(form.get("text", "")).strip()
    if not text:
        raise bad("message text is empty")
    if len(text.encode("utf-16-le")) // 2 > MAX_TEXT:
        raise bad("message is too long")
    return text


def entities_of(form: Document, text: str) -> list[Document]:
    """Markup; an entity outside of the text is no entity."""
    given = json.loads(form.get("entities") or "[]")
    units = len(text.encode("utf-16-le")) // 2
    for entity in given:
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > units:
            raise bad("ENTITY_BOUNDS_INVALID")
    return list(given)


def keyboard_of(form: Document, *, private: bool) -> list[list[Document]]:
    """The inline keyboard, each button of exactly one kind."""
    rows: list[list[Document]] = json.loads(form.get("reply_markup") or "{}").get("inline_keyboard", [])
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise bad("reply markup is too long")
    for button in (button for row in rows for button in row):
        _ensure_button(button, private=private)
    return rows


def _ensure_button(button: Document, *, private: bool) -> None:
    if not button.get("text"):
        raise bad('can\'t parse inline keyboard button: Field "text" must be of type String')
    if sum(kind in button for kind in KINDS) != 1:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if not 1 <= len(str(button.get("callback_data", "-")).encode()) <= MAX_DATA:
        raise bad("BUTTON_DATA_INVALID")
    if "style" in button and button["style"] not in ("primary", "success", "danger"):
        raise bad("invalid button style specified")
    if "url" in button:
        _ensure_url(button["url"])
    if "web_app" in button:
        ensure_web_app(button["web_app"]["url"], private=private)


def _ensure_url(url: str) -> None:
    host = urlsplit(url).hostname or ""
    if "." not in host or host.startswith("127."):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def ensure_web_app(url: str, *, private: bool) -> None:
    """Apps open inside a private chat, from encrypted addresses alone."""
    if not private:
        raise bad("BUTTON_TYPE_INVALID")
    if not url.startswith("https://"):
        raise bad(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")
