"""What a person and the desk say to each other about one application: questions, places offered, messages.

Each act works on any card, however old: its choice names the application and what is answered
(``agree:2027-0142/17``), and whether it may still be done is the core's answer. On a message that the bot has sent by
itself the outcome is a line of that message; anywhere else the application is shown as it stands now.
"""

from __future__ import annotations

from collections.abc import Awaitable

from express_bot.channels.dialogs import on_notices
from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.plain import plain
from express_bot.channels.dialogs.turn import Turn
from express_bot.core_client import CoreError

#: Nothing is decided: the event is offered again.
PASSING = 500
#: What the core says of a question or an offer that is over.
QUESTION_CLOSED, OFFER_CLOSED = "question_closed", "offer_closed"


def about(number: str, thing: object) -> str:
    """The argument of a choice: an application, and the question or the offer that is answered."""
    return f"{number}/{thing}"


def _apart(argument: str) -> tuple[str, int]:
    """The same taken apart; what names nothing names a question that never was."""
    number, _, thing = argument.partition("/")
    return number, int(thing) if thing.isdecimal() else 0


# ── Questions ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def agree(turn: Turn, argument: str) -> None:
    """«Да»: what the desk proposes is written into the application at once."""
    await _answer(turn, *_apart(argument), {"answer": "yes"})


async def refuse(turn: Turn, argument: str) -> None:
    """«Нет»."""
    await _answer(turn, *_apart(argument), {"answer": "no"})


async def answer_in_words(turn: Turn, number: str, question: int, text: str) -> None:
    """The answer that was written."""
    await _answer(turn, number, question, {"answer": "text", "text": text})


async def _answer(turn: Turn, number: str, question: int, answer: Json) -> None:
    body = {"question": question, **answer}
    await _settle(turn, number, turn.core.answer(turn.who, number, body, key=turn.key()), "answered", QUESTION_CLOSED)


async def ask_for_words(turn: Turn, argument: str) -> None:
    """«Ответить»: the words are asked for, unless the question is over."""
    number, question = _apart(argument)
    turn.leave_flow()
    if is_open(await turn.facts.application(number), question):
        turn.go("answer", number=number, question=question)
    else:
        await _too_late(turn, number, QUESTION_CLOSED)


def is_open(one: Json, question: int) -> bool:
    """Whether this very question still waits for its answer."""
    return one["question"] is not None and one["question"]["id"] == question


# ── Places that have become free ─────────────────────────────────────────────────────────────────────────────────────


async def take(turn: Turn, argument: str) -> None:
    """«Беру»."""
    number, offer = _apart(argument)
    change = turn.core.take_place(turn.who, number, {"offer": offer}, key=turn.key())
    await _settle(turn, number, change, "taken", OFFER_CLOSED)


async def let_go(turn: Turn, argument: str) -> None:
    """«Не смогу»: this place goes to somebody else, the application stays on the reserve list."""
    number, offer = _apart(argument)
    change = turn.core.decline_offer(turn.who, number, {"offer": offer}, key=turn.key())
    await _settle(turn, number, change, "let_go", OFFER_CLOSED)


# ── Messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def ask(turn: Turn, number: str) -> None:
    """«Спросить»: a message to the desk; nothing of the application changes."""
    turn.leave_flow()
    one = await turn.facts.application(number)
    if not one["can"]["ask"]:
        turn.notice("one.ask_over")
    turn.go("question" if one["can"]["ask"] else "one", number=number)


async def send_question(turn: Turn, number: str, text: str) -> None:
    """What was written goes to the desk."""
    change = turn.core.ask_desk(turn.who, number, {"text": text}, key=turn.key())
    await _settle(turn, number, change, "asked")


# ── What comes of it ─────────────────────────────────────────────────────────────────────────────────────────────────


async def _settle(turn: Turn, number: str, change: Awaitable[Json], done: str, too_late: str | None = None) -> None:
    """Makes the change and says so; what cannot be done any more, or not so, is said with how things stand."""
    turn.leave_flow()
    turn.go("one", number=number)
    try:
        one = await change
    except CoreError as refusal:
        if refusal.status >= PASSING:
            raise
        turn.facts.forget()
        if refusal.code == too_late:
            await _too_late(turn, number, too_late)
        else:
            turn.tell(plain(_why(refusal)))
        return
    turn.facts.forget()
    turn.facts.learn(f"one:{number}", one)
    turn.changed = number
    _say(turn, one, done)


def _why(refusal: CoreError) -> str:
    """What is wrong with what the desk proposed, else the core's sentence."""
    wrong = [str(error["message"]) for error in refusal.problem.get("errors", ()) if error.get("message")]
    return " ".join(wrong) or str(refusal.problem.get("detail", ""))


async def _too_late(turn: Turn, number: str, code: str) -> None:
    """A message that tells the outcome already keeps telling it."""
    turn.go("one", number=number)
    if not on_notices.keep(turn):
        _say(turn, await turn.facts.application(number), code)


def _say(turn: Turn, one: Json, outcome: str) -> None:
    details = on_notices.pen(turn).button("details", f"app:{one['number']}")
    figures = {"answer": last_answer(one), "status": one["status_label"]}
    if not on_notices.answer_there(turn, f"stamp.{outcome}", ((details,),), **figures):
        turn.notice(f"one.{outcome}")


def last_answer(one: Json) -> str:
    """What the person has answered last, in words."""
    answers = [said["text"] for said in one["thread"] if (said["from"], said["kind"]) == ("owner", "answer")]
    return str(answers[-1]) if answers else ""
