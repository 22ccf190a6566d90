"""Every refusal leaves the core as an RFC 9457 problem document in the caller's language."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
import psycopg
from flask import Flask, Response, request
from psycopg_pool import PoolClosed, PoolTimeout
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, InternalServerError

from express_bot.contracts import errors
from express_bot.contracts.errors import AppError, FieldError
from express_bot.domain import texts
from express_bot.observability.logs import logger

log = logger(__name__)

#: What a client may try again after, in seconds.
RETRY_AFTER = {503: 2, 429: 60}

_BY_STATUS = {
    404: errors.NotFound,
    413: errors.BodyTooLarge,
    415: errors.UnsupportedMediaType,
}
#: Kinds of pydantic errors in our words; anything else is ``wrong_value``.
_KINDS = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
    "too_long": "too_many",
    "too_short": "too_few",
    "string_pattern_mismatch": "bad_format",
    "literal_error": "unknown_option",
    "union_tag_invalid": "unknown_option",
    "union_tag_not_found": "required",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
}
#: Values of ``provider`` in ``contracts.users``: the one body that comes in several shapes.
_SHAPES = ("demo", "local")


def document(error: AppError, locale: str) -> dict[str, Any]:
    """The problem document of an error."""
    title, detail = texts.problem(error.code, locale, error.params)
    return {
        **{name: _plain(value) for name, value in error.params.items()},
        "type": f"urn:express-bot:problem:{error.code}",
        "title": title,
        "status": error.status,
        "code": error.code,
        "detail": detail,
        "errors": [_field(problem, locale) for problem in error.errors],
    }


def _field(problem: FieldError, locale: str) -> dict[str, str]:
    message = problem.message or _sentence(problem, locale)
    return {"field": problem.field, "code": problem.code, "message": message}


def _sentence(problem: FieldError, locale: str) -> str:
    """What to say of a member that no form speaks for."""
    template = texts.find(f"forms.field.{problem.code}.default", locale)
    if template and texts.is_complete(template, problem.params):
        return texts.render(template, locale, problem.params)
    whole = texts.find(f"errors.{problem.code}.detail", locale)
    return str(whole) if whole else texts.text("forms.field.wrong_type.default", locale)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def of_validation(problem: ValidationError) -> AppError:
    """A body or query of the wrong shape, member by member."""
    return errors.InvalidBody(
        errors=[
            FieldError(_member(found["loc"], found.get("ctx", {})), _kind(found["type"]))
            for found in problem.errors(include_url=False, include_input=False)
        ]
    )


def _member(place: tuple[int | str, ...], context: dict[str, Any]) -> str:
    """Dotted path of the member. Where one of several shapes is meant, pydantic's path begins with the shape's name,
    which no document has, and leaves out the member that tells the shapes apart."""
    path = place[1:] if place and place[0] in _SHAPES else place
    told_apart_by = str(context.get("discriminator", "")).strip("'")
    return ".".join(str(part) for part in (*path, told_apart_by) if part != "")


def _kind(kind: str) -> str:
    return _KINDS.get(kind) or ("wrong_type" if kind.endswith(("_type", "_parsing")) else "wrong_value")


def wire(app: Flask, locale: Any) -> None:
    """Registers the handlers; ``locale`` tells the language of the present call."""

    def respond(error: AppError) -> Response:
        response = Response(
            orjson.dumps(document(error, locale())), error.status, content_type="application/problem+json"
        )
        response.headers["Cache-Control"] = "no-store"
        wait = error.params.get("retry_after") or RETRY_AFTER.get(error.status)
        if wait:
            response.headers["Retry-After"] = str(wait)
        if error.status == 416:
            response.headers["Content-Range"] = f"bytes */{error.params['size']}"
        if error.status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response

    app.logger.disabled = True  # an incident's own line tells its story once
    app.register_error_handler(AppError, respond)
    app.register_error_handler(psycopg.OperationalError, lambda broken: respond(_unavailable(broken)))
    app.register_error_handler(psycopg.InterfaceError, lambda broken: respond(_unavailable(broken)))
    app.register_error_handler(PoolTimeout, lambda broken: respond(_unavailable(broken)))
    app.register_error_handler(PoolClosed, lambda broken: respond(_unavailable(broken)))
    app.register_error_handler(HTTPException, lambda refused: _of_http(refused, respond))
    app.register_error_handler(InternalServerError, lambda broken: respond(_incident(broken)))


def _unavailable(broken: Exception) -> AppError:
    log.warning("database unavailable", reason=type(broken).__name__)
    return errors.DatabaseUnavailable()


def _of_http(refused: HTTPException, respond: Callable[[AppError], Response]) -> Response:
    """Flask's own refusals in our shape."""
    if refused.code == 405:
        response = respond(errors.MethodNotAllowed())
        response.headers["Allow"] = ", ".join(sorted(getattr(refused, "valid_methods", None) or []))
        return response
    if isinstance(refused, InternalServerError):
        return respond(_incident(refused))
    return respond(_BY_STATUS.get(refused.code or 400, AppError)())


def _incident(broken: Exception) -> AppError:
    """A defect of ours: a number for the person, the story for the log."""
    cause = getattr(broken, "original_exception", None) or broken
    if isinstance(cause, psycopg.OperationalError | PoolTimeout):
        return _unavailable(cause)
    incident = f"EB-{secrets.token_hex(3)}"
    log.error("internal error", incident=incident, path=request.path, exc_info=cause)
    return errors.InternalError(incident=incident)
