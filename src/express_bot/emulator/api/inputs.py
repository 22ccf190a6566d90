"""What the page sends, read and judged."""

from __future__ import annotations

from typing import Any, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from express_bot.emulator.chats import Chat, Markup, Message
from express_bot.emulator.messenger import Phone, Seat
from express_bot.emulator.people import Person
from express_bot.emulator.world import World


class Refusal(Exception):
    """The page asked for something that there is not."""

    def __init__(self, status: int, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.status, self.document = status, {"code": code, **facts}


class Acting(BaseModel):
    """Who does something, where, on which phone."""

    model_config = ConfigDict(extra="forbid")

    persona: str
    chat: UUID | None = None
    phone: Phone = Phone()


class Text(Acting):
    text: str = Field(min_length=1, max_length=4096)
    data: dict[str, Any] = {}


class Press(Acting):
    message: UUID
    markup: Markup = "bubble"
    row: int = Field(ge=0)
    column: int = Field(ge=0)
    edits: int | None = Field(default=None, ge=0)
    """How often the message had been changed when the phone drew it; without a word about it, as it is now."""


class OnMessage(Acting):
    message: UUID


class Edit(OnMessage):
    text: str = Field(min_length=1, max_length=4096)


class Bridged(Acting):
    event: dict[str, Any]


SystemEvent = Literal[
    "cts_login",
    "cts_logout",
    "chat_created",
    "added_to_chat",
    "user_joined_to_chat",
    "deleted_from_chat",
    "left_from_chat",
    "call_started",
]


class ByServer(Acting):
    event: SystemEvent


class Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ClockTo(BaseModel):
    model_config = ConfigDict(extra="forbid")

    to: str = Field(max_length=40)


class Note(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=500)


Body = TypeVar("Body", bound=BaseModel)


async def body(request: Request, model: type[Body]) -> Body:
    """The body as ``model``; raises ``Refusal``.

    Only JSON is taken: a page of another origin cannot send that without asking, and nobody answers such questions.
    """
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise Refusal(415, "not_json")
    return parse(model, await request.body())


def parse(model: type[Body], content: bytes | dict[str, Any]) -> Body:
    try:
        return model.model_validate_json(content) if isinstance(content, bytes) else model.model_validate(content)
    except ValidationError as wrong:
        places = [".".join(map(str, error["loc"])) for error in wrong.errors()]
        raise Refusal(400, "malformed", errors=places) from None


def person_of(world: World, persona: str) -> Person:
    person = world.people.persona(persona)
    if person is None:
        raise Refusal(404, "unknown_person")
    return person


def seat_of(world: World, acting: Acting) -> Seat:
    """Who, and in which chat: without a word about it in the personal one."""
    person = person_of(world, acting.persona)
    if acting.chat is None:
        return Seat(person, world.personal_chat(person), acting.phone)
    chat = world.chats.get(acting.chat)
    if chat is None or person.huid not in chat.members:
        raise Refusal(404, "unknown_chat")
    return Seat(person, chat, acting.phone)


def message_of(chat: Chat, message: UUID) -> Message:
    found = chat.messages.get(message)
    if found is None or found.deleted:
        raise Refusal(404, "unknown_message")
    return found
