"""What happens to every call, whatever it wants: an id, a limit, a measure, one line in the log, never a bare error."""

from __future__ import annotations

import re
import secrets
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from express_bot.contracts import errors
from express_bot.gateway import security
from express_bot.gateway.drain import Drain
from express_bot.gateway.forward import Forward, belongs_to_the_core
from express_bot.gateway.headers import header, request_id_of
from express_bot.gateway.metrics import Metrics
from express_bot.gateway.problems import HeadersTooLarge, UriTooLong, asked_locale, problem
from express_bot.observability.logs import logger
from express_bot.settings import Settings

MAX_TARGET = 8 << 10
MAX_HEADERS = 32 << 10

#: Anything in an address that is no plain word of ours may be a number or a name of somebody: not for the log.
_PERSONAL = re.compile(r"/(?![a-z][a-z_-]{0,23}(?:/|$))[^/]+")
_QUIET = frozenset({"health", "metrics"})
_ROUTES = {"/": "page", "/metrics": "metrics", "/openapi.json": "openapi"}
_APP = ("/smartapp_files/static/", "/webhook/smartapp_files/static/")
_ROUTE_PREFIXES = (
    *(("/api/", "other"), ("/health", "health"), ("/assets/", "asset")),
    *((f"{place}api/smartapp/", "smartapp") for place in _APP),
    *((place, "page") for place in _APP),
    *(("/webhook/", "webhook"), ("/command", "webhook"), ("/status", "webhook")),
    *(("/notification/", "webhook"), ("/smartapps/", "webhook")),
)

log = logger(__name__)


class Answer:
    """The way back of one call: adds the house's headers and remembers what was said."""

    __slots__ = ("_headers", "_send", "status")

    def __init__(self, send: Send, headers: security.Headers) -> None:
        self._send = send
        self._headers = headers
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], *self._headers]
        await self._send(message)


class FrontDoor:
    """ASGI middleware around the whole gateway; calls for the core leave it here, on the shortest way."""

    def __init__(self, app: ASGIApp, *, settings: Settings, forward: Forward, metrics: Metrics, drain: Drain) -> None:
        self._app = app
        self._forward = forward
        self._metrics = metrics
        self._drain = drain
        self._locale = settings.default_locale
        self._data_headers = security.for_data(settings)
        self._page_headers = security.for_pages(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one call and accounts for it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, route = perf_counter(), route_of(scope)
        scope.setdefault("state", {})["request_id"] = request_id_of(scope)
        answer = Answer(send, self._own_headers(scope, route))
        self._metrics.in_flight.inc()
        try:
            await self._serve(scope, receive, answer)
        finally:
            self._metrics.in_flight.dec()
            self._account(scope, route, answer.status, perf_counter() - started)

    async def _serve(self, scope: Scope, receive: Receive, answer: Answer) -> None:
        try:
            _ensure_honest_size(scope)
            await (self._forward if belongs_to_the_core(scope) else self._app)(scope, receive, answer)
        except errors.AppError as refusal:
            self._note(refusal)
            await self._refuse(refusal, scope, receive, answer)
            _forget_where(refusal)
        except Exception as defect:
            incident = f"EB-{secrets.token_hex(3)}"
            log.exception("internal error", incident=incident)
            await self._refuse(errors.InternalError(incident=incident), scope, receive, answer, cause=defect)

    async def _refuse(
        self, refusal: errors.AppError, scope: Scope, receive: Receive, answer: Answer, cause: Exception | None = None
    ) -> None:
        """Says no, unless half of another answer is out already: then only a broken connection tells the truth."""
        if answer.status:
            raise cause or refusal
        locale = asked_locale(header(scope, b"accept-language"), self._locale)
        await problem(refusal, locale)(scope, receive, answer)

    def _note(self, refusal: errors.AppError) -> None:
        if isinstance(refusal, errors.CoreUnavailable):
            reason = type(refusal.__cause__).__name__
            self._metrics.core_failed(reason)
            log.warning("core unavailable", reason=reason)

    def _own_headers(self, scope: Scope, route: str) -> security.Headers:
        headers = self._page_headers if route in ("page", "asset") else self._data_headers
        headers = [*headers, (b"x-request-id", scope["state"]["request_id"])]
        if self._drain.leaving:
            headers.append((b"connection", b"close"))
        return headers

    def _account(self, scope: Scope, route: str, status: int, seconds: float) -> None:
        self._metrics.answered(route, status, seconds)
        if route not in _QUIET:
            log.info(
                "call",
                method=scope["method"],
                path=_PERSONAL.sub("/*", scope["path"]),
                status=status,
                ms=round(seconds * 1000, 1),
                request_id=scope["state"]["request_id"].decode(),
            )


def _forget_where(failure: BaseException | None) -> None:
    """Whoever still keeps the error must not keep the caller's connection open: frames know it."""
    while failure is not None and failure.__traceback__ is not None:
        failure.__traceback__ = None
        failure = failure.__cause__ or failure.__context__


def route_of(scope: Scope) -> str:
    """The class of an address: few words of ours, safe as a label."""
    path: str = scope["path"]
    if path.startswith("/api/smartapp/"):
        return "smartapp"
    known = _ROUTES.get(path)
    return known or next((name for prefix, name in _ROUTE_PREFIXES if path.startswith(prefix)), "other")


def _ensure_honest_size(scope: Scope) -> None:
    if len(scope["raw_path"]) + len(scope["query_string"]) > MAX_TARGET:
        raise UriTooLong(limit=MAX_TARGET)
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADERS:
        raise HeadersTooLarge(limit=MAX_HEADERS)
