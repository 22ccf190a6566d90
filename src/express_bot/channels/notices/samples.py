"""Invented facts for every notice: what ``express-bot notify preview`` shows, and the golden files are drawn of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from express_bot.contracts.messengers import Channel
from express_bot.contracts.notifications import Event, Notice

CARD = UUID("11111111-2222-4333-8444-555555555555")
ZONE = "Europe/Moscow"
AT = datetime(2026, 12, 3, 15, tzinfo=UTC)
CLOSES = "2026-12-05T18:00:00+03:00"
NUMBER = "2027-0142"

Words = dict[str, str]
Facts = dict[str, Any]

SOCHI: Words = {"ru": "Сочи, 15 января", "en": "Sochi, 15 January"}
KHABAROVSK: Words = {"ru": "Хабаровск, 20 января", "en": "Khabarovsk, 20 January"}
MAGADAN: Words = {"ru": "Магадан, 3 января", "en": "Magadan, 3 January"}
REASON: Words = {
    "ru": "Мест 3, заявок 5, вы были 4-й: в октябре уже летали в Сочи",
    "en": "3 seats, 5 requests, you were 4th because you flew to Sochi in October",
}
PEOPLE_SAY: Words = {"ru": "Подойдёт ли 16 января?", "en": "Would 16 January do?"}
SIXTEENTH: Words = {"ru": "16 января", "en": "16 January"}
OPEN_QUESTION: Words = {"ru": "Кто летит с вами?", "en": "Who flies with you?"}
WHY: Words = {"ru": "Когда снова можно в Сочи?", "en": "When can I fly to Sochi again?"}
BECAUSE: Words = {
    "ru": "С 12 января: до этого дня в Сочи летят те, кто не был там с лета.",
    "en": "From 12 January: until then those fly to Sochi who have not been there since summer.",
}
OUTAGE: Words = {"ru": "eXpress не отвечает", "en": "eXpress does not answer"}
ILLNESS: Words = {"ru": "рейс отменён", "en": "the flight is cancelled"}


def samples(event: Event, *, channel: Channel, locale: str) -> Iterator[tuple[str, Notice]]:
    """Every variant of an event's message with its name; the plain one has none."""
    plain: Facts = {"event": event, "locale": locale, "channel": channel, "card_id": CARD, "timezone": ZONE, "at": AT}
    for name, facts in _variants(event, locale):
        yield name, Notice.model_validate({**plain, **facts})


def _variants(event: Event, locale: str) -> Iterator[tuple[str, Facts]]:
    makers = {
        Event.PERIOD_OPENED: _opened,
        Event.REMINDER: _reminders,
        Event.DRAFT_LEFT: _drafts,
        Event.DECIDED: _decided,
        Event.CHANGED: _changed,
        Event.QUESTION: _questions,
        Event.QUESTION_CLOSED: _closed_questions,
        Event.OFFER_CLOSED: _closed_offers,
        Event.DESK_REPLIED: _replies,
        Event.QUEUE_DIGEST: _digests,
        Event.OPERATOR_ALERT: _alerts,
    }
    yield from makers[event](locale) if event in makers else [("", _plain(event, locale))]


def _plain(event: Event, locale: str) -> Facts:
    details: dict[Event, Facts] = {
        Event.REVOKED: {"reason": ILLNESS[locale]},
        Event.PLACE_OFFERED: {"offer_id": 5, "until": "2026-12-14T18:00:00+03:00"},
        Event.LINKED: {"provider": "telegram"},
    }
    return {"application": _application(event, locale), "details": details.get(event, {})}


def _application(event: Event, locale: str) -> Facts:
    """As it stands after the event."""
    status = {
        Event.WITHDRAWN: "withdrawn",
        Event.DECLINED: "withdrawn",
        Event.REVOKED: "revoked",
        Event.PLACE_OFFERED: "waitlisted",
    }.get(event, "submitted")
    one = application(SOCHI[locale], status=status)
    if event is Event.DECLINED:
        one["can"]["restore"] = False
    if event is Event.WITHDRAWAL_REQUESTED:
        one["withdrawal_requested_at"] = AT.isoformat()
        one["can"] |= {"edit": False, "withdraw": False, "restore": True}
    if event is Event.REQUEST_CANCELLED:
        one["can"] |= {"edit": False, "withdraw_needs_reason": True}
    return one


def application(title: str, *, status: str, number: str = NUMBER, decision: Facts | None = None) -> Facts:
    """The members of ``contracts.applications.Application`` that messages tell."""
    is_new = status == "submitted"
    can = {
        "edit": is_new,
        "withdraw": status in ("submitted", "waitlisted", "approved"),
        "restore": status == "withdrawn",
        "until": CLOSES if is_new else None,
        "withdraw_needs_reason": status == "approved",
        "ask": True,
    }
    return {
        "number": number,
        "form": "flight",
        "title": title,
        "status": status,
        "status_label": status,
        "decision": decision,
        "can": can,
        "period": {"timezone": ZONE, "decision_due_at": "2026-12-12T18:00:00+03:00"},
        "withdrawal_requested_at": None,
        "thread": [],
    }


def period(locale: str, *, limit: int = 1) -> Facts:
    """The members of ``contracts.periods.Period`` that messages tell."""
    title = {"ru": "январь 2027", "en": "January 2027"}[locale]
    return {"id": 7, "form": "flight", "title": title, "closes_at": CLOSES, "timezone": ZONE, "limit": limit}


def _opened(locale: str) -> Iterator[tuple[str, Facts]]:
    names = {"ru": ("Сочи", "Владивосток"), "en": ("Sochi", "Vladivostok")}[locale]
    repeats = [{"code": "aer", "name": names[0], "month": 11}, {"code": "vvo", "name": names[1], "month": 10}]
    yield "", {"period": period(locale), "details": {"repeats": repeats}}
    yield "newcomer", {"period": period(locale, limit=2)}


def _reminders(locale: str) -> Iterator[tuple[str, Facts]]:
    yield "", {"period": period(locale)}
    yield "6h", {"period": period(locale), "at": datetime(2026, 12, 5, 9, tzinfo=UTC)}
    yield "draft", {"period": period(locale), "draft": _draft(locale)}


def _draft(locale: str) -> Facts:
    words = {"ru": ("Хабаровск", "Дата вылета"), "en": ("Khabarovsk", "Departure date")}[locale]
    return {"form": "flight", "title": words[0], "missing": words[1]}


def _drafts(locale: str) -> Iterator[tuple[str, Facts]]:
    yield "", {"period": period(locale), "draft": _draft(locale)}
    yield "unnamed", {"period": period(locale), "draft": _draft(locale) | {"title": ""}}
    yield (
        "complete",
        {"period": period(locale), "draft": _draft(locale) | {"title": KHABAROVSK[locale], "missing": None}},
    )


def _decisions(locale: str) -> list[Facts]:
    return [
        application(SOCHI[locale], status="approved", decision={"outcome": "approved", "reason": ""}),
        application(KHABAROVSK[locale], status="waitlisted", number="2027-0143", decision={"place": 1, "reason": ""}),
        application(MAGADAN[locale], status="rejected", number="2027-0144", decision={"reason": REASON[locale]}),
    ]


def _decided(locale: str) -> Iterator[tuple[str, Facts]]:
    decisions = _decisions(locale)
    for one in decisions:
        yield one["status"], {"applications": [one]}
    yield "several", {"applications": decisions}


def _changed(locale: str) -> Iterator[tuple[str, Facts]]:
    for one in _decisions(locale):
        yield one["status"], {"application": one, "details": {"reason": ILLNESS[locale]}}


def _questions(locale: str) -> Iterator[tuple[str, Facts]]:
    one = application(SOCHI[locale], status="needs_info")
    details = {"question_id": 17, "question": PEOPLE_SAY[locale], "due_at": "2026-12-07T18:00:00+03:00"}
    yield "", {"application": one, "details": details | {"proposal_label": SIXTEENTH[locale]}}
    yield "open", {"application": one, "details": details | {"question": OPEN_QUESTION[locale], "due_at": None}}


def _closed_questions(locale: str) -> Iterator[tuple[str, Facts]]:
    details = {"question_id": 17, "question": PEOPLE_SAY[locale]}
    answer = {"ru": "Да, 16 января", "en": "Yes, 16 January"}[locale]
    for name, status, facts in (("answered", "in_review", {"answer": answer}), ("closed", "approved", {})):
        yield (
            name,
            {"application": application(SOCHI[locale], status=status), "details": details | facts | {"how": name}},
        )


def _closed_offers(locale: str) -> Iterator[tuple[str, Facts]]:
    for how in ("taken", "declined", "expired", "closed"):
        status = {"taken": "approved", "closed": "withdrawn"}.get(how, "waitlisted")
        yield how, {"application": application(SOCHI[locale], status=status), "details": {"how": how}}


def _replies(locale: str) -> Iterator[tuple[str, Facts]]:
    one = application(SOCHI[locale], status="rejected", decision={"reason": REASON[locale]})
    yield "", {"application": one, "details": {"question": WHY[locale], "text": BECAUSE[locale]}}
    yield "unasked", {"application": one, "details": {"question": None, "text": BECAUSE[locale]}}


def _digests(_locale: str) -> Iterator[tuple[str, Facts]]:
    figures = {"new": 41, "answers": 3, "conflicts": 2, "left": 214, "days": 6}
    yield "", {"details": figures}
    yield "quiet", {"details": {"new": 0, "withdrawals": 1, "left": 1, "days": -1}}
    yield "monday", {"details": {"new": 9, "left": 40, "days": 3, "since": "2026-11-20T09:00:00+03:00"}}
    yield "done", {"details": {"new": 1, "left": 0}}


def _alerts(locale: str) -> Iterator[tuple[str, Facts]]:
    figures = {"since": "2026-12-03T14:02:00+03:00", "waiting": 12}
    yield "", {"details": {"text": OUTAGE[locale]} | figures}
    yield "undelivered", {"details": {"code": "undelivered"} | figures}
