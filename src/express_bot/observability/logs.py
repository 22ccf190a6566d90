"""Structured logs: one JSON object a line, the request's id in each, personal data and secrets masked."""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from contextvars import ContextVar
from typing import Any

import structlog

from express_bot.settings import Settings

_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")


def logger(name: str) -> Any:
    """The logger of a module."""
    return structlog.get_logger(name)


def request_id() -> str | None:
    """The id of the request that is being answered."""
    return _request_id.get()


def accept_request_id(given: str | None) -> str:
    """Takes a well-formed id from outside, else makes one; it is in every log line from now on."""
    chosen = given if given and _WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
    _request_id.set(chosen)
    return chosen


def bind_request(app: Any) -> None:
    """Gives every call of a Flask app its id, and logs one line about it."""
    from flask import g, request

    log = logger("express_bot.access")

    def begin() -> None:
        g.started = time.perf_counter()
        accept_request_id(request.headers.get("X-Request-ID"))

    def end(response: Any) -> Any:
        response.headers["X-Request-ID"] = request_id()
        took = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1)
        log.info("call", method=request.method, rule=str(request.url_rule), status=response.status_code, ms=took)
        return response

    app.before_request(begin)
    app.after_request(end)


def configure(settings: Settings) -> None:
    """Sets the logging of this process up, once."""
    logging.basicConfig(level=settings.log_level, stream=sys.stderr, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[settings.log_level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
