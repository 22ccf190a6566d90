"""The gateway's own refusals as RFC 9457 problem documents; those of the core pass through untouched.

What only a broken or hostile client meets keeps the code ``bad_request``: the status says the rest.
"""

from __future__ import annotations

import orjson
from starlette.responses import Response

from express_bot.contracts.errors import AppError, MethodNotAllowed
from express_bot.domain import texts
from express_bot.domain.locales import LOCALES

RETRY_AFTER_SECONDS = 2


class UriTooLong(AppError):
    """No honest address of ours is this long."""

    status = 414


class HeadersTooLarge(AppError):
    """The headers together are longer than any honest call's."""

    status = 431


class RequestTimeout(AppError):
    """The caller announced a body and then fell silent."""

    status = 408


class BodyBrokenOff(AppError):
    """The body ended before its end: the caller left, or framed it wrongly."""


def problem(error: AppError, locale: str) -> Response:
    """The refusal in the caller's language."""
    title, detail = texts.problem(error.code, locale, error.params)
    document = {
        "type": f"urn:express-bot:problem:{error.code}",
        "title": title,
        "status": error.status,
        "code": error.code,
        "detail": detail,
        "errors": [],
    }
    body = orjson.dumps(error.params | document, default=str)
    return Response(body, error.status, _headers(error, locale), media_type="application/problem+json")


def _headers(error: AppError, locale: str) -> dict[str, str]:
    headers = {"Cache-Control": "no-store", "Content-Language": locale}
    if error.status == 503:
        headers["Retry-After"] = str(error.params.get("retry_after", RETRY_AFTER_SECONDS))
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = str(error.params["allow"])
    return headers


def asked_locale(accept_language: bytes | None, default: str) -> str:
    """The best of our languages for an ``Accept-Language`` header, else the house's own."""
    wishes = [_wish(part) for part in (accept_language or b"").decode("latin-1").split(",")[:20]]
    spoken = [(quality, language) for quality, language in wishes if language in LOCALES and quality > 0]
    return max(spoken, key=lambda wish: wish[0])[1] if spoken else default


def _wish(part: str) -> tuple[float, str]:
    tag, _, parameters = part.strip().partition(";")
    _, _, quality = parameters.replace(" ", "").partition("q=")
    try:
        return float(quality or 1), tag.split("-")[0].lower()
    except ValueError:
        return 0, ""
