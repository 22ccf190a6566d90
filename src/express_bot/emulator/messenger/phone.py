"""What the messenger knows about the phone that something came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict

from express_bot.emulator.chats import Chat
from express_bot.emulator.people import Person

Platform = Literal["web", "ios", "android"]


class Phone(BaseModel):
    """Platform and language of the client."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    platform: Platform = "web"
    locale: Literal["ru", "en"] = "ru"


@dataclass(frozen=True)
class Seat:
    """Who does something, in which chat, on which phone."""

    person: Person
    chat: Chat
    phone: Phone
