"""``/health``, ``/health/live``, ``/health/ready``, ``/metrics``: open to everybody, saying nothing about anybody."""

from __future__ import annotations

import psycopg
from flask import Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST
from psycopg_pool import PoolTimeout

from express_bot.contracts import errors
from express_bot.contracts.info import Health
from express_bot.core.db import session
from express_bot.core.dialogs import repository as dialogs
from express_bot.core.http import PUBLIC, answer, db, house, operation
from express_bot.core.inbox import repository as inbox
from express_bot.core.notifications import repository as notifications
from express_bot.core.statistics import mending as statistics
from express_bot.observability.metrics import is_proxied


def wire(app: Flask) -> None:
    """Adds the doors."""
    app.add_url_rule("/health", view_func=report)
    app.add_url_rule("/health/live", view_func=live)
    app.add_url_rule("/health/ready", view_func=ready)
    app.add_url_rule("/metrics", view_func=metrics)


@operation(PUBLIC)
def live() -> Response:
    """The process answers."""
    return answer({"status": "ok"})


@operation(PUBLIC)
def ready() -> Response:
    """The process can take calls: 200, or 503 while the database is away."""
    state = _state()
    return answer(state, 200 if state.status == "ok" else 503)


@operation(PUBLIC)
def report() -> Response:
    """What works and what does not; always 200, so that a broken part can be read about."""
    state = _state()
    state.details = _waiting() if state.status == "ok" else {}
    return answer(state)


@operation(PUBLIC)
def metrics() -> Response:
    """Counters for Prometheus, on the internal network; for those who come through a proxy there is nothing here."""
    if is_proxied(request.headers.keys()):
        raise errors.NotFound
    return Response(house().metrics.text(), content_type=CONTENT_TYPE_LATEST)


def _state() -> Health:
    database = _database()
    return Health(
        status="ok" if database == "ok" else "down",
        components={"core": "ok", "database": database},
        version=house().version,
    )


def _waiting() -> dict[str, int]:
    """What waits, and for how long the oldest of it: events of messengers, messages, promised notifications,
    changes that the statistics have not taken in; and whether the last recount of those has found a difference."""
    try:
        backlog, card, promises = inbox.backlog(db()), dialogs.oldest_waiting(db()), notifications.figures(db())
        counted = statistics.state(db())
    except psycopg.Error:  # going down, or not migrated yet: the report goes out without figures
        return {}
    return {
        "inbox_waiting": backlog["waiting"],
        "inbox_oldest_seconds": backlog["oldest_seconds"],
        "oldest_card_seconds": card,
        "notifications_waiting": promises["waiting"],
        "notifications_oldest_seconds": promises["oldest_seconds"],
        "notifications_dead": promises["dead"],
        "statistics_pending": counted["pending"],
        "statistics_different": counted["different"],
    }


def _database() -> str:
    try:
        session.ping(db())
        house().reference.get(db())
    except (psycopg.Error, PoolTimeout):
        return "down"
    return "ok"
