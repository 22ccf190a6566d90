"""One draft, two doors: what the web app writes the chat shows, and the other way round (UX-205)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from express_bot.channels.dialogs.door import Acting
from tests.channels.dialogs.chatting import Chat
from tests.channels.dialogs.sent_files import SentHere
from tests.conftest import Api

Open = Callable[..., Chat]
Rows = Callable[..., int]


class App:
    """The web app's draft keeper: it saves a field with the version it grew from (drafts.ts)."""

    def __init__(self, door: Api) -> None:
        self.door = door

    def draft(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.door.get("/api/smartapp/draft?form=flight").json["draft"]
        return found

    def change(self, **fields: Any) -> None:
        draft = self.draft() or {"answers": {}, "version": None, "client_key": "key-made-by-the-app"}
        body = {
            "form": "flight",
            "answers": {**draft["answers"], **fields},
            "changed": list(fields),
            "base_version": draft["version"],
            "client_key": draft["client_key"],
        }
        answer = self.door.put("/api/smartapp/draft", body)
        assert (answer.status_code, answer.json["merged"]) == (200, False)

    def send(self) -> str:
        draft = self.draft()
        assert draft is not None
        body = {"form": "flight", "answers": draft["answers"], "period": None}
        answer = self.door.post("/api/smartapp/submit", body, key=draft["client_key"])
        assert answer.status_code == 201, answer.text
        return str(answer.json["number"])


@pytest.fixture
def app_of_anna(api: Api) -> App:
    return App(api.as_("employee"))


def test_begun_in_the_app_it_goes_on_in_the_chat(chat: Open, app_of_anna: App, rows: Rows) -> None:
    app_of_anna.change(direction="khv")
    anna = chat().write("/меню")
    assert "Черновик: Хабаровск" in anna.text
    anna.press("Продолжить: Хабаровск")
    assert anna.text.startswith("**Хабаровск. Когда хотите лететь** · Шаг 2 из 3")
    anna.press("15").press("Отправить")
    assert rows("applications", "client_key = 'key-made-by-the-app' and direction = 'khv'") == 1
    assert app_of_anna.draft() is None


def test_begun_in_the_chat_it_is_finished_in_the_app_and_back(chat: Open, app_of_anna: App) -> None:
    anna = chat().write("/заявка").press("Хабаровск")
    draft = app_of_anna.draft()
    assert draft is not None
    assert (draft["answers"], draft["channel"]) == ({"direction": "khv"}, "express")
    app_of_anna.change(date="2027-01-20", wishes="Утром")
    anna.press("15")
    # the chat wrote the day last; the rest is the app's
    assert anna.text.startswith("Эта заявка открыта и в другом окне. Взяли последнюю правку.\n**Проверьте")
    assert "Хабаровск, 15 января 2027" in anna.text
    assert "Пожелания: Утром" in anna.text


def test_what_the_app_has_changed_is_shown_before_it_is_sent(chat: Open, app_of_anna: App, rows: Rows) -> None:
    anna = chat().write("/заявка").press("Хабаровск").press("15")
    app_of_anna.change(direction="kuf")
    anna.press("Отправить")
    assert anna.text.startswith("Эта заявка открыта и в другом окне. Взяли последнюю правку.\n")
    assert "Самара, 15 января 2027" in anna.text
    assert rows("applications", "channel = 'express'") == 0
    anna.press("Отправить")
    assert rows("applications", "channel = 'express' and direction = 'kuf'") == 1


def test_what_the_app_has_taken_away_is_asked_again(chat: Open, app_of_anna: App) -> None:
    anna = chat().write("/заявка").press("Хабаровск").press("15")
    app_of_anna.change(direction=None)
    anna.press("Отправить")
    assert "**15 января. Куда хотите лететь**" in anna.text


def test_sent_by_the_app_it_is_not_asked_about_any_more(chat: Open, app_of_anna: App) -> None:
    anna = chat().write("/заявка").press("Хабаровск")
    app_of_anna.change(date="2027-01-20")
    number = app_of_anna.send()
    anna.press("15")
    assert anna.text.startswith(f"На январь 2027 у вас уже есть заявка: Хабаровск, 20 января (№\u00a0{number}).")
    assert app_of_anna.draft() is None


def test_thrown_away_in_the_app_it_does_not_come_back_from_the_chat(chat: Open, app_of_anna: App) -> None:
    anna = chat().write("/заявка").press("Хабаровск")
    assert app_of_anna.door.delete("/api/smartapp/draft?form=flight").status_code == 204
    anna.press("15")
    assert anna.text.startswith("Эту заявку уже отправили или удалили в другом окне.\n**Приём на январь")
    assert app_of_anna.draft() is None


def test_profile_answers_of_the_app_are_known_in_the_chat(chat: Open, api: Api) -> None:
    door = api.as_("newcomer")
    facts = {"full_name": "Лебедев Илья Андреевич", "personnel_number": "100777"}
    assert door.patch("/api/smartapp/me", {"profile": facts}).json["profile_complete"]
    assert chat("newcomer").hello().text.startswith("**Приём на январь 2027**")


def test_the_language_is_the_persons_everywhere(chat: Open, api: Api) -> None:
    anna = chat().write("/меню").press("Ещё").press("Language: English")
    assert anna.text == "**More**"
    assert api.as_("employee").get("/api/smartapp/info").json["user"]["locale"] == "en"
    # the adapter still believes in Russian for a moment
    assert anna.press("Back").text.startswith("**Requests for January 2027**\nUntil 5 December, 18:00 (MSK)")
    anna.in_("en").wait(minutes=5).press("File a request").press("Khabarovsk").press("15")
    assert anna.text.startswith("**Check and send** · Step 3 of 3\nKhabarovsk, 15 January 2027, Friday")
    anna.write("/language")
    assert anna.in_("ru").text.startswith("**Приём на январь 2027**")


@dataclass
class SentWhile(SentHere):
    """A file that takes its time: meanwhile the person does something in the app."""

    meanwhile: Callable[[], None] = lambda: None

    async def take(self, who: Acting) -> dict[str, Any]:
        self.meanwhile()
        return await super().take(who)


def test_what_both_attach_in_the_same_moment_is_all_there(chat: Open, app_of_anna: App) -> None:
    ids = [str(UUID(int=1_000 + number)) for number in range(6)]
    anna = chat().write("/заявка").send(SentHere(id=ids[0]))
    anna.send(SentWhile(id=ids[1], meanwhile=lambda: app_of_anna.change(files=[ids[0], ids[2]])))
    draft = app_of_anna.draft()
    assert draft is not None
    assert (draft["answers"]["files"], "Файлы: 3" in anna.text) == ([ids[0], ids[2], ids[1]], True)
    anna.send(SentWhile(id=ids[5], meanwhile=lambda: app_of_anna.change(files=ids[:5])))
    draft = app_of_anna.draft()
    assert draft is not None
    assert draft["answers"]["files"] == ids[:5], "five is all the question takes"
    assert ("Этот не взяли." in anna.text, "Файлы: 5" in anna.text) == (True, True)
