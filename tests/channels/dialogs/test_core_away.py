"""What a conversation does when the core is away, busy, or says no in its own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from express_bot.core_client import CoreError, CoreGone
from tests.channels.dialogs.chatting import Chat

Open = Callable[..., Chat]


class TestCoreAway:
    def test_a_core_that_is_away_leaves_the_event_for_later(self, chat: Open) -> None:
        anna = chat().write("/заявка")

        def fail(_when: str, _method: str, path: str) -> None:
            if path.startswith("/api/smartapp/form"):
                raise CoreGone("ClientConnectorError")

        anna.core.interrupt = fail
        before = (anna.state, list(anna.core.memory.done))
        event = anna.event("press", token=anna.button("Хабаровск").token, message_id=anna.card.external_id)
        with pytest.raises(CoreGone):
            anna.happen(event)
        assert (anna.state, anna.core.memory.done) == before
        anna.core.interrupt = lambda *_: None
        assert anna.happen(event).text.startswith("**Хабаровск. Когда")

    def test_a_step_that_somebody_else_made_meanwhile_is_taken_into_account(self, chat: Open) -> None:
        anna = chat().write("/заявка")
        cut_in = []

        def interfere(when: str, method: str, path: str) -> None:
            if when == "before" and method == "PUT" and "/dialogs/" in path and len(cut_in) < 4:
                cut_in.append(path)
                anna.core.memory.dialogs[anna.name]["version"] += 1

        anna.core.interrupt = interfere
        assert anna.press("Хабаровск").text.startswith("**Хабаровск. Когда")
        assert len(cut_in) == 4

    def test_it_gives_up_when_it_is_never_its_turn(self, chat: Open) -> None:
        anna = chat().write("/заявка")

        def interfere(when: str, method: str, path: str) -> None:
            if when == "before" and method == "PUT" and "/dialogs/" in path:
                anna.core.memory.dialogs[anna.name]["version"] += 1

        anna.core.interrupt = interfere
        with pytest.raises(CoreError, match="version_conflict"):
            anna.press("Хабаровск")

    def test_what_has_no_screen_is_said_in_the_cores_words(self, chat: Open) -> None:
        anna = chat().write("/меню")
        anna.send_token(f"v1.{anna.state['card'][:8]}.1.app:2027-9999")
        assert anna.text.startswith("Такой заявки или страницы среди ваших нет.")
        assert anna.labels == [["Мои заявки", "Меню"]]

    def test_a_foreign_application_is_not_shown(self, chat: Open, api: Any) -> None:
        foreign = api.as_("dispatcher").submit(key="somebody-elses").json["number"]
        anna = chat().write("/меню")
        for verb in ("app", "edit", "drop", "undo", "swap"):
            anna.send_token(f"v1.{anna.state['card'][:8]}.1.{verb}:{foreign}")
            assert anna.text.startswith("Такой заявки или страницы среди ваших нет.")
