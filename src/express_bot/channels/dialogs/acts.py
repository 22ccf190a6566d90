"""Acts that need no question before them: a button of any card, old or new, may ask for one by its verb.

Such a choice says by itself what is meant (``app:2027-0142``); whether it may be done is the core's answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from express_bot.channels.dialogs import desk, filling, linking, on_notices, reminding, unsaved
from express_bot.channels.dialogs.plain import plain
from express_bot.channels.dialogs.state import Flow
from express_bot.channels.dialogs.turn import Turn
from express_bot.core_client import CoreError

Act = Callable[[Turn, str], Awaitable[None]]


async def menu(turn: Turn, _argument: str) -> None:
    turn.leave_flow()
    turn.go("menu")


async def new(turn: Turn, argument: str) -> None:
    """``new:<form>``, or ``new:<form>/<option>`` with the naming choice answered."""
    form, _, option = argument.partition("/")
    await filling.begin(turn, form, option=option or None)
    await on_notices.begun(turn)


async def go_on(turn: Turn, form: str) -> None:
    """Goes on with a draft without asking."""
    await filling.begin(turn, form, ask_about_draft=False)
    await on_notices.begun(turn)


async def newcomer(turn: Turn, _argument: str) -> None:
    """«Начать»: the profile first, then the first form that is taken now."""
    await filling.begin_profile(turn, then=await _first_open(turn))


async def _first_open(turn: Turn) -> str | None:
    for form in (await turn.facts.info())["forms"]:
        if form["has_period"]:
            period = (await turn.facts.form(form["id"]))["period"]
            if period is not None and period["state"] == "open":
                return str(form["id"])
    return None


async def mine(turn: Turn, _argument: str) -> None:
    turn.leave_flow()
    turn.go("mine")


async def statistics(turn: Turn, form: str) -> None:
    """``stats``, or ``stats:<form>`` for a certain one."""
    turn.leave_flow()
    turn.go("stats", **({"form": form} if form else {}))


async def application(turn: Turn, number: str) -> None:
    """Opens one application; a decision opened is a decision read."""
    turn.leave_flow()
    one = await turn.facts.application(number)
    if not one["seen"]:
        await turn.core.mark_seen(turn.who, number)
    turn.go("one", number=number)


async def edit(turn: Turn, number: str) -> None:
    """Edits what was filed; edits that were not saved are taken up again."""
    turn.leave_flow()
    one = await turn.facts.application(number)
    if not one["can"]["edit"]:
        turn.notice("one.edit_over")
        turn.go("one", number=number)
        return
    kept = unsaved.edits_of(turn, number)
    turn.state.flow = Flow("edit", one["form"], version=one["version"], number=number, answers=dict(kept))
    turn.state.moves = 0
    if kept:
        turn.notice("check.edits_kept")
    turn.go("check")


async def ask_withdrawal(turn: Turn, number: str) -> None:
    """«Отозвать»: at once, or after a reason where one is needed."""
    turn.leave_flow()
    one = await turn.facts.application(number)
    if one["can"]["withdraw_needs_reason"]:
        turn.go("reason", number=number)
    else:
        await withdraw(turn, number)


async def withdraw(turn: Turn, number: str, *, reason: str | None = None) -> None:
    """Takes an application back; the card offers to undo it."""
    turn.go("one", number=number)
    try:
        one = await turn.core.withdraw(turn.who, number, {"reason": reason}, key=turn.key())
    except CoreError as refusal:
        _explain(turn, refusal)
        if refusal.code == "reason_required":
            turn.go("reason", number=number)
        return
    turn.facts.forget()
    turn.facts.learn(f"one:{number}", one)
    turn.changed = number
    is_request = one["withdrawal_requested_at"] is not None
    turn.notice("one.asked_back" if is_request else "one.withdrawn" if one["can"]["restore"] else "one.declined")


async def restore(turn: Turn, number: str) -> None:
    """Undoes a withdrawal."""
    turn.leave_flow()
    turn.go("one", number=number)
    try:
        one = await turn.core.restore(turn.who, number, key=turn.key())
    except CoreError as refusal:
        _explain(turn, refusal)
        return
    turn.facts.forget()
    turn.facts.learn(f"one:{number}", one)
    turn.changed = number
    turn.notice("one.restored")


async def swap(turn: Turn, number: str) -> None:
    """Takes an application back and begins another; the first can be restored until the second is sent."""
    turn.leave_flow()
    one = await turn.facts.application(number)
    if one["status"] != "withdrawn":
        try:
            await turn.core.withdraw(turn.who, number, {"reason": None}, key=turn.key())
        except CoreError as refusal:
            _explain(turn, refusal)
            turn.go("one", number=number)
            return
    turn.facts.forget()
    await filling.begin(turn, one["form"], ask_about_draft=False)
    turn.notice("ask.withdrawn", number=number)
    if turn.state.screen is not None and turn.state.screen.name == "ask":
        turn.state.screen.data["undo"] = number


async def language(turn: Turn, _argument: str) -> None:
    """The other language, at once and everywhere."""
    other = "en" if turn.locale == "ru" else "ru"
    await turn.core.change_profile(turn.who, {"locale": other})
    turn.facts.forget()
    turn.sheet = None
    turn.state.choose_language(other, turn.locale, turn.at)
    turn.locale = other
    if turn.state.screen is None or turn.state.screen.name not in ("more", "profile", "menu"):
        turn.go("menu")


def page(name: str) -> Act:
    """An act that only shows a page."""

    async def show(turn: Turn, _argument: str) -> None:
        turn.leave_flow()
        turn.go(name)

    return show


def _explain(turn: Turn, refusal: CoreError) -> None:
    """The core's sentence above what stands; what may pass by itself is tried again later."""
    if refusal.status >= 500:
        raise refusal
    turn.facts.forget()
    turn.tell(plain(str(refusal.problem.get("detail", ""))))


ACTS: dict[str, Act] = {
    "menu": menu,
    "new": new,
    "on": go_on,
    "hi": newcomer,
    "mine": mine,
    "stats": statistics,
    "app": application,
    "edit": edit,
    "drop": ask_withdrawal,
    "undo": restore,
    "swap": swap,
    "agree": desk.agree,
    "refuse": desk.refuse,
    "answer": desk.ask_for_words,
    "take": desk.take,
    "pass": desk.let_go,
    "ask": desk.ask,
    "lang": language,
    "mute": reminding.mute,
    "unmute": reminding.unmute,
    "remind": reminding.remind,
    "forget": reminding.forget,
    "scrap": reminding.scrap,
    "unscrap": reminding.unscrap,
    "link": linking.show_code,
    "linked": linking.check,
    "unlink": linking.unlink,
    "more": page("more"),
    "rules": page("rules"),
    "help": page("help"),
    "profile": page("profile"),
}
"""By the verb of the choice."""
