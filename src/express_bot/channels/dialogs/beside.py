"""What the person's other chats say: the same questions stand in one place only (ux.md C1.9).

A step in one chat also writes the other ones down, in its own transaction and only as they were read: two chats that
step at once are one after the other, and the later one has the questions.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from express_bot.channels.dialogs import tokens
from express_bot.channels.dialogs.door import StepBeside
from express_bot.channels.dialogs.keyboard import Pen
from express_bot.channels.dialogs.screens import SCREENS
from express_bot.channels.dialogs.state import Flow, Screen, State, read
from express_bot.channels.dialogs.turn import Turn
from express_bot.channels.dialogs.view import Button, View
from express_bot.contracts.links import MESSENGER_NAMES

#: Screens that show one application, by its number.
ABOUT_ONE = frozenset({"sent", "one"})


def steps(turn: Turn, flow: Flow | None, view: View) -> list[StepBeside]:
    """What this step leaves behind elsewhere; ``flow`` went on before it, and ``view`` is what it shows here."""
    return list(_steps(turn, flow, view))


def _steps(turn: Turn, flow: Flow | None, view: View) -> Iterator[StepBeside]:
    for other in turn.others:
        state = read(other.state)
        if state is None or state.screen is None or state.screen.name not in SCREENS or state.card is None:
            continue
        told = _told(turn, flow, view, state)
        if told is not None:
            yield StepBeside(other, state.dump(), [(state.card, told.to_json())])
        elif state.edits.pop(turn.changed or "", None) is not None:
            yield StepBeside(other, state.dump(), [])


def _told(turn: Turn, flow: Flow | None, view: View, state: State) -> View | None:
    """What the other chat's card says from now on, with its state changed to that; ``None``: it stays as it is."""
    if turn.linked is not None and state.screen is not None and state.screen.name == "link":
        return _linked(turn, state)
    if _is_about_changed(turn, flow, state):
        return _same(turn, state, view)
    now = turn.state.flow
    if now is not None and SCREENS[turn.screen.name].in_flow and _asks(state, now):
        return _gone_on(turn, state, now)
    return None


def _asks(state: State, flow: Flow) -> bool:
    """Whether the questions of this flow stand there."""
    stands = state.screen is not None and SCREENS[state.screen.name].in_flow and state.away is None
    return stands and state.flow is not None and is_same(state.flow, flow)


def is_same(one: Flow, other: Flow) -> bool:
    """Whether the same thing is being filled in."""
    if one.kind != other.kind:
        return False
    return one.kind == "profile" or (one.form, one.number) == (other.form, other.number)


def _gone_on(turn: Turn, state: State, flow: Flow) -> View:
    """«Продолжили в Telegram», and a way back."""
    state.away = turn.incoming.channel
    pen = Pen(str(state.card), state.rev, turn.locale)
    words = turn.say("elsewhere.gone_on", messenger=MESSENGER_NAMES[turn.incoming.channel])
    return View(words, ((pen.button("take", flow.again),),))


def _is_about_changed(turn: Turn, flow: Flow | None, state: State) -> bool:
    """The other chat asks for, or shows, the application that this step has changed and shows."""
    if turn.changed is None or turn.screen.name not in ABOUT_ONE or turn.screen.data.get("number") != turn.changed:
        return False
    if state.flow is not None and flow is not None and is_same(state.flow, flow):
        return True
    return state.screen is not None and state.screen.name in ABOUT_ONE and state.screen.data["number"] == turn.changed


def _same(turn: Turn, state: State, view: View) -> View:
    """The same words and buttons as here: they work on any card."""
    state.screen, state.flow, state.away = deepcopy(turn.screen), None, None
    state.edits.pop(str(turn.changed), None)
    rows = tuple(tuple(_moved(button, state) for button in row) for row in view.rows)
    return View(view.text, rows)


def _moved(button: Button, state: State) -> Button:
    token = tokens.read(button.token)
    if token is None:
        return button
    choice = f"{token.verb}:{token.argument}" if token.argument else token.verb
    return Button(button.label, tokens.write(str(state.card), state.rev, choice), button.link, button.accent)


def _linked(turn: Turn, state: State) -> View:
    """The code that was shown there, or asked for, has done its work."""
    state.screen = Screen("menu")
    pen = Pen(str(state.card), state.rev, turn.locale)
    words = turn.say("link.done", messenger=MESSENGER_NAMES[str(turn.linked)])
    return View(words, ((pen.button("profile", "profile"), pen.button("menu", "menu")),))
