"""Killed before or after any call to the core, an event comes again and the outcome is the same: nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from express_bot.channels.dialogs import Incoming, View
from tests.channels.dialogs.chatting import Chat
from tests.core.looking import history

Open = Callable[..., Chat]
Rows = Callable[..., int]


class Killed(BaseException):
    """The process is gone; nobody can catch that."""


class Fragile(Chat):
    """A chat whose bot is killed at every single call of every event, once before it and once after it."""

    kills = 0

    def happen(self, event: Incoming) -> Chat:
        while not self._survives(event):
            self.kills += 1
        assert "в другом окне" not in self.text  # its own repetition is nobody else's edit
        return self

    def _survives(self, event: Incoming) -> bool:
        left = self._life(event)

        def kill(_when: str, _method: str, _path: str) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise Killed

        self.core.interrupt = kill
        try:
            super().happen(event)
        except Killed:
            return event.event_id in self.core.memory.done
        finally:
            self.core.interrupt = lambda *_: None
        return True

    def _life(self, event: Incoming) -> int:
        """So many calls are survived this time: one more than the time before."""
        lives = self.__dict__.setdefault("lives", {})
        lives[event.event_id] = lives.get(event.event_id, -1) + 1
        return int(lives[event.event_id])


@pytest.fixture
def fragile(chat: Open) -> Callable[..., Fragile]:
    def open_chat(persona: str = "employee", name: str = "fragile") -> Fragile:
        whole = chat(persona, name=name)
        return Fragile(whole.core, whole.user, whole.at, name=name)

    return open_chat


def transcript(chat: Chat) -> list[tuple[str, list[list[str]]]]:
    """What all messages say in the end."""
    views = [View.from_json(card.wanted) for card in chat.cards]
    return [(view.text, [[button.label for button in row] for row in view.rows]) for view in views]


STORIES: dict[str, Any] = {
    "files": ("employee", lambda c: c.write("/заявка").write("Хабаровск").press("15").press("Отправить")),
    "newcomer": (
        "newcomer",
        lambda c: (
            c.hello().press("Начать").press("Да").press("МСК").press("ОКЭ 3").write("100777").press("Уфа").press("15")
            .press("Пожелания").write("Утром").press("Отправить")
        ),
    ),
    "edits": (
        "employee",
        lambda c: (
            c.write("/меню").press("Владивосток").press("15").press("Отправить").press("Изменить")
            .press("Изменить дату").press("16").press("Сохранить")
        ),
    ),
    "withdraws and undoes": (
        "employee",
        lambda c: (
            c.write("/меню").press("Владивосток").press("15").press("Отправить").press("Отозвать")
            .press("Вернуть заявку")
        ),
    ),
    "swaps": (
        "employee",
        lambda c: (
            c.write("/меню").press("Владивосток").press("15").press("Отправить").write("/меню")
            .press("Отозвать и подать другую").press("Хабаровск").press("20").press("Отправить")
        ),
    ),
    "begins again": (
        "employee",
        lambda c: (
            c.write("/заявка").press("Хабаровск").wait(hours=2).write("ау").press("Начать заново").press("Уфа")
            .press("15").press("Отправить")
        ),
    ),
    "speaks English": ("employee", lambda c: c.write("/меню").press("Ещё").press("Language: English").press("Back")),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_every_story_ends_the_same_however_often_it_is_killed(
    chat: Open, fragile: Callable[..., Fragile], db: Any, story: str
) -> None:
    persona, tell = STORIES[story]
    killed = fragile(persona)
    tell(killed)
    assert killed.kills > len(killed.core.memory.done)
    filed = db.execute("select number from applications where channel = 'express' order by id").fetchall()
    histories = [history(db, row["number"]) for row in filed]
    assert (
        histories
        == {
            "files": [["submitted"]],
            "newcomer": [["submitted"]],
            "edits": [["submitted", "edited"]],
            "withdraws and undoes": [["submitted", "withdrawn", "restored"]],
            "swaps": [["submitted", "withdrawn"], ["submitted"]],
            "begins again": [["submitted"]],
            "speaks English": [],
        }[story]
    )
    assert len(killed.core.memory.done) == len(set(killed.core.memory.done))


def test_a_killed_conversation_says_what_an_unhurt_one_says(
    chat: Open, fragile: Callable[..., Fragile], db: Any
) -> None:
    _, tell = STORIES["files"]
    unhurt = transcript(tell(chat(name="unhurt")))
    db.execute("update applications set status = 'withdrawn' where channel = 'express'")
    hurt = transcript(tell(fragile()))

    def without_number(said: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
        return [(text.split("№\u00a0")[0], labels) for text, labels in said]

    assert without_number(hurt) == without_number(unhurt)


def test_each_event_is_one_step_and_at_most_one_change(chat: Open) -> None:
    anna = chat()
    for act in (
        lambda: anna.write("/заявка"), lambda: anna.press("Хабаровск"), lambda: anna.press("15"),
        lambda: anna.press("Пожелания"), lambda: anna.write("Утром"), lambda: anna.press("Отправить"),
        lambda: anna.press("Изменить"), lambda: anna.press("Изменить дату"), lambda: anna.press("16"),
        lambda: anna.press("Сохранить"), lambda: anna.press("Отозвать"), lambda: anna.press("Вернуть заявку"),
    ):  # fmt: skip
        anna.core.calls.clear()
        act()
        changes = [call for call in anna.core.calls if "/api/smartapp" in call and not call.startswith("GET")]
        steps = [call for call in anna.core.calls if call.startswith("PUT /api/service/dialogs")]
        assert (len(changes) <= 1, len(steps)) == (True, 1), anna.core.calls
        assert anna.core.calls[-1] == steps[0]
