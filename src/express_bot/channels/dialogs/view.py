"""What the bot says: one message with its rows of buttons, in no messenger's own words.

``View.to_json()`` is what a card's ``wanted`` holds; an adapter reads it back with ``View.from_json`` and draws it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

#: The shortest of the messengers' limits (ux.md C1.4).
MAX_TEXT = 4096
MAX_TOKEN = 64
MAX_ALERT = 200

Target = Literal["app", "chat"]


@dataclass(frozen=True)
class Link:
    """Where a button leads without asking the bot: a route of the web app, or the person's own chat with the bot."""

    route: str = "/"
    target: Target = "app"

    def to_json(self) -> dict[str, Any]:
        """The link as a card keeps it."""
        return {"route": self.route, "target": self.target}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Link:
        """The link back from a card."""
        return cls(data.get("route", "/"), data.get("target", "app"))


@dataclass(frozen=True)
class Button:
    """One button. Without a token or a link it is a caption that does nothing (the names of the week)."""

    label: str
    token: str | None = None
    """What a press brings back, at most 64 bytes: ``v1.<card>.<rev>.<choice>``."""
    link: Link | None = None
    accent: bool = False
    """The one main act of the message."""
    alert: str | None = None
    """Why this cannot be chosen, to be shown at once; the press that comes with it changes nothing."""

    def to_json(self) -> dict[str, Any]:
        """The button as a card keeps it: members without a meaning are left out."""
        told: dict[str, Any] = {"label": self.label}
        if self.token is not None:
            told["token"] = self.token
        if self.link is not None:
            told["link"] = self.link.to_json()
        if self.accent:
            told["accent"] = True
        if self.alert is not None:
            told["alert"] = self.alert
        return told

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Button:
        """The button back from a card."""
        link = data.get("link")
        return cls(
            label=data["label"],
            token=data.get("token"),
            link=Link.from_json(link) if link else None,
            accent=data.get("accent", False),
            alert=data.get("alert"),
        )


Row = tuple[Button, ...]


@dataclass(frozen=True)
class View:
    """One message: a text whose only markup is ``**bold**``, and rows of buttons under it."""

    text: str
    rows: tuple[Row, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """What a card's ``wanted`` holds."""
        return {"text": self.text, "rows": [[button.to_json() for button in row] for row in self.rows]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> View:
        """The view back from a card."""
        rows = tuple(tuple(map(Button.from_json, row)) for row in data.get("rows", ()))
        return cls(data["text"], rows)
