"""What an event means where the conversation stands: a press, a command, words, a file."""

from __future__ import annotations

from datetime import timedelta

from express_bot.channels.dialogs import acts, attaching, linking, on_notices, tokens
from express_bot.channels.dialogs.screens import SCREENS
from express_bot.channels.dialogs.state import PAUSE, Screen
from express_bot.channels.dialogs.tokens import Token
from express_bot.channels.dialogs.turn import Turn
from express_bot.channels.dialogs.words import meaning

#: Words that name a page or an act wherever they are said; the others are a step's own.
ANYWHERE = {
    "new": "new",
    "mine": "mine",
    "stats": "stats",
    "rules": "rules",
    "profile": "profile",
    "help": "help",
    "menu": "menu",
    "language": "lang",
}
#: Where free words are expected, only these lead out; the others may be part of the answer.
ALWAYS = ("help", "menu", "back", "cancel")
#: So long an edit may be on its way before a press of the keyboard below it means anything.
BEING_SHOWN = timedelta(seconds=5)
#: After so many texts in a row that nobody understood the app is offered (ux.md C1.7).
PATIENCE = 2


async def follow(turn: Turn) -> None:
    """Lets the event change where the conversation stands."""
    if turn.incoming.user.is_guest and turn.incoming.kind != "press":
        await linking.hear_guest(turn)
        return
    kinds = {"press": _press, "hello": _hello, "file": _file}
    await kinds.get(turn.incoming.kind, _typed)(turn)


async def _press(turn: Turn) -> None:
    """A press on the present keyboard, an act of any card, or an old keyboard."""
    state, token = turn.state, tokens.read(turn.incoming.token)
    is_notice = token is not None and token.rev == tokens.NOTICE_REV
    turn.place = "notice" if is_notice else "pressed"
    if is_notice:
        await on_notices.look(turn)
    else:
        turn.pressed = await _card_of(turn, token)
    if token is not None and (token.verb == tokens.NOTHING or _is_second_finger(turn, token)):
        turn.quiet = True
        return
    state.misses = 0
    if token is not None and await _is_followed(turn, token):
        state.remember_press(str(turn.incoming.token), turn.at)
    elif is_notice:
        turn.notice("say.stale_here")
    else:
        turn.place = "stale"


def _is_second_finger(turn: Turn, token: Token) -> bool:
    """The same button again at once, or a button of a keyboard that is just being replaced."""
    if turn.state.is_double(str(turn.incoming.token), turn.at):
        return True
    is_old = token.card == tokens.card_of(turn.state.card or "") and token.rev < turn.state.rev
    is_recent = turn.dialog.at is not None and turn.at - turn.dialog.at <= BEING_SHOWN
    return (
        is_old
        and is_recent
        and any(card.id == turn.state.card and card.shown_rev < card.wanted_rev for card in turn.dialog.cards)
    )


async def _card_of(turn: Turn, token: Token | None) -> str | None:
    """The id of the pressed card: of those of this chat, or by the messenger's id of its message."""
    known = [turn.state.card, *(card.id for card in turn.dialog.cards)]
    if token is not None:
        for card in known:
            if card is not None and tokens.card_of(card) == token.card:
                return card
    message = turn.incoming.message_id
    found = await turn.core.card_by_external(turn.incoming.channel, message) if message else None
    return found.id if found else None


async def _is_followed(turn: Turn, token: Token) -> bool:
    if turn.incoming.user.is_guest and token.verb not in linking.FOR_GUESTS:
        linking.lead(turn)
        return True
    if token.verb in acts.ACTS:
        await acts.ACTS[token.verb](turn, token.argument)
        return True
    if not _is_present(turn, token):
        return False
    if token.verb == "cancel":
        cancel(turn)
        return True
    screen = turn.screen
    return await SCREENS[screen.name].press(turn, screen.data, token.verb, token.argument)


def is_of_present_keyboard(turn: Turn) -> bool:
    """A press of a button that stands there now and does something."""
    token = tokens.read(turn.incoming.token) if turn.incoming.kind == "press" else None
    return token is not None and token.verb != tokens.NOTHING and _is_present(turn, token)


def _is_present(turn: Turn, token: Token) -> bool:
    card = turn.state.card
    return card is not None and tokens.card_of(card) == token.card and token.rev == turn.state.rev


def cancel(turn: Turn) -> None:
    """Ends the questions at once; everything is kept and «Вернуть» brings it back."""
    flow = turn.state.flow
    turn.leave_flow()
    if flow is None:
        turn.go("menu")
    else:
        turn.go("parked", kind=PARKED[flow.kind], again=flow.again)


PARKED = {"new": "draft", "edit": "edit", "profile": "profile"}


async def _hello(turn: Turn) -> None:
    """The chat has been opened: who is new is greeted, who was busy is asked, everybody else is at the menu."""
    turn.place = "below"
    await _start(turn)


async def _start(turn: Turn) -> None:
    if _is_busy(turn) and turn.state.flow is not None:
        _ask_to_resume(turn)
        return
    turn.leave_flow()
    me = await turn.facts.me()
    turn.go("menu" if me["profile_complete"] else "hello")


def _is_busy(turn: Turn) -> bool:
    return turn.state.screen is not None and SCREENS[turn.state.screen.name].in_flow


async def _file(turn: Turn) -> None:
    """Files are attached to what is being filled in; the words beside them are a command, an answer, or nothing."""
    await attaching.receive(turn)
    text = turn.incoming.text.strip()
    if meaning(text) in ("start", *ANYWHERE, *ALWAYS):
        await _typed(turn)
    elif not (text and await attaching.read_caption(turn, text)):
        _stay(turn)


def _stay(turn: Turn) -> None:
    """The answer stands above what stood there; what is worth reading later is not said twice."""
    if SCREENS[turn.screen.name].stays:
        turn.leave_flow()
        turn.go("menu")


async def _typed(turn: Turn) -> None:
    """Words: a command, an answer, or something to be asked about again."""
    text = turn.incoming.text.strip()
    said = await _command(turn, text)
    turn.place = "below" if text.startswith("/") or said in ("menu", "start") else "next"
    if said == "start" and linking.is_code(text):  # a link from the other messenger has brought it
        await linking.redeem(turn, str(linking.code_in(text)))
    elif said in ("start", *ANYWHERE):
        turn.state.misses = 0
        await _anywhere(turn, str(said))
    elif await _is_understood(turn, text, said):
        turn.state.misses = 0
    elif linking.is_code(text):
        turn.notices.clear()
        await linking.redeem(turn, str(linking.code_in(text)))
    elif _has_paused(turn):
        _ask_to_resume(turn)
    else:
        _miss(turn)


async def _command(turn: Turn, text: str) -> str | None:
    """The command in a text, if it is one where the conversation stands."""
    said = meaning(text)
    is_plain_word = not text.startswith("/") and said not in (None, *ALWAYS)
    if is_plain_word and await SCREENS[turn.screen.name].is_written(turn, turn.screen.data):
        return None
    return said


async def _anywhere(turn: Turn, said: str) -> None:
    if said == "start" and turn.screen.name == "hello" and not turn.incoming.text.startswith("/"):
        await acts.newcomer(turn, "")  # the word on the greeting's own button
    elif said == "start":
        await _start(turn)
    elif said == "new":
        await _new(turn)
    else:
        await acts.ACTS[ANYWHERE[said]](turn, "")


async def _new(turn: Turn) -> None:
    """«/заявка»: the first form; where there are others the menu has them."""
    forms = (await turn.facts.info())["forms"]
    if forms:
        await acts.new(turn, forms[0]["id"])
    else:
        turn.go("menu")


async def _is_understood(turn: Turn, text: str, said: str | None) -> bool:
    screen = turn.screen
    if said == "cancel":
        cancel(turn)
        return True
    if said == "back":
        if not await SCREENS[screen.name].press(turn, screen.data, "back", ""):
            await acts.menu(turn, "")
        return True
    if not text or text.startswith("/"):  # a command that nobody knows is no answer
        return False
    if not await SCREENS[screen.name].is_written(turn, screen.data) and await _is_label(turn, text):
        return True
    return await SCREENS[turn.screen.name].typed(turn, turn.screen.data, text)


async def _is_label(turn: Turn, text: str) -> bool:
    """The words on a button are as good as the button."""
    view = await SCREENS[turn.screen.name].view(turn, turn.screen.data)
    labels = {button.label.casefold(): button.token for row in view.rows for button in row if button.alert is None}
    token = tokens.read(labels.get(text.casefold()))
    return token is not None and token.verb != tokens.NOTHING and await _is_followed(turn, token)


def _has_paused(turn: Turn) -> bool:
    """Back after a while, in the middle of questions."""
    last = turn.dialog.at
    return _is_busy(turn) and turn.state.flow is not None and last is not None and turn.at - last > PAUSE


def _ask_to_resume(turn: Turn) -> None:
    """Where it stopped; asked once, whatever is pressed or written next."""
    was = turn.screen
    if was.name == "resume":
        return
    turn.notices.clear()
    turn.go("resume", was=was.data["was"] if was.name == "lost" else _as_data(was))


def _miss(turn: Turn) -> None:
    """Once: the question again, with an example. Twice: the buttons or the app."""
    turn.state.misses += 1
    was = turn.screen
    _stay(turn)
    if turn.state.misses < PATIENCE or was.name == "lost":
        if not turn.notices:
            turn.notice("say.not_understood")
        return
    turn.state.misses = 0
    turn.notices.clear()
    turn.go("lost", was=_as_data(was))


def _as_data(screen: Screen) -> dict[str, object]:
    return {"name": screen.name, "data": screen.data}
