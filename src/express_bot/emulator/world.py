"""Everything the messenger knows, in one place and in memory: people, chats, files, faults, and what has happened."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any
from uuid import UUID, uuid4, uuid5

from express_bot.emulator.chats import Chat, Message, now
from express_bot.emulator.faults import Faults
from express_bot.emulator.feed import Feed
from express_bot.emulator.files import Files
from express_bot.emulator.options import Options
from express_bot.emulator.people import SPACE, People, Person
from express_bot.emulator.texts import text

KEPT_CHATS = 100
KEPT_REFS = 500


class World:
    """One messenger server with its people and the one bot."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.people = People()
        self.feed = Feed()
        self.files = Files()
        self.faults = Faults()
        self.chats: dict[UUID, Chat] = {}
        #: Calls of the SmartApp that still wait for the bot's answer: ref → who asked.
        self.app_calls: OrderedDict[UUID, UUID] = OrderedDict()
        self.statics: dict[str, tuple[str, bytes]] = {}
        self.manifest: dict[str, Any] = {}
        #: The number of the last event before this beginning.
        self.began = 0
        self._make_chats()

    # ── who and where ──

    @property
    def bot_id(self) -> UUID:
        return self.options.bot_id

    @property
    def kinds(self) -> dict[UUID, str]:
        """What everybody is, as BotX words it."""
        return {**{person.huid: "cts_user" for person in self.people}, self.bot_id: "botx"}

    def _make_chats(self) -> None:
        for person in self.people:
            self.personal_chat(person)
        group = uuid5(SPACE, f"group:{self.bot_id}")
        members = [person.huid for person in self.people]
        self.chats[group] = Chat(
            group, "group_chat", text("group"), creator=members[0], members=[*members, self.bot_id], admins={members[0]}
        )

    def personal_chat(self, person: Person) -> Chat:
        """The one chat of a person with the bot; its id is the same after a restart."""
        chat_id = uuid5(SPACE, f"personal:{self.bot_id}:{person.huid}")
        if chat_id not in self.chats:
            self.chats[chat_id] = Chat(
                chat_id, "chat", text("bot"), creator=person.huid, members=[person.huid, self.bot_id]
            )
        return self.chats[chat_id]

    def add_chat(self, **facts: Any) -> Chat:
        """A chat that the bot has made."""
        chat = Chat(uuid4(), creator=self.bot_id, admins={self.bot_id}, **facts)
        self.chats[chat.id] = chat
        self._forget_chats()
        self.publish_chat(chat)
        return chat

    def _forget_chats(self) -> None:
        """Those that the bot made last longest; the ones everybody starts with stay."""
        made = [chat.id for chat in self.chats.values() if chat.creator == self.bot_id]
        for chat_id in made[: max(0, len(self.chats) - KEPT_CHATS)]:
            self.chats.pop(chat_id)

    def message(self, sync_id: UUID) -> Message | None:
        """A message of any chat."""
        return next((chat.messages[sync_id] for chat in self.chats.values() if sync_id in chat.messages), None)

    def chat_of(self, message: Message) -> Chat:
        return self.chats[message.chat_id]

    # ── what happens ──

    def say(self, message: Message) -> Message:
        """A new message appears."""
        chat = self.chats[message.chat_id]
        if self.feed.listeners and message.author == self.bot_id:
            message.delivered_to |= {huid: now() for huid in chat.members if huid != self.bot_id}
        chat.add(message)
        self.feed.publish("chat", "message", message=message.view(), unread=chat.view()["unread"])
        return message

    def changed(self, message: Message, kind: str = "edited") -> None:
        """A message looks different now."""
        unread = self.chat_of(message).view()["unread"]
        self.feed.publish("chat", kind, message=message.view(), unread=unread)

    def publish_chat(self, chat: Chat) -> None:
        self.feed.publish("chat", "chat", chat=chat.view())

    def read(self, chat: Chat, person: Person) -> None:
        """Somebody has the chat before the eyes: everything in it is delivered and read."""
        unread = [
            message
            for message in chat.messages.values()
            if message.author != person.huid and person.huid not in message.read_by
        ]
        for message in unread:
            message.delivered_to.setdefault(person.huid, now())
            message.read_by[person.huid] = now()
        if unread:
            self.feed.publish("chat", "read", chat=chat.view(), huid=str(person.huid))

    def expect_answer(self, ref: UUID, huid: UUID) -> None:
        """The SmartApp of somebody waits for an answer with this ref."""
        self.app_calls[ref] = huid
        if len(self.app_calls) > KEPT_REFS:
            self.app_calls.popitem(last=False)

    def reset(self) -> None:
        """As it was at the start; the chats keep their ids, as they do in a real messenger."""
        self.chats.clear()
        self.files, self.faults = Files(), Faults()
        self.app_calls.clear()
        self.statics.clear()
        self.manifest = {}
        self._make_chats()
        self.began = self.feed.publish("house", "reset").seq
