"""One option, or an own answer in words."""

from __future__ import annotations

from express_bot.channels.dialogs import understand
from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.keyboard import PAGE, Pen, columns, page_of, rows, turning
from express_bot.channels.dialogs.steps.base import Given, Look, Missed, Move, Question, Step
from express_bot.channels.dialogs.view import Button, Row
from express_bot.domain import texts

#: Short lists are explained name by name («БП — бортпроводник»).
EXPLAINED = 8


class ChoiceStep(Step):
    """A list of buttons in two columns, turned over by pages of ten; the text names an option or is an own answer."""

    def is_written(self, question: Question) -> bool:
        return _is_own(question)

    def lines(self, question: Question) -> list[str]:
        if _is_own(question):
            return [_own_words(question)]
        tried, found = question.data.get("tried"), question.data.get("found")
        if tried and found:
            return [question.say("ask.found", text=tried)]
        if tried:
            return [question.say("ask.not_found_own" if question.sent["allow_other"] else "ask.not_found", text=tried)]
        return _explained(question)

    def rows(self, question: Question, pen: Pen) -> tuple[Row, ...]:
        if _is_own(question):
            return rows((pen.button("show_all", "all"),) if _options(question) else ())
        if "tried" in question.data:
            return _tried_rows(question, pen)
        repeated = [code for code, _ in question.repeats]
        rest = [option for option in _options(question) if option["code"] not in repeated]
        page, pages = page_of(len(rest), question.data.get("page", 0))
        shown = rest if pages == 1 else rest[page * PAGE : (page + 1) * PAGE]
        return rows(
            columns(pen.option(label, f"go:{code}") for code, label in question.repeats),
            columns(_button(option, pen) for option in shown),
            turning(pen, page, pages),
            _other_row(question, pen),
        )

    def press(self, question: Question, verb: str, argument: str) -> Move | None:
        allows_own = bool(question.sent["allow_other"])
        tried = question.data.get("tried")
        if verb == "go":
            return Given(argument)
        if verb == "page" and argument.isdecimal():
            return Look({"page": int(argument)})
        if verb == "all":
            return Look({"own": None, "tried": None, "found": None, "page": 0})
        if verb == "other" and allows_own:
            return Look({"own": True, "tried": None, "found": None})
        return Given({"other": tried}) if verb == "own" and allows_own and tried else None

    def typed(self, question: Question, text: str) -> Move:
        options = _options(question)
        if understand.is_sure(options, text):
            return Given(understand.find(options, text)[0]["code"])
        if _is_own(question):
            return Given({"other": text})
        found = understand.find(options, text)
        if found:
            return Look({"tried": text, "found": [option["code"] for option in found[:PAGE]]})
        return Look({"tried": text, "found": None}) if question.sent["allow_other"] else Missed()


def _options(question: Question) -> list[Json]:
    return question.sheet.options(question.asked)


def _is_own(question: Question) -> bool:
    """An own answer is expected: it was asked for, or there is no list."""
    return bool(question.sent["allow_other"]) and bool(question.data.get("own") or not _options(question))


def _own_words(question: Question) -> str:
    """«Для базы Сочи списка нет, напишите направление», or the words for an own answer."""
    none, parent = question.text("none"), question.sent.get("parent")
    if not _options(question) and none and parent:
        return texts.fill(none, {"parent": question.sheet.brief(parent) or ""})
    label = question.text("other_label")
    return question.say("ask.own_here", label=label) if label else question.say("ask.own")


def _explained(question: Question) -> list[str]:
    options = _options(question)
    if not options:
        return [question.say("ask.no_options")]
    if len(options) > EXPLAINED:
        return []
    hinted = (option for option in options if option.get("hint") and not option["hint"].isupper())  # no bare codes
    words = [question.say("ask.hints", name=option["name"], hint=option["hint"]) for option in hinted]
    return ["; ".join(words)] if words else []


def _tried_rows(question: Question, pen: Pen) -> tuple[Row, ...]:
    """What answers to the typed words; else the words themselves, where they may be an answer."""
    found = question.data.get("found") or []
    options = [option for option in _options(question) if option["code"] in found]
    own = pen.button("own_text", "own", text=question.data["tried"])
    return rows(
        columns(_button(option, pen) for option in options),
        (own,) if question.sent["allow_other"] else (),
        (pen.button("show_all", "all"),),
    )


def _button(option: Json, pen: Pen) -> Button:
    return pen.option(option["name"], f"go:{option['code']}")


def _other_row(question: Question, pen: Pen) -> Row:
    if not question.sent["allow_other"]:
        return ()
    words = question.text("chat_other") or question.text("other_own")
    return (pen.option(words, "other") if words else pen.button("other", "other"),)
