"""One person in two messengers: the questions stand in one place, and both show the same (ux.md C1.9, UX-205)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from express_bot.channels.dialogs import Person
from express_bot.channels.dialogs.state import read
from express_bot.core.db.session import Connection
from express_bot.core_client import CoreError
from express_bot.settings import Settings
from tests.channels.dialogs.chatting import Chat
from tests.channels.dialogs.house import InProcess, Memory
from tests.channels.dialogs.test_linking import HUID
from tests.channels.dialogs.test_random_walks import newcomer
from tests.channels.dialogs.two_sides import Side, is_question, together
from tests.conftest import NOW, Api
from tests.core.messenger import BOTH_MESSENGERS
from tests.dispatcher import Dispatcher

GONE_ON = "Продолжили в "


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A house that speaks both messengers."""
    return settings.model_copy(update=BOTH_MESSENGERS)


@pytest.fixture
def sides(app: Flask, db: Connection) -> tuple[Side, Side]:
    """Anna's chats in both messengers, linked."""
    db.execute(
        "insert into identities (provider, subject, user_id)"
        " select 'telegram', '7001', user_id from identities where provider = 'express' and subject = %s",
        (HUID,),
    )
    both = Side(app, "express", HUID, "chat-1"), Side(app, "telegram", "7001", "7001")
    together(*both)
    return both


@pytest.fixture
def express(sides: tuple[Side, Side]) -> Side:
    return sides[0]


@pytest.fixture
def telegram(sides: tuple[Side, Side]) -> Side:
    return sides[1]


def test_a_draft_goes_on_in_the_other_messenger_and_back(express: Side, telegram: Side) -> None:
    express.write("/заявка").press("Хабаровск")
    assert express.text.startswith("**Хабаровск. Когда хотите лететь**")
    telegram.write("/new")
    assert telegram.text.startswith("**Хабаровск. Когда хотите лететь**"), "the same draft"
    assert (express.text, express.labels) == ("Продолжили в Telegram", ["Забрать сюда"])
    telegram.press("15")
    assert telegram.text.startswith("**Проверьте и отправьте**")
    express.press("Забрать сюда")
    assert express.text.startswith("**Проверьте и отправьте** · Шаг 3 из 3\nХабаровск, 15 января 2027")
    assert (telegram.text, telegram.labels) == ("Продолжили в eXpress", ["Забрать сюда"])
    assert len(express.asking) + len(telegram.asking) == 1


def test_nothing_is_edited_again_and_again(express: Side, telegram: Side, one: Any) -> None:
    express.write("/заявка").press("Хабаровск")
    telegram.write("/new").press("15")
    card = "select wanted_rev from cards where channel = 'express' order by created_at desc limit 1"
    edits = one(card)["wanted_rev"]
    telegram.press("Пожелания").write("Утром")
    assert one(card)["wanted_rev"] == edits
    assert express.text == "Продолжили в Telegram"


def test_words_take_it_over_too(express: Side, telegram: Side) -> None:
    express.write("/заявка").press("Хабаровск")
    telegram.write("/new")
    express.write("20")
    assert "Хабаровск, 20 января 2027" in express.text
    assert telegram.text == "Продолжили в eXpress"


def test_what_is_sent_in_one_is_sent_in_both(express: Side, telegram: Side, rows: Any) -> None:
    express.write("/заявка").press("Хабаровск")
    telegram.write("/new").press("15").press("Отправить")
    assert telegram.text.startswith("**Заявка №")
    assert (express.text, express.labels) == (telegram.text, telegram.labels)
    assert express.press("Открыть заявку").text.startswith("**Хабаровск, 15 января** · Отправлена")
    assert rows("applications", "channel = 'telegram'") == 1


def test_what_is_withdrawn_in_one_is_withdrawn_in_both(express: Side, telegram: Side) -> None:
    express.write("/заявка").press("Хабаровск").press("15").press("Отправить")
    telegram.write("/my").press("1.").press("Отозвать")
    assert "Заявка отозвана." in telegram.text
    assert "Отозвана" in express.text
    assert express.press("Вернуть заявку").text.startswith("Заявка возвращена.")
    assert "Отправлена" in telegram.text


def test_a_question_answered_in_one_is_answered_in_both(
    express: Side, telegram: Side, api: Api, dispatcher: Dispatcher
) -> None:
    number = api.as_("employee").submit().json["number"]
    dispatcher.ask(number, "Подойдёт ли 16 января?", proposal={"date": "2027-01-16"})
    for side, words in ((express, "/мои"), (telegram, "/my")):
        side.write(words).press("1.")
        assert side.labels[:3] == ["Да, 16 января", "Нет", "Ответить"]
    telegram.press("Да, 16 января")
    assert (express.text, express.labels) == (telegram.text, telegram.labels)
    assert express.text.startswith("Ответ отправлен диспетчеру.\n**Владивосток, 16 января** · На рассмотрении\n")


def test_edits_go_with_the_person(express: Side, telegram: Side, one: Any) -> None:
    express.write("/заявка").press("Хабаровск").press("15").press("Отправить").press("Изменить")
    express.press("Изменить направление").press("Самара")
    telegram.write("/my").press("1.").press("Изменить")
    assert "Самара, 15 января 2027" in telegram.text, "not saved yet, and not lost"
    assert (express.text, express.labels) == ("Продолжили в Telegram", ["Забрать сюда"])
    telegram.press("Сохранить")
    assert express.text == telegram.text
    assert one("select direction from applications where channel = 'express' order by id desc limit 1") == {
        "direction": "kuf"
    }
    express.press("Изменить")
    assert "Взяли правки" not in express.text, "saved edits are no edits any more"


def test_the_way_back_from_a_message_that_has_lost_its_point(express: Side, telegram: Side, rows: Any) -> None:
    express.write("/заявка").press("Хабаровск")
    telegram.write("/new").press("Отменить")
    assert express.text == "Продолжили в Telegram"
    express.press("Забрать сюда")
    assert express.text.startswith("**Хабаровск. Когда хотите лететь**")


def test_another_person_in_another_chat_is_left_alone(express: Side, telegram: Side, app: Flask, db: Any) -> None:
    ilya = Side(app, "express", "7b0f6f5e-1f0a-5d7e-9a51-2c4f0b6d1a02", "chat-2")
    ilya.write("/профиль")
    before = ilya.messages.copy()
    express.write("/заявка").press("Хабаровск")
    telegram.write("/new").press("15")
    ilya.show()
    assert ilya.messages == before


def test_different_questions_do_not_disturb_each_other(express: Side, telegram: Side) -> None:
    express.write("/заявка").press("Хабаровск")
    telegram.write("/start").press("Заказать справку")
    assert express.text.startswith("**Хабаровск. Когда хотите лететь**")
    assert len(express.asking) == len(telegram.asking) == 1


def test_both_step_at_once_and_one_has_the_questions(express: Side, telegram: Side, rows: Any) -> None:
    for side in (express, telegram):
        side.write("/заявка" if side is express else "/new")
    for round_ in range(4):
        events = [
            side.event("text", text=f"{10 + round_ * 2 + place}") for place, side in enumerate((express, telegram))
        ]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda pair: pair[0].handle(pair[1]), zip((express, telegram), events, strict=True)))
        for side in (express, telegram):
            side.show()
        assert len(express.asking) + len(telegram.asking) == 1, round_
    assert rows("inbox", "state <> 'done'") == 0


def test_a_step_upon_another_chat_that_has_moved_is_made_anew(express: Side, telegram: Side) -> None:
    """The other messenger steps between our reading and our writing: nothing of ours is written upon the old."""
    express.write("/заявка").press("Хабаровск")
    late, answered = telegram.event("command", text="/new"), []

    def between(when: str, method: str, path: str) -> None:
        if when == "before" and method == "PUT" and "/dialogs/telegram/" in path and not answered:
            answered.append(path)
            with ThreadPoolExecutor(1) as pool:  # another process
                pool.submit(express.write, "20").result()

    telegram.handle(late, InProcess(telegram.app, None, between))
    for side in (express, telegram):
        side.show()
    assert telegram.text.startswith("**Проверьте и отправьте**"), "with what was answered meanwhile"
    assert (express.text, express.labels) == ("Продолжили в Telegram", ["Забрать сюда"])


def test_a_kill_between_the_steps_loses_nothing(express: Side, telegram: Side) -> None:
    express.write("/заявка").press("Хабаровск")
    event = telegram.event("command", text="/new")

    def kill(when: str, method: str, path: str) -> None:
        if when == "after" and method == "PUT" and "/dialogs/" in path:
            raise CoreError(503, {"code": "core_unavailable", "status": 503})

    with pytest.raises(CoreError):
        telegram.handle(event, InProcess(telegram.app, None, kill))
    telegram.happen(event)
    assert telegram.text.startswith("**Хабаровск. Когда хотите лететь**")
    assert express.text == "Продолжили в Telegram"


# ── any walk in two chats ────────────────────────────────────────────────────────────────────────────────────────────

step = st.tuples(
    st.integers(0, 1),
    st.one_of(
        *[st.tuples(st.just("press"), st.integers(0, 30))] * 4,
        st.tuples(st.just("old"), st.integers(0, 200)),
        st.tuples(
            st.just("write"),
            st.sampled_from(["/заявка", "Сочи", "15", "20 января", "назад", "отмена", "меню", "/start", "Владивосток"]),
        ),
        st.tuples(st.just("wait"), st.sampled_from([1, 70])),
    ),
)


class Walk:
    """One person in two chats, doing anything; cards are shown at once or later."""

    def __init__(self, core: InProcess, person: Person, name: str) -> None:
        self.chats = [
            Chat(core, person, NOW, name=f"{name}-{channel}", channel=channel) for channel in ("express", "telegram")
        ]
        self.tokens: list[str] = []

    def make(self, which: int, kind: str, what: Any) -> None:
        chat, other = self.chats[which], self.chats[1 - which]
        chat.at = max(chat.at, other.at)
        if kind == "wait":
            chat.wait(minutes=what)
        elif kind == "write":
            chat.write(what)
        elif chat.name in chat.core.memory.dialogs:
            self.press(chat, kind, what)
        self.look()

    def press(self, chat: Chat, kind: str, place: int) -> None:
        buttons = [str(button.token) for row in chat.view.rows for button in row if button.token]
        choices = self.tokens if kind == "old" and self.tokens else buttons
        if choices:
            self.tokens.append(choices[place % len(choices)])
            chat.send_token(self.tokens[-1])

    def look(self) -> None:
        """Of each flow at most one message has buttons of a question, and it is where the conversation stands."""
        asking: dict[Any, list[str]] = {}
        for chat in self.chats:
            if chat.name not in chat.core.memory.dialogs:
                continue
            state = read(chat.state)
            assert state is not None
            questions = [card for card in chat.cards if is_question(_view(card))]
            assert [card.id for card in questions] in ([], [state.card])
            if questions and state.flow is not None:
                flow = state.flow
                key = (flow.kind, flow.form if flow.kind != "profile" else "", flow.number)
                asking.setdefault(key, []).append(chat.name)
        assert all(len(chats) == 1 for chats in asking.values()), asking


def _view(card: Any) -> Any:
    from express_bot.channels.dialogs import View

    return View.from_json(card.wanted)


@pytest.fixture
def walkers(app: Flask, db: Connection) -> Any:
    core, names = InProcess(app, Memory()), count(1)

    def start(is_known: bool) -> Walk:
        return Walk(core, newcomer(db, is_known=is_known), f"walk-{next(names)}")

    return start


@tried(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(is_known=st.sampled_from([True, True, True, False]), steps=st.lists(step, min_size=8, max_size=30))
def test_of_any_flow_one_message_asks(walkers: Any, is_known: bool, steps: list[Any]) -> None:
    walk = walkers(is_known)
    walk.make(0, "write", "/заявка")
    walk.make(1, "write", "/заявка")
    for which, (kind, what) in steps:
        walk.make(which, kind, what)
