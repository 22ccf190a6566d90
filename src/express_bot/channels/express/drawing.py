"""A view in the words of BotX: text and rows of bubbles."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

from pybotx import BubbleMarkup
from pybotx import Button as Bubble

from express_bot.channels.dialogs.view import Button, Link, View

MAX_BODY = 4096
ACCENT = {"background_color": "#1A5DC8", "text_color": "#FFFFFF"}
#: The library turns this tag into a mention, of everybody too, and stumbles over a broken one. No text of ours has it.
_MENTION_TAG = re.compile(r"</?embed_mention>", re.IGNORECASE)
_MENTION_PLACE = re.compile(r"(?<=[@#])\{(?=mention:)", re.IGNORECASE)

Address = Callable[[Link], str]


def body_of(view: View) -> str:
    """The text as it may be sent: nothing in it calls anybody, and it is never longer than the server takes."""
    text = view.text
    while _MENTION_TAG.search(text):  # what is left after a removal may be a tag again
        text = _MENTION_TAG.sub("", text)
    text = _MENTION_PLACE.sub("(", text)
    return text if len(text) <= MAX_BODY else text[: MAX_BODY - 1] + "…"


def bubbles_of(view: View, address: Address) -> BubbleMarkup:
    """The buttons; an empty markup takes those of an edited message away."""
    return BubbleMarkup([[_bubble(button, address) for button in row] for row in view.rows])


def address_of(link: Link, *, links: str, bot_id: str) -> str:
    """A deep link: the app at a place (``to`` and ``id``, ux.md B8), or the bot's page, from where its chat opens."""
    if link.target == "chat":
        return f"{links}/open/profile/{bot_id}"
    to, _, place = link.route.strip("/").partition("/")
    query = urlencode({name: value for name, value in (("to", to), ("id", place)) if value})
    return f"{links}/open/smartapp/{bot_id}" + (f"?{query}" if query else "")


def _bubble(button: Button, address: Address) -> Bubble:
    """Silent, so that a press leaves no echo; the label as command, so that it reads well where one is shown."""
    bubble = Bubble(label=button.label, command=button.label, data=_data(button))
    if button.accent:
        bubble.background_color, bubble.text_color = ACCENT["background_color"], ACCENT["text_color"]
    if button.alert is not None:
        bubble.alert, bubble.process_on_client = button.alert, True
    if button.link is not None:
        bubble.link = address(button.link)
    return bubble


def _data(button: Button) -> dict[str, str]:
    """What a press brings back. A button that only says something brings nothing."""
    return {"token": button.token} if button.token is not None and button.alert is None else {}
