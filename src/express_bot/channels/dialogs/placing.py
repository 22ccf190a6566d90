"""On which message the answer stands: one wizard message per flow, edited in place (ux.md C1.1 and C1.5).

After a press the pressed card is rewritten. After a text the card is no longer the last message: once per flow the
conversation goes on in a new one and the old card loses its buttons. A command is always answered below, and so is a
press on a message that the bot has sent by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from express_bot.channels.dialogs.screens import SCREENS
from express_bot.channels.dialogs.state import PAUSE, Flow, State
from express_bot.channels.dialogs.turn import Turn
from express_bot.channels.dialogs.view import View

#: A flow's second message is its last: whoever writes on and on sees the same card change (ux.md G: ≤ 2 messages).
MOVES = 1
#: A message that could not be sent yet is rewritten instead of followed by another, unless it waits too long.
WAITING = timedelta(minutes=10)

Card = tuple[str, View]


@dataclass(frozen=True)
class Before:
    """The card and what stood on it when the event came."""

    card: str | None
    screen: str | None
    flow: Flow | None
    is_expired: bool

    @classmethod
    def of(cls, state: State, *, is_expired: bool) -> Before:
        return cls(state.card, state.screen.name if state.screen else None, state.flow, is_expired)

    @property
    def was_in_flow(self) -> bool:
        return self.screen is not None and SCREENS[self.screen].in_flow


def place(turn: Turn, before: Before) -> tuple[str, list[Card]]:
    """The card to draw on, and what the others say from now on."""
    if turn.place == "stale":
        return _answer_stale(turn, before)
    if turn.place == "notice":
        return _below_notice(turn, before)
    target = turn.pressed if turn.place == "pressed" else _after_words(turn, before)
    if target is None:
        return _new_card(turn, before), _closed(turn, before)
    return target, _closed(turn, before) if target != before.card else []


def _below_notice(turn: Turn, before: Before) -> tuple[str, list[Card]]:
    """The message that the bot had sent by itself keeps its words; the answer stands below it."""
    others = [(turn.pressed, turn.stamped)] if turn.pressed and turn.stamped else []
    if before.card is not None and _may_go_on(turn, before, before.card):
        return before.card, others
    return _made(turn), [*others, *_left_above(turn, before)]


def _may_go_on(turn: Turn, before: Before, card: str) -> bool:
    """A page below the pressed message makes room; questions, and what is worth reading later, do not."""
    is_kept = before.is_expired or before.was_in_flow or (before.screen is not None and SCREENS[before.screen].stays)
    order = [known.id for known in turn.dialog.cards]
    return not is_kept and card in order and turn.pressed in order and order.index(card) < order.index(turn.pressed)


def _left_above(turn: Turn, before: Before) -> list[Card]:
    """Questions that stand above: the same ones go on below, others can be brought back."""
    if before.card is None or not before.was_in_flow:
        return []
    flow = turn.state.flow
    is_same = (
        flow is not None and before.flow is not None and (flow.kind, flow.form) == (before.flow.kind, before.flow.form)
    )
    return [(before.card, View(turn.say("say.more_below")) if is_same else _elsewhere(turn, before))]


def _after_words(turn: Turn, before: Before) -> str | None:
    """The present card, if it may be rewritten; ``None``: a new message."""
    if before.card is None or before.is_expired:
        return None
    if _is_unsent(turn, before.card):
        return before.card
    if turn.place == "below" or _has_paused(turn):
        turn.state.moves = 0
        return None
    if _has_been_interrupted(turn):
        return None
    is_in_flow = before.was_in_flow and not _has_just_begun(turn, before)
    return before.card if is_in_flow and turn.state.moves >= MOVES else None


def _has_just_begun(turn: Turn, before: Before) -> bool:
    return before.flow is None and turn.state.flow is not None


def _has_paused(turn: Turn) -> bool:
    return turn.dialog.at is not None and turn.at - turn.dialog.at > PAUSE


def _has_been_interrupted(turn: Turn) -> bool:
    """The bot has said something by itself since: what stands above that would not be seen."""
    newest, cards = turn.state.newest, turn.dialog.cards
    return newest is not None and bool(cards) and cards[0].id != newest and any(card.id == newest for card in cards)


def _is_unsent(turn: Turn, card: str) -> bool:
    """The messenger has not taken it yet, so it will come after whatever the person has written since."""
    is_fresh = turn.dialog.at is not None and turn.at - turn.dialog.at < WAITING
    return is_fresh and any(known.id == card and known.external_id is None for known in turn.dialog.cards)


def _new_card(turn: Turn, before: Before) -> str:
    if turn.place != "below" and before.was_in_flow and not _has_just_begun(turn, before):
        turn.state.moves += 1
    return _made(turn)


def _made(turn: Turn) -> str:
    """A message that is there from now on."""
    turn.state.newest = turn.id_for("card")
    return turn.state.newest


def _answer_stale(turn: Turn, before: Before) -> tuple[str, list[Card]]:
    """«Эта кнопка устарела, вот актуальная»: the old card says so, the present step comes anew."""
    is_free = before.card is None or not before.was_in_flow or turn.state.moves < MOVES or _has_paused(turn)
    old = View(turn.say("say.expired" if before.is_expired else "say.stale"))
    others = [(turn.pressed, old)] if turn.pressed and turn.pressed != before.card else []
    if before.card is None:
        return _new_card(turn, before), others
    if not is_free:
        if not others:
            turn.notices.insert(0, turn.say("say.stale_here"))
        return before.card, others
    closing = [(before.card, old)] if turn.pressed == before.card else _closed(turn, before)
    return _new_card(turn, before), [*others, *closing]


def _closed(turn: Turn, before: Before) -> list[Card]:
    """The card before loses its buttons, unless it is worth reading and acting on later."""
    if before.card is None or (before.screen is not None and SCREENS[before.screen].stays):
        return []
    if before.is_expired:
        return [(before.card, View(turn.say("say.expired")))]
    if turn.place == "pressed":
        return [(before.card, _elsewhere(turn, before))] if before.was_in_flow else []
    return [(before.card, View(turn.say("say.more_below")))]


def _elsewhere(turn: Turn, before: Before) -> View:
    """Questions were left for another card: they are kept, and one press brings them back."""
    if before.flow is None:
        return View(turn.say("say.more_elsewhere"))
    pen = turn.pen(str(before.card))
    return View(turn.say("say.more_elsewhere"), ((pen.button("restore", before.flow.again),),))
