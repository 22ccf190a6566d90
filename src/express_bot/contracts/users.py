"""People as the doors see them."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

#: The system's own account that files and withdraws one application after each start (never shown, never counted).
PROBE_USER_ID = UUID("00000000-0000-4000-8000-00005e1fc4ec")

Locale = Literal["ru", "en"]
Role = Literal["employee", "dispatcher", "admin", "service"]


class Strict(BaseModel):
    """A request body: a member nobody knows is an error, not noise."""

    model_config = ConfigDict(extra="forbid", strict=True)


class User(BaseModel):
    """Who is calling."""

    id: UUID
    full_name: str
    short_name: str = Field(description="surname and initials, «Воронцова А. С.»")
    locale: Locale
    roles: list[Role] = Field(description="none: a guest, who may only link to who they are")
    profile_complete: bool


class DemoLogin(Strict):
    """Sign-in of the demo and of tests: one of the seeded people."""

    provider: Literal["demo"]
    persona: Literal["employee", "newcomer", "matched", "dispatcher", "admin"]


class LocalLogin(Strict):
    """Sign-in of a local user in a browser."""

    provider: Literal["local"]
    login: Annotated[str, Field(min_length=1, max_length=100)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class TelegramLogin(Strict):
    """Sign-in of a person who has opened the app inside Telegram; counts once."""

    provider: Literal["telegram"]
    init_data: Annotated[str, Field(max_length=16_384, description="``Telegram.WebApp.initData`` as it came")]


class Session(BaseModel):
    """A fresh session: the token is shown once and kept as a hash."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the scheme's name
    expires_in: int = Field(description="seconds without any call after which the session ends")
    user: User


class Profile(BaseModel):
    """What is asked once: answers of the fields marked as profile facts, by field name."""

    user: User
    profile: dict[str, Any]
    display: dict[str, str] = Field(description="the same facts in words of the caller's language")
    profile_complete: bool
    suggestion: dict[str, Any] | None = Field(description="what the messenger or the staff list says, to be confirmed")
    staff_match: bool = Field(description="the staff list knows this person: one confirmation is enough")


class PatchProfile(Strict):
    """Changes of the caller's own profile; members left out stay."""

    profile: dict[str, Any] = {}
    locale: Locale | None = None
