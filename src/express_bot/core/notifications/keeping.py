"""How a promise is kept: whether, where and with which message; and what happens when that message cannot arrive.

Nothing here sends. Keeping a promise writes a delivery and the card that carries it in one transaction; cards are shown
by whoever speaks to the messenger, and what became of them comes back here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from express_bot.contracts import errors
from express_bot.contracts.messengers import Channel
from express_bot.contracts.notifications import Event, Notice
from express_bot.core.db.session import Connection, Row
from express_bot.core.dialogs import repository as dialogs
from express_bot.core.notifications import cards, repository
from express_bot.core.notifications.facts import facts, subjects
from express_bot.core.reference import Reference
from express_bot.domain.notices import DECISIONS, Hold, Now, Skip, Verdict
from express_bot.observability.logs import logger

View = dict[str, Any]
#: News of what the person has just done: the status card is rewritten where there is one, and nothing pings.
SILENT = frozenset(
    {
        Event.EDITED,
        Event.WITHDRAWN,
        Event.DECLINED,
        Event.RESTORED,
        Event.WITHDRAWAL_REQUESTED,
        Event.REQUEST_CANCELLED,
        Event.QUESTION_CLOSED,
        Event.OFFER_CLOSED,
    }
)
#: The end of a question or an offer: its own message is rewritten, by the name under which it was promised.
ENDS = {Event.QUESTION_CLOSED: ("question", "question_id"), Event.OFFER_CLOSED: ("offer", "offer_id")}
#: What nobody has to be asked any more, and where the application says whether it is still open.
STANDING = {Event.QUESTION: ("question", "question_id"), Event.PLACE_OFFERED: ("offer", "offer_id")}
#: ``details`` of an application that was filed in a conversation of the bot: its last message is the receipt.
IN_DIALOG = {"door": "dialog"}

log = logger(__name__)


@dataclass(frozen=True)
class Circumstances:
    """What the keeping of a promise leans on; doors draw, the person's wishes decide."""

    reference: Reference
    now: datetime
    channels: Collection[str]
    """Messengers that this house speaks to."""
    judge: Callable[[Connection, Row, Sequence[Channel]], Verdict]
    draw: Callable[[Notice], View | None]
    draw_settled: Callable[[Notice], View]


def keep(db: Connection, outbox_id: int, here: Circumstances) -> set[str]:
    """Keeps a promise, or says why not; done twice it is done once. Returns the channels that have a card to show."""
    line = repository.find(db, outbox_id, lock=True)
    if line is None or line["settled_at"] or not line["relayed_at"]:
        return set()
    if any(made["state"] == "waiting" for made in repository.tries(db, outbox_id)):
        return set()
    repository.forget_hold(db, outbox_id)
    try:
        return _keep(db, line, here)
    except errors.NotFound:
        return _skip(db, line, "person_left")


def give_up(db: Connection, outbox_id: int, reason: str) -> None:
    """Nobody could even try: a defect. Visible as dead, and re-sent by hand when it is repaired."""
    line = repository.find(db, outbox_id, lock=True)
    if line is not None and line["settled_at"] is None:
        _bury(db, line, reason)


def _keep(db: Connection, line: Row, here: Circumstances) -> set[str]:
    if line["event"] in SILENT:
        return _rewrite(db, line, here)
    if line["event"] == Event.SUBMITTED and line["details"].items() >= IN_DIALOG.items():
        return _skip(db, line, "said_in_dialog")
    addresses = repository.addresses(db, line["user_id"], here.channels)
    untried = _untried(db, line, addresses)
    match here.judge(db, line, cast("list[Channel]", list(untried))):
        case Now(channels) if channels:
            first = _first(line, channels)
            return _tell(db, line, here, first, untried[first], addresses)
        case Now():
            return _nowhere(db, line, addresses)
        case Hold(until):
            repository.hold(db, line["id"], until)
            repository.note(db, line["id"], "held")
            return set()
        case Skip(reason):
            return _skip(db, line, reason)


def _first(line: Row, channels: Sequence[Channel]) -> str:
    """A promise may be meant for one side: a messenger has been linked, and the other one says so."""
    meant = line["details"].get("channel")
    return str(meant) if meant in channels else channels[0]


def _untried(db: Connection, line: Row, addresses: list[Row]) -> dict[str, str]:
    """Chats by channel, in order, that take messages and have not failed this promise."""
    tried = {made["channel"] for made in repository.tries(db, line["id"])}
    return {
        found["channel"]: found["chat"]
        for found in addresses
        if found["stopped_at"] is None and found["channel"] not in tried
    }


def _tell(db: Connection, line: Row, here: Circumstances, channel: str, chat: str, addresses: list[Row]) -> set[str]:
    """A message of its own; a receipt is the status card itself."""
    card_id = cards.of_promise(line["id"], channel)
    if line["event"] == Event.SUBMITTED:
        card_id = cards.of_application(line["application_id"], channel, chat)
    notice = _notice(db, line, here, channel, card_id)
    view = None if (pointless := _pointless(notice)) else here.draw(notice)
    if view is None:
        return _skip(db, line, pointless or "nothing_to_say")
    _show(db, line, channel, chat, card_id, view)
    if line["event"] in DECISIONS:  # in a message of its own, because an edit does not ping
        return {channel} | _point_to_decision(db, line, here, addresses)
    return {channel}


def _show(db: Connection, line: Row, channel: str, chat: str, card_id: UUID, view: View) -> None:
    rev = dialogs.wish(db, channel, chat, card_id, view)
    assert rev is not None, "the id is made of the chat"
    repository.deliver(db, line["id"], channel=channel, chat=chat, card_id=card_id, card_rev=rev)


def _notice(db: Connection, line: Row, here: Circumstances, channel: str, card_id: UUID) -> Notice:
    rev = dialogs.next_rev(db, card_id)
    return facts(db, line["id"], reference=here.reference, now=here.now, channel=channel, card_id=card_id, rev=rev)


def _pointless(notice: Notice) -> str | None:
    """Why it need not be said any more."""
    if notice.event is Event.REMINDER and notice.period and notice.period["filed"]:
        return "filed"
    if notice.event is Event.DRAFT_LEFT and notice.draft is None:
        return "no_draft"
    return "closed" if _is_over(notice) else None


def _is_over(notice: Notice) -> bool:
    """Whether a question was answered, or an offer ended, before anybody was told of it."""
    member, name = STANDING.get(notice.event, ("", ""))
    told = notice.details.get(name)
    if told is None or notice.application is None:
        return False
    still = notice.application[member]
    return still is None or still["id"] != told


def _rewrite(db: Connection, line: Row, here: Circumstances) -> set[str]:
    """The status card says how things stand now, or the message of a question or an offer how it ended; in each chat
    that has one."""
    ends = line["event"] in ENDS
    shown = _own_cards(db, line, here) if ends else _status_cards(db, line, here, [line["application_id"]])
    for channel, chat, card_id in shown:
        view = here.draw(_notice(db, line, here, channel, card_id))
        if view is not None:
            _show(db, line, channel, chat, card_id, view)
    return {channel for channel, _, _ in shown} or _skip(db, line, "no_message" if ends else "no_status_card")


def _own_cards(db: Connection, line: Row, here: Circumstances) -> list[tuple[str, str, UUID]]:
    """Messages that carry the question or the offer that has ended, where messages are taken."""
    name, member = ENDS[line["event"]]
    told = repository.named(db, f"{name}:{line['details'].get(member)}")
    open_ = {(found["channel"], found["chat"]) for found in _reachable(db, line, here)}
    made = repository.tries(db, told["id"]) if told else []
    cards_ = {each["card_id"]: (each["channel"], each["chat"]) for each in made if each["card_id"]}
    return [(*cards_[card], card) for card in dialogs.existing(db, list(cards_)) if cards_[card] in open_]


def _reachable(db: Connection, line: Row, here: Circumstances) -> list[Row]:
    return [each for each in repository.addresses(db, line["user_id"], here.channels) if each["stopped_at"] is None]


def _point_to_decision(db: Connection, line: Row, here: Circumstances, addresses: list[Row]) -> set[str]:
    """«Решение принято, см. ниже», on the status cards of what was decided."""
    shown = _status_cards(db, line, here, subjects(line), addresses)
    for channel, chat, card_id in shown:
        dialogs.wish(db, channel, chat, card_id, here.draw_settled(_notice(db, line, here, channel, card_id)))
    return {channel for channel, _, _ in shown}


def _status_cards(
    db: Connection, line: Row, here: Circumstances, applications: list[int], addresses: list[Row] | None = None
) -> list[tuple[str, str, UUID]]:
    """Status cards of these applications that exist, where messages are taken."""
    found = addresses if addresses is not None else repository.addresses(db, line["user_id"], here.channels)
    possible = {
        cards.of_application(application, each["channel"], each["chat"]): (each["channel"], each["chat"])
        for application in applications
        for each in found
        if each["stopped_at"] is None
    }
    return [(*possible[card_id], card_id) for card_id in dialogs.existing(db, list(possible))]


def _skip(db: Connection, line: Row, reason: str) -> set[str]:
    repository.note(db, line["id"], "skipped", reason)
    repository.settle(db, line["id"])
    return set()


def _nowhere(db: Connection, line: Row, addresses: list[Row]) -> set[str]:
    """No address is left: dead where there was one, not wanted where there never was."""
    stopped = next((found["stop_reason"] for found in addresses if found["stopped_at"]), None)
    tried = repository.tries(db, line["id"])
    if not tried and stopped is None:
        return _skip(db, line, "no_address")
    _bury(db, line, tried[-1]["reason"] if tried else stopped or "stopped")
    return set()


def _bury(db: Connection, line: Row, reason: str) -> None:
    """The last try is the dead one; without any, a row of its own says it."""
    tried = repository.tries(db, line["id"])
    if tried:
        repository.end(db, tried[-1]["id"], "dead", reason)
    else:
        repository.note(db, line["id"], "dead", reason)
    repository.settle(db, line["id"])
    log.error("notification dead", outbox_id=line["id"], event_kind=line["event"], reason=reason)


# ── What became of the cards ─────────────────────────────────────────────────────────────────────────────────────────


def undeliverable(db: Connection, card: Row, reason: str, *, gone: bool) -> None:
    """The messenger refused a card for good: what it carries goes to the next address.

    ``gone``: the chat takes nothing any more, so everything that is on its way there goes with it.
    """
    rows = repository.carried(db, card["id"])
    if gone:
        repository.stop_address(db, card["channel"], card["chat"], reason)
        rows = repository.carried_to(db, card["channel"], card["chat"])
    for row in rows:
        # a card that is being sent at this moment will hear the same answer
        if row["card_id"] == card["id"] or dialogs.take_back(db, row["card_id"]):
            _move(db, row, reason)


def leave(db: Connection, channel: str, chat: str) -> None:
    """This chat is not the person's any more: what is on its way there goes to their other address."""
    for row in repository.carried_to(db, channel, chat):
        if dialogs.take_back(db, row["card_id"]):
            _move(db, row, "unlinked")


def _move(db: Connection, delivery: Row, reason: str) -> None:
    if delivery["event"] in SILENT:
        repository.end(db, delivery["id"], "skipped", reason)
        repository.settle(db, delivery["outbox_id"])
        return
    repository.end(db, delivery["id"], "moved", reason)
    repository.queue_again(db, delivery["outbox_id"])


def move_overdue(db: Connection, *, seconds: float, channels: Collection[str]) -> int:
    """What waits too long goes over the person's other channel, unless it is being sent right now; returns how many."""
    moved = 0
    for row in repository.overdue(db, seconds=seconds, channels=channels, silent=sorted(SILENT)):
        if dialogs.take_back(db, row["card_id"]):
            repository.end(db, row["id"], "moved", "late")
            repository.queue_again(db, row["outbox_id"])
            moved += 1
    return moved
