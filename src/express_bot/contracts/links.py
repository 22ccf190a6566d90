"""Ways to reach a person: the proven ids of messengers that lead to one of us, and the codes that join them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from express_bot.contracts.messengers import Channel
from express_bot.contracts.users import Session, Strict, User

#: What people call the messengers; the same in every language.
MESSENGER_NAMES = {"express": "eXpress", "telegram": "Telegram"}


class LinkCode(BaseModel):
    """A one-time code that joins another messenger to the caller."""

    code: str = Field(description="six digits")
    expires_at: datetime


class RedeemCode(Strict):
    """A code that was shown on the other side."""

    code: Annotated[str, Field(pattern=r"^ *(?:[0-9] *){6}$", max_length=20)]


class Link(BaseModel):
    """One way to reach the caller."""

    provider: str
    linked_at: datetime
    reachable: bool = Field(description="false: the messenger says that this chat takes nothing any more")
    removable: bool


class LinkList(BaseModel):
    """The caller's proven ids, oldest first."""

    links: list[Link]
    messengers: list[Channel] = Field(description="those that can be linked in this house")


class Linked(LinkList):
    """The links after a code was taken. A guest who has just become somebody goes on with a new session."""

    user: User = Field(description="who the caller is from now on")
    session: Session | None = Field(description="instead of the guest's, which has ended; null: the caller's goes on")
