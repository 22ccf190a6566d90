"""Codes that join messengers, in a conversation: shown, entered, checked; and what may be said to a guest."""

from __future__ import annotations

import re

from express_bot.channels.dialogs.incoming import Person
from express_bot.channels.dialogs.plain import plain
from express_bot.channels.dialogs.turn import Turn
from express_bot.contracts.links import MESSENGER_NAMES
from express_bot.core_client import CoreError

#: Six digits, as they are shown or as people write them down.
_CODE = re.compile(r"(?<![0-9])[0-9](?:[ \u00a0-]?[0-9]){5}(?![0-9])")
#: All that a guest may press; anything else leads to where a code is entered.
FOR_GUESTS = frozenset({"link", "linked"})
GONE = 401


def code_in(text: str) -> str | None:
    """The code somewhere in a text: «мой код 123 456», «/start 123456»."""
    found = _CODE.search(text)
    return re.sub("[^0-9]", "", found[0]) if found else None


def is_code(text: str) -> bool:
    """Nothing but a code was written, or the messenger brought one with the start of the chat."""
    return _CODE.fullmatch(text.removeprefix("/start").strip()) is not None


async def hear_guest(turn: Turn) -> None:
    """Whatever a guest writes: a code links, everything else leads to where one is entered."""
    text = turn.incoming.text.strip()
    turn.place = "below" if turn.incoming.kind == "hello" or text.startswith("/") else "next"
    code = code_in(text)
    if code is None:
        lead(turn)
    else:
        await redeem(turn, code)


def lead(turn: Turn) -> None:
    """To where a code is entered; one that is shown there already stays."""
    if turn.screen.name != "link":
        turn.leave_flow()
        turn.go("link")


async def redeem(turn: Turn, code: str) -> None:
    """Enters a code; a guest is somebody from then on."""
    try:
        linked = await turn.core.redeem(turn.who, code, key=turn.key())
    except CoreError as refusal:
        _told(turn, refusal)
        if turn.incoming.user.is_guest:
            lead(turn)
        return
    user, here = linked["user"], turn.incoming.channel
    others = [link["provider"] for link in linked["links"] if link["provider"] in MESSENGER_NAMES]
    is_other = user["id"] != turn.incoming.user.id
    turn.linked = here if is_other else others[-1]
    if is_other:
        turn.become(Person(user["id"], user["full_name"], user["locale"], roles=tuple(user["roles"])))
    turn.notice("link.done", messenger=MESSENGER_NAMES[turn.linked])
    turn.others = (await turn.core.get_dialog(here, turn.incoming.chat, user=user["id"])).others
    await _go_on(turn)


async def _go_on(turn: Turn) -> None:
    """Whoever was answering questions goes on with them; everybody else is at the beginning."""
    if turn.state.flow is not None:
        return
    me = await turn.facts.me()
    turn.go("menu" if me["profile_complete"] else "hello")


async def show_code(turn: Turn, messenger: str) -> None:
    """``link:<messenger>``: a code for the other side; a guest's leads to whoever enters it."""
    if not messenger and not turn.incoming.user.is_guest:  # the button of a guest who is somebody by now
        await check(turn, messenger)
        return
    turn.leave_flow()
    try:
        code = await turn.core.link_code(turn.who, key=turn.key())
    except CoreError as refusal:
        _told(turn, refusal)
        turn.go("link", to=messenger or None)
    else:
        turn.go("link", to=messenger or None, code=code["code"], until=code["expires_at"])


async def check(turn: Turn, messenger: str) -> None:
    """``linked:<messenger>``, «Проверить ещё раз»: whether the other side has entered the code."""
    if turn.incoming.user.is_guest:
        turn.notice("link.not_yet")
        lead(turn)
        return
    known = [link["provider"] for link in (await turn.facts.links())["links"]]
    if (messenger or turn.incoming.channel) not in known:
        turn.notice("link.not_yet")
        return
    turn.leave_flow()
    turn.notice("link.done", messenger=MESSENGER_NAMES[messenger or turn.incoming.channel])
    if messenger:
        turn.go("profile")
    else:
        await _go_on(turn)


async def unlink(turn: Turn, messenger: str) -> None:
    """``unlink:<messenger>``: disconnected at once; a new code brings it back."""
    turn.leave_flow()
    turn.go("profile")
    try:
        links = await turn.core.unlink(turn.who, messenger)
    except CoreError as refusal:
        _told(turn, refusal)
        return
    turn.facts.learn("links", links)
    turn.notice("link.gone", messenger=MESSENGER_NAMES.get(messenger, messenger))


def _told(turn: Turn, refusal: CoreError) -> None:
    """The core's sentence above what stands. A guest whom nobody knows any more has just become somebody."""
    if refusal.status >= 500 or refusal.status == GONE:
        raise refusal
    turn.tell(plain(str(refusal.problem.get("detail", ""))))
