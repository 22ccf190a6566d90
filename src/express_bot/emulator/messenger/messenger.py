"""What people do on their phones, and what the bot's calls do to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from express_bot.emulator.chats import Chat, Message
from express_bot.emulator.messenger import envelopes
from express_bot.emulator.messenger.app import AppCalls
from express_bot.emulator.messenger.callbacks import Callbacks
from express_bot.emulator.messenger.deliveries import Deliveries
from express_bot.emulator.messenger.line import Answer, Line
from express_bot.emulator.messenger.phone import Seat
from express_bot.emulator.messenger.tasks import Tasks
from express_bot.emulator.people import DOMAIN, Person
from express_bot.emulator.texts import text
from express_bot.emulator.world import World


class Messenger:
    """The messenger's side of everything that goes on with the bot."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tasks = Tasks()
        self.line = Line(world)
        self.deliveries = Deliveries(world, self.line)
        self.callbacks = Callbacks(world, self.line, self.tasks)
        self.app = AppCalls(world, self.line, self.deliveries)

    async def open(self) -> None:
        await self.line.open()

    async def reset(self) -> None:
        """A fresh start: what was still under way is given up."""
        await self.tasks.close()
        self.callbacks = Callbacks(self.world, self.line, self.tasks)
        self.world.reset()

    async def close(self) -> None:
        await self.tasks.close()
        await self.line.close()

    # ── what people do ──

    async def open_chat(self, chat: Chat) -> None:
        """Somebody opens a chat; the first time the bot is told that it exists."""
        opening = self._opening(chat)
        if opening:
            await self.deliveries.deliver(opening)

    def _opening(self, chat: Chat) -> dict[str, Any] | None:
        """The event that has to come before any other of a chat, once."""
        if chat.is_opened:
            return None
        chat.is_opened = True
        self.world.publish_chat(chat)
        return envelopes.chat_created(self.world, chat)

    async def commands(self, person: Person, chat: Chat) -> Answer:
        """The bot's menu for this person."""
        query = {
            "bot_id": str(self.world.bot_id),
            "user_huid": str(person.huid),
            "ad_login": person.ad_login,
            "ad_domain": DOMAIN,
            "is_admin": "true",
            "chat_type": chat.kind,
        }
        return await self.line.get("/status", query)

    async def say(self, seat: Seat, body: str, *, file: dict[str, Any] | None = None, **more: Any) -> Message:
        """A message of a person, with more of the command's members; in a group the bot hears what is meant for it."""
        message = self.world.say(Message(seat.chat.id, seat.person.huid, body, file=file))
        opening = self._opening(seat.chat)
        if seat.chat.kind == "chat" or is_for_bot(body, text("bot")):
            message.state = "sending"
            event = envelopes.user_command(self.world, seat, body, sync_id=str(message.sync_id), **more)
            self.settle(message, await self.deliveries.deliver(event, after=opening))
        elif opening:
            await self.deliveries.deliver(opening)
        return message

    def settle(self, message: Message, answer: Answer) -> None:
        """Show what came of a delivery."""
        message.state = "sent" if answer.is_accepted else "failed"
        message.refusal = refusal_of(answer)
        if answer.is_accepted:
            message.delivered_to.setdefault(self.world.bot_id, message.at)
        self.world.changed(message, "settled")

    async def say_again(self, message: Message) -> None:
        """Another try for a message that the bot has not taken, with the same id."""
        answer = await self.deliveries.again(message.sync_id)
        if answer is not None:
            self.settle(message, answer)

    async def press(self, seat: Seat, message: Message, button: dict[str, Any]) -> None:
        """A press of a button; one that is not silent leaves an echo in the chat."""
        echo = None
        if not (button.get("opts") or {}).get("silent"):
            echo = self.world.say(Message(seat.chat.id, seat.person.huid, str(button["label"])))
        event = envelopes.user_command(
            self.world,
            seat,
            str(button["command"]),
            data=button.get("data"),
            metadata=message.metadata,
            source_sync_id=str(message.sync_id),
            sync_id=str(echo.sync_id) if echo else None,
        )
        answer = await self.deliveries.deliver(event)
        if echo:
            self.settle(echo, answer)
        elif not answer.is_accepted:
            self.world.feed.publish("chat", "press_failed", chat=str(seat.chat.id), refusal=refusal_of(answer))

    async def edit(self, seat: Seat, message: Message, body: str) -> None:
        """A person changes an own message."""
        message.begin_edit()
        message.body = body
        self.world.changed(message)
        await self.deliveries.deliver(
            envelopes.event_edit(self.world, seat, message.sync_id, body),
        )

    async def system(self, event: str, seat: Seat) -> Answer:
        """An event of the server itself, by its name without ``system:``."""
        if event in ("cts_login", "cts_logout"):
            return await self.deliveries.deliver(envelopes.cts_session(self.world, seat.person, event))
        if event == "chat_created":
            return await self.deliveries.deliver(envelopes.chat_created(self.world, seat.chat))
        if event == "call_started":
            return await self.deliveries.deliver(envelopes.unknown(self.world, seat))
        changed = envelopes.members_changed(self.world, seat.chat, event, [seat.person.huid])
        return await self.deliveries.deliver(changed)

    async def deliver_again(self, sync_id: UUID) -> None:
        """The bot asks for an event once more, with fresh headers."""
        self.tasks.start(self.deliveries.again(sync_id))

    # ── what the bot's calls do ──

    def start_typing(self, chat: Chat) -> None:
        self.world.feed.publish("chat", "typing", chat=str(chat.id), on=True)

    def stop_typing(self, chat: Chat) -> None:
        self.world.feed.publish("chat", "typing", chat=str(chat.id), on=False)

    def push(self, chat: Chat, title: str, body: str, meta: dict[str, Any]) -> None:
        """A push on the phones of a chat's people."""
        self.world.feed.publish(
            "app", "push", chat=str(chat.id), huids=self._phones(chat), title=title, body=body, meta=meta
        )

    def app_news(self, chat: Chat, data: dict[str, Any], files: list[Any]) -> None:
        """News for the SmartApp of a chat's people; lost where it is not open."""
        self.world.feed.publish("app", "news", huids=self._phones(chat), data=data, files=files)

    def app_answer(self, ref: UUID, data: dict[str, Any], files: list[Any]) -> None:
        """The answer to one call of the SmartApp."""
        self.app.answered(ref, data, files)

    def _phones(self, chat: Chat) -> list[str]:
        return [str(huid) for huid in chat.members if huid != self.world.bot_id]


def is_for_bot(body: str, bot_name: str) -> bool:
    """In a group: a command, or a message that begins with the bot's name."""
    return body.startswith("/") or body.removeprefix("@").startswith(bot_name)


def refusal_of(answer: Answer) -> str | None:
    """Why the bot has not taken something, in its own words where it has any."""
    if answer.is_accepted:
        return None
    data = answer.document.get("error_data") if isinstance(answer.document, dict) else None
    told = data.get("status_message") if isinstance(data, dict) else None
    return str(told or answer.status or "no_answer")
