"""S5: the person's applications, one of them, and taking one back."""

from __future__ import annotations

from express_bot.channels.dialogs import acts, periods
from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.keyboard import Pen, rows
from express_bot.channels.dialogs.plain import plain, shorten
from express_bot.channels.dialogs.screens.base import Shown, message
from express_bot.channels.dialogs.turn import Turn
from express_bot.channels.dialogs.view import Button, View

#: Rows of one page (ux.md A2, S5).
PAGE = 5
#: Long answers are named here; the app shows them whole.
MAX_ANSWER = 200
MAX_REASON = 300


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
    """One application with its state, its reason, and what may be done with it now."""

    stays = True

    async def view(self, turn: Turn, data: Json) -> View:
        one = await turn.facts.application(data["number"])
        pen = turn.pen(str(turn.state.card))
        link = pen.link("in_app", f"/r/{one['number']}")
        last = (pen.button("back", "mine"), pen.button("menu", "menu"))
        fields = (await turn.facts.form(one["form"]))["form"]["fields"]
        return View(message(*turn.notices, *_about(turn, one, fields)), rows(_acts(pen, one), (link,), last))

    async def press(self, turn: Turn, data: Json, verb: str, argument: str) -> bool:
        if verb == "back":
            turn.go("mine")
        return verb == "back"


def _about(turn: Turn, one: Json, fields: list[Json]) -> list[str]:
    """Header, the one sentence that matters, the reason of a decision, the answers but those that the person is."""
    facts = {field["name"] for field in fields if field["profile"]}
    files = {field["name"] for field in fields if field["kind"] == "file"}
    decision = one["decision"]
    reason = decision["reason"] if decision else ""
    until = periods.until_words(turn, one, "one.until") if one["can"]["edit"] else ""
    answers = [row for row in one["display"] if row["field"] in one["answers"] and row["field"] not in facts]
    return [
        turn.say("one.title", title=shorten(one["title"], MAX_ANSWER), status=one["status_label"]),
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
        found.append(pen.button(_withdrawal(one), f"drop:{number}"))
    if can["restore"]:
        is_asked_back = one["withdrawal_requested_at"] is not None
        found.append(pen.button("keep_application" if is_asked_back else "restore_application", f"undo:{number}"))
    return tuple(found)


def _withdrawal(one: Json) -> str:
    """What «Отозвать» means now: at once, giving a place back, or asking the dispatcher."""
    if not one["can"]["withdraw_needs_reason"]:
        return "withdraw"
    return "decline" if one["status"] == "approved" else "ask_back"


class Reason(Shown):
    """Why it is taken back: in words, for the dispatcher."""

    async def view(self, turn: Turn, data: Json) -> View:
        one = await turn.facts.application(data["number"])
        pen = turn.pen(str(turn.state.card))
        kind = "decline" if _withdrawal(one) == "decline" else "ask"
        title = turn.say("say.title", title=turn.say(f"reason.{kind}"))
        what = turn.say("one.title", title=shorten(one["title"], MAX_ANSWER), status=one["status_label"])
        buttons = (pen.button("back", f"app:{one['number']}"), pen.button("cancel", f"app:{one['number']}"))
        return View(message(*turn.notices, title, what, turn.say(f"reason.{kind}_hint")), rows(buttons))

    async def press(self, turn: Turn, data: Json, verb: str, argument: str) -> bool:
        if verb == "back":
            turn.go("one", number=data["number"])
        return verb == "back"

    async def is_written(self, turn: Turn, data: Json) -> bool:
        return True

    async def typed(self, turn: Turn, data: Json, text: str) -> bool:
        over = len(text.strip()) - MAX_REASON
        if over > 0:
            turn.notice("reason.too_long", over=over)
        else:
            await acts.withdraw(turn, data["number"], reason=text.strip())
        return True
