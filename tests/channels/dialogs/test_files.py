"""Files in the conversation: what is sent while something is filled in is attached to it (ux.md B5), in any form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from express_bot.channels.base import NotYet
from express_bot.channels.dialogs import Person
from express_bot.channels.dialogs.incoming import NotTaken
from express_bot.core_client import CoreError, CoreGone
from express_bot.domain.compiled import compile_form
from express_bot.domain.forms import load_form
from tests.channels.dialogs.chatting import Chat
from tests.channels.dialogs.sent_files import SentHere
from tests.channels.dialogs.small_core import SmallCore
from tests.channels.dialogs.test_any_form import Walker
from tests.conftest import NOW

WHERE = {
    "name": "place",
    "kind": "choice",
    "label": {"ru": "Куда"},
    "options": [{"code": "aer", "names": {"ru": "Сочи"}}, {"code": "khv", "names": {"ru": "Хабаровск"}}],
}
WISHES = {"name": "wishes", "kind": "text", "label": {"ru": "Пожелания"}, "required": False}
FILES = {"name": "files", "kind": "file", "label": {"ru": "Файлы"}, "required": False, "max_files": 3}
PASSPORT = {"name": "passport", "kind": "file", "label": {"ru": "Паспорт"}, "max_files": 1}


def walker(*fields: dict[str, Any], locale: str = "ru") -> Walker:
    definition = load_form(
        {"id": "generated", "version": 1, "title": {"ru": "Поездка"}, "summary": ["place"], "fields": list(fields)}
    )
    core: Any = SmallCore(compile_form(definition, {}, target=None, today=NOW.date(), locale=locale))
    return Walker(core, Person("7b0f6f5e-1f0a-5d7e-9a51-2c4f0b6d1a09", "Анна", locale), NOW)


def drafted(chat: Walker, name: str = "files") -> list[str]:
    return list((chat.core.draft or {"answers": {}})["answers"].get(name, []))


class TestAtAnyStep:
    def test_what_is_sent_is_attached_and_the_question_stays(self) -> None:
        chat = walker(WHERE, WISHES, FILES).write("/заявка")
        question = chat.text.partition("\n")[0]
        first, second = SentHere(), SentHere()
        chat.send(first)
        assert (drafted(chat), chat.text.partition("\n")[0]) == ([first.id], question)
        assert "Файлы: 1" in chat.text
        assert ["Убрать файлы"] in chat.labels
        chat.send(second)
        assert (drafted(chat), "Файлы: 2" in chat.text) == ([first.id, second.id], True)
        assert "Файлы: 2" in chat.press("Сочи").text
        chat.press("Отправить")
        assert [filed["files"] for filed in chat.core.filed] == [[first.id, second.id]]
        assert "Файлы: 2" in chat.text
        assert "Файлы: 2" in chat.press("Открыть заявку").text
        assert chat.core.given_up == []

    def test_however_many_there_are_the_application_costs_two_messages(self) -> None:
        chat = walker(WHERE, FILES).write("/заявка")
        before = len(chat.cards)
        for _ in range(3):
            chat.send()
        chat.press("Сочи").press("Отправить")
        assert chat.text.startswith("**Заявка №")
        assert len(chat.cards) - before <= 1

    def test_several_in_one_message_are_all_attached(self) -> None:
        chat = walker(WHERE, FILES).write("/заявка").send(SentHere(), SentHere(), SentHere())
        assert (len(drafted(chat)), "Файлы: 3" in chat.text) == (3, True)

    def test_words_beside_it_that_are_an_answer_answer(self) -> None:
        chat = walker(WHERE, FILES).write("/заявка").send(caption="сочи")
        assert (chat.state["screen"]["name"], len(drafted(chat))) == ("check", 1)

    @pytest.mark.parametrize("words", ["справка", "вот мой файл", "5", "Сочи или Хабаровск"])
    def test_other_words_beside_it_are_nothing(self, words: str) -> None:
        chat = walker(WHERE, WISHES, FILES).write("/заявка").send(caption=words)
        assert chat.core.draft["answers"].keys() == {"files"}
        assert "Не поняли" not in chat.text
        assert "Ничего не нашли" not in chat.text

    def test_a_command_beside_it_is_a_command(self) -> None:
        chat = walker(WHERE, FILES).write("/заявка").send(caption="/отмена")
        assert (len(drafted(chat)), chat.text) == (1, "Заявка отложена в черновики.")

    def test_the_same_event_attaches_it_once(self) -> None:
        chat = walker(WHERE, FILES).write("/заявка")
        event = chat.event("file", files=(SentHere(),))
        chat.happen(event).happen(event)
        assert (len(drafted(chat)), "Файлы: 1" in chat.text) == (1, True)

    @pytest.mark.parametrize("is_stored", [True, False])
    def test_an_event_that_was_cut_off_attaches_it_once(self, is_stored: bool) -> None:
        """The draft was saved and the step was not: the same event comes again."""
        chat = walker(WHERE, FILES).write("/заявка")
        sent = SentHere(is_stored=is_stored)
        step = dict(chat.core.memory.dialogs[chat.name])
        chat.happen(chat.event("file", files=(sent,)))
        chat.core.memory.dialogs[chat.name] |= {"state": step["state"]}
        chat.send(sent)
        assert (drafted(chat), chat.core.given_up) == ([sent.id], [])


class TestTheQuestionItself:
    def test_a_required_one_is_asked_and_done_when_it_is_said_so(self) -> None:
        chat = walker(WHERE, PASSPORT).write("/заявка").press("Сочи")
        assert chat.text.startswith("**Сочи. Паспорт** · Шаг 2 из 3\nДо 1 файла, до 20 МБ.\nОтправьте файлы сюда")
        assert chat.labels == [["Назад", "Отменить"]]
        chat.send()
        assert chat.labels == [["Готово"], ["Убрать файлы"], ["Назад", "Отменить"]]
        chat.press("Готово")
        assert "Паспорт: 1" in chat.text
        chat.press("Отправить")
        assert len(chat.core.filed) == 1

    @pytest.mark.parametrize("answer", ["Пропустить", "пропустить"])
    def test_an_optional_one_can_be_left_out(self, answer: str) -> None:
        chat = walker(WHERE, FILES).write("/заявка").press("Сочи").press("Файлы")
        assert chat.labels == [["Пропустить"], ["Назад", "Отменить"]]
        if answer == "Пропустить":
            chat.press(answer)
        else:
            chat.write(answer)
        assert (chat.state["screen"]["name"], drafted(chat)) == ("check", [])

    def test_opened_from_the_check_it_takes_files_until_done(self) -> None:
        chat = walker(WHERE, FILES).write("/заявка").press("Сочи").press("Файлы")
        assert "До 3 файлов, каждый до 20 МБ." in chat.text
        chat.send().send().write("готово")
        assert (chat.state["screen"]["name"], len(drafted(chat))) == ("check", 2)

    def test_words_are_no_file(self) -> None:
        chat = walker(WHERE, PASSPORT).write("/заявка").press("Сочи").write("вот он")
        assert chat.text.startswith("Отправьте файл сообщением в этот чат.\n**Сочи. Паспорт**")
        assert drafted(chat, "passport") == []

    def test_the_forms_own_hint_says_the_limits(self) -> None:
        chat = walker(WHERE, {**PASSPORT, "hint": {"ru": "Разворот с фото"}}).write("/заявка").press("Сочи")
        assert "Разворот с фото" in chat.text
        assert "До 1 файла" not in chat.text

    def test_a_file_goes_to_the_question_that_stands_there(self) -> None:
        chat = walker(WHERE, FILES, PASSPORT).write("/заявка").press("Сочи")
        chat.send()
        assert (len(drafted(chat, "passport")), drafted(chat)) == (1, [])

    def test_elsewhere_it_goes_to_the_first_that_has_room(self) -> None:
        chat = walker(WHERE, PASSPORT, FILES).write("/заявка").send().send()
        assert (len(drafted(chat, "passport")), len(drafted(chat))) == (1, 1)
        assert "Файлы: 2" in chat.text

    def test_in_english(self) -> None:
        chat = walker(WHERE, PASSPORT, locale="en").write("/new").press("Сочи")
        assert "Up to 1 file of up to 20 MB." in chat.text
        assert "Files: 1" in chat.send().text
        assert chat.flat == ["Done", "Remove the files", "Back", "Cancel"]


class TestTakenAway:
    def test_removed_from_any_step_they_are_given_up_and_the_step_stays(self) -> None:
        chat = walker(WHERE, FILES).write("/заявка")
        first, second = SentHere(), SentHere()
        chat.send(first, second)
        question = chat.text.partition("\n")[0]
        chat.press("Убрать файлы")
        assert (drafted(chat), chat.core.given_up) == ([], [first.id, second.id])
        assert chat.text.partition("\n")[0] == question
        assert "Убрать файлы" not in chat.flat
        assert "Файлы" not in chat.text

    def test_from_the_check(self) -> None:
        chat = walker(WHERE, FILES).write("/заявка").press("Сочи").send()
        assert "Файлы: 1" in chat.text
        chat.press("Убрать файлы")
        assert (chat.state["screen"]["name"], drafted(chat)) == ("check", [])
        chat.press("Отправить")
        assert chat.core.filed == [{"place": "aer"}]

    def test_of_a_required_question_the_question_comes_back(self) -> None:
        chat = walker(WHERE, PASSPORT).write("/заявка").press("Сочи").send().press("Готово").press("Убрать файлы")
        assert chat.text.startswith("**Сочи. Паспорт**")

    def test_on_the_question_only_its_own_go(self) -> None:
        chat = walker(WHERE, PASSPORT, FILES).write("/заявка").send().send().press("Сочи").press("Изменить: Паспорт")
        chat.press("Убрать файлы")
        assert (drafted(chat, "passport"), len(drafted(chat))) == ([], 1)

    def test_a_press_of_an_old_keyboard_takes_nothing_away(self) -> None:
        chat = walker(WHERE, FILES).write("/заявка").send()
        old = str(chat.button("Убрать файлы").token)
        chat.send()
        chat.wait(minutes=1).send_token(old)
        assert len(drafted(chat)) == 2
        assert "Эта кнопка устарела" in chat.text


class TestLimits:
    def test_more_than_the_question_takes_is_said_and_given_up(self) -> None:
        chat = walker(WHERE, FILES).write("/заявка").send(SentHere(), SentHere(), SentHere())
        late, stored = SentHere(), SentHere(is_stored=True)
        chat.send(late)
        assert chat.text.startswith("Можно приложить 3 файла, они уже есть. Этот не взяли.\n**Куда**")
        chat.send(stored)
        assert (len(drafted(chat)), late.taken, chat.core.given_up) == (3, 0, [stored.id])

    @pytest.mark.parametrize(
        ("failure", "words"),
        [
            (NotTaken("too_large", mb=20), "Файл больше 20 МБ, не взяли."),
            (NotTaken("too_large_here", mb=20), "Файл больше 20 МБ: такие Telegram ботам не отдаёт."),
            (NotTaken("video"), "Видео и голосовые сообщения не прикладываем. Отправьте документ или фото."),
            (NotTaken("lost"), "Не получилось получить файл. Отправьте его ещё раз."),
            (CoreError(422, {"code": "file_infected", "detail": "Сканер нашёл угрозу."}), "Сканер нашёл угрозу."),
            (CoreError(409, {"code": "quota_exceeded", "detail": "Места нет."}), "Места нет."),
            (CoreError(415, {"code": "file_type_refused", "detail": "<b>*x*</b>"}), "‹b›∗x∗‹/b›"),
        ],
    )
    def test_what_is_not_taken_is_said_why_and_nothing_is_lost(self, failure: Exception, words: str) -> None:
        chat = walker(WHERE, FILES).write("/заявка").send()
        chat.send(SentHere(failure=failure))
        assert chat.text.startswith(words), chat.text
        assert ("**Куда**" in chat.text, "Файлы: 1" in chat.text, len(drafted(chat))) == (True, True, 1)

    def test_of_several_only_the_bad_one_is_refused(self) -> None:
        chat = walker(WHERE, FILES).write("/заявка")
        chat.send(SentHere(), SentHere(failure=NotTaken("video")), SentHere())
        assert (len(drafted(chat)), chat.text.startswith("Видео и голосовые")) == (2, True)

    @pytest.mark.parametrize("odd", [{"size": 2 << 20}, {"type": "image/png"}])
    def test_a_question_may_take_less_than_the_store(self, odd: dict[str, Any]) -> None:
        strict = FILES | {"max_bytes": 1 << 20, "types": ["application/pdf"]}
        chat = walker(WHERE, strict).write("/заявка")
        good, bad = SentHere(), SentHere(**odd)
        chat.send(good).send(bad)
        assert (drafted(chat), chat.core.given_up) == ([good.id], [bad.id])
        assert chat.text.startswith(("Файл больше 1 МБ, не взяли.", "Такой файл к этой заявке не подойдёт."))

    @pytest.mark.parametrize("failure", [CoreGone("TimeoutError"), NotYet("later"), CoreError(429, {"code": "busy"})])
    def test_what_may_pass_by_itself_comes_again(self, failure: Exception) -> None:
        chat = walker(WHERE, FILES).write("/заявка")
        sent = SentHere(failure=failure)
        event = chat.event("file", files=(sent,))
        with pytest.raises(type(failure)):
            chat.happen(event)
        sent.failure = None
        chat.happen(event)
        assert drafted(chat) == [sent.id]


class TestElsewhere:
    @pytest.mark.parametrize("where", ["menu", "sent", "help", "nowhere"])
    def test_outside_of_an_application_it_says_what_to_do_and_keeps_nothing(self, where: str) -> None:
        chat = walker(WHERE, FILES)
        ways = {"menu": ["/меню"], "sent": ["/заявка", "сочи", "отправить"], "help": ["/помощь"], "nowhere": []}
        for words in ways[where]:
            chat.write(words)
        sent, stored = SentHere(), SentHere(is_stored=True)
        chat.send(sent, stored)
        assert chat.text.startswith("Файл прикладывают к заявке, пока её заполняют. Начните или измените заявку и")
        assert (sent.taken, chat.core.given_up, chat.core.draft) == (0, [stored.id], None)
        assert chat.flat, "with buttons that lead on"

    def test_a_form_that_takes_no_files_says_so(self) -> None:
        chat = walker(WHERE, WISHES).write("/заявка")
        sent = SentHere()
        chat.send(sent)
        assert chat.text.startswith("К этой заявке файлы не прикладывают. Ответы сохранены.\n**Куда**")
        assert sent.taken == 0

    def test_a_question_that_is_not_asked_takes_none(self) -> None:
        hidden = FILES | {"visible_when": {"field": "place", "equals": "khv"}}
        chat = walker(WHERE, hidden).write("/заявка").send()
        assert chat.text.startswith("К этой заявке файлы не прикладывают.")
        chat.press("Хабаровск").send()
        assert len(drafted(chat)) == 1

    def test_after_two_weeks_it_is_outside(self) -> None:
        chat = walker(WHERE, FILES).write("/заявка").wait(days=15).send()
        assert chat.text.startswith("Файл прикладывают к заявке")

    def test_after_an_hour_it_is_attached_all_the_same(self) -> None:
        chat = walker(WHERE, FILES).write("/заявка").wait(hours=2).send()
        assert len(drafted(chat)) == 1

    def test_what_the_app_has_attached_is_counted_too(self) -> None:
        chat = walker(WHERE, FILES).write("/заявка").press("Сочи")
        theirs = SentHere()
        chat.core.draft["answers"]["files"] = [theirs.id]
        chat.core.draft["version"] += 1
        chat.send()
        assert (drafted(chat)[0], len(drafted(chat)), "Файлы: 2" in chat.text) == (theirs.id, 2, True)

    def test_somebody_who_has_left_attaches_nothing(self) -> None:
        chat = walker(WHERE, FILES).write("/заявка")
        chat.user = replace(chat.user, active=False)
        sent = SentHere()
        chat.send(sent)
        assert (sent.taken, drafted(chat)) == (0, [])

    def test_in_questions_about_oneself_it_is_too_early(self, chat: Any) -> None:
        newcomer: Chat = chat("newcomer").write("/start").press("Начать")
        sent = SentHere()
        newcomer.send(sent)
        assert newcomer.text.startswith("Сначала ответьте на вопросы о себе.")
        assert sent.taken == 0
