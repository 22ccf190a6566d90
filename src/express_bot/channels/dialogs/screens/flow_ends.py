"""Where questions end: sent, failed, put off, closed, nothing left to file; and the question after a pause."""

from __future__ import annotations

from datetime import datetime

from express_bot.channels.dialogs import filling, periods, sending
from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.keyboard import rows
from express_bot.channels.dialogs.screens.base import Shown, message
from express_bot.channels.dialogs.sheets import open_sheet
from express_bot.channels.dialogs.state import Screen
from express_bot.channels.dialogs.turn import Elsewhere, Turn
from express_bot.channels.dialogs.view import View
from express_bot.channels.dialogs.words import meaning
from express_bot.domain import texts


class Sent(Shown):
    """The proof: number, what is in it, until when it can be changed."""

    stays = True

    async def view(self, turn: Turn, data: Json) -> View:
        one = await turn.facts.application(data["number"])
        pen, period, can = turn.pen(str(turn.state.card)), one["period"], one["can"]
        due = period and period["decision_due_at"]
        what = (
            turn.say("sent.what_due", title=one["title"], due=periods.day_of(turn, due, period))
            if due
            else turn.say("sent.what", title=one["title"])
        )
        until = periods.until_words(turn, one, "sent.until")
        acts = [pen.button("open_application", f"app:{one['number']}")]
        acts += [pen.button("edit", f"edit:{one['number']}")] if can["edit"] else []
        acts += [pen.button("withdraw", f"drop:{one['number']}")] if can["withdraw"] else []
        title = turn.say("sent.title", number=one["number"])
        count = len(one["files"])
        files = turn.say("files.count", count=count) if count else ""
        return View(message(*turn.notices, title, what, files, until), rows(tuple(acts), (pen.button("menu", "menu"),)))


class Failed(Shown):
    """The core did not take it, or did not answer; the same press may be repeated."""

    in_flow = True

    async def view(self, turn: Turn, data: Json) -> View:
        pen = turn.pen(str(turn.state.card))
        is_edit = turn.state.flow is not None and turn.state.flow.kind == "edit"
        words = turn.say("sending.edit_failed" if is_edit else "sending.failed")
        buttons = (pen.button("retry", "send", accent=True), pen.button("later", "cancel"))
        return View(message(*turn.notices, words), rows(buttons))

    async def press(self, turn: Turn, data: Json, verb: str, argument: str) -> bool:
        if verb not in ("send", "back"):
            return False
        if verb == "back":
            turn.go("check")
        else:
            await sending.send(turn)
        return True

    async def typed(self, turn: Turn, data: Json, text: str) -> bool:
        return meaning(text) == "send" and await self.press(turn, data, "send", "")


class Duplicate(Shown):
    """The same application has come by another door."""

    async def view(self, turn: Turn, data: Json) -> View:
        pen = turn.pen(str(turn.state.card))
        buttons = (pen.button("open", f"app:{data['number']}"), pen.button("menu", "menu"))
        return View(message(*turn.notices, turn.say("sending.duplicate", number=data["number"])), rows(buttons))


class Parked(Shown):
    """Put off: everything is kept, «Вернуть» goes on where it stopped."""

    stays = True

    async def view(self, turn: Turn, data: Json) -> View:
        pen = turn.pen(str(turn.state.card))
        buttons = (pen.button("restore", data["again"]), pen.button("menu", "menu"))
        return View(message(*turn.notices, turn.say(f"parked.{data['kind']}")), rows(buttons))


class Resume(Shown):
    """After a pause: where it stopped, and whether to go on."""

    in_flow = True

    async def view(self, turn: Turn, data: Json) -> View:
        pen = turn.pen(str(turn.state.card))
        buttons = [pen.button("go_on", "go", accent=True)]
        if turn.state.flow is not None and turn.state.flow.kind == "new":
            buttons.append(pen.button("restart", "restart"))
        words = await self._words(turn, data)
        return View(message(*turn.notices, words), rows(tuple(buttons), (pen.button("cancel", "cancel"),)))

    async def _words(self, turn: Turn, data: Json) -> str:
        """«Вы остановились на вопросе «Когда хотите лететь» (Сочи). Продолжить?»"""
        sheet = await open_sheet(turn)
        if sheet.flow.kind == "profile":
            return turn.say("resume.profile")
        was, chosen = data.get("was"), sheet.chosen()
        if was is None:
            return turn.say("resume.draft", chosen=chosen) if chosen else turn.say("resume.draft_unnamed")
        asked = sheet.form.sent.get(was["data"].get("field", ""))
        if asked is None:
            return turn.say("resume.check", chosen=chosen) if chosen else turn.say("resume.draft_unnamed")
        question = str(asked["question"] or asked["label"])
        if not chosen:
            return turn.say("resume.question", question=question)
        return turn.say("resume.question_chosen", question=question, chosen=chosen)

    async def press(self, turn: Turn, data: Json, verb: str, argument: str) -> bool:
        if verb in ("go", "back"):
            sheet, was = await open_sheet(turn), data.get("was")
            if was is None:
                filling.go_on(turn, sheet)
            else:
                turn.state.screen = Screen(**was)
        elif verb == "restart":
            await _restart(turn)
        else:
            return False
        return True

    async def typed(self, turn: Turn, data: Json, text: str) -> bool:
        said = meaning(text)
        return said in ("yes", "go_on") and await self.press(turn, data, "go", "")


async def _restart(turn: Turn) -> None:
    """The draft is thrown away, as asked; the new one gets a key of its own."""
    flow = turn.state.flow
    if flow is None:
        raise Elsewhere("menu")
    await turn.core.delete_draft(turn.who, flow.form)
    turn.facts.learn(f"draft:{flow.form}", None)
    await filling.begin(turn, flow.form)


class Closed(Shown):
    """Nothing is accepted now; when it is next."""

    async def view(self, turn: Turn, data: Json) -> View:
        pen = turn.pen(str(turn.state.card))
        draft = await turn.facts.draft(data["form"])
        has_answers = draft is not None and bool(draft["answers"])
        since = await _closed_at(turn, data) if has_answers else ""
        kept = turn.say("closed.kept") if has_answers and not since else ""
        coming = await periods.closed_words(turn, data["form"])
        name = "remind_next" if since else "remind"
        told, reminder = await periods.reminder_of(turn, data["form"], pen, name=name)
        buttons = (pen.button("mine", "mine"), pen.button("menu", "menu"))
        text = message(*turn.notices, turn.say("closed.title"), since, coming, told, kept)
        return View(text, rows(reminder, buttons))


async def _closed_at(turn: Turn, data: Json) -> str:
    """«Приём закрылся 5 декабря, 18:00 (МСК), заявка осталась в черновиках.»"""
    if data.get("closed_at"):
        zone = str(data.get("timezone") or periods.HOUSE_ZONE)
        moment = texts.deadline(datetime.fromisoformat(data["closed_at"]), zone, turn.locale)
        return turn.say("closed.meanwhile", deadline=moment)
    over = [period for period in await turn.facts.periods(data["form"]) if period["state"] == "closed"]
    if not over:
        return ""
    return turn.say("closed.meanwhile", deadline=periods.deadline(turn, over[-1]["closes_at"], over[-1]))


class Limit(Shown):
    """The person's place in this period is taken: by which application, and what can be done about it."""

    async def view(self, turn: Turn, data: Json) -> View:
        pen = turn.pen(str(turn.state.card))
        period = (await turn.facts.form(data["form"]))["period"]
        if period is None or period["filed"] < period["limit"]:
            raise Elsewhere("menu")
        lines, acts = await periods.limit_words(turn, period, pen)
        buttons = (pen.button("mine", "mine"), pen.button("menu", "menu"))
        return View(message(*turn.notices, *lines), rows(acts, buttons))


class Lost(Shown):
    """Not understood twice: the buttons again, or the app."""

    in_flow = True

    async def view(self, turn: Turn, data: Json) -> View:
        pen = turn.pen(str(turn.state.card))
        buttons = (pen.button("show_buttons", "show", accent=True),)
        ways = (pen.link("app", "/"), pen.button("menu", "menu"))
        return View(turn.say("say.lost"), rows(buttons, ways))

    async def press(self, turn: Turn, data: Json, verb: str, argument: str) -> bool:
        if verb not in ("show", "back"):
            return False
        turn.state.screen = Screen(**data["was"])
        return True
