"""S5: the person's applications, and one of them."""

from __future__ import annotations

from express_bot.channels.dialogs import desk, periods
from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.keyboard import Pen, rows
from express_bot.channels.dialogs.plain import plain, shorten
from express_bot.channels.dialogs.screens import with_desk
from express_bot.channels.dialogs.screens.base import Shown, message
from express_bot.channels.dialogs.screens.with_desk import MAX_ANSWER
from express_bot.channels.dialogs.turn import Turn
from express_bot.channels.dialogs.view import Button, View
from express_bot.channels.dialogs.words import meaning

#: Rows of one page (ux.md A2, S5).
PAGE = 5


class Mine(Shown):
    """Five at a time, newest first."""

    async def view(self, turn: Turn, data: Json) -> View:
        trail = data.get("trail", [])
        page = await turn.core.applications(turn.who, limit=PAGE, cursor=trail[-1] if trail else None)
        first = len(trail) * PAGE + 1
        cards = list(enumerate(page["items"], first))
        pen = turn.pen(str(turn.state.card))
        lines = [_line(turn, place, card) for place, card in cards] or [turn.say("mine.empty")]
        buttons = [(_button(turn, pen, place, card),) for place, card in cards]
        turning = [pen.option("‹", "newer")] if trail else []
        turning += [pen.option("›", f"older:{page['next_cursor']}")] if page["next_cursor"] else []
        text = message(*turn.notices, turn.say("mine.title"), *lines)
        return View(text, rows(buttons, tuple(turning), (pen.button("menu", "menu"),)))

    async def press(self, turn: Turn, data: Json, verb: str, argument: str) -> bool:
        trail = data.get("trail", [])
        if verb == "older" and argument.isdecimal():
            turn.go("mine", trail=[*trail, argument])
        elif verb == "newer":
            turn.go("mine", trail=trail[:-1])
        elif verb == "back":
            turn.go("menu")
        else:
            return False
        return True


def _line(turn: Turn, place: int, card: Json) -> str:
    key = "mine.row" if card["seen"] else "mine.row_new"
    return turn.say(key, place=place, title=shorten(card["title"], MAX_ANSWER), status=card["status_label"])


def _button(turn: Turn, pen: Pen, place: int, card: Json) -> Button:
    return pen.option(turn.say("mine.button", place=place, title=card["title"]), f"app:{card['number']}")


class One(Shown):
    """One application with its state, its reason, what the desk asks, and what may be done with it now."""

    stays = True

    async def view(self, turn: Turn, data: Json) -> View:
        one = await turn.facts.application(data["number"])
        if one["question"] is not None:  # the one that was shown first: a «да» is meant for no later one
            data.setdefault("question", one["question"]["id"])
        pen = turn.pen(str(turn.state.card))
        ask = [pen.button("ask", f"ask:{one['number']}")] if one["can"]["ask"] else []
        ways = (*ask, pen.link("in_app", f"/r/{one['number']}"))
        last = (pen.button("back", "mine"), pen.button("menu", "menu"))
        fields = (await turn.facts.form(one["form"]))["form"]["fields"]
        words = message(*turn.notices, *_about(turn, one, fields), *with_desk.lines(turn, one))
        return View(words, rows(with_desk.rows_of(pen, one), _acts(pen, one), ways, last))

    async def press(self, turn: Turn, data: Json, verb: str, argument: str) -> bool:
        if verb == "back":
            turn.go("mine")
        return verb == "back"

    async def typed(self, turn: Turn, data: Json, text: str) -> bool:
        """«Да» and «нет» answer the question that stands here."""
        said, asked = meaning(text), data.get("question")
        if asked is None or said not in ("yes", "no"):
            return False
        answer = desk.agree if said == "yes" else desk.refuse
        await answer(turn, desk.about(data["number"], asked))
        return True


def _about(turn: Turn, one: Json, fields: list[Json]) -> list[str]:
    """Header, the one sentence that matters, the reason of a decision, the answers but those that the person is."""
    facts = {field["name"] for field in fields if field["profile"]}
    files = {field["name"] for field in fields if field["kind"] == "file"}
    decision = one["decision"]
    reason = decision["reason"] if decision else ""
    until = periods.until_words(turn, one, "one.until") if one["can"]["edit"] else ""
    answers = [row for row in one["display"] if row["field"] in one["answers"] and row["field"] not in facts]
    return [
        with_desk.what(turn, one),
        turn.say("one.number", number=one["number"]),
        plain(one["note"]),
        turn.say("one.reason", reason=reason) if reason and reason != one["note"] else "",
        *(_answer(turn, one, row, is_file=row["field"] in files) for row in answers),
        until,
    ]


def _answer(turn: Turn, one: Json, row: Json, *, is_file: bool) -> str:
    if is_file:
        return turn.say("files.row", label=row["label"], count=len(one["answers"][row["field"]]))
    return turn.say("one.row", label=row["label"], value=shorten(row["value"], MAX_ANSWER))


def _acts(pen: Pen, one: Json) -> tuple[Button, ...]:
    number, can = one["number"], one["can"]
    found = [pen.button("edit", f"edit:{number}")] if can["edit"] else []
    if can["withdraw"]:
        found.append(pen.button(with_desk.withdrawal(one), f"drop:{number}"))
    if can["restore"]:
        is_asked_back = one["withdrawal_requested_at"] is not None
        found.append(pen.button("keep_application" if is_asked_back else "restore_application", f"undo:{number}"))
    return tuple(found)
