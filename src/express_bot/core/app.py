"""Flask API server: the app factory. Each operation is defined once, in ``core/<subject>/api.py`` (design §2)."""

from __future__ import annotations

from datetime import timedelta
from typing import NoReturn

from flask import Response
from flask_openapi import OpenAPI
from pydantic import ValidationError

from express_bot import __version__
from express_bot.contracts.problems import Problem
from express_bot.core import health, http, openapi, problems
from express_bot.core.applications.api import api as applications
from express_bot.core.caches.answers import Answers
from express_bot.core.caches.counters import Counters
from express_bot.core.caches.ear import Ear
from express_bot.core.caches.shared import Shared
from express_bot.core.clock import Clock
from express_bot.core.db.session import open_pool
from express_bot.core.decisions.api import api as decisions
from express_bot.core.decisions.desk_api import api as desk
from express_bot.core.demo import api as demo
from express_bot.core.dialogs.api import api as dialogs
from express_bot.core.files.api import api as files
from express_bot.core.files.house import open_files
from express_bot.core.forms.api import api as forms
from express_bot.core.inbox.api import api as inbox
from express_bot.core.info.api import api as info
from express_bot.core.leases.api import api as leases
from express_bot.core.links.api import api as links
from express_bot.core.notifications.api import api as notifications
from express_bot.core.notifications.preferences_api import api as preferences
from express_bot.core.orphans.api import api as orphans
from express_bot.core.rates import Rates
from express_bot.core.reference import ReferenceCache
from express_bot.core.reminders.api import api as reminders
from express_bot.core.reminders.rules import rules_of
from express_bot.core.sessions.api import api as sessions
from express_bot.core.sessions.local import Attempts
from express_bot.core.sessions.service import Doors
from express_bot.core.sessions.service_api import api as short_sessions
from express_bot.core.statistics.api import api as own_statistics
from express_bot.core.statistics.api import desk_api as statistics
from express_bot.core.statistics.files_api import api as statistics_files
from express_bot.core.statistics.rows_api import api as statistics_rows
from express_bot.core.users.api import api as users
from express_bot.core.users.service_api import api as identities
from express_bot.observability.logs import bind_request
from express_bot.observability.metrics import Metrics
from express_bot.settings import Settings, reveal

#: Doors of people, and those of our own services for the messengers.
PEOPLES = (
    applications,
    decisions,
    desk,
    files,
    forms,
    users,
    sessions,
    links,
    info,
    preferences,
    reminders,
    notifications,
    own_statistics,
    statistics,
    statistics_rows,
    statistics_files,
)
SERVICES = (inbox, dialogs, orphans, identities, leases, short_sessions)


def create_app(settings: Settings, dsn: str | None = None) -> OpenAPI:
    """The core for these settings; ``dsn`` overrides where the database is (tests)."""
    app = OpenAPI(
        "express_bot.core",
        info={"title": "Express Bot core", "version": __version__},
        security_schemes=openapi.SECURITY,
        validation_error_model=Problem,
        validation_error_callback=_refuse,
        operation_id_callback=openapi.operation_id,
        doc_ui=False,
        static_folder=None,
    )
    dsn = dsn or settings.dsn()
    metrics, pool = Metrics("core"), open_pool(dsn, settings.database_pool)
    counters, ear = Counters(metrics.registry), Ear(dsn, pool)
    redis = reveal(settings.redis_url)
    shared = Shared(redis, counters, pool) if redis else None
    counters.watch(hears=lambda: ear.hears, redis=lambda: shared is not None and shared.is_up)
    rates = Rates(settings.rates, counters, shared)
    app.extensions["house"] = http.House(
        settings=settings,
        pool=pool,
        clock=Clock(settings.demo_clock_file if settings.is_demo else None),
        reference=ReferenceCache(ear, counters),
        doors=Doors(settings.service_key.get_secret_value(), timedelta(seconds=settings.session_timeout)),
        attempts=Attempts(rates),
        version=__version__,
        rules=rules_of(settings),
        files=open_files(settings),
        metrics=metrics,
        answers=Answers(counters, shared),
        rates=rates,
        counters=counters,
    )
    bind_request(app, metrics.answered)
    http.wire(app)
    problems.wire(app, http.locale)
    for api in (*PEOPLES, *SERVICES, *([demo.api] if settings.is_demo else [])):
        app.register_api(api)
    if settings.is_demo:
        demo.wire(app)
    health.wire(app)
    openapi.wire(app)
    app.after_request(_harden)
    return app


def _refuse(problem: ValidationError) -> NoReturn:
    raise problems.of_validation(problem)


def _harden(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
