"""Structured logs: one JSON object a line, the request's id in each, personal data and secrets masked."""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from collections.abc import Callable, MutableMapping
from contextvars import ContextVar
from typing import Any

import orjson
import structlog

from express_bot.observability.masking import mask, mask_text, remember_secret
from express_bot.settings import Settings, is_secret

Event = MutableMapping[str, Any]

_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
#: Libraries whose chatter below WARNING says nothing about the product.
_QUIET = (
    "alembic",
    "asyncio",
    "aiohttp.access",
    "httpcore",
    "httpx",
    "procrastinate",
    "psycopg.pool",
    "stamina",
    "werkzeug",
)


def logger(name: str) -> Any:
    """The logger of a module."""
    return structlog.get_logger(logger_name=name)


def request_id() -> str | None:
    """The id of the request that is being answered."""
    return _request_id.get()


def accept_request_id(given: str | None) -> str:
    """Takes a well-formed id from outside, else makes one; it is in every log line from now on."""
    chosen = given if given and _WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
    _request_id.set(chosen)
    return chosen


def bind_request(app: Any, answered: Callable[[str, int, float], None]) -> None:
    """Gives every call of a Flask app its id; tells of it by one line in the log and by ``answered`` (the counters)."""
    from flask import g, request  # not every process that logs has Flask in it

    log = logger("express_bot.access")

    def begin() -> None:
        g.started = time.perf_counter()
        accept_request_id(request.headers.get("X-Request-ID"))

    def end(response: Any) -> Any:
        response.headers["X-Request-ID"] = request_id()
        now = time.perf_counter()
        seconds = now - g.get("started", now)
        answered((request.endpoint or "none").rpartition(".")[2], response.status_code, seconds)
        ms = round(seconds * 1000, 1)
        log.info("call", method=request.method, rule=str(request.url_rule), status=response.status_code, ms=ms)
        return response

    app.before_request(begin)
    app.after_request(end)


def configure(settings: Settings, service: str = "") -> None:
    """Sets the logging of this process up, once: ours and that of every library, in the same lines."""
    _remember_secrets(settings)
    level = logging.getLevelNamesMapping()[settings.log_level]
    naming = _named(service)
    structlog.configure(
        processors=[structlog.processors.add_log_level, naming, *_SHARED, _as_json_bytes],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    _adopt_libraries(level, naming)


def _adopt_libraries(level: int, naming: Any) -> None:
    """The standard library's logging speaks the same JSON."""
    handler = logging.StreamHandler(sys.stderr)
    known = [structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, naming]
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=known, processors=[strip, *_SHARED, _as_json])
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def _remember_secrets(settings: Settings) -> None:
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        if is_secret(field) and value:
            remember_secret(value.get_secret_value())


def _named(service: str) -> Any:
    def add(_logger: Any, _method: str, event: Event) -> Event:
        if service:
            event["service"] = service
        if "logger_name" in event:
            event["logger"] = event.pop("logger_name")
        return event

    return add


def _add_request_id(_logger: Any, _method: str, event: Event) -> Event:
    current = _request_id.get()
    if current is not None:
        event.setdefault("request_id", current)
    return event


def _mask_all(_logger: Any, _method: str, event: Event) -> Event:
    """Before the time is added, which looks like other numbers."""
    for name, value in event.items():
        event[name] = mask_text(str(value)) if name in ("event", "exception") else mask(name, value)
    return event


def _as_json_bytes(_logger: Any, _method: str, event: Event) -> bytes:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS)


def _as_json(_logger: Any, _method: str, event: Event) -> str:
    return _as_json_bytes(_logger, _method, event).decode()


_SHARED: list[Any] = [
    _add_request_id,
    structlog.processors.format_exc_info,
    _mask_all,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
