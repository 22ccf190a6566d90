"""A view in the words of the Bot API: text with entities, and an inline keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, WebAppInfo

from express_bot.channels.dialogs.view import Button, Link, View
from express_bot.channels.telegram.presses import data_of

MAX_UNITS = 4096
MAX_BUTTONS = 100
#: What a link to the person's own chat tells the bot there: nothing but where it was found.
FROM_A_GROUP = "group"
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)

#: A button's members that say where it leads; ``None`` when there is no such place.
Target = dict[str, Any] | None
Address = Callable[[Link], Target]


def is_private(chat: str) -> bool:
    """Chats of one person have positive ids."""
    return not chat.startswith("-")


def text_of(view: View) -> tuple[str, list[MessageEntity]]:
    """The text and its markup. Entities are counted in UTF-16, and nothing a person wrote can become one."""
    shown, entities, end, units = "", [], 0, 0
    for found in _BOLD.finditer(view.text):
        before = view.text[end : found.start()]
        units += _units(before)
        entities.append(MessageEntity(MessageEntity.BOLD, units, _units(found[1])))
        units += _units(found[1])
        shown += before + found[1]
        end = found.end()
    return _clipped(shown + view.text[end:], entities)


def keyboard_of(view: View, address: Address) -> InlineKeyboardMarkup | None:
    """The buttons; without any, those of an edited message go away."""
    rows, left = [], MAX_BUTTONS
    for number, buttons in enumerate(view.rows):
        row = [key for place, button in enumerate(buttons) if (key := _key(button, (number, place), address))]
        if row and len(row) <= left:
            rows.append(row)
            left -= len(row)
    return InlineKeyboardMarkup(rows) if rows else None


@dataclass(frozen=True)
class Places:
    """Where links lead."""

    public_url: str
    mini_app: str
    bot: str
    """The bot's user name, if it is known."""

    def address(self, link: Link, *, private: bool) -> Target:
        """In a person's own chat the app opens inside Telegram, which takes https alone; elsewhere links do.

        Telegram refuses a whole message for a link to a machine that only we can reach: no button then.
        """
        if link.target == "chat":
            return {"url": f"https://t.me/{self.bot}?start={FROM_A_GROUP}"} if self.bot else None
        page = f"{self.public_url}/{_query(link)}"
        if private and page.startswith("https://"):
            return {"web_app": WebAppInfo(page)}
        if self.mini_app and self.bot:
            return {"url": f"https://t.me/{self.bot}/{self.mini_app}?startapp={_start_parameter(link)}"}
        return {"url": page} if "." in (urlsplit(page).hostname or "") and not _is_local(page) else None


def _is_local(page: str) -> bool:
    host = urlsplit(page).hostname or ""
    return host.startswith("127.") or host == "localhost"


def _query(link: Link) -> str:
    """The place in the app, where it is not the first page: Telegram needs what stands after ``#`` for itself."""
    to, _, thing = link.route.strip("/").partition("/")
    place = {"to": to, "id": thing} if thing else {"to": to}
    return f"?{urlencode(place)}" if to else ""


def _start_parameter(link: Link) -> str:
    """«/r/2027-0142» as the app is told of it: «r_2027-0142» (ux.md B8)."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", link.route.strip("/")) or "home"


def _key(button: Button, place: tuple[int, int], address: Address) -> InlineKeyboardButton | None:
    style = "primary" if button.accent else None
    if button.link is None:
        return InlineKeyboardButton(button.label, callback_data=data_of(button, place), style=style)
    target = address(button.link)
    return InlineKeyboardButton(button.label, style=style, **target) if target else None


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _clipped(text: str, entities: list[MessageEntity]) -> tuple[str, list[MessageEntity]]:
    """What Telegram takes; markup that reaches over the end goes."""
    if _units(text) <= MAX_UNITS:
        return text, entities
    kept = text.encode("utf-16-le")[: 2 * (MAX_UNITS - 1)].decode("utf-16-le", "ignore")
    return f"{kept}…", [entity for entity in entities if entity.offset + entity.length <= _units(kept)]
