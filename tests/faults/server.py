"""The eXpress server towards the bot: it repeats an event until it is taken, and tells some events twice.

Its words and proofs are the local messenger's own; what it does with them is up to the test, which also knows for every
event whether it was taken.
"""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Any, Literal
from uuid import UUID, uuid4

from express_bot.emulator.chats import Chat
from express_bot.emulator.faults import Faults
from express_bot.emulator.messenger import Phone, Seat, envelopes, proofs
from express_bot.emulator.options import Options
from express_bot.emulator.people import Person
from express_bot.emulator.world import World
from tests.emulator.serving import BOT_ID, SECRET_KEY
from tests.faults.filing import AGAIN_AFTER, PATIENCE
from tests.stack import Client, Lost, NewPerson, Refused, Stack

#: A server gives up waiting for an answer after about so long (botx.md §7).
ANSWER_SECONDS = 5
#: When the copy of an event is told: with it, right after it was taken, or once the chat has gone on.
Manner = Literal["at once", "after", "late"]
MANNERS: tuple[Manner, ...] = ("at once", "after", "late")

Document = dict[str, Any]


@dataclass(frozen=True)
class Member:
    """Somebody of the staff with an account at the messenger and a chat with the bot."""

    person: NewPerson
    seat: Seat

    @property
    def chat(self) -> str:
        return str(self.seat.chat.id)


@dataclass(frozen=True)
class Event:
    """One event, whose copies carry the same id; ``in_line`` when events of its chat are handled in order."""

    member: Member
    document: Document
    in_line: bool = True

    @property
    def sync_id(self) -> str:
        return str(self.document["sync_id"])


@dataclass
class Post:
    """What became of the events."""

    accepted: dict[str, Event] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    """Final answers other than 202."""
    given_up: list[Event] = field(default_factory=list)
    setbacks: Counter[str] = field(default_factory=Counter)
    copies: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._news = Condition()

    def take(self, event: Event) -> None:
        """The bot has accepted it (again)."""
        with self._news:
            self.accepted[event.sync_id] = event
            self._news.notify_all()

    def wait_for_next(self, timeout: float) -> bool:
        """Wait until one more event than now was accepted for the first time."""
        return self.wait_for_more(len(self.accepted), timeout)

    def wait_for_more(self, than: int, timeout: float) -> bool:
        """Wait until more than so many different events were accepted."""
        with self._news:
            return self._news.wait_for(lambda: len(self.accepted) > than, timeout)


class Server:
    """Sends events; safe for several threads."""

    def __init__(self, stack: Stack, chance: random.Random | None = None, *, share: float) -> None:
        """``share`` of the events is told twice."""
        self.post = Post()
        self._stack, self._chance, self._share = stack, chance or random.Random(), share
        self._world = World(Options(UUID(BOT_ID), SECRET_KEY, port=stack.settings.emulator_port))
        self._late: defaultdict[str, list[Event]] = defaultdict(list)

    # ── who ──

    def enrol(self, people: list[NewPerson]) -> list[Member]:
        """Accounts and chats for people; the running messenger knows the chats too."""
        return [self._enrol(person) for person in people]

    def replace(self, people: list[NewPerson]) -> list[Member]:
        """People in the place of the messenger's own: their chats are there again when it has lost its memory."""
        return [self._replace(person, known) for person, known in zip(people, self._world.people, strict=True)]

    def _replace(self, person: NewPerson, known: Person) -> Member:
        self._stack.introduce(person, str(known.huid))
        return Member(person, Seat(known, self._world.personal_chat(known), Phone()))

    def _enrol(self, person: NewPerson) -> Member:
        huid = uuid4()
        self._stack.introduce(person, str(huid))
        name = person.profile["full_name"]
        chat = Chat(self._make_chat(), "chat", name, creator=huid, members=[huid, UUID(BOT_ID)])
        return Member(person, Seat(Person("", huid, name, f"login-{huid}", "Бортпроводник"), chat, Phone()))

    def _make_chat(self) -> UUID:
        """Personal chats are its own people's alone, so it is one for several; the bot cannot tell."""
        body = {"name": "Чат", "chat_type": "group_chat", "members": [str(next(iter(self._world.people)).huid)]}
        proof = proofs.headers(self._world.options, Faults(proof_version=2))
        status, answer = self._stack.messenger.call("POST", "/api/v3/botx/chats/create", body, **proof)
        assert status == 200, answer
        return UUID(answer["result"]["chat_id"])

    # ── what ──

    def said(self, member: Member, text: str) -> Event:
        """A message."""
        return Event(member, envelopes.user_command(self._world, member.seat, text))

    def pressed(self, member: Member, message: Document, button: Document) -> Event:
        """A press of a button of a message."""
        document = envelopes.user_command(
            self._world, member.seat, button["command"], data=button["data"], source_sync_id=message["id"]
        )
        return Event(member, document)

    def asked(self, member: Member, method: str, params: Document) -> Event:
        """A call of the app; the ref of its answer is the event's own id."""
        ref = uuid4()
        data = {"type": "smartapp_rpc", "method": method, "params": params}
        document = envelopes.smartapp_event(self._world, member.seat, ref, data, [])
        return Event(member, document | {"sync_id": str(ref)}, in_line=False)

    # ── telling it ──

    def tell(self, event: Event) -> None:
        """Returns when the bot has taken it, or has said no for good; so it goes with its copy, if there is one."""
        manner = self._chance.choice(MANNERS) if self._chance.random() < self._share else None
        copy = Thread(target=self._copy, args=(event, "at once"), daemon=True) if manner == "at once" else None
        if copy:
            copy.start()
        self._deliver(event)
        if copy:
            copy.join()
        self._tell_late(event)
        if manner == "after":
            self._copy(event, manner)
        elif manner == "late":
            self._late[event.member.chat].append(event)

    def tell_rest(self) -> None:
        """The copies that nobody has told yet."""
        for event in [event for events in self._late.values() for event in events]:
            self._copy(event, "late")
        self._late.clear()

    def _tell_late(self, event: Event) -> None:
        for earlier in self._late.pop(event.member.chat, []):
            self._copy(earlier, "late")

    def _copy(self, event: Event, manner: Manner) -> None:
        self._deliver(event)
        self.post.copies[manner] += 1

    def _deliver(self, event: Event) -> None:
        deadline = time.monotonic() + PATIENCE
        client = self._stack.client(timeout=ANSWER_SECONDS)
        while (status := self._try(client, event)) is None and time.monotonic() < deadline:
            time.sleep(random.uniform(*AGAIN_AFTER))
        client.close()
        if status is None:
            self.post.given_up.append(event)

    def _try(self, client: Client, event: Event) -> int | None:
        """The final answer's status, or ``None`` when the same has to be told again."""
        client.token = proofs.headers(self._world.options, self._world.faults)["Authorization"].removeprefix("Bearer ")
        try:
            answer = client.post("/command", event.document)
        except (Refused, Lost) as setback:
            self.post.setbacks[type(setback).__name__.lower()] += 1
            return None
        if answer.status == 202:
            self.post.take(event)
        elif answer.status >= 500:
            self.post.setbacks[f"{answer.status} {answer.json.get('reason')}"] += 1
            return None
        else:
            self.post.refused.append(f"{answer.status} {answer.body[:200]!r}")
        return answer.status
