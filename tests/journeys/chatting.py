"""A person in the messenger's chat with the bot: hands on the page, eyes on what is shown, and a count of both."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, expect

from tests.emulator.serving import BOT_ID, Emulator
from tests.journeys.messenger import MessengerPage
from tests.stack import Stack
from tests.stack.chats import OWED, WAITING

SENT = re.compile(r"Заявка №\s\d{4}-\d{4,} отправлена")
SHOWN = ("/notifications/direct", "/events/edit_event")


class Chat:
    """A person's chat with the bot: presses are counted, words too."""

    def __init__(self, page: MessengerPage, emulator: Emulator, persona: str) -> None:
        self.page = page
        self.emulator = emulator
        self.persona = persona
        self.presses = 0
        self.typed = 0

    def press(self, label: str) -> Chat:
        """The newest button that begins so: «Магадан, как в декабре», «Отправить: Самара, 20 января»."""
        self.presses += 1
        self.page.page.locator(".kb .key").filter(has_text=re.compile(rf"^{re.escape(label)}([,:]|$)")).last.click()
        return self

    def say(self, text: str) -> Chat:
        self.typed += 1
        self.page.say(text)
        return self

    def lags(self) -> Chat:
        """From now on the phone shows nothing new in the chat, while what is pressed in it goes out."""
        self.emulator.broken(stale_chat=True)
        expect(self.page.page.get_by_text("Что-то сломано нарочно")).to_be_visible()
        return self

    def catches_up(self) -> Chat:
        self.emulator.broken(stale_chat=False)
        return self

    def hears(self, words: str | re.Pattern[str]) -> Chat:
        """The bot's newest message says so."""
        newest = self.page.page.locator(".messages .m:not(.mine)").last
        expect(newest).to_contain_text(words)
        return self

    def answered(self, house: Stack, act: Callable[[], Any]) -> float:
        """Does something and waits until the bot has said all it has to say to it.

        Returns the seconds between the event and the bot's last word, by the messenger's own clock.
        """
        before = self.emulator.state()["seq"]
        act()
        self.emulator.wait(lambda: _shown(self.emulator, before), "the bot said nothing")
        house.wait_until(lambda: house.count(WAITING) == 0 and house.count(OWED) == 0)
        heard = next(line for line in self.emulator.wire("/command", after=before))
        began = datetime.fromisoformat(heard["at"]) - timedelta(milliseconds=heard["ms"])
        return (datetime.fromisoformat(_shown(self.emulator, before)[-1]["at"]) - began).total_seconds()

    def sees(self, label: str) -> Chat:
        """A button with these words stands under the newest message."""
        expect(self.page.page.locator(".kb").last.get_by_text(label, exact=True)).to_be_visible()
        return self

    @property
    def messages(self) -> Locator:
        """The bot's messages as the page shows them."""
        return self.page.page.locator(".messages .m:not(.mine)")

    @property
    def said(self) -> list[dict[str, Any]]:
        """The bot's messages in this chat."""
        return [message for message in self.emulator.messages(self.persona) if message["author"] == BOT_ID]


def _shown(emulator: Emulator, after: int) -> list[dict[str, Any]]:
    """What the bot has sent or changed."""
    return [line for line in emulator.wire(after=after) if line.get("path", "").endswith(SHOWN)]
