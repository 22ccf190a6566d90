"""People who attach files to what they file, and do not give up: the load under which uploads are killed.

Each of them goes as the app goes: in one go under a key that is repeated, or in parts from where the core says that the
upload stands; then an application that names the files. Some uploads are left half done, and some files unattached.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Condition, Event, Thread
from typing import Any
from uuid import uuid4

from tests.faults.filing import AGAIN_AFTER, PATIENCE, Intent, Wishes
from tests.stack import Answer, NewPerson, Stack

KIB, MIB = 1 << 10, 1 << 20
#: A device waits so long for a word of the gateway; the connection of a killed one is reset long before.
ANSWER_SECONDS = 60


@dataclass(frozen=True)
class Parcel:
    """A file that one person wants to attach, or to forget."""

    content: bytes
    key: str = field(default_factory=lambda: f"parcel-{uuid4()}")

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def parcel(chance: random.Random, largest: int) -> Parcel:
    """A document nobody else has."""
    size = chance.choice([KIB, 40 * KIB, 300 * KIB, MIB, largest])
    return Parcel(b"%PDF-1.7\n" + os.urandom(chance.randint(size // 2, size)) + b"\n%%EOF\n")


@dataclass(frozen=True)
class Taken:
    """A file that the product has called ready."""

    person: NewPerson
    parcel: Parcel
    id: str


@dataclass(frozen=True)
class Half:
    """An upload that its person has left; ``told``: where it stood by the product's own word."""

    person: NewPerson
    parcel: Parcel
    id: str
    told: int


@dataclass(frozen=True)
class Filed:
    """An application that was acknowledged, and the files it was filed with."""

    person: NewPerson
    number: str
    files: list[str]


class Book:
    """What was answered; safe for several threads."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.halves: list[Half] = []
        self.filed: list[Filed] = []
        self.wronged: list[str] = []
        """Final answers that were a no."""
        self.unanswered: list[str] = []
        self.setbacks: Counter[str] = Counter()
        self.resumed = 0
        """Parts that went on from where a broken one had stopped."""
        self._news = Condition()
        self._count = 0

    def note(self, what: Taken | Half | Filed) -> None:
        with self._news:
            {Taken: self.taken, Half: self.halves, Filed: self.filed}[type(what)].append(what)  # type: ignore[attr-defined]  # each list holds its own
            self._count += 1
            self._news.notify_all()

    def stumbled(self, over: str) -> None:
        with self._news:
            self.setbacks[over] += 1

    def wait_for_next(self, timeout: float) -> bool:
        """Wait until one more thing than now was acknowledged."""
        with self._news:
            before = self._count
            return self._news.wait_for(lambda: self._count > before, timeout)


class GaveUp(Exception):
    """No answer in all our patience, or a final no."""


class Device:
    """One person's app: raw bodies, and the same again until there is an answer."""

    def __init__(self, port: int, person: NewPerson, book: Book) -> None:
        self.person = person
        self._port, self._book = port, book

    def once(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer | None:
        """One try on a connection of its own; ``None`` when no whole answer came."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=ANSWER_SECONDS)
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {self.person.token}"} | told)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except (OSError, HTTPException) as error:
            self._book.stumbled(type(error).__name__)
            return None
        finally:
            connection.close()

    def insist(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """The final answer, however often it takes."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            answer = self.once(method, path, body, **headers)
            if answer is not None and answer.status < 500 and answer.status != 429:
                return answer
            if answer is not None:
                self._book.stumbled(f"{answer.status} {answer.code}")
            time.sleep(random.uniform(*AGAIN_AFTER))
        self._book.unanswered.append(f"{method} {path}")
        raise GaveUp

    def expect(self, status: int, answer: Answer) -> Any:
        if answer.status != status:
            self._book.wronged.append(f"{answer.status} {answer.body[:300]!r}")
            raise GaveUp
        return answer.json

    # ── in one go ──

    def upload(self, parcel: Parcel) -> Taken:
        """The whole file under one key."""
        answer = self.insist(
            "POST",
            "/api/smartapp/files",
            parcel.content,
            Idempotency_Key=parcel.key,
            Content_Type="application/pdf",
            Content_Disposition="attachment; filename*=UTF-8''%D1%81%D0%BF%D1%80%D0%B0%D0%B2%D0%BA%D0%B0.pdf",
        )
        return self._taken(parcel, self.expect(201, answer))

    def _taken(self, parcel: Parcel, told: Any) -> Taken:
        if (told["state"], told["sha256"]) != ("ready", parcel.sha256):
            self._book.wronged.append(f"another file than was sent: {told}")
            raise GaveUp
        return Taken(self.person, parcel, told["id"])

    # ── in parts ──

    def begin(self, parcel: Parcel) -> Any:
        body = b'{"name":"a.pdf","size":%d,"type":"application/pdf","sha256":"%s"}'
        answer = self.insist(
            "POST",
            "/api/smartapp/uploads",
            body % (len(parcel.content), parcel.sha256.encode()),
            Idempotency_Key=parcel.key,
            Content_Type="application/json",
        )
        return self.expect(201, answer)

    def go_on(self, parcel: Parcel, upload: str, *, part: int, until: int) -> Any:
        """Sends parts from where the upload stands up to a place; returns the upload."""
        path = f"/api/smartapp/uploads/{upload}"
        told = self.expect(200, self.insist("GET", path))
        while told["offset"] < until and told["state"] == "uploading":
            place = told["offset"]
            content = parcel.content[place : min(place + part, until)]
            answer = self.once("PATCH", path, content, Upload_Offset=str(place))
            if answer is not None and answer.status == 200:
                told = answer.json
                continue
            if answer is not None and answer.status < 500 and answer.code != "wrong_offset":
                self.expect(200, answer)
            if answer is not None:
                self._book.stumbled(f"{answer.status} {answer.code}")
            time.sleep(random.uniform(*AGAIN_AFTER))
            told = self.expect(200, self.insist("GET", path))
            self._book.resumed += place < told["offset"] < place + len(content)
        return told

    def upload_in_parts(self, parcel: Parcel, part: int) -> Taken:
        upload = self.begin(parcel)["id"]
        told = self.go_on(parcel, upload, part=part, until=len(parcel.content))
        deadline = time.monotonic() + PATIENCE
        while told["state"] == "checking" and time.monotonic() < deadline:  # its core was killed while it judged
            time.sleep(0.2)
            told = self.expect(200, self.insist("GET", f"/api/smartapp/uploads/{upload}"))
        return self._taken(parcel, told["file"] or told)

    # ── what it is for ──

    def submit(self, intent: Intent, files: list[str]) -> Filed:
        body = {"form": intent.form, "answers": intent.answers | {"files": files}}
        content = json.dumps(body, ensure_ascii=False).encode()
        answer = self.insist(
            "POST", "/api/smartapp/submit", content, Idempotency_Key=intent.key, Content_Type="application/json"
        )
        return Filed(self.person, self.expect(201, answer)["number"], files)


class Carrier(Thread):
    """Goes from one person to the next until it is enough."""

    def __init__(
        self, stack: Stack, people: Iterator[NewPerson], book: Book, enough: Event, *, wishes: Wishes, largest: int
    ) -> None:
        super().__init__(daemon=True)
        self._stack, self._people, self._book, self._enough = stack, people, book, enough
        self._chance, self._wishes, self._largest = random.Random(), wishes, largest

    def run(self) -> None:
        while not self._enough.is_set() and (person := next(self._people, None)) is not None:
            try:
                self._live(Device(self._stack.settings.bot_port, person, self._book))
            except GaveUp:
                continue

    def _live(self, device: Device) -> None:
        """A flight with files; a file that nobody needs; an upload left half done."""
        files = [self._carry(device) for _ in range(self._chance.randint(1, 3))]
        intent = self._wishes.flight(device.person)
        self._book.note(device.submit(intent, [each.id for each in files]))
        if self._chance.random() < 0.3:
            self._carry(device)
        if self._chance.random() < 0.5:
            self._leave_half(device)

    def _carry(self, device: Device) -> Taken:
        content = parcel(self._chance, self._largest)
        if self._chance.random() < 0.5:
            taken = device.upload(content)
        else:
            taken = device.upload_in_parts(content, self._chance.choice([256 * KIB, 5 * MIB]))
        self._book.note(taken)
        return taken

    def _leave_half(self, device: Device) -> None:
        content = parcel(self._chance, self._largest)
        upload = device.begin(content)["id"]
        told = device.go_on(content, upload, part=256 * KIB, until=len(content.content) // 2)
        self._book.note(Half(device.person, content, upload, told["offset"]))
