"""The conversation: what an event of a chat leads to.

One event: some reading, at most one change in the core, and one step written down (state, wanted cards, event done) in
one transaction. Killed anywhere in between, the same event comes again and does the same once more: ids and keys are
made from the event's own id, and what was sent stands in the state under the draft's key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from express_bot.channels.dialogs import beside, filling, group, placing, routing
from express_bot.channels.dialogs.door import CoreDoor
from express_bot.channels.dialogs.incoming import Incoming
from express_bot.channels.dialogs.plain import shorten
from express_bot.channels.dialogs.screens import SCREENS
from express_bot.channels.dialogs.state import load
from express_bot.channels.dialogs.turn import Elsewhere, Turn
from express_bot.channels.dialogs.view import MAX_TEXT, View
from express_bot.core_client import CoreError

#: Other steps of the same chat that may come in between; each is a reason to start over.
TRIES = 5
#: Screens that may pass a conversation on to each other before one of them shows itself.
HOPS = 6
#: After so many seconds a press is acknowledged on its own message.
MOMENT = 0.8
#: What may pass by itself: the event is offered again.
PASSING = 500
TOO_MANY = 429
UNKNOWN = 401
NOT_OURS = (UNKNOWN, 403)


class Dialogs:
    """The conversation engine of one process; it keeps nothing in memory between two events."""

    def __init__(self, core: CoreDoor, clock: Callable[[], datetime], *, moment: float = MOMENT) -> None:
        self._core = core
        self._clock = clock
        self._moment = moment

    async def handle(self, incoming: Incoming) -> str | None:
        """Answers one event; returns what may be said on the pressed button itself, where a messenger can do that.

        Raises ``CoreError`` when the core cannot do it now; then the event must come again.
        """
        # a messenger's clock that runs ahead must not make a conversation look long forgotten
        incoming = replace(incoming, at=min(incoming.at, self._clock()))
        if not incoming.is_personal:
            await group.answer(self._core, incoming)
            return None
        for left in reversed(range(TRIES)):
            try:
                return await self._step(incoming)
            except CoreError as refusal:
                if refusal.code != "version_conflict" or left == 0:
                    raise
        raise AssertionError("the last try returns or raises")

    async def _step(self, incoming: Incoming) -> str | None:
        dialog = await self._core.get_dialog(incoming.channel, incoming.chat, user=incoming.user.id)
        state, is_expired = load(dialog, incoming.user.id, incoming.at)
        if state.screen is not None and state.screen.name not in SCREENS:
            state.screen = None  # of a version that knew more
        turn = Turn(self._core, incoming, dialog, state)
        if incoming.event_id in state.events:
            await self._core.mark_event_done(incoming.channel, incoming.event_id)
            return None
        cards = await self._answer(turn, placing.Before.of(state, is_expired=is_expired))
        if cards is None:
            await self._core.mark_event_done(incoming.channel, incoming.event_id)
            return None
        turn.state.remember_event(incoming.event_id)
        await turn.put(cards, event_id=incoming.event_id)
        return turn.say("say.stale_here") if turn.place == "stale" else None

    async def _answer(self, turn: Turn, before: placing.Before) -> list[placing.Card] | None:
        """What the cards say from now on; a press that takes long is acknowledged meanwhile (ux.md C1.5)."""
        work = _work_out(turn, before)
        if routing.is_of_present_keyboard(turn):
            return await turn.patiently(work, after=self._moment, words="say.moment")
        return await work


async def _work_out(turn: Turn, before: placing.Before) -> list[placing.Card] | None:
    """The present screen on its card, and the one before without its buttons; ``None``: nothing is to be said."""
    await _decide(turn)
    if turn.quiet:
        return None
    if turn.is_answered_there and turn.pressed and turn.stamped:
        return [(turn.pressed, turn.stamped)]
    card, others = placing.place(turn, before)
    turn.state.card, turn.state.away = card, None
    turn.state.rev += 1
    view = await _draw(turn)
    view = View(shorten(view.text, MAX_TEXT), view.rows)
    turn.left_behind = beside.steps(turn, before.flow, view)
    return [*others, (card, view)]


async def _decide(turn: Turn) -> None:
    """Lets the event change the state; what the core refuses becomes a screen."""
    if not turn.incoming.user.active:
        turn.leave_flow()
        turn.go("unknown")
        return
    try:
        await routing.follow(turn)
    except Elsewhere as other:
        await _go_elsewhere(turn, other)
    except CoreError as refusal:
        _explain(turn, refusal)


async def _draw(turn: Turn) -> View:
    """The view of the present screen, or of the one it passes the conversation on to."""
    for _ in range(HOPS):
        screen = turn.state.screen = turn.screen
        try:
            return await SCREENS[screen.name].view(turn, screen.data)
        except Elsewhere as other:
            await _go_elsewhere(turn, other)
        except CoreError as refusal:
            if screen.name in ("trouble", "unknown"):
                raise
            _explain(turn, refusal)
    turn.leave_flow()
    turn.go("trouble")
    return await SCREENS["trouble"].view(turn, {})


async def _go_elsewhere(turn: Turn, other: Elsewhere) -> None:
    """Some ends are beginnings: a missing profile is asked for at once."""
    turn.tell(other.notice or "")
    if other.screen == "begin_profile":
        try:
            await filling.begin_profile(turn, **other.data)
        except Elsewhere as further:
            turn.go(further.screen, **further.data)
        return
    if not SCREENS[other.screen].in_flow:
        turn.leave_flow()
    turn.go(other.screen, **other.data)


def _explain(turn: Turn, refusal: CoreError) -> None:
    """The core's own sentence; what may pass by itself is left to the next try."""
    passes = refusal.status >= PASSING or refusal.status == TOO_MANY or refusal.code == "version_conflict"
    if passes or (refusal.status == UNKNOWN and turn.incoming.user.is_guest):  # who has just become somebody
        raise refusal
    turn.leave_flow()
    if refusal.status in NOT_OURS:
        turn.go("unknown")
    else:
        turn.go("trouble", detail=refusal.problem.get("detail"))
