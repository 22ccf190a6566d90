"""What people say about reminders and about a draft they were reminded of: as a press, and taken back as one."""

from __future__ import annotations

from express_bot.channels.dialogs import on_notices
from express_bot.channels.dialogs.turn import Turn
from express_bot.channels.dialogs.view import Row
from express_bot.core_client import CoreError

GONE = 404


async def mute(turn: Turn, period: str) -> None:
    """«Не в этом месяце»: no more reminders of this period."""
    await _choose(turn, period, "declined")
    back = on_notices.pen(turn).button("unmute", f"unmute:{period}")
    _tell(turn, "stamp.muted", on_notices.exchanged(turn, "mute", back))


async def unmute(turn: Turn, period: str) -> None:
    """«Вернуть напоминания»."""
    await _choose(turn, period, "none")
    again = on_notices.pen(turn).button("mute", f"mute:{period}")
    _tell(turn, "stamp.unmuted", on_notices.exchanged(turn, "unmute", again))


async def remind(turn: Turn, period: str) -> None:
    """«Напомнить»: the opening of a coming period is told whatever else is muted."""
    await _choose(turn, period, "wanted")
    _stay(turn)


async def forget(turn: Turn, period: str) -> None:
    """«Не напоминать»: as if nothing had been said about it."""
    await _choose(turn, period, "none")
    turn.notice("closed.reminded_off")
    _stay(turn)


async def _choose(turn: Turn, period: str, choice: str) -> None:
    """Keeps the choice; a period that is none is refused by the core like any other."""
    if not period.isdecimal():
        raise CoreError(GONE, {"status": GONE, "code": "not_found"})
    answer = await turn.core.choose_reminder(turn.who, int(period), choice)
    turn.facts.learn(f"reminder:{period}", answer)


async def scrap(turn: Turn, form: str) -> None:
    """«Удалить»: the draft is gone, and kept here for as long as the conversation lasts."""
    draft = await turn.facts.draft(form)
    if draft is None and form not in turn.state.scrapped:
        _tell(turn, "say.gone", ())
        return
    if draft is not None:
        turn.state.scrapped[form] = draft["answers"]
        await turn.core.delete_draft(turn.who, form)
        turn.facts.learn(f"draft:{form}", None)
    _tell(turn, "stamp.scrapped", ((on_notices.pen(turn).button("unscrap", f"unscrap:{form}"),),))


async def unscrap(turn: Turn, form: str) -> None:
    """«Вернуть черновик»; what has been begun since is not written over."""
    answers, draft = turn.state.scrapped.pop(form, None), await turn.facts.draft(form)
    if answers is None and draft is None:
        _tell(turn, "say.gone", ())
        return
    if answers is not None and draft is None:
        body = {"form": form, "answers": answers, "changed": [*answers], "base_version": None}
        saved = await turn.core.save_draft(turn.who, {**body, "client_key": turn.key()})
        turn.facts.learn(f"draft:{form}", saved["draft"])
    pen = on_notices.pen(turn)
    buttons = (pen.button("go_on", f"on:{form}", accent=True), pen.button("scrap", f"scrap:{form}"))
    _tell(turn, "stamp.unscrapped", (buttons,))


def _tell(turn: Turn, key: str, rows: tuple[Row, ...]) -> None:
    """On the pressed message; where nobody knows what it says, at the menu."""
    if on_notices.answer_there(turn, key, rows):
        return
    turn.tell(turn.say(key))
    turn.leave_flow()
    turn.go("menu")


def _stay(turn: Turn) -> None:
    """The page with the button shows how it stands now; from anywhere else, the menu does."""
    is_here = turn.pressed is not None and turn.pressed == turn.state.card
    if not is_here or turn.screen.name not in ("menu", "closed"):
        turn.leave_flow()
        turn.go("menu")
